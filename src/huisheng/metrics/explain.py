"""Say why one order or case is in or out of a metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from huisheng.errors import UnknownNameError
from huisheng.metrics.definition import CASE_COLUMNS
from huisheng.metrics.facts import Facts
from huisheng.metrics.query import find
from huisheng.metrics.window import EPOCH, Window

EVER = (EPOCH, date(9999, 12, 31))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a case counts, why not, by which wording of the rule, and what that rests on."""

    counted: bool
    reason: str | None
    sentence: str
    rule_version: str
    facts: Mapping[str, object]


def explain(
    facts: Facts,
    metric_id: str,
    case_id: str,
    window: Window | None = None,
    shop_id: str | None = None,
) -> Explanation:
    """Explain one case, over all time or within a window, of any shop or of one.

    Raises:
        UnknownNameError: no such metric, or no such case in its inputs.
    """
    _, metric, version = find(metric_id)
    if window is None:
        cases = version.cases(facts, Window(*EVER, facts.offset_us))
    else:
        cases = facts.cases(version.cases, window)
    cases = cases.filter(cases.case_id == case_id)
    if shop_id is not None:
        cases = cases.filter(cases.shop_id == shop_id)
    rows = facts.engine.arrow(cases).to_pylist()
    if not rows:
        raise UnknownNameError(
            f"指标 {metric_id} 的数据里没有「{case_id}」：请检查编号，或它不在所选日期内"
        )
    # A case may hold several rows (an order that is exposed, and its event): the counted one wins.
    side = "numerator" if metric.counts_events else "denominator"
    row = max(rows, key=lambda r: (r[side] or 0, r["reason"] is not None))
    reason = row["reason"]
    extra = {name: value for name, value in row.items() if name not in CASE_COLUMNS}
    counted = bool(row[side])
    return Explanation(
        counted=counted,
        reason=reason,
        sentence=_sentence(counted, metric.reasons.get(reason, reason) if reason else None),
        rule_version=version.id,
        facts={
            "shop_id": row["shop_id"],
            "at": row["at"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            **extra,
        },
    )


def _sentence(counted: bool, why: str | None) -> str:
    if counted:
        return "计入" + (f"（{why}）" if why else "")
    return "不计入" + (f"：{why}" if why else "")
