"""Choose a message's scene from its own words and the turns before it.

A first stage scores every scene from the words of one stretch of text. The second stage weighs
those scores for the message, for the buyer's and the agent's latest turns, and for the buyer's
words read together; all scenes share its few weights, so some hundred messages teach it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.heads import Floats, softmax

NONE = "NONE"
"""No classifiable request."""
TURNS_READ = 3
"""Turns of context that are looked at, latest first."""
SHORT = 6
"""Letters up to which a message can hardly stand alone."""
VIEWS = ("message", "buyer", "earlier", "agent", "joined")
"""Texts whose first-stage scores the second stage reads."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of the conversation; `role` is `buyer` or `agent`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the second stage knows of n messages.

    Attributes:
        logits: first-stage scores float32[n, s] by view; rows of absent turns are ignored.
        present: bool[n] by view.
        lengths: int32[n] letters of the message.
        cues: bool[n] by name: `ack`, `ask`, `thanks`, `hello`, `placeholder_only`.
    """

    logits: dict[str, Floats]
    present: dict[str, NDArray[np.bool_]]
    lengths: NDArray[np.int32]
    cues: dict[str, NDArray[np.bool_]]


CUES_READ = ("ack", "ask", "thanks", "hello", "placeholder_only", "merchant")


def views(text: str, context: Sequence[Turn]) -> dict[str, str]:
    """Return the texts of a message that the first stage must score, by view.

    `joined` is the buyer's words since the agent last spoke, or the last two when alone.
    """
    turns = list(context)[-TURNS_READ:]
    said = [turn.text for turn in turns if turn.role == "buyer"]
    heard = [turn.text for turn in turns if turn.role != "buyer"]
    found = {"message": text}
    if said:
        found["buyer"] = said[-1]
        found["joined"] = f"{said[-1]} {text}"
    if len(said) > 1:
        found["earlier"] = said[-2]
    if heard:
        found["agent"] = heard[-1]
    return found


def features(evidence: Evidence, none: int, thanks: int) -> Floats:
    """Return float32[n, s, f]: what speaks for each scene.

    Args:
        evidence: first-stage scores and cues.
        none: column of `NONE`.
        thanks: column of the scene of thanks.
    """
    zero = np.zeros_like(evidence.logits["message"])
    own = _log_softmax(evidence.logits["message"])
    columns = [zero if one is None else one for one in _columns(evidence, own, none)]
    for place, signal in _signals(evidence, own, none, thanks):
        column = np.zeros_like(zero)
        column[:, place] = signal
        columns.append(column)
    return np.stack(columns, axis=2).astype(np.float32)


def _columns(evidence: Evidence, own: Floats, none: int) -> Iterator[Floats | None]:
    """Yield what speaks for every scene; None where a whole batch has nothing to say."""
    unsure = np.exp(own[:, [none]])
    short = (evidence.lengths <= SHORT).astype(np.float32)[:, None]
    yield own
    for view in ("buyer", "earlier", "agent"):
        if evidence.present[view].any():
            carried = _carried(evidence, view, none)
            yield from (carried, carried * unsure, carried * short)
        else:
            yield from (None, None, None)
    joined = own
    if evidence.present["joined"].any():
        together = _log_softmax(evidence.logits["joined"])
        joined = np.where(evidence.present["joined"][:, None], together, own)
    yield from (joined, joined * unsure)


def _signals(
    evidence: Evidence, own: Floats, none: int, thanks: int
) -> Iterator[tuple[int, NDArray[np.generic]]]:
    """Yield what speaks for a single scene: its column and the signal of each message."""
    best = np.exp(np.delete(own, none, axis=1).max(axis=1))
    short = evidence.lengths <= SHORT
    for signal in (np.ones(len(best), np.float32), short, best, evidence.present["buyer"]):
        yield none, signal.astype(np.float32)
    for name in CUES_READ:
        yield none, evidence.cues[name].astype(np.float32)
    yield thanks, evidence.cues["thanks"].astype(np.float32)


def _carried(evidence: Evidence, view: str, none: int) -> Floats:
    chances: Floats = softmax(evidence.logits[view]) * evidence.present[view][:, None]
    chances[:, none] = 0
    return chances


def _log_softmax(logits: Floats) -> Floats:
    highest = logits.max(axis=1, keepdims=True)
    total = np.log(np.exp(logits - highest).sum(axis=1, keepdims=True)) + highest
    found: Floats = logits - total.astype(np.float32)
    return found


def choose(evidence: Evidence, weights: Floats, none: int, thanks: int) -> Floats:
    """Return float32[n, s]: the probability of each scene, `NONE` included."""
    own = _log_softmax(evidence.logits["message"])
    columns = list(_columns(evidence, own, none))
    signals = list(_signals(evidence, own, none, thanks))
    scores = np.zeros(own.shape, dtype=np.float32)
    for column, weight in zip(columns, weights[: len(columns)], strict=True):
        if column is not None:
            scores += column * weight
    single = {place: scores[:, place].copy() for place in (none, thanks)}
    for (place, signal), weight in zip(signals, weights[len(columns) :], strict=True):
        single[place] += signal * weight
    for place, score in single.items():
        scores[:, place] = score
    return softmax(scores)


_COLUMN_VIEWS = ("message", *("buyer",) * 3, *("earlier",) * 3, *("agent",) * 3, *("joined",) * 2)
"""The view that each of `_columns` reads."""
SIGNALS = "signals"


def view_scores(evidence: Evidence, weights: Floats, none: int, thanks: int) -> dict[str, Floats]:
    """Return, by view and for `SIGNALS`, float32[n, s]: its part of each scene's score.

    The parts add up to the scores whose softmax `choose` returns.
    """
    own = _log_softmax(evidence.logits["message"])
    parts = {view: np.zeros(own.shape, dtype=np.float32) for view in (*VIEWS, SIGNALS)}
    columns = list(_columns(evidence, own, none))
    for view, column, weight in zip(_COLUMN_VIEWS, columns, weights, strict=False):
        if column is not None:
            parts[view] += column * weight
    signals = _signals(evidence, own, none, thanks)
    for (place, signal), weight in zip(signals, weights[len(columns) :], strict=True):
        parts[SIGNALS][:, place] += signal * weight
    return parts


def without(
    chances: Floats, barred: NDArray[np.bool_], rows: NDArray[np.bool_], none: int
) -> Floats:
    """Move the chances of barred scenes to `NONE`.

    Args:
        chances: float32[n, s].
        barred: bool[s].
        rows: bool[n] where they are barred.
        none: column of `NONE`.
    """
    chosen = np.flatnonzero(rows)
    some = chances[chosen]
    moved = some * barred
    some -= moved
    some[:, none] += moved.sum(axis=1)
    left = chances.copy()
    left[chosen] = some
    return left


@dataclass(frozen=True, slots=True)
class SceneRule:
    """Second-stage weights, and when to name a scene.

    Attributes:
        weights: float32[f].
        least: least probability of the first scene.
        share: further scenes need this share of the first one's probability.
    """

    weights: Floats
    least: float
    share: float


MOST_SCENES = 3
"""Scenes named for one message."""


def chosen_scenes(chances: Floats, none: int, rule: SceneRule) -> tuple[NDArray[np.int64], Floats]:
    """Return (scene int64[n, 3] best first or −1, its probability float32[n, 3])."""
    left = chances.copy()
    left[:, none] = -1
    first = left.max(axis=1, initial=-1)
    least = np.maximum(first * np.float32(rule.share), np.float32(rule.least))
    least[chances[:, none] > first] = np.inf
    row, scene = np.divmod(np.flatnonzero(left >= least[:, None]), max(left.shape[1], 1))
    order = np.lexsort((-left[row, scene], row))
    row, scene = row[order], scene[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    named = np.flatnonzero(rank < MOST_SCENES)
    row, scene, rank = row[named], scene[named], rank[named]
    found = np.full((len(left), MOST_SCENES), -1)
    p = np.zeros(found.shape, dtype=np.float32)
    found[row, rank] = scene
    p[row, rank] = left[row, scene]
    return found, p
