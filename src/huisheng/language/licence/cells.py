"""How one label fared against people: the four cells, weighted by how a text came to be judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from huisheng.language.licence.intervals import Interval, cohen_kappa, ratio, wilson


@dataclass(frozen=True, slots=True)
class Part:
    """Judged texts.

    Attributes:
        count: how many; a text that several people judge is shared among their answers.
        weight: how many texts of the shop they stand for.
        squares: sum of the squared weights.
    """

    count: float = 0.0
    weight: float = 0.0
    squares: float = 0.0

    @property
    def size(self) -> float:
        """Return the plain sample that is worth as much (Kish 1965): (Σw)² / Σw²."""
        return self.weight**2 / self.squares if self.squares else 0.0

    @property
    def is_plain(self) -> bool:
        """Return whether all weigh the same."""
        return abs(self.size - self.count) <= 1e-9 * max(1.0, self.count)

    def __add__(self, other: "Part") -> "Part":
        return Part(
            self.count + other.count, self.weight + other.weight, self.squares + other.squares
        )

    @classmethod
    def plain(cls, count: float) -> "Part":
        """Return so many texts of weight 1."""
        return cls(float(count), float(count), float(count))

    @classmethod
    def of(cls, judged: Iterable[tuple[float, float]]) -> "Part":
        """Add up (weight of the text, share of its judges); the order does not matter."""
        pairs = list(judged)
        return cls(
            fsum(share for _, share in pairs),
            fsum(weight * share for weight, share in pairs),
            fsum(weight * weight * share for weight, share in pairs),
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts by whether the model named the label and whether people did.

    Attributes:
        hits: both.
        alarms: the model alone.
        misses: people alone.
        quiet: neither.
    """

    hits: Part
    alarms: Part
    misses: Part
    quiet: Part

    @classmethod
    def plain(cls, hits: int, alarms: int, misses: int, quiet: int) -> "Cells":
        """Return the cells of a sample in which every text weighs 1."""
        return cls(*(Part.plain(count) for count in (hits, alarms, misses, quiet)))

    @property
    def claimed(self) -> Part:
        """What the model gave the label."""
        return self.hits + self.alarms

    @property
    def true(self) -> Part:
        """What people gave the label."""
        return self.hits + self.misses

    @property
    def judged(self) -> Part:
        """All texts."""
        return self.claimed + self.misses + self.quiet

    @property
    def precision(self) -> Interval | None:
        """Share of the model's labels that people gave too; None where it gave none."""
        claimed = self.claimed
        return wilson(self.hits.weight / claimed.weight, claimed.size) if claimed.weight else None

    @property
    def recall(self) -> Interval | None:
        """Share of people's labels that the model gave too; None where they gave none.

        Of a plain sample Wilson's interval. Of a weighted one a text without the model's label
        stands for many, so that having met no miss says little: the misses' share of such texts
        and the hits' share of the others each have their interval, and MOVER joins them.
        """
        true, rest = self.true, self.misses + self.quiet
        if not true.weight:
            return None
        if self.judged.is_plain or not self.hits.weight:
            return wilson(self.hits.weight / true.weight, true.size)
        named = _scaled(wilson(self.hits.weight / self.claimed.weight, self.claimed.size), self)
        if not rest.weight:
            return wilson(1.0, true.size)
        missed = wilson(self.misses.weight / rest.weight, rest.size)
        left = ratio(Interval(*(part * rest.weight for part in _bounds(missed))), named)
        return Interval(1 / (1 + left.value), 1 / (1 + left.high), 1 / (1 + left.low))

    @property
    def kappa(self) -> Interval | None:
        """Cohen's κ of model and people on this label alone."""
        return cohen_kappa(
            [
                [self.hits.weight, self.alarms.weight],
                [self.misses.weight, self.quiet.weight],
            ],
            self.judged.size or None,
        )


def _bounds(some: Interval) -> tuple[float, float, float]:
    return some.value, some.low, some.high


def _scaled(share: Interval, cells: Cells) -> Interval:
    return Interval(*(part * cells.claimed.weight for part in _bounds(share)))
