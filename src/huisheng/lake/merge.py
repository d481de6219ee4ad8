"""The SQL that brings staged rows and stored rows of one table together."""

from dataclasses import dataclass

from huisheng.records import BOOKKEEPING, Table

LANDED = ("local_date", "local_hour")


@dataclass(frozen=True, slots=True)
class MergeSql:
    """Writes the statements of one upsert; `staged` and `stored` are relations in scope.

    A staged value replaces a stored one, a missing staged value never erases one, and a column
    that latches keeps its first value (design law 3). Rows are matched on the lake key; in one
    file the last row wins, except that latching columns keep the first.
    """

    table: Table

    def deduplicated(self, staged: str) -> str:
        """Return one row per key out of a staged relation that may repeat keys."""
        columns = []
        for name in self.table.schema.names:
            if name in self.table.lake_key:
                columns.append(f'"{name}"')
            elif name in self._latching:
                columns.append(f'arg_min("{name}", source_row) AS "{name}"')
            else:
                columns.append(f'arg_max("{name}", source_row) AS "{name}"')
        return f"SELECT {', '.join(columns)} FROM {staged} GROUP BY {self._keys}"

    def repeats_keys(self, staged: str) -> str:
        """Return a query for whether a staged relation holds a key twice."""
        return f"SELECT count(*) > count(DISTINCT hash({self._keys})) FROM {staged}"

    def fresh(self, staged: str) -> str:
        """Return the rows to write when the table is empty."""
        return f"SELECT * REPLACE ({self._hash} AS row_hash) FROM {staged}"

    def touched(self, staged: str, stored: str) -> str:
        """Return the partitions that hold a staged row or a stored row with a staged key."""
        parts = ", ".join(self.table.partition)
        theirs = ", ".join(f"o.{name}" for name in self.table.partition)
        return (
            f"SELECT DISTINCT {parts} FROM {staged} UNION "
            f"SELECT DISTINCT {theirs} FROM {stored} o SEMI JOIN {staged} s ON {self._match}"
        )

    def rewritten(self, merged: str) -> str:
        """Return the partitions of merged rows that lose or gain a row, or hold a changed one."""
        dated = "local_date" in self.table.partition
        columns = "shop_id, unnest([local_date, _old_date])" if dated else "shop_id"
        return f"SELECT DISTINCT {columns} FROM {merged} WHERE _state IN ('new', 'changed')"

    def merged(self, staged: str, stored: str) -> str:
        """Return every row of both sides, with `_state` and `_old_date`.

        The state is new, changed or same for a staged row, kept for a stored row nobody staged.
        """
        columns = ", ".join(self._column(name) for name in self.table.schema.names)
        kept = sorted(BOOKKEEPING - {"row_hash"})
        replaced = ", ".join(
            f"CASE WHEN _same THEN _o_{name} ELSE coalesce(_s_{name}, _o_{name}) END AS {name}"
            for name in kept
        )
        sides = ", ".join(f"o.{n} AS _o_{n}, s.{n} AS _s_{n}" for n in kept)
        helpers = ", ".join(f"_o_{n}, _s_{n}" for n in kept)
        joined = (
            f"SELECT {columns}, {sides}, o.row_hash AS _old_hash, o.local_date AS _old_date, "
            f"o.shop_id IS NULL AS _new, s.shop_id IS NOT NULL AS _staged "
            f"FROM {staged} s FULL JOIN {stored} o ON {self._match}"
        )
        hashed = f"SELECT * REPLACE ({self._hash} AS row_hash) FROM ({joined})"
        judged = f"SELECT *, NOT _new AND row_hash = _old_hash AS _same FROM ({hashed})"
        return (
            f"SELECT * EXCLUDE ({helpers}, _old_hash, _new, _staged, _same) REPLACE ({replaced}), "
            f"CASE WHEN _new THEN 'new' WHEN NOT _staged THEN 'kept' "
            f"WHEN _same THEN 'same' ELSE 'changed' END AS _state "
            f"FROM ({judged})"
        )

    @property
    def _keys(self) -> str:
        return ", ".join(self.table.lake_key)

    @property
    def _match(self) -> str:
        return " AND ".join(f"s.{name} = o.{name}" for name in self.table.lake_key)

    @property
    def _latching(self) -> frozenset[str]:
        return frozenset(c.stored for c in self.table.own.values() if c.latches)

    @property
    def _anchor_latches(self) -> bool:
        return bool(self.table.anchor) and self.table.anchor[0] in self._latching

    def _column(self, name: str) -> str:
        old_first = name in self._latching or (name in LANDED and self._anchor_latches)
        order = ("o", "s") if old_first else ("s", "o")
        if name in LANDED and not old_first and self.table.anchor:
            # A staged row without any anchor instant was given no date of its own.
            anchors = ", ".join(f"s.{instant}" for instant in self.table.anchor)
            return (
                f"CASE WHEN coalesce({anchors}) IS NULL AND o.shop_id IS NOT NULL "
                f'THEN o."{name}" ELSE s."{name}" END AS "{name}"'
            )
        return f'coalesce({order[0]}."{name}", {order[1]}."{name}") AS "{name}"'

    @property
    def _hash(self) -> str:
        """Return the content hash: md5, because it is the same in every version and engine."""
        names = [n for n in self.table.schema.names if n not in BOOKKEEPING and n not in LANDED]
        parts = ", ".join(f'coalesce("{name}"::VARCHAR, chr(1))' for name in names)
        return f"(md5_number_lower(concat_ws(chr(2), {parts})) >> 1)::BIGINT"
