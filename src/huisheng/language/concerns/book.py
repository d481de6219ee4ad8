"""The concerns a merchant adds below the aspects, each edition of them kept for good.

Ids are never used twice, and what was split or merged stays defined: the parts of a split share out
exactly what the whole had, so that trends add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

ADD, CHANGE, SPLIT, MERGE, RETIRE = "add", "change", "split", "merge", "retire"
ACTS = {ADD: "添加", CHANGE: "修改", SPLIT: "拆分", MERGE: "合并", RETIRE: "停用"}


@dataclass(frozen=True, slots=True)
class Concern:
    """One third-level concern.

    Attributes:
        id: `K001`; stable, never used twice.
        label: what people read.
        aspect: the second-level aspect it belongs to, which gives department and polarity.
        words: patterns as in `taxonomy/aspects.yaml`, read clause by clause; none for the rest of
            a split and for a plain merger.
        examples: sentences it must recognise.
        unlike: sentences it must not.
        categories: product categories it is about, none for all.
    """

    id: str
    label: str
    aspect: str
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the ledger.

    Attributes:
        act: one of `ACTS`.
        concerns: what is new or changed; of a split its parts in order, the rest last.
        of: ids of what is split, merged or retired.
        by: who did it.
        at: when, ISO with offset.
        why: their reason.
    """

    act: str
    concerns: tuple[Concern, ...]
    of: tuple[str, ...]
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Book:
    """The concerns of one edition.

    Attributes:
        edition: how many changes made it; 0 is empty.
        defined: every concern there ever was, by id, as last changed.
        live: ids in use, in order.
        parts: of each whole that was split its parts in order, the rest last.
        merged: of each merger what it is made of.
    """

    edition: int = 0
    defined: Mapping[str, Concern] = field(default_factory=lambda: MappingProxyType({}))
    live: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rests(self) -> frozenset[str]:
        """Return the parts that have what no other part of their whole has."""
        return frozenset(parts[-1] for parts in self.parts.values())

    @property
    def whole_of(self) -> Mapping[str, str]:
        """Return the whole that each part comes from."""
        return {part: whole for whole, parts in self.parts.items() for part in parts}

    def next_ids(self, count: int) -> tuple[str, ...]:
        """Return ids that nothing ever had."""
        used = max((int(id_[1:]) for id_ in self.defined), default=0)
        return tuple(f"K{used + n:03}" for n in range(1, count + 1))

    def ancestors(self, id_: str) -> frozenset[str]:
        """Return what a concern was split from or merged of, through all generations."""
        wholes = self.whole_of
        found: set[str] = set()
        waiting = [id_]
        while waiting:
            one = waiting.pop()
            older = {*self.merged.get(one, ()), *([wholes[one]] if one in wholes else [])} - found
            found |= older
            waiting.extend(older)
        return frozenset(found)
