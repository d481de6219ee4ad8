"""What is written in every line of every conversation."""

from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.frame import Flags, Floats, Frame, Ints, Words, chosen, either
from huisheng.app.demo.goods import words
from huisheng.app.demo.lines import AGENT, AUTO, BOT, BUYER, NAMES, SPEAKERS, SYSTEM, Script
from huisheng.app.demo.subjects import Setting, fillers_of
from huisheng.app.demo.talks import PRE, ROBOT, Talks
from huisheng.app.demo.wording import (
    ASPECTS,
    SCENES,
    SPECIALS,
    Bank,
    Ranges,
    bank_of,
    fill,
    roughen,
)

OWN_WORDS = {"robot_question": "ask", "question": "ask", "moan": "moan"}
SECOND = ("second", "robot_second", "third")
TOPICAL = frozenset(
    {"question", "answer", "robot_question", "robot_answer", *SECOND}
    | {f"{name}_answer" for name in SECOND}
)
SAME_WORDS = {  # lines that say the same kind of thing whatever the conversation is about
    **{name: f"manner.{name}" for name in ("chase", "hold", "extra", "soothe")},
    **{name: f"manner.{name}" for name in ("personal", "noted", "bye", "invite")},
    **{name: f"manner.{name}" for name in ("image", "recall", "transfer", "hello")},
    "okay": "manner.closing",
    "greeting": "ask.PRE01",
    "to_human": "ask.ANY01",
}
UNSURE_ROBOT = 0.15
GOLDEN = 0.618034  # steps of the golden ratio: lines of one conversation do not repeat each other
ROLES = {BUYER: "buyer", AGENT: "agent", BOT: "robot_auto", SYSTEM: "system"}


@dataclass(frozen=True)
class Messages:
    """The columns that a script lacks: who writes what, one row a line."""

    text: Words
    role: Words
    type: Words
    agent: Ints
    automatic: Flags
    recalled: Flags


def messages_of(frame: Frame, setting: Setting, script: Script) -> Messages:
    """Return the messages of every line."""
    dice = frame.dice(setting.shop.shop_id, "messages")
    bank = bank_of(setting.shop.kind)
    sentences = _sentences(dice, bank, setting, script)
    fillers = fillers_of(dice, setting, setting.spoken(script.talk))
    text = fill(bank, sentences, fillers)
    speaker = SPEAKERS[script.line]
    kind = _types(script.line)
    first, count = bank.spans["manner.closing"]
    is_closing = (sentences >= first) & (sentences < first + count)
    typed = np.flatnonzero((speaker == BUYER) & (kind == "text") & ~is_closing)
    roughen(dice, text, typed)
    robot_first = setting.talks.reception[script.talk] == ROBOT
    auto = speaker == AUTO
    agent = np.where(speaker == AGENT, setting.talks.agent[script.talk], -1)
    agent = np.where((speaker == BOT) | (auto & robot_first), 0, agent)
    agent = np.where(auto & ~robot_first, setting.talks.agent[script.talk], agent)
    role = words([ROLES.get(n, "agent") for n in range(5)])[speaker]
    return Messages(
        text=text,
        role=either(auto & robot_first, "robot_auto", role),
        type=kind,
        agent=agent,
        automatic=auto,
        recalled=script.line == NAMES.index("recall"),
    )


def _types(line: Ints) -> Words:
    kinds = {"image": "image", "recall": "recall", "card": "card"}
    kinds |= {"transfer": "system", "invite": "card"}
    return words([kinds.get(name, "text") for name in NAMES])[line]


@dataclass(frozen=True)
class _Topics:
    """What conversations are about, and where the bank keeps the sentences for it.

    `scene` and `second` are rows of `asks` and `answers`, which go by category and scene.
    """

    asks: Ranges
    answers: Ranges
    scene: Ints
    second: Ints


def _topics(bank: Bank, setting: Setting) -> _Topics:
    goods, talks = setting.goods, setting.talks
    categories = list(dict.fromkeys(goods.category))
    shift = np.array([categories.index(name) for name in goods.category]) * len(SCENES)
    return _Topics(
        bank.by_scene("ask", categories),
        bank.by_scene("answer", categories),
        shift[talks.product] + talks.scene,
        shift[talks.product] + talks.second,
    )


def _sentences(dice: np.random.Generator, bank: Bank, setting: Setting, script: Script) -> Ints:
    """Return which sentence of the bank every line says, slots unfilled."""
    talks, topics = setting.talks, _topics(bank, setting)
    luck = (dice.random(len(talks))[script.talk] + GOLDEN * script.seq) % 1
    out = np.full(len(script.talk), -1)
    for at, name in enumerate(NAMES):
        rows = np.flatnonzero(script.line == at)
        talk, chance = script.talk[rows], luck[rows]
        if name in TOPICAL:
            out[rows] = _topical(topics, name, talk, chance)
        else:
            out[rows] = _usual(bank, name, talks, talk, chance)
        if name in OWN_WORDS:
            out[rows] = _own_words(dice, bank, name, talks.special[talk], chance, out[rows])
    last_word = (script.line == NAMES.index("thanks")) & script.is_last
    out = np.where(last_word, bank.one_of("manner.closing", luck), out)
    unsure = (script.line == NAMES.index("robot_answer")) & chosen(dice, UNSURE_ROBOT, len(luck))
    return np.where(unsure, bank.one_of("manner.robot_unsure", luck), out)


def _topical(topics: _Topics, name: str, talk: Ints, chance: Floats) -> Ints:
    """Return questions and answers, by what the conversations `talk` are about."""
    ranges = topics.answers if name.endswith("answer") else topics.asks
    scene = topics.second if name.startswith(SECOND) else topics.scene
    return ranges.draw(scene[talk], 1 - chance if name == "third" else chance)


def _usual(bank: Bank, name: str, talks: Talks, talk: Ints, chance: Floats) -> Ints:
    """Return lines that follow reception, order and mood rather than topic."""
    if name in SAME_WORDS:
        return bank.one_of(SAME_WORDS[name], chance)
    if name == "moan":
        return bank.ranges("moan", ASPECTS).draw(talks.moan[talk], chance)
    fork: dict[str, tuple[Flags, str, str]] = {
        "welcome": (talks.reception[talk] == ROBOT, "robot_welcome", "welcome"),
        "card": (talks.phase[talk] > PRE, "order_card", "card"),
        "detail": (talks.phase[talk] > PRE, "order_detail", "detail"),
        "thanks": (talks.moan[talk] >= 0, "grudging", "thanks"),
    }
    first, yes, no = fork[name]
    chosen_yes, chosen_no = (bank.one_of(f"manner.{key}", chance) for key in (yes, no))
    return np.where(first, chosen_yes, chosen_no)


def _own_words(
    dice: np.random.Generator, bank: Bank, name: str, special: Ints, chance: Floats, usual: Ints
) -> Ints:
    """Return mostly what is said about the stuck point behind a conversation, else `usual`."""
    own = bank.ranges(f"special.{OWN_WORDS[name]}", SPECIALS).draw(special, chance)
    tells = (special >= 0) & (own >= 0) & chosen(dice, 0.83, len(special))
    return np.where(tells, own, usual)
