"""What `huisheng label --entities` adds to each answer: the entities of its text."""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import datetime

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.language import entities_of

Lines = list[tuple[int, str]]
Answers = Callable[[Lines], Iterator[dict[str, object]]]
BUYERS = ("buyer", "买家", "user", "customer")


def with_entities(answers: Answers, rivals: Collection[str]) -> Answers:
    """Return answers that also tell `entities`.

    A line's `role` says whether the shop said it, by default a buyer; its `sent_at`, local time in
    ISO 8601, is when, without which times are on no clock.

    Args:
        answers: what each line is answered without them; refuses what is no line.
        rivals: names of the shop's own rivals.
    """

    def told(lines: Lines) -> Iterator[dict[str, object]]:
        answered = list(answers(lines))
        for answer, found in zip(answered, _entities(lines, rivals), strict=True):
            yield {**answer, "entities": found}

    return told


def _entities(lines: Lines, rivals: Collection[str]) -> list[list[dict[str, object]]]:
    requests = [(number, json.loads(line)) for number, line in lines]
    table = entities_of(
        [request["text"] for _, request in requests],
        pa.array([_sent_at(number, request) for number, request in requests], pa.timestamp("us")),
        pa.array([_is_agent(request) for _, request in requests], pa.bool_()),
        rivals,
    )
    found: list[list[dict[str, object]]] = [[] for _ in lines]
    for entity in table.to_pylist():
        found[entity.pop("item")].append(_as_json(entity))
    return found


def _is_agent(request: dict[str, object]) -> bool:
    return str(request.get("role") or "buyer") not in BUYERS


def _sent_at(number: int, request: dict[str, object]) -> datetime | None:
    said = request.get("sent_at")
    if said is None:
        return None
    try:
        return datetime.fromisoformat(str(said)).replace(tzinfo=None)
    except ValueError as exc:
        where, remedy = f"第 {number} 行", "请写当地时间，如 2026-11-11T15:00:00"
        raise BadInputError(where, f"sent_at 不是时间：{said}", remedy) from exc


def _as_json(entity: dict[str, object]) -> dict[str, object]:
    """Return what applies; times in ISO 8601."""
    told = {name: value for name, value in entity.items() if value is not None}
    for end in ("since", "until"):
        if isinstance(at := told.get(end), datetime):
            told[end] = at.isoformat(sep=" ", timespec="minutes")
    return told
