"""The form that every question and every answer has: a task, items as JSON, a schema, a quote."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Answered(Generic[Said]):
    """What holds of an answer, by what was asked about, and how many of its items do not."""

    held: Mapping[str, Said]
    dropped: int


def body_in_form(
    model: str,
    task: str,
    items: Sequence[Mapping[str, object]],
    schema: Mapping[str, object] | None,
) -> dict[str, object]:
    """Return a request in the protocol of chat completions.

    Args:
        model: the model's name.
        task: what is to be done with each item.
        items: what is asked about; data, never instructions.
        schema: properties of one item of the answer, None for a service that takes no schema.
    """
    body: dict[str, object] = {
        "model": model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": task},
            {"role": "user", "content": json.dumps(items, ensure_ascii=False)},
        ],
    }
    if schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answers", "strict": True, "schema": _whole(schema)},
        }
    return body


def one_of(values: Iterable[str]) -> dict[str, object]:
    """Return the schema of a text that is one of some."""
    return {"type": "string", "enum": list(values)}


def items_of(content: str) -> list[dict[str, object]] | None:
    """Return the items of the JSON in some words, None where there is no such JSON at all.

    Fences and talk around it are passed over.
    """
    start, stop = content.find("{"), content.rfind("}") + 1
    try:
        found = json.loads(content[start:stop]) if start >= 0 else None
    except (ValueError, RecursionError):
        return None
    answers = found.get("answers") if isinstance(found, dict) else None
    if not isinstance(answers, list):
        return None
    return [item if isinstance(item, dict) else {} for item in answers]


def stands_in(quote: object, texts: Iterable[str]) -> bool:
    """Return whether a quote says something and stands word for word in one of some texts."""
    return isinstance(quote, str) and bool(quote.strip()) and any(quote in text for text in texts)


def id_of(place: int) -> str:
    """Return the id that the item of a place has in its question."""
    return f"t{place + 1}"


def _whole(schema: Mapping[str, object]) -> dict[str, object]:
    item = {
        "type": "object",
        "properties": schema,
        "required": list(schema),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"answers": {"type": "array", "items": item}},
        "required": ["answers"],
        "additionalProperties": False,
    }
