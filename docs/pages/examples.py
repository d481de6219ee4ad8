"""Turn the rows of proofs into sentences."""

from collections.abc import Container, Mapping, Sequence

from huisheng.records import Row, all_tables
from pages.markdown import code

FEW_ROWS, MOST_GROUPS = 6, 12


def given(rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """Return one sentence per table: how many rows, what they share, how each differs."""
    return [_table(name, listed) for name, listed in rows.items()]


def cells(row: Mapping[str, object], meanings: Mapping[str, str]) -> str:
    """Return a row's cells, «付款时间 2026-08-15 12:00:00，…»."""
    return "，".join(f"{meanings.get(name, code(name))} {shown(row[name])}" for name in row)


def shown(value: object) -> str:
    """Return a cell as a reader expects it."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.6g}"
    return code(value) if isinstance(value, str) and value.isascii() else str(value)


def meanings_of(table: str) -> dict[str, str]:
    """Return the Chinese name of a table's columns; a list of values is no name."""
    columns = all_tables()[table].own.values()
    return {
        column.name: code(column.name) if "|" in column.means else column.means.split("（")[0]
        for column in columns
    }


def _table(name: str, rows: Sequence[Row]) -> str:
    label, meanings = all_tables()[name].label, meanings_of(name)
    if not rows:
        return f"{label}：没有"
    shared = _shared(rows) if len(rows) > 1 else {}
    groups = _alike([_without(row, shared) for row in rows], all_tables()[name].key)
    told = [
        f"{f'{len(group)} 行 ' if len(group) > 1 else ''}{cells(group[0], meanings)}"
        for group in groups[:MOST_GROUPS]
        if group[0]
    ]
    left = len(groups) - MOST_GROUPS
    told += [f"另有 {left} 种"] if left > 0 else []
    common = f"，都有 {cells(shared, meanings)}" if shared else ""
    return "。".join(part for part in (f"{label} {len(rows)} 行{common}", "；".join(told)) if part)


def _alike(rows: Sequence[Row], key: Sequence[str]) -> list[list[Row]]:
    """Return rows that differ in their own key alone together, without it; few rows stay apart."""
    if len(rows) <= FEW_ROWS:
        return [[row] for row in rows]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        rest = _without(row, key)
        groups.setdefault(repr(sorted(rest.items())), []).append(row)
    return [[_without(row, key) for row in g] if len(g) > 1 else g for g in groups.values()]


def _without(row: Row, names: Container[str]) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _shared(rows: Sequence[Row]) -> Row:
    first, *rest = rows
    return {
        key: value
        for key, value in first.items()
        if all(key in row and row[key] == value for row in rest)
    }
