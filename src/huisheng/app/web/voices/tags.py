"""One label as people read it: its name, its tone, and what else it could be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huisheng.app.concerns import ledger
from huisheng.app.web import library
from huisheng.language import licence, taxonomy

HEADS = {"scene": "场景", "aspect": "方面", "emotion": "情绪", "risk": "风险", "sentiment": "情感"}
"""Heads in the order in which people read them, and which they may judge."""

SHOWN = HEADS | {"concern": "关注点"}
"""Heads that are shown; where a concern is wrong its words are to be mended, not a line."""

POLAR = frozenset({"aspect", "concern"})
"""Heads whose labels carry a polarity."""

SINGLE = frozenset({"emotion", "sentiment"})
"""Heads that give every text exactly one label."""

POLARITIES = {-1: "负面", 0: "提到", 1: "正面"}
SENTIMENTS = {"negative": -1, "neutral": 0, "positive": 1}


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """One label: `value` is the polarity of aspects and sentiment, the level of emotions."""

    head: str
    label: str
    value: int = 0

    @property
    def name(self) -> str:
        """Return the Chinese name, the polarity of an aspect with it."""
        name = names_of(self.head).get(self.label, self.label)
        return f"{name} {POLARITIES.get(self.value, '')}" if self.head in POLAR else name

    @property
    def tone(self) -> str:
        """Return `bad`, `good` or `plain`."""
        if self.head == "risk":
            return "bad"
        if self.head == "emotion":
            return "good" if self.value < 0 else "bad" if self.value > 1 else "plain"
        return {-1: "bad", 1: "good"}.get(self.value, "plain")

    @property
    def is_quiet(self) -> bool:
        """Return whether it says that there is nothing to say, so need not be shown in passing."""
        return self.value == 0 and self.head in SINGLE


def names_of(head: str) -> Mapping[str, str]:
    """Return the Chinese names of a head's labels, by id in the order of the taxonomy."""
    if head == "concern":
        defined = ledger(library.workspace()).book.defined
        return {id_: concern.label for id_, concern in defined.items()}
    return licence.label_names(taxonomy()).get(head, {})


def made(head: str, label: str, polarity: int = 0) -> Tag:
    """Return a tag; only an aspect takes the polarity given, others have their own value."""
    if head == "aspect":
        return Tag(head, label, polarity)
    if head == "emotion":
        return Tag(head, label, taxonomy().emotions[label].level)
    return Tag(head, label, SENTIMENTS[label] if head == "sentiment" else 0)


def described(tags: Iterable[Tag]) -> str:
    """Return the names of some tags in one line."""
    return "、".join(tag.name for tag in sorted(tags)) or "都不是"
