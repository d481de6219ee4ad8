"""What is left of erased rows outside the lake: quotes in runs, rejected rows, judgements."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from huisheng.app.web.voices.models import Correction
from huisheng.lake import Workspace, replace_bytes
from huisheng.privacy import MaskKind, mask_column

REGISTER = "erasures.json"
"""In the folder of runs: which runs read what is not there any more."""
_AT_ONCE = 500
_SET_ASIDE = ("", "superseded")
Marks = Mapping[str, frozenset[str]]
"""Ids of rows by table."""


def forget_quotes(workspace: Workspace, gone: Marks, at: str) -> int:
    """Take the words of erased rows out of every kept run; return how many quotes that were.

    A run that read such rows cannot be made again from what is left: `erasures.json` beside the
    runs says so, by the fingerprint of the data it read.
    """
    removed = 0
    for file in sorted(workspace.runs.rglob("*.json")):
        if file.name == REGISTER:
            continue
        content = json.loads(file.read_text("utf-8"))
        words: set[str] = set()
        kept = _without(content, gone, words)
        if words:
            kept = _blanked(kept, words)
            replace_bytes(file, json.dumps(kept, ensure_ascii=False, allow_nan=False).encode())
            removed += len(words)
    _register(workspace, at, removed)
    return removed


def erasures_of(workspace: Workspace) -> list[dict[str, object]]:
    """Return the runs that cannot be made again, the latest first."""
    try:
        found: list[dict[str, object]] = json.loads((workspace.runs / REGISTER).read_text("utf-8"))
    except FileNotFoundError:
        return []
    return found[::-1]


def forget_rejected(workspace: Workspace, ids: Iterable[str]) -> int:
    """Drop rejected rows that name an order, conversation or the like of an erased buyer.

    Long numbers stand there with their last four digits only; they count as named as well.
    """
    known = {text for text in ids if text}
    known |= {text for text in _masked(known) if text not in ("***", "")}
    dropped = 0
    for folder in _SET_ASIDE:
        for file in sorted((workspace.quarantine / folder).glob("*.csv")):
            dropped += _forget_in(file, known)
    return dropped


def forget_judgements(shop_id: str, gone: Marks) -> int:
    """Delete what people said of the labels of erased rows."""
    deleted = 0
    for table, ids in gone.items():
        listed = sorted(ids)
        for start in range(0, len(listed), _AT_ONCE):
            some = listed[start : start + _AT_ONCE]
            own = Correction.objects.filter(shop_id=shop_id, table_name=table, row_id__in=some)
            deleted += own.count()
            own.delete()
    return deleted


def _without(content: object, gone: Marks, words: set[str]) -> object:
    """Return a document without evidence of erased rows; their words are put into `words`."""
    if isinstance(content, dict):
        return {name: _without(value, gone, words) for name, value in content.items()}
    if not isinstance(content, list):
        return content
    kept = []
    for value in content:
        if isinstance(value, dict) and str(value.get("id")) in gone.get(
            str(value.get("table")), frozenset()
        ):
            words.add(str(value.get("quote", "")))
        else:
            kept.append(_without(value, gone, words))
    return kept


def _blanked(content: object, words: set[str]) -> object:
    """Return a document in which nothing else repeats the words either."""
    if isinstance(content, dict):
        return {name: _blanked(value, words) for name, value in content.items()}
    if isinstance(content, list):
        return [_blanked(value, words) for value in content]
    return "" if isinstance(content, str) and content in words else content


def _register(workspace: Workspace, at: str, removed: int) -> None:
    try:
        current = json.loads((workspace.runs / "current.json").read_text("utf-8"))
    except FileNotFoundError:
        return
    earlier = erasures_of(workspace)[::-1]
    entry = {
        "at": at,
        "data_hash": current.get("data_hash", ""),
        "period": current.get("period", {}),
        "quotes": removed,
    }
    if not any(one["at"] == at for one in earlier):
        content = json.dumps([*earlier, entry], ensure_ascii=False, indent=1)
        replace_bytes(workspace.runs / REGISTER, content.encode())


def _masked(ids: Iterable[str]) -> list[str]:
    found = mask_column(pa.array(sorted(ids), pa.string()), MaskKind.FREE_TEXT).to_pylist()
    return [str(text) for text in found]


def _forget_in(file: Path, known: set[str]) -> int:
    with file.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    kept = [line for line in lines[:1]] + [
        line for line in lines[1:] if not _names(line[-1], known)
    ]
    if len(kept) == len(lines):
        return 0
    if len(kept) == 1:
        file.unlink()
    else:
        buffer = io.StringIO()
        csv.writer(buffer).writerows(kept)
        replace_bytes(file, buffer.getvalue().encode())
    return len(lines) - len(kept)


def _names(cells: str, known: set[str]) -> bool:
    return any(value in known for value in json.loads(cells or "{}").values())
