"""Which words and phrases buyers use over a period, and which of them rise this week."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.app.web.voices.counted import (
    WEEK_DAYS,
    Asked,
    Floats,
    counted,
    floats,
    held,
    sizes,
)
from huisheng.insight import growth, log_odds, rising, unfolded
from huisheng.metrics import Facts, Window
from huisheng.metrics.window import day_number

MOST_WEEKS = 8
"""Weeks before this one that rising terms are held against."""
MOST_SHOWN = 30
CONSIDERED = 300
"""Terms among which nested ones are folded."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term: conversations with it now and before, its share now, growth, how special it is.

    `lift` is how many times the odds elsewhere in the shop its odds are here, None where «here» is
    the whole shop; `growth` is None where nothing was said before; `unnamed` is a share.
    """

    term: str
    talks: int
    before: int
    share: float
    growth: float | None
    negative: float
    unnamed: float
    lift: float | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The common terms of a period: conversations then and before, and the terms."""

    talks: int
    before: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A term believed to rise: this week, what the weeks before let expect, and each week's."""

    term: str
    talks: int
    expected: float
    growth: float
    q: float
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RisingTerms:
    """The terms of the last week that rise; `weeks` before it were looked at, and `compared`."""

    week: Window
    weeks: int
    compared: int
    terms: tuple[RisingTerm, ...]


def common_terms(facts: Facts, asked: Asked) -> Terms:
    """Return the terms of a period, the most frequent first, each family of phrases once."""
    before = asked.period.before()
    terms, size = counted(facts, "term_days"), sizes(facts, asked, asked.period, before)
    own = _spans(asked.rows(terms), asked.period, before, "term")
    rows = facts.engine.arrow(own.filter(own.talks > 0))
    rows = rows.append_column("lift", pa.array(_lifts(facts, asked, rows, size[0])))
    rows = rows.sort_by([("talks", "descending"), ("term", "ascending")]).slice(0, CONSIDERED)
    told = unfolded(rows["term"].to_pylist(), floats(rows, "talks"))[:MOST_SHOWN]
    grown = growth(floats(rows, "talks"), size[0], floats(rows, "before"), size[1])
    listed = rows.to_pylist()
    found = [_term(listed[index], size[0], float(grown[index])) for index in told]
    return Terms(size[0], size[1], tuple(sorted(found, key=lambda term: -term.talks)))


def rising_terms(facts: Facts, asked: Asked) -> RisingTerms:
    """Return the terms said more in the period's last week than in the weeks before."""
    end = day_number(asked.period.end)
    talks = asked.rows(counted(facts, "talk_days"))
    first = facts.engine.arrow(talks.aggregate(first=talks.day.min()))["first"][0].as_py()
    known = 0 if first is None else max(end + 1 - WEEK_DAYS - first, 0) // WEEK_DAYS
    weeks = min(known, MOST_WEEKS) + 1
    per_week = _by_week(facts, talks, end, weeks)
    rows = _by_week(facts, asked.rows(counted(facts, "term_days")), end, weeks, "term")
    names, place = np.unique(rows["term"].to_numpy(zero_copy_only=False), return_inverse=True)
    counts = np.zeros((len(names), weeks))
    counts[place, weeks - 1 - rows["week"].to_numpy()] = rows["talks"].to_numpy()
    totals = np.zeros(weeks)
    totals[weeks - 1 - per_week["week"].to_numpy()] = per_week["talks"].to_numpy()
    found = rising(counts, totals)
    best = np.flatnonzero(found.rising)
    best = best[np.lexsort((names[best], found.p[best]))][:CONSIDERED]
    told = [best[index] for index in unfolded(names[best].tolist(), counts[best, -1])]
    return RisingTerms(
        week=asked.week,
        weeks=weeks - 1,
        compared=len(names),
        terms=tuple(
            RisingTerm(
                term=str(names[index]),
                talks=int(counts[index, -1]),
                expected=float(found.expected[index]),
                growth=float(found.growth[index]),
                q=float(found.q[index]),
                weeks=tuple(int(count) for count in counts[index]),
            )
            for index in told[:MOST_SHOWN]
        ),
    )


def _term(row: Mapping[str, object], size: int, grown: float) -> Term:
    talks, lift = int(str(row["talks"])), float(str(row["lift"]))
    return Term(
        term=str(row["term"]),
        talks=talks,
        before=int(str(row["before"])),
        share=talks / max(size, 1),
        growth=None if np.isnan(grown) else grown,
        negative=int(str(row["negative"])) / talks,
        unnamed=int(str(row["unnamed"])) / talks,
        lift=None if np.isnan(lift) else lift,
    )


def _lifts(facts: Facts, asked: Asked, rows: pa.Table, size: int) -> Floats:
    """Return how special each term is to the products and phase asked about, else NaN."""
    if not (asked.products or asked.phase):
        return np.full(rows.num_rows, np.nan)
    whole = Asked(asked.shops, asked.period)
    everywhere = whole.rows(counted(facts, "term_days"))
    everywhere = everywhere.filter(held(everywhere, asked.period))
    summed = facts.engine.arrow(everywhere.group_by("term").aggregate(talks=everywhere.talks.sum()))
    place = pc.index_in(rows["term"], summed["term"].combine_chunks())
    here = floats(rows, "talks")
    others = np.maximum(floats(summed, "talks")[place.to_numpy()] - here, 0)
    odds = log_odds(here, size, others, max(sizes(facts, whole, asked.period)[0] - size, 0))
    lifts: Floats = np.exp(odds.ratio)
    return lifts


def _spans(table: ibis.Table, period: Window, before: Window, *keys: str) -> ibis.Table:
    """Return counts of a period and of the stretch before, by some columns."""
    both = table.filter(held(table, Window(before.start, period.end, period.offset_us)))
    now = held(both, period)
    return both.group_by(*keys).aggregate(
        talks=both.talks.sum(where=now).fill_null(0),
        before=both.talks.sum(where=~now).fill_null(0),
        negative=both.negative.sum(where=now).fill_null(0),
        unnamed=both.unnamed.sum(where=now).fill_null(0),
    )


def _by_week(facts: Facts, table: ibis.Table, end: int, weeks: int, *keys: str) -> pa.Table:
    """Return talks by week before `end` (0 is the last one) and some columns."""
    near = table.filter((table.day <= end) & (table.day > end - WEEK_DAYS * weeks))
    dated = near.mutate(week=((end - near.day) // WEEK_DAYS).cast("int64"))
    return facts.engine.arrow(dated.group_by(*keys, "week").aggregate(talks=dated.talks.sum()))
