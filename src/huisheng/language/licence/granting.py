"""Judge licence (判断许可): which labels are measured well enough to score a person.

Below its limits a label may still inform; it may not touch anyone's score, rank or pay.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from huisheng.language.licence.cells import Cells
from huisheng.language.licence.intervals import Interval

LEAST_PRECISION = 0.80
"""Lower bound. Of ten texts held against somebody at most two may be wrong, and even that only
where each can be appealed."""
LEAST_RECALL = 0.60
"""Lower bound. Whoever is compared must have most of his texts found: a label that finds some
people's wording and not others' is unfair to the first."""
LEAST_CASES = 30
"""Texts that the model named, and as many that people did: below it intervals lean on too few."""
LEAST_KAPPA = 0.60
"""«Substantial» of Landis and Koch (1977), of the model with people and of people among themselves:
what people cannot agree on is nobody's fault."""


class Origin(StrEnum):
    """On what a label was measured."""

    HELD_OUT = "held_out"
    PARTLY_READ = "partly_read"
    OWN_SENTENCES = "own_sentences"
    SHOP = "shop"
    NOTHING = "nothing"


ORIGINS = {
    Origin.HELD_OUT: "训练没见过的公开文字",
    Origin.PARTLY_READ: "公开客服对话（一部分读过）",
    Origin.OWN_SENTENCES: "自写的成对句子",
    Origin.SHOP: "本店抽样，人工判断",
    Origin.NOTHING: "没有量过",
}
_NO_SAMPLE = {
    Origin.PARTLY_READ: "量它的对话有一部分在写词表时读过，数字偏乐观",
    Origin.OWN_SENTENCES: "只在自写的句子上量过，不是抽样，真实比例不同",
    Origin.NOTHING: "没有在人工判断过的文字上量过",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """What is known of one label, and whether it may score a person.

    Attributes:
        head: one of `HEADS`.
        label: its id.
        origin: on what it was measured.
        cells: against people; None where it was not measured.
        among_people: Cohen's κ of people who judged the same texts; None where one judged each.
    """

    head: str
    label: str
    origin: Origin = Origin.NOTHING
    cells: Cells | None = None
    among_people: Interval | None = None

    @property
    def precision(self) -> Interval | None:
        """Return the measured precision."""
        return self.cells.precision if self.cells else None

    @property
    def recall(self) -> Interval | None:
        """Return the measured recall."""
        return self.cells.recall if self.cells else None

    @property
    def kappa(self) -> Interval | None:
        """Return Cohen's κ of the model with people."""
        return self.cells.kappa if self.cells else None

    @property
    def n(self) -> float:
        """Return how many texts people gave the label."""
        return self.cells.true.count if self.cells else 0

    @property
    def is_enough(self) -> bool:
        """Return whether there were cases enough to decide."""
        return self.cells is not None and not list(_too_few(self.cells))

    @property
    def refutes(self) -> bool:
        """Return whether precision or recall surely lies below its limit."""
        return any(
            found is not None and found.high < least
            for found, least in ((self.precision, LEAST_PRECISION), (self.recall, LEAST_RECALL))
        )

    @property
    def why(self) -> tuple[str, ...]:
        """Return what stands against the licence; nothing where it is granted."""
        return tuple(self._objections())

    @property
    def granted(self) -> bool:
        """Return whether the label may score a person."""
        return not self.why

    def _objections(self) -> Iterator[str]:
        if self.origin in _NO_SAMPLE:
            yield _NO_SAMPLE[self.origin]
        if self.cells is None:
            return
        yield from _too_few(self.cells)
        for name, found, least in (
            ("精确率", self.precision, LEAST_PRECISION),
            ("召回率", self.recall, LEAST_RECALL),
        ):
            if found is not None and found.low < least:
                yield f"{name}下限 {found.low:.2f}，不到 {least:.2f}"
        for name, found in (("与人工", self.kappa), ("人与人", self.among_people)):
            if found is not None and found.value < LEAST_KAPPA:
                yield f"{name}的一致性 κ {round(found.value, 2) + 0.0:.2f}，不到 {LEAST_KAPPA:.2f}"

    def as_json(self) -> dict[str, object]:
        """Return the licence for programs; measures as value, low, high, rounded to 4 digits."""
        return {
            "head": self.head,
            "label": self.label,
            "granted": self.granted,
            "why": list(self.why),
            "origin": self.origin.value,
            "n": round(self.n, 1),
            "claimed": round(self.cells.claimed.count, 1) if self.cells else 0,
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "kappa": _rounded(self.kappa),
            "kappa_among_people": _rounded(self.among_people),
        }


def _too_few(cells: Cells) -> Iterator[str]:
    for name, part in (("模型标出", cells.claimed), ("人工标出", cells.true)):
        # Whole answers shared among judges add up to a whole only nearly.
        if part.count < LEAST_CASES - 1e-9:
            yield f"{name}的只有 {part.count:g} 条，至少 {LEAST_CASES} 条"


def _rounded(some: Interval | None) -> dict[str, float] | None:
    if some is None:
        return None
    return {
        "value": round(some.value, 4),
        "low": round(some.low, 4),
        "high": round(some.high, 4),
    }
