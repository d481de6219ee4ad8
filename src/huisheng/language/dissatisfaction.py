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
from huisheng.language.moods import LEVELS
from huisheng.language.scan import RowTable
from huisheng.language.spelling import text_array
from huisheng.language.talk import (
    EMOTION_NAMES,
    JUDGEMENTS,
    OUTPUTS,
    PLACES,
    Facts,
    Flags,
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
MOST_SHOWN = 5
"""Messages named at most as showing a reason."""
LONG_WAIT_US = 180_000_000
"""A turn of the buyer that waits longer for an answer speaks for `UNANSWERED`; the platform counts
answers within three minutes."""
UNANSWERED, UNKNOWN = "DS01", "DS18"


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason, an id of `taxonomy().dissatisfaction_reasons`, and the messages that show it.

    `shown_by` are places within the conversation, counted from 0, in the order spoken; empty where
    no single message shows it.
    """

    reason: str
    shown_by: tuple[int, ...]


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
        causes: reasons per conversation, likeliest first; none where `p` is below one half.
        moods: int64[c, 3] the buyer's emotion when he began, at its worst, and when he left, as
            indices into `EMOTION_NAMES`; calm where he said nothing.
    """

    conversations: pa.Array
    p: Floats
    unsolved_p: Floats
    ineffective_p: Floats
    turn_p: Floats
    causes: Sequence[tuple[Cause, ...]]
    moods: NDArray[np.int64]

    @property
    def reasons(self) -> list[tuple[str, ...]]:
        """Return the ids of every conversation's reasons."""
        return [tuple(cause.reason for cause in some) for some in self.causes]


def judge_conversations(
    conversation: pa.Array | pa.ChunkedArray,
    role: pa.Array | pa.ChunkedArray,
    text: pa.Array | pa.ChunkedArray,
    model: Model | None = None,
    sent_us: pa.Array | pa.ChunkedArray | None = None,
) -> Dissatisfaction:
    """Judge whole conversations, given as columns with one row per message.

    Args:
        conversation: id of each message's conversation; the rows of one need not be adjacent,
            but must follow each other in the order spoken.
        role: `buyer`; everyone else counts as the agent.
        text: what was said; null counts as empty.
        model: labels the buyer's words; the shipped one by default.
        sent_us: when each was sent, in microseconds, null where unknown; tells who had to wait.

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
    waits = _waits(talk, None if sent_us is None else _whole(sent_us), owner)
    causes = _causes(talk, seen, waits, p >= LEAST, taxonomy())
    unsolved, ineffective = sigmoid(of_talk[:, 1]), sigmoid(of_talk[:, 2])
    return Dissatisfaction(
        coded.dictionary, p, unsolved, ineffective, turn_p, causes, _moods(talk, seen)
    )


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


def _waits(talk: Talk, sent_us: pa.Array | None, owner: NDArray[np.int64]) -> Flags:
    """Return bool[m]: whether a message of the buyer waited too long, or for ever, for an answer.

    He waits from the first message that nobody has answered yet; without times he waits only where
    the conversation ends on a question of his.
    """
    waits = np.zeros(len(talk.owner), dtype=bool)
    if sent_us is None or not len(waits):
        return waits
    order = np.argsort(owner, kind="stable")
    known = sent_us.is_valid().to_numpy(zero_copy_only=False)[order]
    at = pc.fill_null(sent_us, 0).to_numpy(zero_copy_only=False).astype(np.int64)[order]
    begins = talk.buyer.copy()
    begins[1:] &= (talk.owner[1:] != talk.owner[:-1]) | ~talk.buyer[:-1]
    starts = np.flatnonzero(begins)
    spoken = np.flatnonzero(~talk.buyer)
    place = np.searchsorted(spoken, starts)
    answered = place < len(spoken)
    starts, answer = starts[answered], spoken[place[answered]]
    same = (talk.owner[starts] == talk.owner[answer]) & known[starts] & known[answer]
    waits[starts[same]] = at[answer[same]] - at[starts[same]] > LONG_WAIT_US
    return waits


def _moods(talk: Talk, seen: Sight) -> NDArray[np.int64]:
    """Return int64[c, 3]: the buyer's first, worst and last emotion."""
    calm = EMOTION_NAMES.index("calm")
    found = np.full((talk.size, 3), calm)
    rows = np.flatnonzero(talk.buyer)
    owner, felt = talk.owner[rows], seen.facts.emotion[rows]
    level = np.array([LEVELS[name] for name in EMOTION_NAMES])[felt]
    # Of several assignments to one place the last one stays.
    found[owner[::-1], 0] = felt[::-1]
    rising = np.argsort(level, kind="stable")
    found[owner[rising], 1] = felt[rising]
    found[owner, 2] = felt
    return found


def _causes(
    talk: Talk, seen: Sight, waits: Flags, dissatisfied: Flags, words: Taxonomy
) -> list[tuple[Cause, ...]]:
    """Name what the buyer's own labels and his waiting speak for."""
    names = list(words.dissatisfaction_reasons)
    weight = _weights(talk, seen, waits, words)
    total = np.zeros((talk.size, len(names)))
    np.add.at(total, talk.owner, weight)
    total[:, names.index(UNKNOWN)] += 1e-6
    total[~dissatisfied] = 0
    order = np.argsort(-total, axis=1, kind="stable")[:, :MOST_REASONS]
    likely = np.take_along_axis(total, order, axis=1)
    kept = (likely >= LEAST) | ((np.arange(order.shape[1]) == 0) & (likely > 0))
    begins = np.searchsorted(talk.owner, np.arange(talk.size + 1))

    def shown(conversation: int, reason: int) -> tuple[int, ...]:
        own = weight[begins[conversation] : begins[conversation + 1], reason]
        most = np.argsort(-own, kind="stable")[:MOST_SHOWN]
        return tuple(sorted(most[own[most] > 0].tolist()))

    return [
        tuple(Cause(names[at], shown(conversation, at)) for at in ranked[keep])
        for conversation, (ranked, keep) in enumerate(zip(order, kept, strict=True))
    ]


def _weights(talk: Talk, seen: Sight, waits: Flags, words: Taxonomy) -> NDArray[np.float64]:
    """Return float64[m, r]: how much each message speaks for each reason."""
    reasons = words.dissatisfaction_reasons
    of_text = np.zeros((len(seen.labels.positive_p), len(reasons)))
    for head, owners in (("aspect", _owners(reasons, "a")), ("scene", _owners(reasons, "s"))):
        found = seen.labels.head(head)
        item, row = found.spread()
        column = np.array([owners.get(name, -1) for name in found.names])[found.label[row]]
        blamed = (column >= 0) & ((found.value[row] < 0) | (head == "scene"))
        np.add.at(of_text, (item[blamed], column[blamed]), found.p[row][blamed])
    weight = of_text[seen.labelled[talk.text]] * talk.buyer[:, None]
    closing = np.searchsorted(talk.owner, np.arange(talk.size), side="right") - 1
    left = closing[talk.buyer[closing] & seen.facts.asks[closing]]
    unanswered = list(reasons).index(UNANSWERED)
    weight[left, unanswered] += LEAST
    weight[waits, unanswered] += LEAST
    return weight


def _owners(reasons: Mapping[str, Reason], kind: str) -> dict[str, int]:
    """Return the first reason, as an index, that each aspect (`a`) or scene (`s`) speaks for."""
    owners: dict[str, int] = {}
    for at, reason in enumerate(reasons.values()):
        for name in reason.aspects if kind == "a" else reason.scenes:
            owners.setdefault(name, at)
    return owners
