"""What a metric may read: canonical tables and the relations made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import ibis

from huisheng.catalog import load_python, pick
from huisheng.lake import Engine
from huisheng.records import Row


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
    """A table computed from records, shared by several metrics.

    `reused` relations are computed once per `Facts` and kept; the others are inlined.
    """

    label: str
    build: Callable[["Facts"], ibis.Table]
    proofs: tuple[RelationProof, ...]
    reused: bool = False


SHOP_TABLES = (
    "shops", "orders", "conversations", "messages", "session_ratings", "reviews", "refunds",
    "tickets",
)  # fmt: skip
"""Tables a shop cannot be without altogether."""


@cache
def all_relations() -> Mapping[str, Relation]:
    """Return every relation, by name."""
    return load_python("huisheng.metrics.relations", "RELATION", Relation)


class Facts:
    """The tables of one engine, and the relations over them, each built once.

    Args:
        engine: where the tables are read.
        keeps_relations: compute every relation once and keep it, which pays where many metrics are
            asked for; a single question is faster with relations inlined and pruned.
    """

    def __init__(self, engine: Engine, *, keeps_relations: bool = False) -> None:
        self.engine = engine
        self._keeps = keeps_relations
        self._relations: dict[str, ibis.Table] = {}
        self._shops_with: dict[str, frozenset[str]] = {}

    @property
    def offset_us(self) -> int:
        """Return the shops' offset from UTC in microseconds."""
        return self.engine.offset_us

    def table(self, name: str) -> ibis.Table:
        """Return a canonical table."""
        return self.engine.table(name)

    @cached_property
    def shop_platforms(self) -> dict[str, str | None]:
        """Return every shop that has data, with its platform, in order of shop id."""
        parts = [self.table(name).select("shop_id", "platform").distinct() for name in SHOP_TABLES]
        shops = ibis.union(*parts, distinct=True)
        counted = shops.group_by("shop_id").aggregate(platform=shops.platform.min())
        rows = self.engine.arrow(counted.order_by("shop_id")).to_pylist()
        return {row["shop_id"]: row["platform"] for row in rows}

    def shops_with(self, name: str) -> frozenset[str]:
        """Return the shops that have rows in a canonical table."""
        if name not in self._shops_with:
            shops = self.engine.arrow(self.table(name).select("shop_id").distinct())
            self._shops_with[name] = frozenset(shops["shop_id"].to_pylist())
        return self._shops_with[name]

    def relation(self, name: str) -> ibis.Table:
        """Return a relation by name."""
        if name not in self._relations:
            relation = pick(all_relations(), name)
            built = relation.build(self)
            kept = relation.reused or self._keeps
            self._relations[name] = self.engine.kept(built) if kept else built
        return self._relations[name]
