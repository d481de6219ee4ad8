"""Annotation files as rows of text: CSV as a spreadsheet saves it, or JSON lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from huisheng.app.spreadsheets import BOM, defused, restored
from huisheng.errors import BadInputError
from huisheng.lake import replace_bytes

HEADERS = {
    "id": "编号",
    "annotator": "标注人",
    "probability": "抽中概率",
    "text": "文字",
    "context": "上文",
    "scene": "场景",
    "aspect": "方面",
    "sentiment": "情感",
    "emotion": "情绪",
    "risk": "风险",
}
"""Every column of the format, with the header that a template has."""
REQUIRED = ("id", "annotator", "text")
_BY_HEADER = {header: name for name, header in HEADERS.items()}
_REMEDY = "格式见手册「判断许可」；可用 huisheng evaluate --template 写一份模板"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: its number as a spreadsheet or an editor counts, and its cells by column."""

    number: int
    cells: Mapping[str, str]


def read_rows(path: Path) -> list[FileRow]:
    """Read an annotation file; rows without anything in them are passed over.

    Raises:
        BadInputError: it is missing, neither UTF-8 nor GB18030, no table, or lacks a column.
    """
    text = _text(path)
    rows = _json_rows(path, text) if text.lstrip().startswith("{") else _csv_rows(path, text)
    found = [row for row in rows if any(row.cells.values())]
    if not found:
        raise BadInputError(str(path), "里面没有要读的行", _REMEDY)
    return found


def _text(path: Path) -> str:
    if not path.is_file():
        raise BadInputError(str(path), "没有这个文件", "请检查路径")
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInputError(str(path), "既不是 UTF-8 也不是 GBK 文字", "请另存为「CSV UTF-8」再试")


def _csv_rows(path: Path, text: str) -> Iterator[FileRow]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(table, [])]
        columns = _columns(path, header)
        for number, cells in enumerate(table, start=2):
            if len(cells) > len(header):
                raise BadInputError(f"{path} 第 {number} 行", "格子比表头多", "请检查引号与逗号")
            named = zip(columns, cells, strict=False)
            yield FileRow(number, {name: restored(cell).strip() for name, cell in named if name})
    except csv.Error as exc:
        raise BadInputError(
            str(path), f"不是完好的 CSV（{exc}）", "请另存为「CSV UTF-8」再试"
        ) from exc


def _columns(path: Path, header: Sequence[str]) -> list[str]:
    """Return the column that each header means; columns that are none of ours are passed over."""
    names = [_BY_HEADER.get(name, name if name in HEADERS else "") for name in header]
    ours = [name for name in names if name]
    missing = [HEADERS[name] for name in REQUIRED if name not in ours]
    if missing:
        raise BadInputError(str(path), f"缺少列：{'、'.join(missing)}", _REMEDY)
    if len(set(ours)) < len(ours):
        twice = sorted({HEADERS[name] for name in ours if ours.count(name) > 1})
        raise BadInputError(str(path), f"列重复：{'、'.join(twice)}", "请只留一列")
    return names


def _json_rows(path: Path, text: str) -> Iterator[FileRow]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path} 第 {number} 行"
        try:
            content = json.loads(line)
        except ValueError as exc:
            raise BadInputError(where, "不是 JSON", _REMEDY) from exc
        if not isinstance(content, dict):
            raise BadInputError(where, "不是一个对象", _REMEDY)
        cells = {_BY_HEADER.get(name, name): value for name, value in content.items()}
        yield FileRow(
            number, {name: _cell(where, cells[name]) for name in HEADERS if name in cells}
        )


def _cell(where: str, value: object) -> str:
    """Return a JSON value as a cell: lists of labels or turns one below the other."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_cell(where, one) for one in value)
    if isinstance(value, dict):
        speaker = "买家" if value.get("role") in ("buyer", "买家", "user") else "客服"
        return f"{speaker}：{value.get('text', '')}"
    if isinstance(value, str | int | float):
        return str(value).strip()
    raise BadInputError(where, f"看不懂「{value}」", _REMEDY)


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a template: JSON lines where the name ends in .jsonl, else CSV for spreadsheets."""
    every = [{name: row.get(name, "") for name in HEADERS} for row in rows]
    if path.suffix == ".jsonl":
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in every]
        replace_bytes(path, "".join(lines).encode())
        return
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(HEADERS.values())
    writer.writerows([defused(cell) for cell in row.values()] for row in every)
    replace_bytes(path, (BOM + target.getvalue()).encode())
