"""Numbers, rates and dates as a Chinese reader expects to see them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from huisheng.app.report.document import Span

NO_VALUE = "无数据"
_MINUTE_SECONDS = 60
_LONG_WAIT_SECONDS = 100
_SMALL_SHARE = 0.02
_MOST_DECIMALS = 6


def count(value: float) -> str:
    """Return `1,284`; one decimal where the number is not whole."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def share(value: float) -> str:
    """Return a fraction as percent: one decimal, two where it is small."""
    return f"{value:.{_decimals(value)}%}"


def _decimals(fraction: float) -> int:
    return 2 if 0 < abs(fraction) < _SMALL_SHARE else 1


def yuan(value: float) -> str:
    """Return yuan with two decimals."""
    sign = "-" if value < 0 else ""
    return f"{sign}¥{abs(value):,.2f}"


def loss(value: float) -> str:
    """Return what something cost, in yuan; of nought nobody has estimated it."""
    return yuan(value) if value else "金额未估"


def _seconds(value: float) -> str:
    if abs(value) < _LONG_WAIT_SECONDS:
        return f"{value:.1f} 秒"
    minutes, seconds = divmod(round(abs(value)), _MINUTE_SECONDS)
    return f"{'-' if value < 0 else ''}{minutes:,} 分 {seconds} 秒"


def _hours(value: float) -> str:
    return f"{value:,.1f} 小时"


def _score(value: float) -> str:
    return f"{value:.2f}"


def _plain(value: float) -> str:
    return count(value) if float(value).is_integer() else f"{value:.4g}"


_SHOWN: Mapping[str, Callable[[float], str]] = {
    "share": share,
    "seconds": _seconds,
    "hours": _hours,
    "yuan": yuan,
    "count": count,
    "score": _score,
}


def amount(value: float | None, unit: str) -> str:
    """Return a metric's value in its unit; no value is said in words, never as 0."""
    return NO_VALUE if value is None else _SHOWN.get(unit, _plain)(value)


def limit(value: float, unit: str) -> str:
    """Return a threshold without idle zeros: `95%`."""
    return f"{round(value * 100, 6):g}%" if unit == "share" else amount(value, unit)


def amount_beside(value: float | None, other: float | None, unit: str) -> str:
    """Return `value` with enough decimals that rounding does not lift it onto `other`.

    94.96 % next to a line of 95 % must not read «95.0 %».
    """
    if value is None or other is None or unit != "share" or value == other:
        return amount(value, unit)
    for decimals in range(_decimals(value), _MOST_DECIMALS + 1):
        text = f"{value:.{decimals}%}"
        if text != f"{other:.{decimals}%}":
            break
    return text


def difference(value: float, before: float, unit: str) -> str:
    """Return how far apart two values are, without sign; shares in percentage points."""
    apart = abs(value - before)
    if unit != "share":
        return amount(apart, unit)
    return f"{apart * 100:.{_decimals(max(abs(value), abs(before)))}f} 个百分点"


def short_day(iso: str) -> str:
    """Return `8月22日`; text that is no date is returned unchanged."""
    found = _date(iso)
    return f"{found.month}月{found.day}日" if found else iso


def long_day(iso: str) -> str:
    """Return `2026年8月22日`; text that is no date is returned unchanged."""
    found = _date(iso)
    return f"{found.year}年{found.month}月{found.day}日" if found else iso


def long_span(span: Span) -> str:
    """Return `2026年8月16日—9月14日（30 天）`."""
    days = days_between(span["start"], span["end"])
    same_year = span["start"][:4] == span["end"][:4]
    end = short_day(span["end"]) if same_year else long_day(span["end"])
    length = f"（{days} 天）" if days else ""
    return f"{long_day(span['start'])}—{end}{length}"


def days_between(start: str, end: str) -> int:
    """Return the number of local dates from `start` to `end`, both included; 0 if unknown."""
    first, last = _date(start), _date(end)
    return (last - first).days + 1 if first and last else 0


def _date(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Scale:
    """How the rates of one finding are spoken: `每百单` `8.2` ` 次`.

    Attributes:
        lead: words before the number, once per sentence.
        factor: what the stored value is multiplied by.
        show: turns the multiplied value into text.
        tail: words after every number.
    """

    lead: str
    factor: float
    show: Callable[[float], str]
    tail: str

    def short(self, value: float | None) -> str:
        """Return the number with its unit, without the lead."""
        return NO_VALUE if value is None else f"{self.show(value * self.factor)}{self.tail}"

    def full(self, value: float | None) -> str:
        """Return the number with lead and unit."""
        return f"{self.lead}{self.short(value)}"


def frequency(typical: float, exposure: str) -> Scale:
    """Return the scale for event rates: per hundred, or per thousand or ten thousand if rare."""
    steps = ((100, "百"), (1000, "千"), (10_000, "万"))
    factor, word = next((step for step in steps if typical * step[0] >= 1), steps[-1])
    return Scale(f"每{word}{exposure} ", factor, _times, " 次")


def then(text: str, following: str) -> str:
    """Join two pieces of a sentence, with a space where the first ends in a Latin sign."""
    return f"{text} {following}" if text[-1:].isascii() else f"{text}{following}"


def unit_scale(unit: str) -> Scale:
    """Return the scale for values that are a metric's own."""
    return Scale("", 1, _SHOWN.get(unit, _plain), "")


def _times(value: float) -> str:
    return "不到 0.1" if 0 < value < 0.1 else f"{value:.1f}"


def chance(probability: float) -> str:
    """Return a probability as `0.0012`, the very small ones as `< 0.0001`."""
    return "< 0.0001" if probability < 0.0001 else f"= {probability:.2g}"
