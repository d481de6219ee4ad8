"""Whether a buyer leaves a conversation dissatisfied, which turns show it, and why.

A linear head reads every message once and scores it for each place it may hold in a conversation.
The scores of a conversation's messages are added up place by place and joined with plain facts;
another head judges every turn of the buyer by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.errors import BadInputError
from huisheng.language.encoding import (
    GRAM_LENGTHS,
    encode_distinct,
    gram_counts,
    hash_table,
    slot_table,
)
from huisheng.language.heads import Floats, RowHead, sigmoid
from huisheng.language.labeller import Model, load_model
from huisheng.language.labels import Labels
from huisheng.language.scan import RowTable
from huisheng.language.spelling import text_array
from huisheng.language.talk import (
    JUDGEMENTS,
    OUTPUTS,
    PLACES,
    Facts,
    Talk,
    TalkRule,
    conversation_facts,
    facts,
    places,
    read_talk,
    turn_facts,
)
from huisheng.language.taxonomy import Reason, Taxonomy, taxonomy

LEAST = np.float32(0.5)
"""Probability from which a conversation or a turn counts as dissatisfied."""
SHORT_TURNS, LONG_TURNS = 3, 10
"""Turns of the buyer up to which a conversation is short, and from which it is long."""
MOST_REASONS = 3
UNANSWERED, UNKNOWN = "DS01", "DS18"


@dataclass(frozen=True, slots=True)
class Dissatisfaction:
    """Judgement of c conversations with m messages.

    Attributes:
        conversations: their ids, in order of first appearance.
        p: float32[c] chance that the buyer leaves dissatisfied.
        unsolved_p: float32[c] chance that what he came for is not done.
        ineffective_p: float32[c] chance that the conversation was conducted badly.
        turn_p: float32[m] chance that a message shows dissatisfaction, in the order given; 0 for
            the agent's.
        reasons: ids of `taxonomy().dissatisfaction_reasons` per conversation, likeliest first;
            none where `p` is below one half.
    """

    conversations: pa.Array
    p: Floats
    unsolved_p: Floats
    ineffective_p: Floats
    turn_p: Floats
    reasons: Sequence[tuple[str, ...]]


def judge_conversations(
    conversation: pa.Array | pa.ChunkedArray,
    role: pa.Array | pa.ChunkedArray,
    text: pa.Array | pa.ChunkedArray,
    model: Model | None = None,
) -> Dissatisfaction:
    """Judge whole conversations, given as columns with one row per message.

    Args:
        conversation: id of each message's conversation; the rows of one need not be adjacent,
            but must follow each other in the order spoken.
        role: `buyer`; everyone else counts as the agent.
        text: what was said; null counts as empty.
        model: labels the buyer's words; the shipped one by default.

    Raises:
        BadInputError: the columns differ in length.
    """
    if not len(conversation) == len(role) == len(text):
        raise BadInputError("会话", "三列长度不同", "每条消息应各有会话编号、角色和文字")
    coded = _whole(conversation).dictionary_encode()
    owner = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    buyer = pc.fill_null(pc.equal(_whole(role), "buyer"), False).to_numpy(zero_copy_only=False)
    talk = read_talk(owner, buyer, _whole(text), len(coded.dictionary))
    judge = model or load_model()
    seen, rule = Sight.of(talk, judge), judge.talk
    scores, counts = message_scores(rule.head, talk.texts)
    of_talk = conversation_logits(rule, talk, scores, counts, seen.facts)
    turn = turn_logits(rule, talk, scores, counts, seen.facts)
    p = sigmoid(joined_logits(rule, talk, of_talk[:, 0], turn))
    turn_p = np.empty_like(turn)
    turn_p[np.argsort(owner, kind="stable")] = sigmoid(turn) * talk.buyer
    reasons = _reasons(talk, seen, p >= LEAST, taxonomy())
    unsolved, ineffective = sigmoid(of_talk[:, 1]), sigmoid(of_talk[:, 2])
    return Dissatisfaction(coded.dictionary, p, unsolved, ineffective, turn_p, reasons)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks()
    return column


@dataclass(frozen=True, slots=True)
class Sight:
    """Labels of the distinct texts that buyers said, and the facts that follow from them.

    Attributes:
        labels: of those texts and, last, of silence.
        labelled: int64[t] place of each distinct text among them; the agents' own are silence.
        facts: of every message.
    """

    labels: Labels
    labelled: NDArray[np.int64]
    facts: Facts

    @classmethod
    def of(cls, talk: Talk, model: Model) -> "Sight":
        """Label what buyers said."""
        said = np.unique(talk.text[talk.buyer])
        labelled = np.full(len(talk.texts), len(said))
        labelled[said] = np.arange(len(said))
        labels = model.label([*talk.texts.take(pa.array(said)).to_pylist(), ""])
        return cls(labels, labelled, facts(talk, labels, labelled))


def message_scores(head: RowHead, texts: pa.Array) -> tuple[Floats, NDArray[np.int64]]:
    """Return (float32[t, k] summed weights, int64[t] number of n-grams) of distinct texts."""
    letters, read_as = encode_distinct(text_array(texts))
    table = RowTable([head.rows], np.zeros_like(head.rows))
    scores = [np.zeros((0, len(OUTPUTS)), dtype=np.float32)]
    for batch in letters.batches():
        slots = slot_table(hash_table(batch, GRAM_LENGTHS), batch)
        scores.append(head.gram_sums(table.look_up(slots)[1][0], batch.marks[:-1]))
    return np.concatenate(scores)[read_as], gram_counts(letters.lengths)[read_as]


def conversation_logits(
    rule: TalkRule, talk: Talk, scores: Floats, counts: NDArray[np.int64], some: Facts
) -> Floats:
    """Return float32[c, 3]: log-odds of the opposite of each of `JUDGEMENTS`."""
    cell = talk.owner * len(PLACES) + places(talk)
    size = talk.size * len(PLACES)
    norms = np.sqrt(np.maximum(np.bincount(cell, counts[talk.text], minlength=size), 1))
    plain = conversation_facts(talk, some)
    found = np.zeros((talk.size, len(JUDGEMENTS)), dtype=np.float32)
    for column in range(len(JUDGEMENTS)):
        total = weighed(plain, rule.facts[:, column]) + rule.biases[column]
        for at, _ in enumerate(PLACES):
            output = column * len(PLACES) + at
            sums = np.bincount(cell, scores[talk.text, output], minlength=size) / norms
            total += sums[at :: len(PLACES)].astype(np.float32)
        found[:, column] = total
    return found


def turn_logits(
    rule: TalkRule, talk: Talk, scores: Floats, counts: NDArray[np.int64], some: Facts
) -> Floats:
    """Return float32[m]: log-odds that each message, read as the buyer's, shows dissatisfaction."""
    norms = np.sqrt(np.maximum(counts, 1)).astype(np.float32)
    words = (scores[:, OUTPUTS.index("turn")] / norms)[talk.text]
    found: Floats = words + weighed(turn_facts(talk, some), rule.turn) + np.float32(rule.turn_bias)
    return found


def joined_signals(talk: Talk, satisfaction: Floats, turn: Floats) -> Floats:
    """Return float32[c, 5]: what is joined to say whether the buyer leaves dissatisfied.

    A short conversation is judged as a whole; the longer it is, the more its single turns say.

    Args:
        talk: the conversations.
        satisfaction: float32[c] satisfaction score of each whole.
        turn: float32[m] score of each message.
    """
    rows = np.flatnonzero(talk.buyer)
    turns = np.bincount(talk.owner[rows], minlength=talk.size)
    mean = np.bincount(talk.owner[rows], turn[rows], minlength=talk.size) / np.maximum(turns, 1)
    worst = np.full(talk.size, -np.inf, dtype=np.float32)
    np.maximum.at(worst, talk.owner[rows], turn[rows])
    worst[turns == 0] = 0
    long = np.clip((turns - SHORT_TURNS) / (LONG_TURNS - SHORT_TURNS), 0, 1)
    signals = [satisfaction * (1 - long), satisfaction * long, mean * long, worst * long, long]
    return np.stack(signals, axis=1).astype(np.float32)


def joined_logits(rule: TalkRule, talk: Talk, satisfaction: Floats, turn: Floats) -> Floats:
    """Return float32[c]: log-odds that the buyer leaves dissatisfied."""
    signals = joined_signals(talk, satisfaction, turn)
    return weighed(signals, rule.joined) + np.float32(rule.joined_bias)


def weighed(columns: Floats, weights: Floats) -> Floats:
    """Return columns·weights, added in a fixed order so that no row depends on its neighbours."""
    total = np.zeros(len(columns), dtype=np.float32)
    for column, weight in zip(columns.T, weights, strict=True):
        total += column * weight
    return total


def _reasons(
    talk: Talk, seen: Sight, dissatisfied: NDArray[np.bool_], words: Taxonomy
) -> list[tuple[str, ...]]:
    """Name what the buyer's own labels speak for."""
    reasons = words.dissatisfaction_reasons
    names = list(reasons)
    weight = np.zeros((len(seen.labels.positive_p), len(names)))
    for head, owners in (("aspect", _owners(reasons, "a")), ("scene", _owners(reasons, "s"))):
        found = seen.labels.head(head)
        item, row = found.spread()
        column = np.array([owners.get(name, -1) for name in found.names])[found.label[row]]
        blamed = (column >= 0) & ((found.value[row] < 0) | (head == "scene"))
        np.add.at(weight, (item[blamed], column[blamed]), found.p[row][blamed])
    total = np.zeros((talk.size, len(names)))
    rows = np.flatnonzero(talk.buyer)
    np.add.at(total, talk.owner[rows], weight[seen.labelled[talk.text[rows]]])
    closing = np.searchsorted(talk.owner, np.arange(talk.size), side="right") - 1
    waiting = talk.buyer[closing] & seen.facts.asks[closing]
    total[waiting, names.index(UNANSWERED)] += LEAST
    total[:, names.index(UNKNOWN)] += 1e-6
    total[~dissatisfied] = 0
    order = np.argsort(-total, axis=1, kind="stable")[:, :MOST_REASONS]
    likely = np.take_along_axis(total, order, axis=1)
    kept = (likely >= LEAST) | ((np.arange(order.shape[1]) == 0) & (likely > 0))
    return [
        tuple(names[at] for at in ranked[keep]) for ranked, keep in zip(order, kept, strict=True)
    ]


def _owners(reasons: Mapping[str, Reason], kind: str) -> dict[str, int]:
    """Return the first reason, as an index, that each aspect (`a`) or scene (`s`) speaks for."""
    owners: dict[str, int] = {}
    for at, reason in enumerate(reasons.values()):
        for name in reason.aspects if kind == "a" else reason.scenes:
            owners.setdefault(name, at)
    return owners
