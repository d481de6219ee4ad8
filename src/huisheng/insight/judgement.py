"""From two groups of days to a verdict and a sentence that a manager understands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil

from huisheng.insight.compared import BoolArray
from huisheng.insight.controls import Method
from huisheng.insight.did import FEWEST_EVENTS, Days, Estimate, Group, Spread
from huisheng.insight.plan import MOST_DAYS
from huisheng.metrics import Better, Metric, Unit
from huisheng.records import Rate

FEWEST_CASES_OF_A_RATE = 100
FEWEST_CASES_OF_A_MEAN = 30
NOTICEABLE = 0.2
"""A fix that improves the value before it by less than this share has not worked."""
NOTICEABLE_DEVIATIONS = 0.2
"""The same for scores, whose scale has an end, in standard deviations (Cohen 1988: small)."""
DRIFTED = 0.1
"""p-value below which a movement before the fix, the same way as after it, forbids a verdict."""


class Conclusion(StrEnum):
    """What a verification comes to."""

    WORKED = "worked"
    NOT_WORKED = "not_worked"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Change:
    """A group's metric before and after, in the metric's shown unit."""

    before: Rate
    after: Rate


@dataclass(frozen=True, slots=True)
class Judgement:
    """A conclusion with its numbers in the metric's shown unit, and what was noticed."""

    conclusion: Conclusion
    sentence: str
    effect: float | None = None
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    checks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges one metric.

    Attributes:
        metric: whose values are compared.
        method: of comparison.
        flipped: the groups count what is not in the metric's numerator, as that is rarer: a
            proportional change of 95 % satisfied is meant as one of 5 % dissatisfied.
        spread: by how much segments change without any fix.
        window_days: the plan's, to say when it must be longer.
    """

    metric: Metric
    method: Method
    flipped: bool
    spread: Spread
    window_days: int

    def judge(self, treated: Group, control: Group, promotion: BoolArray) -> Judgement:
        """Judge; `promotion` marks days (before, then after) of an unequal rush of orders."""
        if not control.before.denominator or not control.after.denominator:
            return _undecided("同一店里没有未受影响、数量足够的对照，分不清是整改还是大势")
        if not treated.before.denominator or not treated.after.denominator:
            side = "后" if treated.before.denominator else "前"
            return _undecided(f"修复{side}这一部分没有数据，无法比较")
        if not self._method_fits(treated, control):
            return _undecided("有数据的天数太少，看不出每天的波动")
        estimate = self.method.compare(treated, control, self.spread)
        numbers = self._judgement(estimate, treated, control)
        lacking = self._lacking(treated, control, estimate)
        if lacking:
            return _withheld(numbers, lacking, {})
        return self._checked(numbers, estimate, treated, control, promotion)

    def change(self, group: Group) -> Change:
        """Return a group's metric before and after."""
        return Change(self._rate(group.before), self._rate(group.after))

    def _checked(
        self,
        numbers: Judgement,
        estimate: Estimate,
        treated: Group,
        control: Group,
        promotion: BoolArray,
    ) -> Judgement:
        """Withhold a judgement that rests on an earlier trend or on a promotion."""
        checks: dict[str, str] = {}
        if self._drifted(estimate, treated, control):
            checks["pre_trend"] = "修复之前这一部分相对对照就在往同一方向变，不能归功或归咎于整改"
        unsafe = bool(checks) and numbers.conclusion is not Conclusion.INCONCLUSIVE
        if promotion.any():
            days = int(promotion.sum())
            side = "前" if promotion[: len(promotion) // 2].any() else "后"
            checks["promotion"] = f"仅修复{side}有 {days} 天订单超过平日两倍（大促）"
            quiet = [_without(group, promotion) for group in (treated, control)]
            if self._conclusion_of(*quiet) is not numbers.conclusion:
                checks["promotion"] += "，去掉这些天结论就变了"
                unsafe = True
        if unsafe:
            return _withheld(numbers, "这次比较不可靠", checks)
        return replace(numbers, checks=checks)

    def _conclusion_of(self, treated: Group, control: Group) -> Conclusion:
        if not self._method_fits(treated, control):
            return Conclusion.INCONCLUSIVE
        estimate = self.method.compare(treated, control, self.spread)
        if self._lacking(treated, control, estimate):
            return Conclusion.INCONCLUSIVE
        return self._conclusion(estimate, treated)

    def _method_fits(self, treated: Group, control: Group) -> bool:
        """Return whether means have a variance; rates always have one."""
        return self.method.is_rate or self.method.can_compare(treated, control)

    def _drifted(self, estimate: Estimate, treated: Group, control: Group) -> bool:
        halves = (Group.halves(treated.before), Group.halves(control.before))
        if not self.method.can_compare(*halves):
            return False
        trend = self.method.compare(*halves, self.spread)
        return trend.p_value < DRIFTED and trend.effect * estimate.effect > 0

    def _conclusion(self, estimate: Estimate, treated: Group) -> Conclusion:
        low, high = self._gain(estimate)
        if low > 0:
            return Conclusion.WORKED
        if high < self._bar(treated.before):
            return Conclusion.NOT_WORKED
        return Conclusion.INCONCLUSIVE

    def _gain(self, estimate: Estimate) -> tuple[float, float]:
        """Return the limits of the improvement; an improvement is positive."""
        low, high = estimate.interval
        return (low, high) if self._good_is_more else (-high, -low)

    @property
    def _good_is_more(self) -> bool:
        return (self.metric.better is Better.HIGHER) is not self.flipped

    def _bar(self, before: Days) -> float:
        if self.metric.unit is Unit.SCORE and not self.method.is_rate:
            return NOTICEABLE_DEVIATIONS * before.deviation
        return NOTICEABLE * before.rate

    def _lacking(self, treated: Group, control: Group, estimate: Estimate) -> str:
        """Return what the sample lacks and for how long to wait, or nothing."""
        cells = (treated.before, treated.after, control.before, control.after)
        days = len(treated.after.y)
        needs = [
            self._days_needed(cell, days, estimate if cell is treated.after else None)
            for cell in cells
        ]
        longest = max(needs)
        if longest <= days:
            return ""
        events = f"、{FEWEST_EVENTS} 个事件" if self.method.is_rate else ""
        wait = self._wait(longest, days)
        return f"样本不够（每一组前后都至少要 {self._fewest_cases} 例{events}），{wait}"

    @property
    def _fewest_cases(self) -> int:
        return FEWEST_CASES_OF_A_RATE if self.method.is_rate else FEWEST_CASES_OF_A_MEAN

    def _days_needed(self, cell: Days, days: int, estimate: Estimate | None) -> float:
        """Return for how many days a window must last; after the fix, expected events count."""
        if not cell.cases:
            return float("inf")
        need = days * self._fewest_cases / cell.cases
        if not self.method.is_rate:
            return need
        events = cell.events
        if estimate is not None:
            unit = cell.numerator / events if events else 1.0
            events = estimate.expected * cell.denominator / unit
        return max(need, days * FEWEST_EVENTS / events if events else float("inf"))

    def _judgement(self, estimate: Estimate, treated: Group, control: Group) -> Judgement:
        conclusion = self._conclusion(estimate, treated)
        shown = estimate.mirrored() if self.flipped else estimate
        scale = self.metric.unit.divisor
        interval = (shown.interval[0] / scale, shown.interval[1] / scale)
        numbers = Judgement(conclusion, "", shown.effect / scale, interval, shown.p_value)
        return replace(numbers, sentence=self._sentence(numbers, estimate, treated, control))

    def _sentence(
        self, numbers: Judgement, estimate: Estimate, treated: Group, control: Group
    ) -> str:
        own, other = self.change(treated), self.change(control)
        low, high = numbers.interval or (0.0, 0.0)
        effect = numbers.effect or 0.0
        share = self.metric.unit is Unit.SHARE
        scale, unit = (100, " 个百分点") if share else (1, UNIT_NAMES[self.metric.unit])
        facts = (
            f"{self.metric.label}从 {self._shown(own.before.value)} 变为 "
            f"{self._shown(own.after.value)}，同期对照从 {self._shown(other.before.value)} 变为 "
            f"{self._shown(other.after.value)}；扣除对照的变化后"
            f"{'升高' if effect > 0 else '降低'} {abs(effect) * scale:.3g}{unit}"
            f"（95% 区间 {low * scale:+.3g} 到 {high * scale:+.3g}{unit}，"
            f"p={numbers.p_value:.2g}）"
        )
        if numbers.conclusion is Conclusion.WORKED:
            return f"整改有效：{facts}"
        if numbers.conclusion is Conclusion.INCONCLUSIVE:
            return f"还不能下结论：{facts}，可能只是波动，{self._wait_to_see(estimate, treated)}"
        worse = self._gain(estimate)[1] < 0
        why = "反而变差了" if worse else "即使有改善也达不到两成"
        return f"整改无效，{why}：{facts}"

    def _wait_to_see(self, estimate: Estimate, treated: Group) -> str:
        """Return for how long to wait; an interval's width falls with the root of the days."""
        low, high = self._gain(estimate)
        middle, half, bar = (low + high) / 2, (high - low) / 2, self._bar(treated.before)
        days = len(treated.after.y)
        return self._wait(
            max(days * (half / max(middle, bar - middle, 1e-12)) ** 2, days + 1), days
        )

    def _wait(self, needed: float, days: int) -> str:
        if needed > MOST_DAYS:
            return f"照现在的量，{MOST_DAYS} 天内也看不清，请改用更大的范围或更常见的指标"
        whole = ceil(needed)
        longer = f"，并把 window_days 设为 {whole}" if whole > self.window_days else ""
        return f"照现在的量，前后各约需 {whole} 天（再等约 {whole - days} 天{longer}）"

    def _rate(self, cell: Days) -> Rate:
        numerator = cell.denominator - cell.numerator if self.flipped else cell.numerator
        divisor = self.metric.unit.divisor
        if not cell.denominator:
            return Rate(None, numerator / divisor, cell.denominator)
        return Rate(numerator / divisor / cell.denominator, numerator / divisor, cell.denominator)

    def _shown(self, value: float | None) -> str:
        if value is None:
            return "无"
        if self.metric.unit is Unit.SHARE:
            return f"{value:.1%}" if abs(value) >= 0.001 else f"{value:.3%}"
        return f"{value:.4g}{UNIT_NAMES[self.metric.unit]}"


UNIT_NAMES = {
    Unit.SHARE: "",
    Unit.SECONDS: " 秒",
    Unit.HOURS: " 小时",
    Unit.YUAN: " 元",
    Unit.COUNT: "",
    Unit.SCORE: " 分",
}


def _undecided(why: str) -> Judgement:
    return Judgement(Conclusion.INCONCLUSIVE, f"还不能下结论：{why}")


def _withheld(numbers: Judgement, why: str, checks: Mapping[str, str]) -> Judgement:
    return replace(
        numbers,
        conclusion=Conclusion.INCONCLUSIVE,
        sentence=f"还不能下结论：{why}",
        checks=checks,
    )


def _without(group: Group, promotion: BoolArray) -> Group:
    days = len(group.before.y)
    return Group(
        group.before.take(~promotion[:days]),
        group.after.take(~promotion[days:]),
    )
