"""Stuck points: findings about the same place are one, so that nobody is counted twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huisheng.app.report.document import FindingEntry, Share


@dataclass(frozen=True, slots=True)
class StuckPoint:
    """A place where service is stuck; `first` is its best-ranked finding, `facets` the rest."""

    rank: int
    first: FindingEntry
    facets: tuple[FindingEntry, ...]

    @property
    def findings(self) -> tuple[FindingEntry, ...]:
        """Return all its findings, best first."""
        return (self.first, *self.facets)

    @property
    def affected(self) -> float:
        """Return people affected as `first` counts them: facets touch the same people again."""
        return self.first["impact"]["affected"]

    @property
    def cny(self) -> float:
        """Return the cost in yuan, by the same reasoning that of `first`."""
        return self.first["impact"]["cny"]


def stuck_points(findings: list[FindingEntry]) -> list[StuckPoint]:
    """Group findings of one shop and one segment under the best-ranked; ranking is kept.

    Findings about a whole shop have no place in common and stay apart.
    """
    groups: dict[tuple[object, ...], list[FindingEntry]] = {}
    for position, finding in enumerate(findings):
        segment = tuple(sorted(finding["segment"].items()))
        key = (finding["shop_id"], segment or position)
        groups.setdefault(key, []).append(finding)
    return [
        StuckPoint(rank, group[0], tuple(group[1:]))
        for rank, group in enumerate(groups.values(), start=1)
    ]


def department_shares(points: Iterable[StuckPoint], labels: Mapping[str, str]) -> list[Share]:
    """Return every department's part of the avoidable harm found: people, money, share of people.

    A stuck point counts once, for the department of its first finding; departments without one
    have 0 and are listed.
    """
    people = dict.fromkeys(labels, 0)
    money = dict.fromkeys(labels, 0.0)
    for point in points:
        people[point.first["department"]] += int(point.affected)
        money[point.first["department"]] += point.cny
    total = sum(people.values())
    shares: list[Share] = [
        {
            "department": id_,
            "label": label,
            "affected": people[id_],
            "cny": round(money[id_], 2),
            "share": people[id_] / total if total else 0.0,
        }
        for id_, label in labels.items()
    ]
    return sorted(shares, key=lambda share: (-share["affected"], share["department"]))
