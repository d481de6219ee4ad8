"""What the pages of metrics ask of the facts, answered once per published version.

Every question names the window `beside` its own that the same page asks about: where the two
touch, both are answered from one stretch of days.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.cache import cache

from huisheng.app.assumptions import chosen
from huisheng.app.web import library
from huisheng.lake import Engine, read_manifest
from huisheng.metrics import (
    CaseList,
    Chosen,
    Explanation,
    Facts,
    MetricValue,
    Ready,
    Which,
    Window,
    WindowFacts,
    available,
    conversations_about,
    explain,
    find,
    list_cases,
    nothing_ready,
    query,
)

STRETCHES_KEPT = 3
OUTCOME = "outcome_at"

Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Shelf:
    """The stretches of days this process keeps facts about, of which engine."""

    engine: Engine | None = None
    assumptions: Chosen = field(default_factory=dict)
    ready: Ready = nothing_ready
    stretches: OrderedDict[Window, WindowFacts] = field(default_factory=OrderedDict)

    def is_of(self, facts: Facts) -> bool:
        """Return whether the stretches hold what these facts would give."""
        same = self.engine is facts.engine and self.ready == facts.ready
        return same and self.assumptions == facts.assumptions


_shelf = _Shelf()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a metric's cases offer: dimensions, and whether their outcome comes later."""

    dimensions: tuple[str, ...]
    delayed: bool


def shape(metric_id: str, window: Window, beside: Window) -> Shape:
    """Return what a metric can be broken down by."""

    def ask(facts: Facts) -> Shape:
        cases = facts.cases(find(metric_id)[2].cases, window)
        return Shape(available(cases), OUTCOME in cases.columns)

    return _answered(("shape", metric_id, window), (window, beside), ask)


def values(
    metric_id: str, window: Window, beside: Window, by: str | None = None
) -> list[MetricValue]:
    """Return every shop's values."""
    return _answered(
        ("values", metric_id, window, by),
        (window, beside),
        lambda facts: query(facts, metric_id, window, by),
    )


def cases(
    metric_id: str,
    window: Window,
    beside: Window,
    shop_id: str,
    *,
    which: Which | None = None,
    reason: str | None = None,
    by: str | None = None,
    group: str | None = None,
    offset: int = 0,
    limit: int = 50,
    case_id: str | None = None,
) -> CaseList:
    """Return a page of a shop's cases."""
    question = (metric_id, window, shop_id, which, reason, by, group, offset, limit, case_id)
    return _answered(
        ("cases", *question), (window, beside), lambda facts: list_cases(facts, *question)
    )


def explanation(
    metric_id: str, window: Window, beside: Window, shop_id: str, case_id: str
) -> Explanation:
    """Say why a shop's case is in or out.

    Raises:
        UnknownNameError: there is no such case.
    """
    return _answered(
        ("explanation", metric_id, window, shop_id, case_id),
        (window, beside),
        lambda facts: explain(facts, metric_id, case_id, window, shop_id),
    )


def conversations(shop_id: str, order_nos: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the conversations about orders, whenever they took place."""
    wanted = tuple(sorted(set(order_nos)))
    if not wanted:
        return {}
    return _answered(
        ("conversations", shop_id, wanted),
        (),
        lambda facts: conversations_about(facts, shop_id, wanted),
    )


def _answered(
    question: tuple[object, ...], windows: tuple[Window, ...], ask: Callable[[Facts], Answer]
) -> Answer:
    place = library.workspace()
    known = _key(read_manifest(place.lake).versions, chosen(place), question)
    held: tuple[Answer] | None = cache.get(known)
    if held is not None:
        return held[0]
    with _facts_about(windows) as facts:
        # The facts may be newer than the manifest that was read before the wait.
        key = _key(facts.engine.versions, facts.assumptions, question)
        held = cache.get(key)
        if held is None:
            held = (ask(facts),)
            cache.set(key, held, None)
    return held[0]


def _key(versions: Mapping[str, int], assumed: Chosen, question: tuple[object, ...]) -> str:
    root = str(library.workspace().root)
    asked = repr((root, sorted(versions.items()), sorted(assumed.items()), question))
    return f"measures:{hashlib.sha256(asked.encode()).hexdigest()}"


@contextmanager
def _facts_about(windows: tuple[Window, ...]) -> Iterator[Facts]:
    with library.facts() as facts:
        if not _shelf.is_of(facts):
            _shelf.engine, _shelf.assumptions = facts.engine, facts.assumptions
            _shelf.ready, _shelf.stretches = facts.ready, OrderedDict()
        yield _kept(facts, _stretch(windows)) if windows else facts


def _kept(facts: Facts, stretch: Window) -> WindowFacts:
    found = next((known for known in _shelf.stretches if _holds(known, stretch)), stretch)
    if found not in _shelf.stretches:
        _shelf.stretches[found] = WindowFacts(
            facts.engine, found, assumptions=facts.assumptions, ready=facts.ready
        )
    _shelf.stretches.move_to_end(found)
    while len(_shelf.stretches) > STRETCHES_KEPT:
        _shelf.stretches.popitem(last=False)
    return _shelf.stretches[found]


def _stretch(windows: tuple[Window, ...]) -> Window:
    """Return the days of the first window, with the second's where the two touch."""
    first, *others = windows
    if not others or not _touch(first, others[0]):
        return first
    start = min(first.start, others[0].start)
    return Window(start, max(first.end, others[0].end), first.offset_us)


def _touch(one: Window, other: Window) -> bool:
    earlier, later = sorted((one, other), key=lambda window: window.start)
    return (later.start - earlier.end).days <= 1


def _holds(stretch: Window, other: Window) -> bool:
    return stretch.start <= other.start and other.end <= stretch.end
