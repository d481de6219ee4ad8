"""Conversations as columns: who spoke when, and the plain facts a judge of them needs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.language.heads import Floats, RowHead
from huisheng.language.labels import Labels
from huisheng.language.moods import ESCALATING, LEVELS

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
PLACES = ("buyer_first", "buyer_middle", "buyer_last", "agent_first", "agent_later")
"""Places a message may hold; a buyer's only turn is his first."""
JUDGEMENTS = ("satisfied", "solved", "effective")
"""What is judged of a conversation: the buyer's satisfaction, the task, the conduct."""
OUTPUTS = (*(f"{what} {place}" for what in JUDGEMENTS for place in PLACES), "turn")
"""Outputs of the head over messages."""
EMOTION_NAMES = (*(name for name in LEVELS if name != ESCALATING), ESCALATING)


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages of c conversations, conversation by conversation, each in the order spoken.

    Attributes:
        owner: int64[m] conversation of each message, ascending.
        buyer: bool[m] whether the buyer spoke.
        text: int64[m] place of the words among `texts`.
        texts: distinct texts.
        size: number of conversations; each has a message.
    """

    owner: Places
    buyer: Flags
    text: Places
    texts: pa.Array
    size: int

    @property
    def letters(self) -> NDArray[np.int64]:
        """int64[m]: length of each message."""
        lengths: NDArray[np.int64] = pc.utf8_length(self.texts).to_numpy().astype(np.int64)
        return lengths[self.text]


def read_talk(owner: Places, buyer: Flags, texts: pa.Array, size: int) -> Talk:
    """Sort messages by conversation, keeping their order, and name their distinct texts."""
    order = np.argsort(owner, kind="stable")
    coded = pc.fill_null(texts.cast(pa.string()), "").dictionary_encode()
    text = coded.indices.to_numpy().astype(np.int64)
    return Talk(owner[order], buyer[order], text[order], coded.dictionary, size)


def ordinals(talk: Talk, spoke: Flags) -> Places:
    """Return int64[m]: how many of the conversation's marked messages came before this one."""
    before: Places = np.cumsum(spoke) - spoke
    firsts = np.searchsorted(talk.owner, np.arange(talk.size))
    found: Places = before - before[firsts][talk.owner]
    return found


def places(talk: Talk) -> Places:
    """Return int64[m]: the place of each message, an index into `PLACES`."""
    turn = np.where(talk.buyer, ordinals(talk, talk.buyer), ordinals(talk, ~talk.buyer))
    turns = np.bincount(talk.owner, talk.buyer, minlength=talk.size)[talk.owner]
    of_buyer = np.where(turn == 0, 0, np.where(turn == turns - 1, 2, 1))
    found: Places = np.where(talk.buyer, of_buyer, np.where(turn == 0, 3, 4))
    return found


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of each of m messages; the agent's rows of moods are those of calm words.

    Attributes:
        emotion: int64[m] index into `EMOTION_NAMES`.
        positive: float32[m] chance that the words are positive.
        risky: bool[m] whether they hold a risk.
        thanks: bool[m].
        asks: bool[m].
        repeats: bool[m] whether the same side said just this earlier in the conversation.
    """

    emotion: Places
    positive: Floats
    risky: Flags
    thanks: Flags
    asks: Flags
    repeats: Flags


def facts(talk: Talk, labels: Labels, labelled: Places) -> Facts:
    """Collect facts from labels.

    Args:
        talk: the conversations.
        labels: labels of all texts that buyers said.
        labelled: int64[t] place of each distinct text among the labelled ones.
    """
    item = labelled[talk.text]
    emotion = labels.head("emotion")
    index = np.array([EMOTION_NAMES.index(name) for name in emotion.names])
    risky = np.zeros(len(labels.positive_p), dtype=bool)
    risky[labels.head("risk").spread()[0]] = True
    thanks, asks = (
        pc.match_substring_regex(talk.texts, pattern).to_numpy(zero_copy_only=False)
        for pattern in ("谢|感激|辛苦", "[?？吗]|怎么|什么|多久|能不能|可以不")
    )
    calm = EMOTION_NAMES.index("calm")
    return Facts(
        emotion=np.where(talk.buyer, index[emotion.label[emotion.copies]][item], calm),
        positive=np.where(talk.buyer, labels.positive_p[item], 0.5).astype(np.float32),
        risky=talk.buyer & risky[item],
        thanks=thanks[talk.text],
        asks=asks[talk.text],
        repeats=_repeats(talk),
    )


def _repeats(talk: Talk) -> Flags:
    said = (talk.owner * 2 + talk.buyer) * (len(talk.texts) + 1) + talk.text
    found = np.ones(len(said), dtype=bool)
    found[np.unique(said, return_index=True)[1]] = False
    return found


CONVERSATION_FACTS, TURN_FACTS, JOINED = 29, 12, 5
"""How many plain facts there are of a conversation and of a message, and joined signals."""


def conversation_facts(talk: Talk, some: Facts) -> Floats:
    """Return float32[c, 29]: plain facts of each conversation."""
    first, last = _ends(talk, talk.buyer)
    _, last_heard = _ends(talk, ~talk.buyer)
    closing = np.searchsorted(talk.owner, np.arange(talk.size), side="right") - 1
    letters = talk.letters
    turns = np.maximum(_sum(talk, talk.buyer), 1)
    waiting = talk.buyer[closing]
    columns = [
        np.log1p(_sum(talk, np.ones(len(talk.owner)))),
        waiting,
        waiting & some.asks[closing],
        np.log1p(_at(letters, last)),
        np.log1p(_at(letters, first)),
        np.log1p(_at(letters, last_heard)),
        np.log1p(_sum(talk, letters * talk.buyer)),
        np.log1p(_sum(talk, letters * ~talk.buyer)),
        _at(some.positive, last),
        _at(some.positive, first),
        _sum(talk, some.positive * talk.buyer) / turns,
        _at(some.thanks, last),
        _sum(talk, some.risky) > 0,
        _sum(talk, some.repeats & talk.buyer) / turns,
        _sum(talk, some.repeats & ~talk.buyer) > 0,
    ]
    for place in range(len(EMOTION_NAMES)):
        felt = some.emotion == place
        columns += [_at(felt, last), _at(felt, first)]
    columns += [_sum(talk, talk.buyer & (some.emotion == at)) / turns for at in _BAD]
    return np.stack(columns, axis=1).astype(np.float32)


_BAD = tuple(EMOTION_NAMES.index(name) for name in ("anxious", "complaining"))


def turn_facts(talk: Talk, some: Facts) -> Floats:
    """Return float32[m, 12]: plain facts of each message and of the buyer's turns before it."""
    turn = ordinals(talk, talk.buyer)
    alone = np.ones(len(turn), dtype=bool)
    alone[1:] = (talk.owner[1:] != talk.owner[:-1]) | talk.buyer[:-1]
    columns = [
        some.positive,
        np.log1p(talk.letters),
        some.repeats,
        some.asks,
        alone & (turn > 0),
        np.log1p(turn),
    ]
    columns += [some.emotion == place for place in range(len(EMOTION_NAMES))]
    return np.stack(columns, axis=1).astype(np.float32)


def _sum(talk: Talk, values: NDArray[np.generic]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.bincount(talk.owner, values, minlength=talk.size).astype(float)
    return found


def _ends(talk: Talk, marked: Flags) -> tuple[Places, Places]:
    """Return the first and last marked message of each conversation, −1 where there is none."""
    rows = np.flatnonzero(marked)
    first, last = np.full((2, talk.size), -1)
    first[talk.owner[rows][::-1]] = rows[::-1]
    last[talk.owner[rows]] = rows
    return first, last


def _at(values: NDArray[np.generic], rows: Places) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.where(rows >= 0, values[rows], 0).astype(np.float64)
    return found


@dataclass(frozen=True, slots=True)
class TalkRule:
    """The trained judge of conversations.

    Attributes:
        head: scores of a message, columns as `OUTPUTS`.
        facts: float32[29, 3] weights of `conversation_facts` by judgement.
        biases: float32[3].
        turn: float32[12] weights of `turn_facts`.
        turn_bias: float.
        joined: float32[5] weights of `dissatisfaction.joined_signals`.
        joined_bias: float.
    """

    head: RowHead
    facts: Floats
    biases: Floats
    turn: Floats
    turn_bias: float
    joined: Floats
    joined_bias: float

    @classmethod
    def silent(cls) -> "TalkRule":
        """Return a judge that has learned nothing and answers one half throughout."""
        none = np.zeros(len(OUTPUTS), dtype=np.float32)
        head = RowHead(
            np.zeros(2, dtype=np.uint16),
            none[None, :],
            none,
            np.zeros((0, len(none)), none.dtype),
            none,
        )
        facts = np.zeros((CONVERSATION_FACTS, len(JUDGEMENTS)), dtype=np.float32)
        turn = np.zeros(TURN_FACTS, dtype=np.float32)
        return cls(head, facts, facts[0], turn, 0.0, np.zeros(JOINED, dtype=np.float32), 0.0)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "TalkRule":
        """Read what `to_arrays` wrote."""
        found = {
            name: arrays[f"talk.{name}"].astype(np.float32)
            for name in ("facts", "biases", "turn", "joined", "others")
        }
        turn_bias, joined_bias = found.pop("others").tolist()
        head = RowHead.from_arrays(arrays, "talk.head")
        return cls(head, **found, turn_bias=turn_bias, joined_bias=joined_bias)

    def to_arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Return the arrays to store."""
        others = np.array([self.turn_bias, self.joined_bias], dtype=np.float32)
        return dict(self.head.to_arrays("talk.head")) | {
            "talk.facts": self.facts,
            "talk.biases": self.biases,
            "talk.turn": self.turn,
            "talk.joined": self.joined,
            "talk.others": others,
        }
