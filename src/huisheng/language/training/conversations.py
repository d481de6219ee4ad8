"""Train the judge of whole conversations, with the very columns that inference reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from huisheng.language.dissatisfaction import Sight, joined_signals
from huisheng.language.heads import Floats
from huisheng.language.labeller import Model
from huisheng.language.talk import (
    JUDGEMENTS,
    OUTPUTS,
    PLACES,
    Talk,
    TalkRule,
    conversation_facts,
    places,
    read_talk,
    turn_facts,
)
from huisheng.language.training.corpora import rated_sessions
from huisheng.language.training.fitting import MOST_ROWS, Bools, Doubles, platt, row_head
from huisheng.language.training.matrix import gram_counts, idf
from huisheng.language.training.recipe import folds

RIDGE = 10.0
TURN_INVERSE = 0.5
FACT_SCALE, TURN_FACT_SCALE, TURN_GRAM_SCALE = 0.3, 0.2, 0.3
FEWEST = 3
FOLDS = 5
DISSATISFIED_MEAN = 1.0
"""Mean rating of a session's turns (0–2) below which the session counts as dissatisfied."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One labelled conversation.

    Attributes:
        turns: (buyer spoke, words), in order.
        judgements: mean marks, −2 to 2, as `JUDGEMENTS`; None where nobody gave any.
        ratings: per turn 0 dissatisfied, 1, 2 satisfied; −1 where there is none.
    """

    turns: tuple[tuple[bool, str], ...]
    judgements: tuple[float, ...] | None
    ratings: tuple[int, ...]


def read_helpdesk(folder: Path) -> list[Conversation]:
    """Read `stc3_helpdesk_cn.json`."""
    rows = json.loads((folder / "stc3_helpdesk_cn.json").read_text(encoding="utf-8"))
    return [
        Conversation(
            tuple((t["sender"] == "customer", " ".join(t["utterances"])) for t in row["turns"]),
            tuple(
                float(np.mean([given["quality"][mark] for given in row["annotations"]]))
                for mark in "SAE"
            ),
            (-1,) * len(row["turns"]),
        )
        for row in rows
    ]


def read_rated(folder: Path) -> list[Conversation]:
    """Read the sessions whose turns are rated."""
    found = []
    for session in rated_sessions(folder):
        turns, ratings = [], []
        for turn in session["turns"]:
            turns.append((True, turn["user"]))
            ratings.append(-1 if turn["sat"] is None else int(turn["sat"]))
            if turn["system"]:
                turns.append((False, turn["system"]))
                ratings.append(-1)
        found.append(Conversation(tuple(turns), None, tuple(ratings)))
    return found


def columns(some: Sequence[Conversation]) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return (conversation, role, words) of every message, as inference takes them."""
    owner = np.repeat(np.arange(len(some)), [len(one.turns) for one in some])
    buyer = np.array([spoke for one in some for spoke, _ in one.turns], dtype=bool)
    role = pa.array(np.where(buyer, "buyer", "agent"))
    return pa.array(owner), role, pa.array([words for one in some for _, words in one.turns])


def dissatisfied(some: Sequence[Conversation]) -> NDArray[np.float64]:
    """Return 1 dissatisfied, 0 not, NaN unknown per conversation."""
    found = np.full(len(some), np.nan)
    for place, one in enumerate(some):
        rated = [rating for rating in one.ratings if rating >= 0]
        if one.judgements is not None:
            found[place] = one.judgements[0] < 0
        elif rated:
            found[place] = np.mean(rated) < DISSATISFIED_MEAN
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """Everything the heads see of some conversations.

    Attributes:
        talk: the columns.
        by_place: csr[c, 2^18] per place, over the length norm.
        facts: float32[c, f].
        by_turn: csr[m, 2^18] over the length norm.
        turn_facts: float32[m, g].
    """

    talk: Talk
    by_place: Sequence[sp.csr_matrix]
    facts: Floats
    by_turn: sp.csr_matrix
    turn_facts: Floats


def _see(some: Sequence[Conversation], model: Model) -> _Seen:
    owner, role, texts = columns(some)
    buyer = pc.equal(role, "buyer").to_numpy(zero_copy_only=False)
    talk = read_talk(owner.to_numpy(), buyer, texts, len(some))
    seen = Sight.of(talk, model)
    counts = gram_counts(talk.texts.to_pylist())[talk.text]
    where = places(talk)
    by_place = []
    for place in range(len(PLACES)):
        rows = np.flatnonzero(where == place)
        ones = np.ones(len(rows), dtype=np.float32)
        adding = sp.csr_matrix((ones, (talk.owner[rows], rows)), shape=(talk.size, len(where)))
        by_place.append(_over_norm(sp.csr_matrix(adding @ counts)))
    return _Seen(
        talk,
        by_place,
        conversation_facts(talk, seen.facts),
        _over_norm(counts),
        turn_facts(talk, seen.facts),
    )


def _over_norm(counts: sp.csr_matrix) -> sp.csr_matrix:
    totals = np.asarray(counts.sum(axis=1)).ravel()
    return sp.csr_matrix(sp.diags(1 / np.sqrt(np.maximum(totals, 1))) @ counts)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """A matrix for scikit-learn and how to read its weights back."""

    matrix: sp.csr_matrix
    scales: Sequence[NDArray[np.float32]]
    kept: Sequence[NDArray[np.int64]]
    spread: Doubles
    mean: Doubles

    def weights(self, coefficients: Doubles) -> tuple[list[Doubles], Doubles, float]:
        """Return (weights of all buckets per block, weights of facts, what to add to the bias)."""
        blocks, first = [], 0
        for scale, kept in zip(self.scales, self.kept, strict=True):
            block = np.zeros(len(scale))
            block[kept] = coefficients[first : first + len(kept)] * scale[kept]
            blocks.append(block)
            first += len(kept)
        of_facts = coefficients[first:] * self.spread
        return blocks, of_facts, -float(of_facts @ self.mean)


def _inputs(
    blocks: Sequence[sp.csr_matrix], plain: Floats, gram_scale: float, fact_scale: float
) -> _Inputs:
    scales = [idf(block, FEWEST) * np.float32(gram_scale) for block in blocks]
    kept = [np.flatnonzero(scale) for scale in scales]
    mean = plain.mean(axis=0).astype(np.float64)
    spread = fact_scale / (plain.std(axis=0).astype(np.float64) + 1e-6)
    parts = [
        block[:, keep] @ sp.diags(scale[keep])
        for block, scale, keep in zip(blocks, scales, kept, strict=True)
    ]
    matrix = sp.csr_matrix(sp.hstack([*parts, sp.csr_matrix((plain - mean) * spread)]))
    return _Inputs(matrix, scales, kept, spread, mean)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """One linear score: weights by block, of facts, bias; and held-out scores of its rows."""

    blocks: Sequence[Doubles]
    facts: Doubles
    bias: float
    held_out: Doubles

    def scores(self, blocks: Sequence[sp.csr_matrix], plain: Floats) -> Doubles:
        """Score other rows."""
        total: Doubles = plain @ self.facts + self.bias
        for block, weights in zip(blocks, self.blocks, strict=True):
            total = total + block @ weights
        return total


def _judgement(seen: _Seen, rows: Bools, marks: Doubles) -> _Fitted:
    """Fit one judgement as a ridge regression on mean marks, then calibrate «below zero»."""
    inputs = _inputs([b[rows] for b in seen.by_place], seen.facts[rows], 1.0, FACT_SCALE)
    fold = folds(len(marks), FOLDS)
    held_out = np.zeros(len(marks))
    for number in range(FOLDS):
        fit = _ridge().fit(inputs.matrix[fold != number], marks[fold != number])
        held_out[fold == number] = -fit.predict(inputs.matrix[fold == number])
    slope, offset = platt(held_out, marks < 0)
    fit = _ridge().fit(inputs.matrix, marks)
    blocks, of_facts, shift = inputs.weights(-fit.coef_ * slope)
    bias = offset - slope * float(fit.intercept_) + shift
    return _Fitted(blocks, of_facts, bias, held_out * slope + offset)


def _ridge() -> Ridge:
    return Ridge(alpha=RIDGE, solver="sparse_cg", tol=1e-3)


def _turn(seen: _Seen, rows: NDArray[np.int64], shown: Bools) -> _Fitted:
    """Fit the judge of single turns; folds keep a conversation together."""
    inputs = _inputs([seen.by_turn[rows]], seen.turn_facts[rows], TURN_GRAM_SCALE, TURN_FACT_SCALE)
    fold = folds(seen.talk.size, FOLDS)[seen.talk.owner[rows]]
    held_out = np.zeros(len(rows))
    for number in range(FOLDS):
        fit = _logistic().fit(inputs.matrix[fold != number], shown[fold != number])
        held_out[fold == number] = fit.decision_function(inputs.matrix[fold == number])
    slope, offset = platt(held_out, shown)
    fit = _logistic().fit(inputs.matrix, shown)
    blocks, of_facts, shift = inputs.weights(fit.coef_[0] * slope)
    bias = offset + slope * float(fit.intercept_[0]) + shift
    return _Fitted(blocks, of_facts, bias, held_out * slope + offset)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=TURN_INVERSE, solver="liblinear")


def train_talk(some: Sequence[Conversation], model: Model) -> TalkRule:
    """Train the judge of conversations; `model` supplies sentiment, emotions and risks."""
    seen = _see(some, model)
    marked = np.array([one.judgements is not None for one in some])
    marks = np.array([one.judgements for one in some if one.judgements is not None])
    judged = [_judgement(seen, marked, marks[:, place]) for place in range(len(JUDGEMENTS))]
    rating = np.array([rating for one in some for rating in one.ratings])
    rated = np.flatnonzero(rating >= 0)
    turn = _turn(seen, rated, rating[rated] == 0)
    satisfaction = judged[0].scores(seen.by_place, seen.facts)
    satisfaction[marked] = judged[0].held_out
    shown = turn.scores([seen.by_turn], seen.turn_facts)
    shown[rated] = turn.held_out
    signals = joined_signals(seen.talk, satisfaction.astype(np.float32), shown.astype(np.float32))
    joined = _joined(signals, dissatisfied(some), marked)
    return _rule(judged, turn, joined)


def _joined(signals: Floats, wanted: NDArray[np.float64], marked: Bools) -> LogisticRegression:
    """Join the scores; either corpus counts as much as the other."""
    known = ~np.isnan(wanted)
    weights = np.where(marked, 1 / max(1, marked.sum()), 1 / max(1, (~marked & known).sum()))
    weights *= known.sum() / 2
    fit = LogisticRegression(C=1.0, max_iter=1_000)
    return fit.fit(signals[known], wanted[known] == 1, sample_weight=weights[known])


def _rule(judged: Sequence[_Fitted], turn: _Fitted, joined: LogisticRegression) -> TalkRule:
    grams = np.stack([*(b for one in judged for b in one.blocks), *turn.blocks], axis=1)
    strength = (np.abs(grams) / (np.abs(grams).max(axis=0) + 1e-12)).max(axis=1)
    kept = np.sort(
        np.argsort(-strength, kind="stable")[: min(MOST_ROWS, np.count_nonzero(strength))]
    )
    nothing = np.zeros((0, len(OUTPUTS)), dtype=np.float32)
    return TalkRule(
        head=row_head(
            kept,
            grams[kept].astype(np.float32),
            nothing,
            np.zeros(len(OUTPUTS), np.float32),
            MOST_ROWS,
        ),
        facts=np.stack([one.facts for one in judged], axis=1).astype(np.float32),
        biases=np.array([one.bias for one in judged], dtype=np.float32),
        turn=turn.facts.astype(np.float32),
        turn_bias=turn.bias,
        joined=joined.coef_[0].astype(np.float32),
        joined_bias=float(joined.intercept_[0]),
    )
