"""Column mappings for files nobody knows: proposed from aliases, saved, edited, used again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from huisheng.catalog import did_you_mean
from huisheng.errors import BadInputError
from huisheng.intake.cells import normalise_header
from huisheng.intake.keys import can_make_key
from huisheng.intake.personal import looks_personal
from huisheng.intake.shipped import Loader, shipped_text
from huisheng.lake import replace_bytes
from huisheng.records import Kind, all_tables

PERSON_PARTS = ("receiver_name", "receiver_phone")
"""Columns that a file may have and no table: together they make `receiver_hash`."""

_SALES = frozenset({"orders", "order_items"})
_GOODS = frozenset({"product_id", "sku_id", "merchant_code", "title"})

Columns = Mapping[str, tuple[str, ...]]
_COMMENT = """\
# 列映射：{label}
# 回声没有见过这种表头，以下对应关系由列名推测而来，下次遇到同样的表头会直接使用。
# 不对的地方请直接修改：tables 下每张表，左边是标准字段，右边是文件里的列名；
# 右边可以写成列表，取第一个有值的列。删掉一行表示不导入该列；ignored 里的列不导入。
"""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which columns of a file fill which columns of which tables.

    Attributes:
        header: the file's normalised header.
        tables: table → canonical column → file columns, the first with a value wins.
        ignored: file columns that are not imported at all.
    """

    header: tuple[str, ...]
    tables: Mapping[str, Mapping[str, tuple[str, ...]]]
    ignored: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return what the header is recognised by, whatever the order of its columns."""
        return hashlib.sha256("\n".join(sorted(self.header)).encode()).hexdigest()[:16]

    @property
    def complete(self) -> bool:
        """Return whether the first table's key can be filled."""
        return any(can_make_key(table, columns) for table, columns in self.tables.items())


def known_headers() -> frozenset[str]:
    """Return every folded header that an alias or a canonical column is called."""
    return frozenset(_columns_by_alias())


def fold_header(header: str) -> str:
    """Return a header as aliases are compared."""
    return normalise_header(header).casefold()


def propose(header: Sequence[str]) -> ColumnMapping:
    """Return the mapping that the alias table suggests; `tables` is empty when none fits."""
    candidates = {table: _matched(table, header) for table in _alias_tables()}
    fitting = [
        (can_make_key(table, columns), len(columns), -position, table)
        for position, (table, columns) in enumerate(candidates.items())
        if _says_something(table, columns)
    ]
    table = max(fitting)[3] if fitting else ""
    tables: dict[str, Columns] = {table: candidates[table]} if table else {}
    if table in _SALES:
        tables = _sales(candidates)
    used = {name for columns in tables.values() for names in columns.values() for name in names}
    ignored = [name for name in header if name not in used and looks_personal(name)]
    return ColumnMapping(tuple(header), tables, tuple(ignored))


@dataclass(frozen=True, slots=True)
class SavedMappings:
    """The saved mappings of one shop, before those that all shops share.

    Attributes:
        folder: where mappings are kept; those of one shop alone lie in a folder of its name.
        shop_id: the shop that files are read for, None where nobody named one.
    """

    folder: Path
    shop_id: str | None

    def load(self, header: Sequence[str]) -> tuple[ColumnMapping, Path] | None:
        """Return the mapping for a header and where it is kept, None where there is none.

        What was only begun for the shop gives way to what is whole for all.

        Raises:
            BadInputError: the file was edited into something that cannot be used.
        """
        name = _file_name(ColumnMapping(tuple(header), {}))
        places = dict.fromkeys((self._own / name, self.folder / name))
        found = [(_load(path, header), path) for path in places if path.is_file()]
        whole = [each for each in found if each[0].complete]
        return next(iter([*whole, *found]), None)

    def save(self, mapping: ColumnMapping) -> Path:
        """Write a mapping as YAML that its reader may edit; return its path."""
        path = self._own / _file_name(mapping)
        replace_bytes(path, _written(mapping).encode())
        return path

    @property
    def _own(self) -> Path:
        return self.folder / self.shop_id if self.shop_id else self.folder


def _file_name(mapping: ColumnMapping) -> str:
    return f"{mapping.fingerprint}.yaml"


def _written(mapping: ColumnMapping) -> str:
    labels = "、".join(all_tables()[name].label for name in mapping.tables) or "未能识别"
    content = {
        "fingerprint": mapping.fingerprint,
        "header": list(mapping.header),
        "tables": {
            table: {
                column: names[0] if len(names) == 1 else list(names)
                for column, names in columns.items()
            }
            for table, columns in mapping.tables.items()
        },
        "ignored": list(mapping.ignored),
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return _COMMENT.format(label=labels) + text


def _load(path: Path, header: Sequence[str]) -> ColumnMapping:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise _broken(path, "不是合法的 YAML") from exc
    if not isinstance(content, dict):
        raise _broken(path, "缺少 tables")
    return parse_mapping(str(path), header, content)


def parse_mapping(
    where: str, header: Sequence[str], content: Mapping[str, object]
) -> ColumnMapping:
    """Return the mapping that `content` describes, as saved files and the web page write it.

    Raises:
        BadInputError: it names a table, a column or a header that does not exist.
    """
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for table, columns in _pairs(where, content.get("tables") or {}):
        _check_name(where, "表", table, all_tables())
        tables[table] = {}
        for column, names in _pairs(where, columns or {}):
            _check_name(
                where,
                "字段",
                column,
                (*all_tables()[table].own, "shop_id", "platform", *PERSON_PARTS),
            )
            tables[table][column] = _headers(where, header, names)
    ignored = content.get("ignored") or []
    if not isinstance(ignored, list):
        raise _broken(where, "ignored 应是一个列表")
    return ColumnMapping(tuple(header), tables, tuple(map(str, ignored)))


def _headers(where: str, header: Sequence[str], names: object) -> tuple[str, ...]:
    listed = names if isinstance(names, list) else [names]
    found = tuple(normalise_header(str(name)) for name in listed if name)
    for name in found:
        _check_name(where, "文件列", name, header)
    return found


def _pairs(where: str, value: object) -> Iterable[tuple[str, object]]:
    if not isinstance(value, dict):
        raise _broken(where, "tables 应是「表: {字段: 列名}」的形式")
    return [(str(name), part) for name, part in value.items()]


def _check_name(where: str, what: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise _broken(where, f"没有{what}「{name}」{did_you_mean(name, names)}")


def _broken(where: Path | str, problem: str) -> BadInputError:
    return BadInputError(f"列映射 {where}", problem, "请修改这个文件，或删除它以重新推测")


def _matched(table: str, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    columns: dict[str, list[str]] = {}
    aliases = _alias_tables()[table]
    for name in header:
        column = aliases.get(fold_header(name))
        if column:
            columns.setdefault(column[1], []).append(name)
    if table == "orders" and "receiver_province" in columns:
        # One address tells both; nothing finer than these is taken from it.
        columns.setdefault("receiver_city", columns["receiver_province"])
    # The aliases of a column are listed best first.
    return {
        column: tuple(sorted(names, key=lambda name: aliases[fold_header(name)][0]))
        for column, names in columns.items()
    }


def _says_something(table: str, columns: Iterable[str]) -> bool:
    """Return whether any column is more than a number that many kinds of files have."""
    own = all_tables()[table].own
    return any(name not in own or own[name].kind is not Kind.ID for name in columns)


def _sales(candidates: Mapping[str, Columns]) -> dict[str, Columns]:
    """Return what a sales export fills: orders, and their goods where it tells any.

    Amounts belong to one of them: to the goods where rows are sub-orders, else to the order, whose
    amount then stands on every row.
    """
    orders, items = candidates["orders"], candidates["order_items"]
    if not _GOODS & set(items):
        return {"orders": orders}
    per_item = "sub_order_no" in items
    without = _money("orders") if per_item else _money("order_items") - {"unit_price"}
    tables = {
        "orders": {
            name: found for name, found in orders.items() if not per_item or name not in without
        },
        "order_items": {
            name: found for name, found in items.items() if per_item or name not in without
        },
    }
    return {table: columns for table, columns in tables.items() if can_make_key(table, columns)}


def _money(table: str) -> set[str]:
    return {name for name, column in all_tables()[table].own.items() if column.kind is Kind.MONEY}


@cache
def _alias_tables() -> Mapping[str, Mapping[str, tuple[int, str]]]:
    """Return table → folded alias → (rank, canonical column)."""
    tables: dict[str, dict[str, tuple[int, str]]] = {}
    for table, columns in yaml.load(shipped_text("aliases.yaml"), Loader).items():
        aliases: dict[str, tuple[int, str]] = {}
        for column, names in columns.items():
            for rank, name in enumerate([column, *names]):
                aliases.setdefault(fold_header(str(name)), (rank, column))
        for column in all_tables()[table].columns:
            aliases.setdefault(fold_header(column.means), (99, column.name))
        tables[table] = aliases
    return tables


@cache
def _columns_by_alias() -> frozenset[str]:
    own = {column for table in all_tables().values() for column in table.own}
    return frozenset(own | {alias for aliases in _alias_tables().values() for alias in aliases})
