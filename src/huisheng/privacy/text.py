"""Mask one text: every detector in its turn, each seeing only what the earlier ones left."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache

from huisheng.privacy.detectors import DETECTORS, FLAG_DETECTORS
from huisheng.privacy.folding import fold
from huisheng.privacy.kinds import Entity, Masked
from huisheng.privacy.orders import protect_keys
from huisheng.privacy.view import View

_TRIGGERS = {
    trigger: re.compile(trigger)
    for detector in (*DETECTORS, *FLAG_DETECTORS)
    for trigger in detector.triggers
}

RECENT_TEXTS = 65_536


def mask_text(text: str, own_values: Collection[str] = ()) -> Masked:
    """Mask every personal datum in one text.

    Idempotent by construction: the masked text is searched again until nothing more is found.
    That ends, because every mask shows fewer characters than it hides.

    Args:
        text: as written; full-width and disguised digits are understood.
        own_values: numbers and addresses of the shop itself, which stay readable.

    Returns:
        The masked text, and what was found in order of appearance. Putting each entity's mask in
        its place gives the masked text; flags (health, minors) may overlap other entities.
    """
    return _masked(text, frozenset(map(normal_value, own_values)))


# A text is asked for its entities first and for its mask after that.
@lru_cache(maxsize=RECENT_TEXTS)
def _masked(text: str, own: frozenset[str]) -> Masked:
    view = View(text, own)
    present = _present(view)
    flags = [
        entity
        for detector in FLAG_DETECTORS
        if not present.isdisjoint(detector.triggers)
        for entity in detector.find(view)
    ]
    found = _changes(view, present)
    entities = found
    masked = text
    while any(entity.masked != masked[entity.start : entity.end] for entity in found):
        masked = _replaced(text, entities)
        view = View(masked, own)
        found = [each for each in _changes(view, _present(view)) if not _stays(each, masked)]
        for entity in reversed(found):
            entities = _absorbed(entities, entity)
    return Masked(masked, tuple(sorted((*entities, *flags), key=lambda entity: entity.start)))


def normal_value(value: str) -> str:
    """Return the form in which entity values are compared: digits of a number, lower case."""
    plain = fold(value).strip().lower()
    digits = "".join(filter(str.isdigit, plain))
    return plain if any(map(str.isalpha, plain)) or not digits else digits


def _present(view: View) -> set[str]:
    return {trigger for trigger, found in _TRIGGERS.items() if found.search(view.plain)}


def _changes(view: View, present: set[str]) -> list[Entity]:
    return sorted(_claims(view, present), key=lambda entity: entity.start)


def _claims(view: View, present: set[str]) -> Iterator[Entity]:
    if not present:
        return
    protect_keys(view)
    for detector in DETECTORS:
        if present.isdisjoint(detector.triggers):
            continue
        for entity in detector.find(view):
            if view.claim(entity):
                yield entity


def _stays(entity: Entity, text: str) -> bool:
    return entity.masked == text[entity.start : entity.end]


def _replaced(text: str, entities: list[Entity]) -> str:
    pieces: list[str] = []
    done = 0
    for entity in entities:
        pieces += text[done : entity.start], entity.masked
        done = entity.end
    return "".join((*pieces, text[done:]))


def _absorbed(entities: list[Entity], later: Entity) -> list[Entity]:
    """Add an entity found in the masked text, at its offsets in the original.

    What it touches becomes one entity with it, under the kind and value found first.
    """
    left: list[Entity] = []
    touched: list[tuple[Entity, int]] = []
    right: list[Entity] = []
    start, end, ahead = later.start, later.end, 0
    for entity in entities:
        low = entity.start + ahead
        high = low + len(entity.masked)
        if low >= later.end:
            right.append(entity)
            continue
        ahead = high - entity.end
        end = later.end - ahead
        if high <= later.start:
            left.append(entity)
            start = later.start - ahead
        else:
            touched.append((entity, low))
    merged = replace(later, start=start, end=end)
    return [*left, _joined(merged, later, touched) if touched else merged, *right]


def _joined(merged: Entity, later: Entity, touched: list[tuple[Entity, int]]) -> Entity:
    """Widen an entity over those it touches; each comes with its offset in the masked text."""
    (first, low), (last, last_low) = touched[0], touched[-1]
    lead = first.masked[: max(0, later.start - low)]
    tail = last.masked[later.end - last_low :]
    return Entity(
        first.kind,
        first.start if lead else merged.start,
        last.end if tail else merged.end,
        first.value,
        f"{lead}{later.masked}{tail}",
    )
