"""Decide what a sheet is: a canonical table, a known export, or a header to be mapped."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.errors import BadInputError
from huisheng.intake.cells import unwrapped, without_placeholders
from huisheng.intake.connector import ROW, Connector
from huisheng.intake.keys import can_make_key, column_of
from huisheng.intake.mapping import (
    PERSON_PARTS,
    ColumnMapping,
    SavedMappings,
    parse_mapping,
    propose,
)
from huisheng.intake.personal import looks_personal
from huisheng.intake.protection import EXT
from huisheng.intake.reading.sheet import Sheet
from huisheng.records import all_tables

_CANONICAL_SHARE = 0.6
_BOOKKEEPING = frozenset(
    {*("id", "source_file", "source_row", "imported_at", "local_date", "local_hour", "row_hash")}
    | {"raw"}
)
_COMMON = frozenset({"shop_id", "platform"})
PERSONAL = "个人信息，未入库"
_USED_PERSONAL = "个人信息，只用于生成匿名标识、省市或脱敏文本，原文未入库"
_DERIVED = "由系统计算，不导入"
_SYSTEM = "系统字段，导入时重新生成"
_IGNORED = "按列映射不导入"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sheet's raw rows become canonical rows.

    Attributes:
        label: what the sheet was recognised as, in Chinese.
        platform: the platform the export belongs to; empty where it could be any.
        convert: raw rows to canonical text rows per table, the main table first.
        dropped: header → why its values are not stored; filled as columns are seen.
        mapping: the column mapping used, if one is.
        together: header whose equal neighbouring values must be converted in one table, if any.
    """

    label: str
    platform: str
    convert: Callable[[pa.Table], Mapping[str, pa.Table]]
    dropped: dict[str, str] = field(default_factory=dict)
    mapping: Path | None = None
    together: str = ""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What is known about headers.

    Attributes:
        connectors: every connector, by id.
        mappings: saved column mappings.
        answer: a mapping the user gave for this import, as the saved files hold it.
    """

    connectors: Mapping[str, Connector]
    mappings: SavedMappings
    answer: Mapping[str, object] | None

    def plan(self, where: str, stem: str, sheet: Sheet) -> Plan:
        """Return how to convert a sheet.

        Raises:
            BadInputError: nothing fits; the message names the mapping file to edit.
        """
        if self.answer is not None:
            return self._answered(where, parse_mapping(where, sheet.header, self.answer))
        table = _canonical(stem, sheet)
        if table is not None:
            return _canonical_plan(table)
        connector = self._connector(sheet.header)
        if connector is not None:
            return connector_plan(connector, sheet.header)
        saved = self.mappings.load(sheet.header)
        if saved is not None and saved[0].complete:
            return _mapped_plan(*saved)
        mapping, path = saved or self._proposed(sheet.header)
        if not mapping.complete:
            raise BadInputError(
                where,
                f"不认识这种表头（{'、'.join(sheet.header[:8])}…）",
                f"请在列映射文件 {path} 里写明各列含义后重新导入，或把列名改为标准字段名",
            )
        return _mapped_plan(mapping, path)

    def knows(self, stem: str, sheet: Sheet) -> bool:
        """Return whether a sheet is read without a column mapping."""
        return _canonical(stem, sheet) is not None or self._connector(sheet.header) is not None

    def _proposed(self, header: Sequence[str]) -> tuple[ColumnMapping, Path]:
        mapping = propose(header)
        return mapping, self.mappings.save(mapping)

    def _answered(self, where: str, mapping: ColumnMapping) -> Plan:
        if not mapping.complete:
            raise BadInputError(where, "列映射没有给出任何一张表的主键", "请补上编号列的对应关系")
        return _mapped_plan(mapping, self.mappings.save(mapping))

    def _connector(self, header: Sequence[str]) -> Connector | None:
        present = set(header)
        fitting = [
            connector
            for _, connector in sorted(self.connectors.items())
            if connector.header and connector.header <= present
        ]
        return max(fitting, key=lambda connector: len(connector.header), default=None)


def connector_plan(connector: Connector, header: Sequence[str]) -> Plan:
    """Return the plan of a connector; what it does with personal columns is its secret."""
    is_table = connector.text is None
    dropped = {name: _USED_PERSONAL for name in header if looks_personal(name)}
    return Plan(
        connector.label,
        connector.platform,
        lambda rows: connector.convert(without_placeholders(unwrapped(rows)) if is_table else rows),
        dropped,
        together=connector.together,
    )


def _canonical(stem: str, sheet: Sheet) -> str | None:
    header = {name.lower() for name in sheet.header}
    for named in (sheet.name, stem):
        table = table_named(named)
        if table and can_make_key(table, header) and _share(table, header) > 0:
            return table
    fitting = [
        (_share(name, header), len(header & set(table.own)), name)
        for name, table in all_tables().items()
        if can_make_key(name, header)
        and set(table.key) <= header
        and ("shop_id" in header or table.key)
    ]
    best = max(fitting, default=None)
    return best[2] if best and best[0] >= _CANONICAL_SHARE else None


def table_named(stem: str) -> str | None:
    """Return the table a file is named after: `orders_2026-08` is orders, `order_items` is not."""
    name = stem.lower().strip()
    tables = [table for table in all_tables() if re.match(rf"{table}(?![a-z])", name)]
    return max(tables, key=len, default=None)


def _share(table: str, header: set[str]) -> float:
    canonical = set(all_tables()[table].own) | all_tables()[table].derived
    names = header - _COMMON - _BOOKKEEPING
    return len(names & canonical) / len(names) if names else 0.0


def _canonical_plan(name: str) -> Plan:
    table = all_tables()[name]
    dropped: dict[str, str] = {}
    text_only = "text_masked" in table.derived

    def convert(rows: pa.Table) -> Mapping[str, pa.Table]:
        columns: dict[str, pa.Array] = {}
        for header in rows.column_names:
            lower = header.lower()
            if header == ROW or lower in table.own or lower in _COMMON:
                columns[header if header == ROW else lower] = rows[header]
            elif reason := _refused(lower, table.derived):
                dropped[header] = reason
            else:
                columns[EXT + header] = rows[header]
        if text_only and "text_masked" in rows.column_names:
            text = column_of(pa.table(columns), "text", pa.string())
            columns["text"] = pc.coalesce(text, rows["text_masked"].combine_chunks())
            dropped["text_masked"] = "仅在没有 text 时使用"
        return {name: pa.table(columns)}

    label = f"{table.label}（标准表 {name}）"
    return Plan(label, "", lambda rows: convert(unwrapped(rows)), dropped)


def _refused(header: str, derived: frozenset[str]) -> str | None:
    if header in derived:
        return _DERIVED
    if header in _BOOKKEEPING:
        return _SYSTEM
    return PERSONAL if looks_personal(header) else None


def _mapped_plan(mapping: ColumnMapping, path: Path) -> Plan:
    used = {
        name for columns in mapping.tables.values() for names in columns.values() for name in names
    }
    rest = [name for name in mapping.header if name not in used]
    kept = [name for name in rest if name not in mapping.ignored and not looks_personal(name)]
    dropped = {
        name: PERSONAL if looks_personal(name) else _IGNORED for name in rest if name not in kept
    }
    dropped |= {name: _USED_PERSONAL for name in used if looks_personal(name)}
    main = next(iter(mapping.tables))

    def convert(rows: pa.Table) -> Mapping[str, pa.Table]:
        clean = unwrapped(rows)
        tables = {table: _filled(clean, columns) for table, columns in mapping.tables.items()}
        for name in kept:
            if name in clean.column_names:
                tables[main] = tables[main].append_column(EXT + name, clean[name])
        return tables

    labels = "、".join(all_tables()[table].label for table in mapping.tables)
    return Plan(f"{labels}（列映射）", "", convert, dropped, path)


def _filled(rows: pa.Table, columns: Mapping[str, tuple[str, ...]]) -> pa.Table:
    filled = {
        column: pc.coalesce(*(column_of(rows, name, pa.string()) for name in names))
        for column, names in columns.items()
        if names
    }
    parts = [filled.pop(part) for part in PERSON_PARTS if part in filled]
    if parts and "receiver_hash" not in filled:
        joined = pc.binary_join_element_wise(*parts, "", null_handling="emit_null")
        filled["receiver_hash"] = joined
    filled[ROW] = rows[ROW].combine_chunks()
    return pa.table(filled)
