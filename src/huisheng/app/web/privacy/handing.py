"""Everything about one buyer as one file to hand over."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from typing import IO

import ibis

from huisheng.app.web.defused import BOM, defused
from huisheng.app.web.shell.wording import local_time
from huisheng.lake import Engine
from huisheng.records import BOOKKEEPING, Column, Kind, all_tables

IN_MEMORY = 8 * 1024 * 1024
ABOUT = """这份压缩包是店铺保存的、关于一位买家的全部记录。

每张表一个 CSV（可用 Excel 打开），data.json 是同样内容的 JSON。
姓名、电话、地址等在入库时已经脱敏，店铺没有保存原文；顾客编号是用密钥算出的假名。
"""
Cell = str | int | float | bool | None


def archive(engine: Engine, found: Mapping[str, ibis.Table]) -> tuple[IO[bytes], int]:
    """Return a ZIP with the rows of each table, open at its start, and how many rows it holds."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    total = 0
    everything: dict[str, list[dict[str, Cell]]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("说明.txt", BOM + ABOUT)
        for name, rows in sorted(found.items()):
            columns = _columns(name)
            lines = engine.arrow(rows.select([c.stored for c in columns])).to_pylist()
            if lines:
                shown = [{c.name: _shown(c, line[c.stored]) for c in columns} for line in lines]
                packed.writestr(f"{all_tables()[name].label}.csv", _csv(columns, shown))
                everything[name] = shown
                total += len(lines)
        packed.writestr("data.json", json.dumps(everything, ensure_ascii=False, indent=1))
    file.seek(0)
    return file, total


def _columns(name: str) -> list[Column]:
    own = all_tables()[name].own.values()
    return [column for column in own if column.stored not in BOOKKEEPING]


def _csv(columns: list[Column], rows: list[dict[str, Cell]]) -> str:
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer)
    writer.writerow([defused(column.means) for column in columns])
    for row in rows:
        cells = ["" if row[c.name] is None else str(row[c.name]) for c in columns]
        writer.writerow([defused(cell) for cell in cells])
    return buffer.getvalue()


def _shown(column: Column, value: Cell) -> Cell:
    show = _SHOWN.get(column.kind)
    return value if value is None or show is None else show(value)


_SHOWN: Mapping[Kind, Callable[[Cell], Cell]] = {
    Kind.INSTANT: lambda value: local_time(int(str(value)), "%Y-%m-%d %H:%M:%S"),
    Kind.MONEY: lambda value: int(str(value)) / 100,
}
