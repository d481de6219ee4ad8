"""Did the fix work? Compare a segment before and after with neighbours that nobody touched.

A verification is declared before looking (`Plan`). It compares equal stretches of days around the
fix date, counts outcomes only up to an age that every compared case has reached (law 4), takes
what the untouched segments did as what would have happened anyway, and refuses to judge where the
sample, the control, the trend before the fix or a promotion does not allow it. What it cannot see:
a fix declared because of a chance peak will seem to work, as the peak fades by itself; declare the
plan early and let the window before the fix be long.

The numbers are in `did`, where their sources stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from huisheng.catalog import did_you_mean
from huisheng.errors import BadInputError
from huisheng.insight.compared import DAY_US, BoolArray, CaseReader, Cases
from huisheng.insight.controls import Control, Method, chosen_control, named_control
from huisheng.insight.did import Group
from huisheng.insight.judgement import Change, Conclusion, Judge, Judgement
from huisheng.insight.plan import FEWEST_DAYS, WHERE, Plan
from huisheng.insight.span import (
    Span,
    days_available,
    fit_span,
    known_until,
    planned_window,
    promotion_days,
)
from huisheng.metrics import Facts, Rollup, Unit, Window, find, shop_platforms
from huisheng.records import Rate

RARER = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a fix worked.

    Attributes:
        verdict: worked, not_worked or inconclusive.
        effect: the metric's value after the fix minus what the control implies, in its shown unit;
            None where there is nothing to compare.
        interval: 95 % limits of the effect.
        p_value: two-sided, of no effect.
        reason: for a manager, in Chinese.
        treated: before and after, of the segment.
        control: before and after, of what it is compared with.
        control_values: the segments pooled in the control.
        left_out: other segments, and why they are not in it.
        window: days compared, before and after together; None where there are none.
        follow_up_days: age up to which outcomes count; None for immediate outcomes.
        checks: what was noticed on the way, one Chinese sentence each, by name.
    """

    verdict: Conclusion
    effect: float | None
    interval: tuple[float, float] | None
    p_value: float | None
    reason: str
    treated: Change | None = None
    control: Change | None = None
    control_values: tuple[str, ...] = ()
    left_out: Mapping[str, str] | None = None
    window: Window | None = None
    follow_up_days: float | None = None
    checks: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, object]:
        """Return the verdict as the command line prints it."""
        return {
            "verdict": self.verdict.value,
            "effect": self.effect,
            "interval": list(self.interval) if self.interval else None,
            "p_value": self.p_value,
            "reason": self.reason,
            "treated": _change_json(self.treated),
            "control": _change_json(self.control),
            "control_values": list(self.control_values),
            "left_out": dict(self.left_out or {}),
            "window": self.window
            and {"start": self.window.start.isoformat(), "end": self.window.end.isoformat()},
            "follow_up_days": self.follow_up_days,
            "checks": dict(self.checks or {}),
        }


def verify(
    facts: Facts, plan: Plan, data_end_us: int | None, shop_id: str | None = None
) -> Verdict:
    """Judge a fix.

    Args:
        facts: of the workspace.
        plan: what was declared.
        data_end_us: instant up to which the data is complete, UTC µs; None to tell from the data.
        shop_id: whose; may be None where the workspace has one shop.

    Raises:
        BadInputError: the workspace has several shops and none is named.
        UnknownNameError: the metric does not have one of the plan's dimensions.
    """
    return _Verification(facts, plan, _shop(facts, shop_id)).verdict(data_end_us)


class _Verification:
    """One plan on one shop's data."""

    def __init__(self, facts: Facts, plan: Plan, shop_id: str) -> None:
        _, self._metric, _ = find(plan.metric)
        self._facts, self._plan, self._shop_id = facts, plan, shop_id
        self._window = planned_window(plan, facts.offset_us)
        self._method = Method(is_rate=self._metric.rollup is Rollup.RATIO)
        self._shares = self._method.is_rate and self._metric.unit is Unit.SHARE
        self._fix_day = (self._window.start_us + facts.offset_us) // DAY_US + plan.window_days

    def verdict(self, data_end_us: int | None) -> Verdict:
        """Return the verdict."""
        end_us = data_end_us or known_until(self._facts, self._metric, self._shop_id)
        reader = CaseReader(self._facts, self._plan.metric, self._shop_id, self._window)
        treated = reader.all_of({name: (value,) for name, value in self._plan.segment.items()})
        if end_us is None or not treated.any():
            return _refusal(self._nothing(reader))
        before, after = days_available(
            self._plan,
            self._fix_day,
            int(reader.cases.day.min()),
            end_us,
            self._facts.offset_us,
            reader.delayed,
        )
        if min(before, after) < FEWEST_DAYS:
            return _refusal(self._too_early(before, after, reader.delayed))
        span = fit_span(
            reader.cases,
            ~treated,
            self._fix_day,
            min(before, after),
            end_us + self._facts.offset_us,
            reader.delayed,
        )
        return self._compared(reader, treated, span)

    def _compared(self, reader: CaseReader, treated: BoolArray, span: Span) -> Verdict:
        cases = reader.cases.until(span.follow_up_us)
        group = cases.group(treated, span.first_day, span.days)
        flipped = self._shares and group.before.rate > RARER
        if flipped:
            cases = cases.complement()
            group = cases.group(treated, span.first_day, span.days)
        control = self._control(reader, treated, cases, span)
        other = cases.group(control.cases, span.first_day, span.days)
        judge = Judge(self._metric, self._method, flipped, control.spread, self._plan.window_days)
        judgement = judge.judge(group, other, self._promotion(span))
        return self._told(judge, judgement, (group, other), control, span, reader.cases)

    def _control(self, reader: CaseReader, treated: BoolArray, cases: Cases, span: Span) -> Control:
        if self._plan.control is not None:
            return named_control(reader, self._plan, treated)
        return chosen_control(self._facts, reader, self._plan, cases, span, self._method)

    def _promotion(self, span: Span) -> BoolArray:
        """Return the promotion days, unless both windows have them."""
        busy = promotion_days(self._facts, self._shop_id, span)
        both = busy[: span.days].any() and busy[span.days :].any()
        return np.zeros_like(busy) if both else busy

    def _told(
        self,
        judge: Judge,
        judgement: Judgement,
        groups: tuple[Group, Group],
        control: Control,
        span: Span,
        cases: Cases,
    ) -> Verdict:
        checks = {**judgement.checks, **self._span_checks(span, cases)}
        start = self._plan.fix_date - timedelta(days=span.days)
        end = self._plan.fix_date + timedelta(days=span.days - 1)
        return Verdict(
            verdict=judgement.conclusion,
            effect=judgement.effect,
            interval=judgement.interval,
            p_value=judgement.p_value,
            reason="。".join((judgement.sentence, *checks.values())) + "。",
            treated=judge.change(groups[0]),
            control=judge.change(groups[1]),
            control_values=control.values,
            left_out=control.left_out,
            window=Window(start, end, self._facts.offset_us),
            follow_up_days=None if span.follow_up_us is None else span.follow_up_us / DAY_US,
            checks=checks,
        )

    def _span_checks(self, span: Span, cases: Cases) -> dict[str, str]:
        checks = {}
        if span.days < self._plan.window_days:
            why = "现有数据只够" if span.follow_up_us is None else "为了让每一例都等够时间，只比较"
            checks["window"] = f"计划比较前后各 {self._plan.window_days} 天，{why}各 {span.days} 天"
        if span.follow_up_us is not None:
            checks["follow_up"] = (
                f"每一例只计发生后 {span.follow_up_us / DAY_US:.1f} 天内的结果，前后一样长"
            )
            if cases.unknown_age:
                checks["unknown_time"] = f"有 {cases.unknown_age} 例结果没有时间，没有计入"
        return checks

    def _nothing(self, reader: CaseReader) -> str:
        segment = "、".join(f"{name}={value}" for name, value in self._plan.segment.items())
        hints = [
            f"{name} 没有「{value}」{did_you_mean(value, reader.membership(name).values)}"
            for name, value in self._plan.segment.items()
            if len(reader.cases.day) and value not in reader.membership(name).values
        ]
        return "。".join(
            (
                f"还不能下结论：{self._window.start} 到 {self._window.end} 之间没有 {segment} "
                f"的「{self._metric.label}」数据，请检查编号、日期，或先导入数据",
                *hints,
            )
        )

    def _too_early(self, before: int, after: int, delayed: bool) -> str:
        if after <= 0 and not delayed:
            return f"还不能下结论：数据还没有到修复日期 {self._plan.fix_date}，请导入之后的数据"
        if after < FEWEST_DAYS:
            matured = "能用（结果已过观察期）" if delayed else "有数据"
            return (
                f"还不能下结论：修复后{matured}的只有 {max(after, 0)} 天，"
                f"至少要 {FEWEST_DAYS} 天，请再等 {FEWEST_DAYS - after} 天"
            )
        return (
            f"还不能下结论：修复前只有 {max(before, 0)} 天数据，至少要 {FEWEST_DAYS} 天，"
            "请导入更早的数据"
        )


def _shop(facts: Facts, shop_id: str | None) -> str:
    if shop_id is not None:
        return shop_id
    shops = list(shop_platforms(facts))
    if len(shops) > 1:
        raise BadInputError(WHERE, f"工作区有多家店：{'、'.join(shops)}", "请指明是哪一家")
    return shops[0] if shops else ""


def _refusal(reason: str) -> Verdict:
    return Verdict(Conclusion.INCONCLUSIVE, None, None, None, f"{reason}。")


def _change_json(change: Change | None) -> dict[str, object] | None:
    if change is None:
        return None
    return {"before": _rate_json(change.before), "after": _rate_json(change.after)}


def _rate_json(rate: Rate) -> dict[str, float | None]:
    return {"value": rate.value, "numerator": rate.numerator, "denominator": rate.denominator}
