"""Which days a verification compares, and up to which age outcomes count (law 4)."""

from dataclasses import dataclass
from datetime import timedelta

import ibis
import numpy as np

from huisheng.insight.compared import DAY_US, BoolArray, Cases
from huisheng.insight.plan import FEWEST_DAYS, Plan
from huisheng.metrics import Facts, Metric, Window
from huisheng.records import all_tables

FEWEST_FOLLOW_UP_DAYS = 3
PROMOTION_FACTOR = 2
SPARSE_GAPS = 5
SPARSE_US = 2 * DAY_US


@dataclass(frozen=True, slots=True)
class Span:
    """Equal stretches of `days` local days before and from `fix_day` on.

    `follow_up_us` is the age every compared case has reached; None for immediate outcomes.
    """

    fix_day: int
    days: int
    follow_up_us: int | None

    @property
    def first_day(self) -> int:
        """Return the first local day compared."""
        return self.fix_day - self.days


def planned_window(plan: Plan, offset_us: int) -> Window:
    """Return the days the plan asks for, before and after."""
    reach = timedelta(days=plan.window_days)
    return Window(plan.fix_date - reach, plan.fix_date + reach - timedelta(days=1), offset_us)


def known_until(facts: Facts, metric: Metric, shop_id: str) -> int | None:
    """Return the instant up to which a metric's inputs are complete, in UTC µs; None if empty.

    It is the latest event of any input, unless another input stops so much earlier than its own
    rhythm explains (five mean gaps, and two days) that its export must have ended there.
    """
    ends = []
    for name in metric.inputs:
        anchors = all_tables()[name].anchor
        if not anchors:
            continue
        rows = facts.table(name)
        rows = rows.filter((rows.shop_id == shop_id) & rows[anchors[0]].notnull())
        at = rows[anchors[0]]
        [row] = facts.engine.arrow(
            rows.aggregate(first=at.min(), last=at.max(), count=rows.count())
        ).to_pylist()
        if row["count"]:
            gap = (row["last"] - row["first"]) / row["count"]
            ends.append((int(row["last"]) + 1, max(SPARSE_US, SPARSE_GAPS * gap)))
    latest = max((end for end, _ in ends), default=None)
    if latest is None:
        return None
    return min(end for end, slack in ends if end == latest or latest - end > slack)


def days_available(
    plan: Plan, fix_day: int, first_day: int, end_us: int, offset_us: int, delayed: bool
) -> tuple[int, int]:
    """Return how many days there are before and after the fix, at most the plan's window.

    Where outcomes come later, a day counts once all its cases are old enough.
    """
    local_end = end_us + offset_us
    matured = local_end // DAY_US - FEWEST_FOLLOW_UP_DAYS
    after_last = matured if delayed else -(-local_end // DAY_US)
    after = min(plan.window_days, after_last - fix_day)
    return min(plan.window_days, fix_day - first_day), after


def fit_span(
    cases: Cases, others: BoolArray, fix_day: int, days: int, local_end_us: int, delayed: bool
) -> Span:
    """Return the span of at most `days` days that gives the most to compare.

    Where outcomes come later, more days mean less follow-up. The length is chosen that shows the
    most outcomes of the untreated cases (`others`) before the fix, so that what is being judged
    has no say in it.

    Args:
        cases: all cases of the shop.
        others: mask of untreated cases.
        fix_day: local day of the fix.
        days: the most days available on both sides.
        local_end_us: end of the data, in µs of local clock.
        delayed: whether outcomes come after the exposure.
    """
    if not delayed:
        return Span(fix_day, days, None)
    spans = [
        Span(fix_day, length, local_end_us - (fix_day + length) * DAY_US)
        for length in range(days, FEWEST_DAYS - 1, -1)
    ]
    return max(spans, key=lambda span: _outcomes(cases, others, span))


def promotion_days(facts: Facts, shop_id: str, span: Span) -> BoolArray:
    """Return per compared day (shape `(2·days,)`) whether orders exceeded twice the median."""
    orders = facts.table("orders")
    day = ((orders.paid_at + facts.offset_us) // DAY_US).cast("int64") - span.first_day
    dated = orders.filter((orders.shop_id == shop_id) & orders.paid_at.notnull()).mutate(day=day)
    dated = dated.filter(dated.day.between(ibis.literal(0), ibis.literal(2 * span.days - 1)))
    counts = facts.engine.arrow(dated.group_by("day").aggregate(count=dated.count()))
    volume = np.zeros(2 * span.days)
    volume[counts["day"].to_numpy()] = counts["count"].to_numpy()
    return volume > PROMOTION_FACTOR * max(float(np.median(volume)), 1.0)


def _outcomes(cases: Cases, others: BoolArray, span: Span) -> float:
    before = others & (cases.day >= span.first_day) & (cases.day < span.fix_day)
    return float(cases.until(span.follow_up_us).x[before].sum())
