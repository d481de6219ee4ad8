"""What a metric may read: canonical tables and the relations made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType

import ibis

from huisheng.catalog import load_python, pick
from huisheng.lake import Engine
from huisheng.metrics.assumption import Assumption, Chosen
from huisheng.metrics.calendars import shop_calendars
from huisheng.metrics.window import Window
from huisheng.records import Row
from huisheng.worktime import Calendar


@dataclass(frozen=True, slots=True)
class RelationProof:
    """Rows as a person writes them, and what the relation must make of them, in any order.

    `expect` rows name only the columns they are about.
    """

    name: str
    rows: Mapping[str, tuple[Row, ...]]
    expect: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table computed from records, shared by several metrics."""

    label: str
    build: Callable[["Facts"], ibis.Table]
    proofs: tuple[RelationProof, ...]


SHOP_TABLES = (
    "shops", "orders", "conversations", "messages", "session_ratings", "reviews", "refunds",
    "tickets",
)  # fmt: skip
"""Tables a shop cannot be without altogether."""


@cache
def all_relations() -> Mapping[str, Relation]:
    """Return every relation, by name."""
    return load_python("huisheng.metrics.relations", "RELATION", Relation)


CaseBuilder = Callable[["Facts", Window], ibis.Table]
"""What a metric's version makes its cases with."""

Ready = Callable[[str], ibis.Table | None]


def nothing_ready(name: str) -> ibis.Table | None:
    """Return None: every relation has to be built."""
    return None


class Facts:
    """The tables of one engine, and the relations over them, each built once.

    Args:
        engine: where the tables are read.
        keeps_relations: compute every relation once and keep it, which pays where many metrics are
            asked for; a single question is faster with relations inlined and pruned.
        window: the only window that will be asked about, None for any; relations may leave out
            what no case of it can need.
        assumptions: what the workspace assumes otherwise than the definitions do.
        ready: gives a relation that was computed before from the same records, None if there is
            none.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keeps_relations: bool = False,
        window: Window | None = None,
        assumptions: Chosen = MappingProxyType({}),
        ready: Ready = nothing_ready,
    ) -> None:
        self.engine = engine
        self.assumptions = assumptions
        self.ready = ready
        self.window = None if keeps_relations else window
        self._keeps = keeps_relations
        self._relations: dict[str, ibis.Table] = {}
        self._sources: dict[str, frozenset[str]] = {}
        self._reading: list[set[str]] = [set()]

    def asked_about(self, window: Window) -> "Facts":
        """Return facts for questions about one window alone; the same where relations are kept."""
        if self._keeps:
            return self
        return Facts(self.engine, window=window, assumptions=self.assumptions, ready=self.ready)

    @property
    def kept(self) -> Mapping[str, tuple[ibis.Table, frozenset[str]]]:
        """Return the relations built so far, each with the canonical tables it was made of."""
        return {name: (self._relations[name], self._sources[name]) for name in self._sources}

    def cases(self, build: CaseBuilder, window: Window) -> ibis.Table:
        """Return the cases that a metric's version builds for a window."""
        return build(self.asked_about(window), window)

    def assumed(self, assumption: Assumption) -> int:
        """Return the value that holds for an assumption."""
        return self.assumptions.get(assumption.id, assumption.default)

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Return the working calendars of the shops that have set one, by shop."""
        self._reading[-1].add("shops")
        return self._calendars

    @cached_property
    def _calendars(self) -> Mapping[str, Calendar]:
        return shop_calendars(self.engine)

    @property
    def offset_us(self) -> int:
        """Return the shops' offset from UTC in microseconds."""
        return self.engine.offset_us

    def table(self, name: str) -> ibis.Table:
        """Return a canonical table."""
        self._reading[-1].add(name)
        return self.engine.table(name)

    @property
    def shop_platforms(self) -> dict[str, str | None]:
        """Return every shop that has data, with its platform, in order of shop id."""
        self._reading[-1].update(SHOP_TABLES)
        return self._shop_platforms

    @cached_property
    def _shop_platforms(self) -> dict[str, str | None]:
        platforms: dict[str, str | None] = {}
        for name in SHOP_TABLES:
            shops = self.engine.shops(name)
            unknown = sorted(shop for shop in shops if platforms.get(shop) is None)
            if unknown:
                platforms |= dict.fromkeys(unknown) | self._platforms(name, unknown)
        return dict(sorted(platforms.items()))

    def _platforms(self, name: str, shops: list[str]) -> dict[str, str | None]:
        rows = self.table(name)
        rows = rows.filter(rows.shop_id.isin(shops)).group_by("shop_id")
        found = self.engine.arrow(rows.aggregate(platform=ibis._.platform.min())).to_pylist()
        return {row["shop_id"]: row["platform"] for row in found}

    def relation(self, name: str) -> ibis.Table:
        """Return a relation by name."""
        if name not in self._relations:
            found = self.ready(name)
            self._relations[name] = self._built(name) if found is None else found
        self._reading[-1] |= self._sources.get(name, frozenset())
        return self._relations[name]

    def _built(self, name: str) -> ibis.Table:
        self._reading.append(set())
        built = pick(all_relations(), name).build(self)
        self._sources[name] = frozenset(self._reading.pop())
        return self._stored(built)

    def _stored(self, built: ibis.Table) -> ibis.Table:
        # A view closes a relation that ends in a join: Ibis would prolong the join instead.
        return self.engine.kept(built) if self._keeps else built.view()
