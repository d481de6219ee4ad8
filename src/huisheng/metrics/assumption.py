"""Numbers that no source settles: declared by the metric, changed by the workspace, always named.

A definition declares an `Assumption` and asks `facts.assumed(it)` for the value that holds. The
defaults give the published definition; a workspace may choose others within the bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Chosen = Mapping[str, int]
"""The assumptions that a workspace changed: id → value."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number that a source leaves open.

    Attributes:
        id: unique among all metrics.
        label: Chinese name.
        default: what holds until somebody changes it.
        least: smallest value allowed.
        most: largest value allowed.
        unit: written after the value: `%`, `天`, or nothing for a weight.
        source: what is known and what is not.
    """

    id: str
    label: str
    default: int
    least: int
    most: int
    unit: str
    source: str

    def allows(self, value: int) -> bool:
        """Return whether a value lies within the bounds."""
        return self.least <= value <= self.most

    def told(self, value: int) -> str:
        """Return a value with its unit: `30%`."""
        return f"{value}{self.unit}"
