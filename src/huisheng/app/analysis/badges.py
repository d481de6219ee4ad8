"""金牌客服: will this month's 旺旺满意度 earn next month's badge (S1:116, E06)?"""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from huisheng.app.report.document import BadgeEntry, MonthEntry
from huisheng.insight import Tally, month_forecast
from huisheng.metrics import Better, Facts, Window, find, headroom, query, shop_platforms

METRIC = "ww_satisfaction"
LEAST_RATINGS = 100
"""Valid ratings a month must have (W49)."""
RECENT_DAYS = 28
PLATFORMS = ("taobao", "tmall")


def badges(facts: Facts, first: date, day: date) -> list[BadgeEntry]:
    """Return, for every Taobao shop with ratings, last month's result and this month's forecast.

    `first` is the first day of the data, `day` the last full one. The platform compares the
    unrounded share of the calendar month with the line.
    """
    begin = day.replace(day=1)
    earlier = (begin - timedelta(days=1)).replace(day=1)
    start = min(earlier, day - timedelta(days=RECENT_DAYS - 1))
    days = _days(facts, Window(start, day, facts.offset_us))
    platforms = shop_platforms(facts)
    return [
        _badge(shop_id, series, first, earlier, begin, day)
        for shop_id, series in days.items()
        if platforms.get(shop_id) in PLATFORMS
    ]


def _badge(
    shop_id: str, series: dict[date, Tally], first: date, earlier: date, begin: date, day: date
) -> BadgeEntry:
    line = find(METRIC)[1].threshold or 1.0
    nothing = Tally(0.0, 0.0)

    def between(start: date, end: date) -> list[Tally]:
        return [
            series.get(start + timedelta(days=n), nothing) for n in range((end - start).days + 1)
        ]

    left = monthrange(day.year, day.month)[1] - day.day
    recent = between(max(first, day - timedelta(days=RECENT_DAYS - 1)), day)
    forecast = month_forecast(recent, between(begin, day), left, line, LEAST_RATINGS)
    so_far = forecast.so_far
    room = headroom(
        int(so_far.numerator), int(so_far.denominator), Fraction(str(line)), Better.HIGHER
    )
    return {
        "shop_id": shop_id,
        "line": line,
        "least_ratings": LEAST_RATINGS,
        "month": _month(between(begin, day), begin, line, whole=left == 0 and first <= begin),
        "before": _month(
            between(earlier, begin - timedelta(days=1)), earlier, line, whole=first <= earlier
        ),
        "day": day.isoformat(),
        "days_left": left,
        "expected_ratings": round(forecast.expected_cases),
        "probability": forecast.probability,
        "more_good": room.more_good,
        "slack": room.slack,
    }


def _month(days: list[Tally], begin: date, line: float, *, whole: bool) -> MonthEntry:
    satisfied = int(sum(day.numerator for day in days))
    rated = int(sum(day.denominator for day in days))
    return {
        "month": begin.strftime("%Y-%m"),
        "satisfied": satisfied,
        "rated": rated,
        "reached": rated >= LEAST_RATINGS and Fraction(satisfied, rated) >= Fraction(str(line)),
        "whole": whole,
    }


def _days(facts: Facts, window: Window) -> dict[str, dict[date, Tally]]:
    shops: dict[str, dict[date, Tally]] = {}
    for value in query(facts, METRIC, window, by="date"):
        if value.group is not None and value.denominator:
            tally = Tally(value.numerator, value.denominator)
            shops.setdefault(value.shop_id, {})[date.fromisoformat(value.group)] = tally
    return shops
