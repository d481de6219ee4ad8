"""双11 mode in words: countdown, the same hours of earlier promotions, presale to final payment."""

from collections.abc import Sequence
from dataclasses import dataclass

from huisheng.app.analysis import (
    MEASURES,
    Funnel,
    Hourly,
    Measure,
    Phase,
    Promotion,
    funnel,
    hourly,
    one_before,
    opened_a_year_before,
)
from huisheng.app.report.amounts import count, yuan
from huisheng.app.report.drawing import Tick, place
from huisheng.app.web.shell.wording import local_time
from huisheng.metrics import Facts

HOUR_US = 3_600_000_000
DAY_HOURS = 24
LONGEST_HOURS = 60 * DAY_HOURS
CURVE_WIDTH, CURVE_HEIGHT = 500.0, 120.0


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One window in words; `state` is over, now or coming."""

    name: str
    span: str
    state: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One measure now and at the same moment of the others."""

    label: str
    now: str
    others: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Sums since the begin, hour by hour."""

    title: str
    label: str
    now: str
    before: str
    most: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of the presale funnel."""

    label: str
    number: str
    share: str
    length: str


@dataclass(frozen=True, slots=True)
class PromotionPage:
    """Everything the page shows of one promotion."""

    name: str
    countdown: str
    phases: tuple[PhaseView, ...]
    until: str
    hours: int
    others: tuple[str, ...]
    rows: tuple[CompareRow, ...]
    curves: tuple[Curve, ...]
    funnel: tuple[FunnelStep, ...]
    funnel_note: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A promotion so far beside others of the same length, by name; None without data.

    Attributes:
        until_us: the instant up to which the data knows of it.
        hours: whole hours from its opening to that, at most `LONGEST_HOURS`.
        now: its sums by the hour, None before it opens.
        others: the one before it, and the same hours of last year.
        funnel: how far its presale orders came, None where it has none.
    """

    until_us: int
    hours: int
    now: Hourly | None
    others: list[tuple[str, Hourly | None]]
    funnel: Funnel | None


def compare(
    facts: Facts, promotion: Promotion, known: Sequence[Promotion], seen_us: int | None
) -> Compared:
    """Compare a promotion with others; `seen_us` is the last instant the data knows of."""
    opens = promotion.opens_us
    end = min(promotion.end_us, seen_us if seen_us is not None else opens)
    hours = min(LONGEST_HOURS, max(0, -((opens - end) // HOUR_US)))
    now = hourly(facts, promotion.shop_id, opens, hours) if hours else None
    others = _others(facts, promotion, known, hours)
    return Compared(end, hours, now, others, funnel(facts, promotion))


def build(
    facts: Facts,
    promotion: Promotion,
    known: Sequence[Promotion],
    now_us: int,
    seen_us: int | None,
) -> PromotionPage:
    """Arrange one promotion; `seen_us` is the last instant the shop's data knows of."""
    found = compare(facts, promotion, known, seen_us)
    hours, now, others, presale = found.hours, found.now, found.others, found.funnel
    compared = [(name, found) for name, found in others if found is not None]
    return PromotionPage(
        name=promotion.name,
        countdown=countdown(promotion, now_us),
        phases=tuple(_phase(phase, now_us) for phase in promotion.phases),
        until=local_time(found.until_us) if hours else "",
        hours=hours,
        others=tuple(
            name if found is not None else f"{name}（没有那段时间的数据）" for name, found in others
        ),
        rows=_rows(now, [found for _, found in others], hours) if now else (),
        curves=_curves(now, compared[0] if compared else None, hours) if now else (),
        funnel=_funnel(presale) if presale else (),
        funnel_note=_funnel_note(presale) if presale else "",
    )


def countdown(promotion: Promotion, now_us: int) -> str:
    """Return `距付尾款开始还有 3 天 4 小时`, or what runs now, or how long it is over."""
    for phase in promotion.phases:
        if phase.begin_us <= now_us < phase.end_us:
            return f"{phase.name}进行中，离结束还有 {_apart(phase.end_us - now_us)}"
    coming = [phase for phase in promotion.phases if phase.begin_us > now_us]
    if coming:
        first = min(coming, key=lambda phase: phase.begin_us)
        return f"距{first.name}开始还有 {_apart(first.begin_us - now_us)}"
    return f"已结束 {_apart(now_us - promotion.end_us)}，下面是复盘"


def _apart(microseconds: int) -> str:
    days, hours = divmod(microseconds // HOUR_US, DAY_HOURS)
    if days:
        return f"{days} 天" + (f" {hours} 小时" if hours and days < 10 else "")
    if hours:
        return f"{hours} 小时"
    return f"{max(1, microseconds // 60_000_000)} 分钟"


def _phase(phase: Phase, now_us: int) -> PhaseView:
    state = "now" if phase.begin_us <= now_us < phase.end_us else "over"
    if phase.begin_us > now_us:
        state = "coming"
    span = (
        f"{local_time(phase.begin_us, '%m-%d %H:%M')} 至 {local_time(phase.end_us, '%m-%d %H:%M')}"
    )
    return PhaseView(phase.name, span, state)


def _others(
    facts: Facts, promotion: Promotion, known: Sequence[Promotion], hours: int
) -> list[tuple[str, Hourly | None]]:
    earlier = one_before(promotion, known)
    last_year = opened_a_year_before(promotion, known)
    found: list[tuple[str, Hourly | None]] = []
    if earlier is not None and earlier.opens_us != last_year:
        day = local_time(earlier.opens_us, "%Y-%m-%d")
        counted = hourly(facts, promotion.shop_id, earlier.opens_us, hours) if hours else None
        found.append((f"上一次：{earlier.name} {day}", counted))
    counted = hourly(facts, promotion.shop_id, last_year, hours) if hours else None
    found.append((f"去年同期：{local_time(last_year, '%Y-%m-%d')}", counted))
    return found


def _rows(now: Hourly, others: Sequence[Hourly | None], hours: int) -> tuple[CompareRow, ...]:
    sums = now.so_far(hours)
    then = [other.so_far(hours) if other else None for other in others]
    return tuple(
        CompareRow(
            measure.label,
            _told(sums[index], measure),
            tuple(_beside(sums[index], each[index] if each else None, measure) for each in then),
        )
        for index, measure in enumerate(MEASURES)
    )


def _told(number: int, measure: Measure) -> str:
    return yuan(number / 100) if measure.is_money else count(number)


def _beside(now: int, then: int | None, measure: Measure) -> tuple[str, str, str]:
    """Return the other's number, the relative change, and whether it is good."""
    if then is None:
        return "—", "", "even"
    if not then:
        return _told(then, measure), "", "even"
    change = (now - then) / then
    judged = "even"
    if measure.good != "neither" and now != then:
        judged = "good" if (now > then) == (measure.good == "higher") else "bad"
    return _told(then, measure), f"{change:+.0%}", judged


def _curves(now: Hourly, before: tuple[str, Hourly] | None, hours: int) -> tuple[Curve, ...]:
    return tuple(
        _curve(index, measure, now, before, hours)
        for index, measure in enumerate(MEASURES)
        if sum(now.measures[index][:hours])
    )


def _curve(
    index: int, measure: Measure, now: Hourly, before: tuple[str, Hourly] | None, hours: int
) -> Curve:
    sums = _running_sum(now.measures[index][:hours])
    earlier = _running_sum(before[1].measures[index][:hours]) if before else []
    most = max([*sums, *earlier]) or 1
    step = CURVE_WIDTH / max(1, hours)

    def line(values: Sequence[int]) -> str:
        return " ".join(
            f"{place(position * step)},{place(CURVE_HEIGHT * (1 - value / most))}"
            for position, value in enumerate([0, *values])
        )

    days = range(0, hours + 1, DAY_HOURS)
    return Curve(
        title=f"{measure.label}累计：{_told(sums[-1], measure)}"
        + (f"；{before[0]}同一时刻 {_told(earlier[-1], measure)}" if before else ""),
        label=measure.label,
        now=line(sums),
        before=line(earlier) if before else "",
        most=_told(most, measure),
        ticks=tuple(
            Tick(
                place(hour * step),
                f"第 {hour // DAY_HOURS + 1} 天",
                "start" if not hour else "end" if hour == hours else "middle",
            )
            for hour in days
            if hour < hours or not hour
        ),
    )


def _running_sum(values: Sequence[int]) -> list[int]:
    total, sums = 0, []
    for value in values:
        total += value
        sums.append(total)
    return sums


def _funnel(found: Funnel) -> tuple[FunnelStep, ...]:
    steps = (
        ("付了定金", found.deposits),
        ("付了尾款", found.finals),
        ("已发货", found.shipped),
        ("确认收货", found.received),
    )
    return tuple(
        FunnelStep(
            label,
            count(number),
            f"{number / found.deposits:.0%}",
            f"{100 * number / found.deposits:.1f}",
        )
        for label, number in steps
    )


def _funnel_note(found: Funnel) -> str:
    left = found.deposits - found.finals
    waiting = f"还有 {count(left)} 单付了定金没付尾款" if left else "定金订单都付清了尾款"
    deposits, finals = yuan(found.deposit_fen / 100), yuan(found.final_fen / 100)
    return f"定金共 {deposits}，付清的订单共 {finals}；{waiting}。"
