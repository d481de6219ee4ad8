"""What people wrote into an annotation file: judgements, or every row that is wrong and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from huisheng.app.evaluation.rows import HEADERS, FileRow
from huisheng.app.spoken import spoken
from huisheng.catalog import did_you_mean
from huisheng.errors import BadInputError
from huisheng.language import Turn, licence, taxonomy

NOTHING = frozenset({"无", "none", "NONE", "没有"})
"""What a cell says where none of a head's labels holds."""
MOST_TOLD = 10
_PARTS = re.compile(r"[\s、，,；;|]+")
_TONES = {"-": -1, "－": -1, "−": -1, "+": 1, "＋": 1, "=": 0, "＝": 0}


@dataclass(frozen=True, slots=True)
class Text:
    """One text that people judged: what the model is asked about, and its chance of being drawn."""

    id: str
    text: str
    context: tuple[Turn, ...]
    probability: float
    row: int


@dataclass(frozen=True, slots=True)
class Annotations:
    """A whole file: texts in order of id, judgements, and how many rows nobody has judged yet."""

    texts: tuple[Text, ...]
    judgements: tuple[licence.Judgement, ...]
    unjudged: int


class _Problem(Exception):
    """What is wrong with one row."""


def read_judgements(path: Path, rows: Sequence[FileRow]) -> Annotations:
    """Return the judgements that rows hold; a row without any label is not judged yet.

    Raises:
        BadInputError: rows contradict the format or each other; each is named.
    """
    problems: list[str] = []
    texts: dict[str, Text] = {}
    seen: dict[tuple[str, str], int] = {}
    judgements: list[licence.Judgement] = []
    judged = [row for row in rows if any(row.cells.get(head) for head in licence.JUDGED)]
    used = _used(judged)
    for row in judged:
        try:
            text = _text(row)
            _agrees(texts.setdefault(text.id, text), text)
            judgements.append(_judgement(row, text, used))
            first = seen.setdefault((text.id, row.cells["annotator"]), row.number)
            if first != row.number:
                raise _Problem(f"「{text.id}」{row.cells['annotator']} 已在第 {first} 行标过")
        except _Problem as exc:
            problems.append(f"第 {row.number} 行：{exc}")
    if problems:
        more = len(problems) - MOST_TOLD
        told = "；\n".join(problems[:MOST_TOLD]) + (f"；\n还有 {more} 行" if more > 0 else "")
        raise BadInputError(str(path), f"有 {len(problems)} 行要改\n{told}", "改好后再运行一次")
    if not judgements:
        raise BadInputError(str(path), "还没有人标过", "请填好标注人与各列标签")
    ordered = tuple(texts[id_] for id_ in sorted(texts))
    return Annotations(ordered, tuple(judgements), len(rows) - len(judged))


def _used(rows: Sequence[FileRow]) -> Mapping[str, frozenset[str]]:
    """Return the heads that each annotator judged anywhere, so must judge everywhere."""
    used: dict[str, set[str]] = {}
    for row in rows:
        heads = used.setdefault(row.cells.get("annotator", ""), set())
        heads |= {head for head in licence.JUDGED if row.cells.get(head)}
    return {annotator: frozenset(heads) for annotator, heads in used.items()}


def _text(row: FileRow) -> Text:
    cells = row.cells
    for column in ("id", "annotator", "text"):
        if not cells.get(column):
            raise _Problem(f"没有写{HEADERS[column]}")
    context = tuple(spoken(line) for line in cells.get("context", "").splitlines() if line.strip())
    probability = _probability(cells.get("probability", ""))
    return Text(cells["id"], cells["text"], context, probability, row.number)


def _probability(cell: str) -> float:
    try:
        probability = float(cell or 1)
    except ValueError:
        probability = 0.0
    if not 0 < probability <= 1:
        raise _Problem(f"抽中概率「{cell}」不是大于 0、不超过 1 的数；请照模板原样留着")
    return probability


def _agrees(first: Text, again: Text) -> None:
    same = (first.text, first.context, first.probability)
    if same != (again.text, again.context, again.probability):
        raise _Problem(f"「{again.id}」的文字、上文或抽中概率与第 {first.row} 行不同")


def _judgement(row: FileRow, text: Text, used: Mapping[str, frozenset[str]]) -> licence.Judgement:
    annotator = row.cells["annotator"]
    said = {head: _labels(head, row.cells.get(head, "")) for head in sorted(used[annotator])}
    return licence.Judgement(text.id, annotator, 1 / text.probability, said)


def _labels(head: str, cell: str) -> dict[str, int]:
    where = f"「{HEADERS[head]}」"
    if not cell:
        raise _Problem(f"{where}空着，而这位标注人别处填过这一列；一个都不符合请写「无」")
    single = head in licence.SINGLE
    if cell in NOTHING and not single:
        return {}
    found: dict[str, int] = {}
    for part in _parts(cell):
        label, tone = _known(head, part)
        if label in found:
            raise _Problem(f"{where}里「{part}」写了两次")
        found[label] = tone
    if single and len(found) != 1:
        raise _Problem(f"{where}只能填一个，现在是「{cell}」")
    return found


def _parts(cell: str) -> Iterator[str]:
    yield from (part for part in _PARTS.split(cell) if part)


def _known(head: str, part: str) -> tuple[str, int]:
    """Return the label that a word means, by id or by name, and an aspect's polarity."""
    tone = 0
    if head == "aspect" and part[-1] in _TONES:
        part, tone = part[:-1], _TONES[part[-1]]
    names = _by_name(head)
    label = names.get(part) or names.get(part.upper()) or names.get(part.lower())
    if label is None:
        raise _Problem(f"「{HEADERS[head]}」里没有标签「{part}」{did_you_mean(part, names)}")
    return label, tone


@cache
def _by_name(head: str) -> Mapping[str, str]:
    names = licence.label_names(taxonomy())[head]
    return {name: label for label, name in names.items()} | {label: label for label in names}
