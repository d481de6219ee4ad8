"""The lines of every conversation: who says what kind of thing, and when."""

from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.frame import Flags, Floats, Frame, Ints, Times, chosen, spread
from huisheng.app.demo.rhythm import Calendar
from huisheng.app.demo.talks import HUMAN, MIXED, POST, PRE, ROBOT, Talks
from huisheng.app.demo.wording import SCENES

BUYER, AGENT, BOT, AUTO, SYSTEM = 0, 1, 2, 3, 4
LINES = (  # a conversation is a selection of these, in this order
    ("greeting", BUYER),
    ("card", BUYER),
    ("welcome", AUTO),
    ("robot_question", BUYER),
    ("robot_answer", BOT),
    ("robot_second", BUYER),
    ("robot_second_answer", BOT),
    ("to_human", BUYER),
    ("transfer", SYSTEM),
    ("hello", AGENT),
    ("question", BUYER),
    ("detail", BUYER),
    ("image", BUYER),
    ("chase", BUYER),
    ("hold", AGENT),
    ("answer", AGENT),
    ("recall", BUYER),
    ("extra", AGENT),
    ("moan", BUYER),
    ("soothe", AGENT),
    ("second", BUYER),
    ("second_answer", AGENT),
    ("personal", BUYER),
    ("noted", AGENT),
    ("third", BUYER),
    ("third_answer", AGENT),
    ("thanks", BUYER),
    ("bye", AGENT),
    ("invite", SYSTEM),
    ("okay", BUYER),
)
NAMES = tuple(name for name, _ in LINES)
SPEAKERS = np.array([speaker for _, speaker in LINES])
GIVES_ADDRESS = tuple(SCENES.index(scene) for scene in ("MID02", "POST07", "POST09", "POST06"))
REPLY_SECONDS, BUSY_REPLY_SECONDS, SLOW_REPLY_SECONDS = 24.0, 230.0, 330.0
BUSY_CHANCE, MISSED_CHANCE, SLOW_MISSED_CHANCE = 0.11, 0.008, 0.06


@dataclass(frozen=True)
class Script:
    """All lines of one shop's conversations as columns, by conversation and order.

    Attributes:
        talk: row in `Talks`. line: row in `LINES`. seq: 1, 2, … in the conversation.
        is_last: whether nobody who writes says anything after it.
        ended_at: for each talk, the time of its last line.
        invited: for each talk, when the buyer was asked for a rating; NaT = never.
    """

    talk: Ints
    line: Ints
    seq: Ints
    at: Times
    is_last: Flags
    ended_at: Times
    invited: Times


def script_of(frame: Frame, shop_id: str, calendar: Calendar, talks: Talks) -> Script:
    """Return the lines of every conversation of one shop."""
    dice = frame.dice(shop_id, "lines")
    size = len(talks)
    missed = chosen(dice, np.where(talks.slow, SLOW_MISSED_CHANCE, MISSED_CHANCE), size)
    missed &= talks.reception != ROBOT
    said = _said(dice, talks, missed)
    rush = (talks.started_at >= frame.instant(calendar.promotion)) & (
        talks.started_at < frame.instant(calendar.promotion_end)
    )
    seconds = np.cumsum(np.where(said, _gaps(dice, talks, said, rush), 0.0), axis=1)
    times = talks.started_at[:, None] + seconds.astype(np.int64).astype("m8[s]")
    said &= times < frame.end
    talk, line = np.nonzero(said)
    counts = said.sum(axis=1)
    starts = np.cumsum(counts) - counts
    invite = NAMES.index("invite")
    last = said.shape[1] - 1 - np.argmax(said[:, ::-1], axis=1)
    return Script(
        talk=talk,
        line=line,
        seq=np.arange(len(talk)) - starts[talk] + 1,
        at=times[said],
        is_last=_nobody_after(said)[said],
        ended_at=times[np.arange(size), last],
        invited=np.where(said[:, invite], times[:, invite], np.datetime64("NaT", "s")),
    )


def _nobody_after(said: Flags) -> Flags:
    """Return where no buyer, agent or robot writes later in the same conversation."""
    written = said & (SPEAKERS != SYSTEM)
    later = np.cumsum(written[:, ::-1], axis=1)[:, ::-1] - written
    return np.asarray(later == 0)


def _said(dice: np.random.Generator, talks: Talks, missed: Flags) -> Flags:
    """Return which of `LINES` each conversation has."""
    size = len(talks)
    robot, human = talks.reception != HUMAN, talks.reception != ROBOT
    mixed = talks.reception == MIXED
    unhappy = talks.moan >= 0
    spam = talks.scene == SCENES.index("ANY03")
    chance = dict.fromkeys(NAMES, np.zeros(size))
    chance |= {
        "greeting": np.full(size, 0.42),
        "card": np.where(talks.phase == PRE, 0.35, 0.12),
        "robot_question": robot * 1.0,
        "robot_answer": robot * 1.0,
        "robot_second": robot * 0.55,
        "to_human": mixed * 0.9,
        "transfer": mixed * 1.0,
        "hello": human * np.where(mixed, 0.75, 0.3),
        "question": human * 1.0,
        "detail": human * 0.42,
        "image": human * np.where((talks.phase == POST) & unhappy, 0.5, 0.06),
        "chase": human * np.where(talks.slow, 0.55, 0.02),
        "hold": human * np.where(talks.phase == PRE, 0.08, 0.38),
        "answer": human * 1.0,
        "recall": human * 0.012,
        "extra": human * 0.5,
        "moan": np.where(unhappy, human * 1.0 + ~human * 0.6, 0.0),
        "soothe": np.where(unhappy, human * 0.95, 0.0),
        "second": human * np.where(talks.phase == PRE, 0.58, 0.32),
        "personal": human * np.where(np.isin(talks.scene, GIVES_ADDRESS), 0.45, 0.004),
        "third": human * 0.3,
        "thanks": np.where(unhappy, 0.12, 0.58) * np.where(human, 1.0, 0.35),
        "bye": human * np.where(missed, 0.0, 0.68),
        "okay": human * np.where(unhappy, 0.05, 0.18),
    }
    said = dice.random((size, len(LINES))) < np.column_stack([chance[name] for name in NAMES])
    column = {name: said[:, at] for at, name in enumerate(NAMES)}
    column["welcome"] |= column["greeting"] | column["card"]
    column["hello"] &= mixed | column["welcome"]
    column["robot_second_answer"] |= column["robot_second"]
    column["second_answer"] |= column["second"] & ~missed
    column["noted"] |= column["personal"] & ~missed
    column["third"] &= column["second"] & ~missed
    column["third_answer"] |= column["third"]
    column["thanks"] &= ~missed
    column["okay"] &= column["bye"]
    column["second"] |= missed & ~column["personal"]
    invited = chosen(dice, np.where(unhappy, 0.22, 0.5), size)
    column["invite"] |= invited & ~missed & np.where(human, column["bye"], True)
    said[spam] &= np.isin(NAMES, ("robot_question", "question", "robot_answer", "answer"))
    return said


def _gaps(dice: np.random.Generator, talks: Talks, said: Flags, rush: Flags) -> Floats:
    """Return the seconds between each line and the one before it."""
    size = len(talks)
    gaps = spread(dice, 16.0, 0.8, said.size).reshape(said.shape)
    buyer_before = np.zeros(size, dtype=np.bool_)
    busy = chosen(dice, BUSY_CHANCE * (1 + rush), size)
    for at, speaker in enumerate(SPEAKERS):
        if speaker in (AUTO, BOT, SYSTEM):
            gaps[:, at] = 1 + (gaps[:, at] > 22)
        elif speaker == AGENT:
            gaps[:, at] = _reply(dice, talks, buyer_before, busy, gaps[:, at])
        elif NAMES[at] == "chase":
            gaps[:, at] = np.clip(gaps[:, at] * 6, 60, 170)
        buyer_before = np.where(said[:, at], speaker == BUYER, buyer_before)
    gaps[np.arange(size), np.argmax(said, axis=1)] = 0.0
    return gaps


def _reply(
    dice: np.random.Generator, talks: Talks, buyer_before: Flags, busy: Flags, short: Floats
) -> Floats:
    """Return an agent's delay: a reply when the buyer spoke last, else the next line typed."""
    size = len(short)
    slow = talks.slow & chosen(dice, 0.62, size)
    busy = busy & chosen(dice, 0.7, size)
    median = np.where(busy, BUSY_REPLY_SECONDS, REPLY_SECONDS)
    median = np.where(slow, SLOW_REPLY_SECONDS, median)
    delay = np.clip(spread(dice, median, 0.62, size), 4, 1500)
    return np.where(buyer_before, delay, short * 1.6)
