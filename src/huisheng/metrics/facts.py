"""What a metric may read: canonical tables and the relations made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

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


@cache
def all_relations() -> Mapping[str, Relation]:
    """Return every relation, by name."""
    return load_python("huisheng.metrics.relations", "RELATION", Relation)


class Facts:
    """The tables of one engine, and the relations over them, each built once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._relations: dict[str, ibis.Table] = {}

    @property
    def offset_us(self) -> int:
        """Return the shops' offset from UTC in microseconds."""
        return self.engine.offset_us

    def table(self, name: str) -> ibis.Table:
        """Return a canonical table."""
        return self.engine.table(name)

    def relation(self, name: str) -> ibis.Table:
        """Return a relation by name."""
        if name not in self._relations:
            relation = pick(all_relations(), name)
            built = relation.build(self)
            self._relations[name] = self.engine.kept(built) if relation.reused else built
        return self._relations[name]
