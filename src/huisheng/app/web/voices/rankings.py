"""What buyers speak of, the most frequent first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache

from huisheng.app.analysis.charts import QUIET_SCENES
from huisheng.app.report.document import Ranked
from huisheng.app.report.drawing import Bar, bars
from huisheng.app.report.together import MOST_BARS
from huisheng.app.web.voices.lines import KEYS, about_products, lines
from huisheng.app.web.voices.part import CONCERN, Stretch, as_of_edition, labels_in
from huisheng.app.web.voices.tags import POLAR, names_of
from huisheng.metrics import Facts, Window

TITLES = {
    "scene": ("买家来问什么", "句，按场景"),
    "aspect": ("买家夸什么、怨什么", "次提到，按方面；深色部分是负面"),
    "concern": ("买家说的关注点", "次提到，本店自己加的；深色部分是负面"),
    "emotion": ("买家带着什么情绪", "句，平静的不列"),
    "risk": ("哪些话不能等", "句，按风险"),
}
"""Heads that are ranked: what a ranking asks and what its bars count."""

UNTOLD = {"scene": frozenset(QUIET_SCENES), "emotion": frozenset({"calm"})}
"""Labels that say nothing about the shop."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One head's labels; `rest` counts the labels that did not fit, `bars` have the others."""

    head: str
    title: str
    note: str
    bars: tuple[Bar, ...]
    rest: int


def rankings(
    facts: Facts,
    shops: Sequence[str],
    period: Window,
    products: Sequence[str] = (),
    edition: int | None = None,
) -> list[Ranking]:
    """Return one ranking per head over a period, beside the stretch of equal length before it.

    Concerns are those of an edition of the ledger, None for what holds now.
    """
    counted = counted_rankings(facts, shops, period, products, edition)
    return [_ranking(head, rows) for head, rows in counted.items()]


def counted_rankings(
    facts: Facts,
    shops: Sequence[str],
    period: Window,
    products: Sequence[str] = (),
    edition: int | None = None,
) -> dict[str, list[Ranked]]:
    """Return every head's labels, the most frequent first.

    What was counted of the same facts before is remembered.
    """
    asked = (
        sorted(facts.engine.versions.items()),
        sorted(shops),
        period,
        sorted(products),
        edition,
    )
    key = "voices:" + hashlib.sha256(repr(asked).encode()).hexdigest()
    found: dict[str, list[Ranked]] | None = cache.get(key)
    if found is None:
        heads = [head for head in TITLES if edition is None or head != CONCERN]
        counted = _counted(facts, Stretch(shops, period), period, products, heads)
        if edition is not None:
            then = as_of_edition(facts, edition)
            counted |= _counted(then, Stretch(shops, period), period, products, [CONCERN])
        found = {
            head: sorted(counted.get(head, []), key=_commonest) for head in TITLES if names_of(head)
        }
        cache.set(key, found, None)
    return found


def _counted(
    facts: Facts,
    stretch: Stretch,
    period: Window,
    products: Sequence[str],
    heads: Sequence[str],
) -> dict[str, list[Ranked]]:
    before = period.before()
    both = Stretch(stretch.shops, Window(before.start, period.end, period.offset_us))
    labels = labels_in(facts, both, heads)
    if products:
        labels = labels.semi_join(
            about_products(facts, both, lines(facts, both), products).select(KEYS), KEYS
        )
    inside = period.holds(labels["at"])
    counts = labels.group_by("head", "label").aggregate(
        count=inside.cast("int64").sum(),
        before=before.holds(labels["at"]).cast("int64").sum(),
        negative=(inside & (labels.value < 0)).cast("int64").sum(),
    )
    found: dict[str, list[Ranked]] = {}
    for row in facts.engine.arrow(counts).to_pylist():
        head, label = row["head"], row["label"]
        if not row["count"] or label in UNTOLD.get(head, ()):
            continue
        found.setdefault(head, []).append(
            {
                "id": label,
                "label": names_of(head).get(label, label),
                "count": row["count"],
                "before": row["before"] or 0,
                # An emotion's value is a level: below calm is content, not blame.
                "negative": (row["negative"] or 0) if head in POLAR else 0,
            }
        )
    return found


def _commonest(row: Ranked) -> tuple[int, str]:
    return -row["count"], row["id"]


def _ranking(head: str, rows: list[Ranked]) -> Ranking:
    title, note = TITLES[head]
    shown = tuple(bars(rows[:MOST_BARS]))
    return Ranking(head, title, note, shown, len(rows) - len(shown))
