"""Stuck points (卡点): from exposures to ranked findings with owners, cost and buyers' words."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.catalog import load_python
from huisheng.insight.crossing import DAY_US, Crossing, cross
from huisheng.insight.exposure import Analysis, Exposure
from huisheng.insight.owners import Owned, Vocabulary, owned, searched_problems
from huisheng.insight.search import (
    FALSE_DISCOVERY_RATE,
    Hit,
    all_p_values,
    discovery_rates,
    peel,
    significance_line,
)
from huisheng.insight.statistics import change_day, rate_interval
from huisheng.insight.strategies import strategy
from huisheng.insight.voices import Source, quotes, spoken_in, texts_of
from huisheng.insight.wording import title
from huisheng.metrics import Facts, Window
from huisheng.records import Finding, Impact, Problem, Rate

CARE_CNY = 20.0
"""What sparing one ordinary buyer one annoyance is taken to be worth when ranking, in yuan: an
assumption, shown with the report, that lets people and money be put in one order."""

MOST_CANDIDATES = 60
"""Rows per finding whose words are read in search of five quotes."""


@dataclass(frozen=True, slots=True)
class StuckPoints:
    """Findings, best first, and over how many comparisons false discoveries were held."""

    findings: tuple[Finding, ...]
    comparisons: int


@dataclass(frozen=True, slots=True)
class Located:
    """A hit with where it came from, before it is put into words."""

    exposure: Exposure
    crossing: Crossing
    shop_id: str
    hit: Hit
    q_value: float
    owner: Owned
    problem: Problem
    segment: Mapping[str, str]
    cost_cny: float
    affected: int
    harm: float


@cache
def all_analyses() -> Mapping[str, Analysis]:
    """Return every analysis, by id."""
    return load_python("huisheng.insight.analyses", "ANALYSIS", Analysis)


def find_stuck_points(
    facts: Facts, period: Window, span: Window, vocabulary: Vocabulary
) -> StuckPoints:
    """Return what is stuck in the period, ranked by the harm that can be avoided.

    `span` reaches back before the period so that a change can be dated. A shop with nothing wrong
    gives no findings: false discoveries are held to 5 % over all comparisons together.
    """
    problems = searched_problems(vocabulary)

    def department_of(kind: str, problem: str) -> str:
        return owned(kind, problem, vocabulary).department

    exposures = [
        exposure
        for analysis in all_analyses().values()
        for exposure in analysis.expose(facts, span, problems)
    ]
    crossings = [
        (exposure, shop_id, cross(exposure, shop_id, period, department_of))
        for exposure in exposures
        for shop_id in sorted(set(exposure.units["shop_id"].unique().to_pylist()))
    ]
    tested = np.sort(
        np.concatenate([np.empty(0), *(all_p_values(crossing) for *_, crossing in crossings)])
    )
    line = significance_line(tested)
    folded = [
        (exposure, shop_id, crossing, hit)
        for exposure, shop_id, crossing in crossings
        for hit in peel(crossing, line)
    ]
    rates = discovery_rates(np.array([hit.p_value for *_, hit in folded]), len(tested))
    located = [
        _locate(exposure, shop_id, crossing, hit, float(rate), vocabulary)
        for (exposure, shop_id, crossing, hit), rate in zip(folded, rates, strict=True)
        if rate <= FALSE_DISCOVERY_RATE
    ]
    ranked = _ranked(_strongest(located))
    return StuckPoints(tuple(_worded(facts, ranked, span, vocabulary)), len(tested))


def _locate(
    exposure: Exposure,
    shop_id: str,
    crossing: Crossing,
    hit: Hit,
    q_value: float,
    vocabulary: Vocabulary,
) -> Located:
    kind, problem_id = hit.problem
    segment = dict(zip(hit.dimensions, hit.values, strict=True))
    rows = crossing.rows[hit.units]
    if kind == "step":
        problem_id = segment["step"]
    if "sku_id" in segment and "product_id" in exposure.units.column_names:
        product = exposure.units["product_id"][int(rows[0])].as_py()
        segment |= {"product_id": product} if product else {}
    owner = owned(kind, problem_id, vocabulary)
    low, _ = rate_interval(hit.observed, hit.exposed, hit.dispersion)
    excess = hit.observed - hit.expected
    sure_excess = max(low * hit.exposed - hit.expected, 0.1 * excess)
    paid = int(pc.sum(exposure.units["cost_fen"].take(pa.array(rows))).as_py() or 0)
    cost = paid / 100 * excess / hit.observed
    customers = exposure.units["customer"].take(pa.array(rows))
    named = len(customers.drop_null().unique())
    return Located(
        exposure=exposure,
        crossing=crossing,
        shop_id=shop_id,
        hit=hit,
        q_value=q_value,
        owner=owner,
        problem=Problem(kind, problem_id),
        segment=segment,
        cost_cny=round(cost, 2),
        affected=named + customers.null_count,
        harm=owner.weight * CARE_CNY * sure_excess + cost * sure_excess / excess,
    )


def _strongest(located: Iterable[Located]) -> list[Located]:
    """Keep one finding where several exposures show the same problem in the same segment."""
    best: dict[tuple[str, Problem, tuple[tuple[str, str], ...]], Located] = {}
    for found in located:
        key = (found.shop_id, found.problem, tuple(sorted(found.segment.items())))
        if key not in best or found.harm > best[key].harm:
            best[key] = found
    return list(best.values())


def _ranked(located: list[Located]) -> list[Located]:
    """Order by avoidable harm; what is another face of a point already named comes after."""
    by_harm = sorted(located, key=lambda f: (-f.harm, f.shop_id, f.problem.kind, f.problem.id))
    first: list[Located] = []
    faces: list[Located] = []
    for found in by_harm:
        own = set(found.segment.items())
        known = any(
            found.shop_id == other.shop_id
            and (own <= set(other.segment.items()) or own >= set(other.segment.items()))
            for other in first
        )
        (faces if known else first).append(found)
    return first + faces


def _worded(
    facts: Facts, ranked: list[Located], span: Window, vocabulary: Vocabulary
) -> list[Finding]:
    candidates = _candidates(facts, ranked)
    texts = texts_of(facts, (source for found in candidates for source, _ in found))
    return [
        _finding(found, quoted, texts, span, vocabulary)
        for found, quoted in zip(ranked, candidates, strict=True)
    ]


def _finding(
    found: Located,
    candidates: list[tuple[Source, float]],
    texts: Mapping[Source, str],
    span: Window,
    vocabulary: Vocabulary,
) -> Finding:
    hit = found.hit
    observed = Rate(hit.observed / hit.exposed, hit.observed, hit.exposed)
    expected = Rate(hit.expected / hit.exposed, hit.expected, hit.exposed)
    return Finding(
        id=_stable_id(found),
        shop_id=found.shop_id,
        analysis=found.exposure.analysis,
        title=title(
            found.shop_id, found.segment, found.owner.label, observed, expected, vocabulary
        ),
        problem=found.problem,
        segment=dict(found.segment),
        department=found.owner.department,
        observed=observed,
        expected=expected,
        interval=rate_interval(hit.observed, hit.exposed, hit.dispersion),
        p_value=hit.p_value,
        q_value=found.q_value,
        impact=Impact(found.affected, found.cost_cny),
        since=_since(found, span),
        evidence=quotes(candidates, texts),
        strategy=strategy(found.problem.kind, found.problem.id, found.owner.department),
    )


def _stable_id(found: Located) -> str:
    segment = ";".join(f"{name}={value}" for name, value in sorted(found.segment.items()))
    parts = (
        found.shop_id, found.exposure.analysis, found.problem.kind, found.problem.id, segment
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _candidates(facts: Facts, ranked: list[Located]) -> list[list[tuple[Source, float]]]:
    """Return the rows whose words may speak for each finding."""
    linked = [_links(found) if found.exposure.shares_evidence else ([], []) for found in ranked]
    conversations = [key for keys, _ in linked for key in keys]
    orders = [key for _, keys in linked for key in keys]
    spoken = spoken_in(facts, conversations, orders) if conversations or orders else {}
    result = []
    for found, (own_conversations, own_orders) in zip(ranked, linked, strict=True):
        if found.exposure.shares_evidence:
            said = [s for key in (*own_conversations, *own_orders) for s in spoken.get(key, [])]
            result.append(said + _own_rows(found))
        else:
            result.append(_own_rows(found))
    return result


def _own_rows(found: Located) -> list[tuple[Source, float]]:
    events = found.exposure.events
    kind, problem = found.hit.problem
    rows = pa.array(found.crossing.rows[found.hit.units])
    mine = pc.and_(
        pc.and_(pc.equal(events["kind"], kind), pc.equal(events["problem"], problem)),
        pc.and_(pc.is_in(events["unit"], value_set=rows), pc.is_valid(events["row_id"])),
    )
    # Refunds quote a form's words; what buyers typed themselves speaks first.
    picked = events.filter(mine).sort_by([("p", "descending"), ("row_id", "ascending")])
    return [
        ((found.shop_id, row["table_name"], row["row_id"]), row["p"])
        for row in picked.slice(0, MOST_CANDIDATES).to_pylist()
    ]


def _links(found: Located) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the conversations and orders of a finding's units, for their words."""
    rows = pa.array(found.crossing.rows[found.hit.units][:MOST_CANDIDATES])

    def keys(column: str) -> list[tuple[str, str]]:
        if column not in found.exposure.units.column_names:
            return []
        values = found.exposure.units[column].take(rows).drop_null().unique().to_pylist()
        return [(found.shop_id, value) for value in values]

    return keys("conv_id"), keys("order_no")


def _since(found: Located, span: Window) -> str | None:
    """Return the local date on which the segment's rate rose, if a day stands out."""
    units = found.exposure.units
    inside = pc.equal(units["shop_id"], found.shop_id)
    for name, value in zip(found.hit.dimensions, found.hit.values, strict=True):
        inside = pc.and_(inside, pc.fill_null(pc.equal(units[name], value), False))
    mask = np.asarray(inside)
    events = found.exposure.events
    kind, problem = found.hit.problem
    met = np.zeros(units.num_rows, dtype=bool)
    happened = pc.and_(pc.equal(events["kind"], kind), pc.equal(events["problem"], problem))
    met[events["unit"].filter(happened).to_numpy()] = True
    days = (units["at"].to_numpy() - span.start_us) // DAY_US
    exposed = np.bincount(days[mask], minlength=span.days).astype(float)
    observed = np.bincount(days[mask & met], minlength=span.days).astype(float)
    day = change_day(observed, exposed, found.hit.dispersion)
    return None if day is None else span.day(day).isoformat()
