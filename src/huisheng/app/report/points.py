"""Groups findings into stuck points: the same place seen from several sides is one point."""

from dataclasses import dataclass

from huisheng.app.report.document import FindingEntry


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
