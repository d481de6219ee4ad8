"""Conversations as JSON lines, judged: what `huisheng dissatisfaction` reads and writes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.language import EMOTION_NAMES, MODEL_VERSION, Cause, judge_conversations, taxonomy

SHAPE = '每行应为 {"id": …, "messages": [{"role": …, "text": …, "sent_at": …}]}'
BUYERS = ("buyer", "买家", "user", "customer")
Spoken = tuple[str, str, int | None]


def judged(lines: list[tuple[int, str]]) -> Iterator[dict[str, object]]:
    """Yield the judgement of every conversation, given as numbered lines.

    Raises:
        BadInputError: a line is not a conversation.
    """
    talks = [_talk(number, line) for number, line in lines]
    rows = [(place, *spoken) for place, (_, said) in enumerate(talks) for spoken in said]
    owner, role, text, sent_us = ([row[column] for row in rows] for column in range(4))
    found = judge_conversations(
        pa.array(owner, pa.int64()),
        pa.array(role, pa.string()),
        pa.array(text, pa.string()),
        sent_us=pa.array(sent_us, pa.int64()),
    )
    place_of = {place: at for at, place in enumerate(found.conversations.to_pylist())}
    firsts = _firsts(talks)
    for place, (id_, said) in enumerate(talks):
        answer: dict[str, object] = {"id": id_, "p_dissatisfied": 0.0, "reasons": []}
        if place in place_of:
            at = place_of[place]
            turn_p = found.turn_p[firsts[place] : firsts[place] + len(said)]
            start, peak, end = (EMOTION_NAMES[mood] for mood in found.moods[at])
            answer |= {
                "p_dissatisfied": round(float(found.p[at]), 4),
                "p_unsolved": round(float(found.unsolved_p[at]), 4),
                "p_ineffective": round(float(found.ineffective_p[at]), 4),
                "reasons": [_reason(cause) for cause in found.causes[at]],
                "emotion": {"start": start, "peak": peak, "end": end},
                "turns": [
                    {"turn": turn, "p": round(float(p), 4)} for turn, p in enumerate(turn_p) if p
                ],
            }
        yield answer | {"version": MODEL_VERSION}


def _reason(cause: Cause) -> dict[str, object]:
    reason = taxonomy().dissatisfaction_reasons[cause.reason]
    return {
        "id": reason.id,
        "label": reason.label,
        "department": reason.department,
        "turns": list(cause.shown_by),
    }


def _firsts(talks: list[tuple[object, list[Spoken]]]) -> list[int]:
    firsts, rows = [], 0
    for _, said in talks:
        firsts.append(rows)
        rows += len(said)
    return firsts


def _talk(number: int, line: str) -> tuple[object, list[Spoken]]:
    where = f"第 {number} 行"
    try:
        content = json.loads(line)
    except ValueError as exc:
        raise BadInputError(where, "不是 JSON", SHAPE) from exc
    if not isinstance(content, dict) or not isinstance(content.get("messages"), list):
        raise BadInputError(where, "没有消息列表 messages", SHAPE)
    said = [
        _spoken(f"{where}的第 {place} 条消息", message)
        for place, message in enumerate(content["messages"], start=1)
    ]
    return content.get("id"), said


def _spoken(where: str, message: object) -> Spoken:
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        raise BadInputError(where, "没有文字字段 text", SHAPE)
    role = "buyer" if message.get("role") in BUYERS else "agent"
    return role, message["text"], _instant(where, message.get("sent_at"))


def _instant(where: str, written: object) -> int | None:
    """Return microseconds; only differences matter, so a time without a zone is taken as it is."""
    if written is None or written == "":
        return None
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError as exc:
        raise BadInputError(
            where, f"看不懂时间 {written}", "sent_at 请写成 2026-08-01 10:00:00"
        ) from exc
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round(zoned.timestamp() * 1_000_000)
