"""What a card or a finding says, in sentences a service manager would use."""

from huisheng.app.report.amounts import (
    Scale,
    chance,
    count,
    days_between,
    difference,
    frequency,
    limit,
    long_day,
    share,
    then,
    unit_scale,
    yuan,
)
from huisheng.app.report.document import Card, FindingEntry
from huisheng.app.report.labels import Labels

_EXPOSURES = {"aspect": "单", "scene": "个会话", "refund_reason": "单", "step": "件"}
_WORTH_A_MULTIPLE = 1.2
_DEFAULT_FOLLOW_UP_DAYS = 30


def met(card: Card) -> bool | None:
    """Say whether a card reaches its threshold; None where there is none or no value."""
    if card["value"] is None or card["threshold"] is None or card["better"] == "neither":
        return None
    if card["better"] == "higher":
        return card["value"] >= card["threshold"]
    return card["value"] <= card["threshold"]


def judged(card: Card) -> str:
    """Return `good`, `bad` or `even`: which way the value moved against the period before."""
    value, before = card["value"], card["before"]
    if value is None or before is None or card["better"] == "neither" or not moved(card):
        return "even"
    return "good" if (value > before) == (card["better"] == "higher") else "bad"


def moved(card: Card) -> bool:
    """Say whether the change against before is large enough to show at all."""
    value, before = card["value"], card["before"]
    if value is None or before is None:
        return False
    return any(digit in "123456789" for digit in difference(value, before, card["unit"]))


def change(card: Card) -> str:
    """Return `▲ 0.8 个百分点，变好`; direction and judgement never rest on colour alone."""
    value, before = card["value"], card["before"]
    if value is None:
        return ""
    if before is None:
        return "上期无数据，无从比较"
    if not moved(card):
        return "与上期持平"
    arrow = "▲" if value > before else "▼"
    verdict = {"good": "，变好", "bad": "，变差", "even": ""}[judged(card)]
    return f"{arrow} {difference(value, before, card['unit'])}{verdict}"


def headroom(card: Card) -> str:
    """Return `再有 17 个满意即达 95%`: the threshold in whole cases."""
    room, reached = card["headroom"], met(card)
    if room is None or reached is None or card["threshold"] is None:
        return ""
    line = limit(card["threshold"], card["unit"])
    if reached:
        return _slack(card, room.get("slack"))
    more_good, fewer_bad = room.get("more_good"), room.get("fewer_bad")
    if card["better"] == "higher":
        good = _good_case(card)
        ways = _ways(
            None if more_good is None else f"再有 {count(more_good)} 个{good}",
            None if fewer_bad is None else f"把 {count(fewer_bad)} 个不{good}变成{good}",
        )
        return f"{ways}即达 {line}" if ways else ""
    ways = _ways(
        None if fewer_bad is None else f"少 {count(fewer_bad)} 例",
        None if more_good is None else f"再有 {count(more_good)} 例正常",
    )
    return f"{ways}即回到 {line} 以内" if ways else ""


def _ways(first: str | None, second: str | None) -> str:
    return "，或".join(way for way in (first, second) if way)


def _slack(card: Card, slack: int | None) -> str:
    if slack is None:
        return ""
    bad = f"个不{_good_case(card)}" if card["better"] == "higher" else "例"
    return f"余量：还容得下 {count(slack)} {bad}" if slack else "余量：再出 1 例就破线"


def _good_case(card: Card) -> str:
    return "满意" if "满意" in card["label"] else "达标"


def basis(card: Card) -> str:
    """Return numerator and denominator."""
    return parts(card["numerator"], card["denominator"], card["unit"])


def parts(numerator: float, denominator: int, unit: str) -> str:
    """Return `1,803 / 1,899`, the numerator with its unit where it has one."""
    tail = {"seconds": " 秒", "hours": " 小时"}.get(unit, "")
    shown = yuan(numerator) if unit == "yuan" else f"{count(numerator)}{tail}"
    return f"{shown} / {count(denominator)}"


# --- findings ------------------------------------------------------------------------------------


def scale_of(finding: FindingEntry, labels: Labels) -> Scale:
    """Return how the rates of a finding are spoken: events per hundred, or a metric's unit."""
    kind = finding["problem"]["kind"]
    values = [finding["observed"]["value"], finding["expected"]["value"], *finding["interval"]]
    known = [value for value in values if value is not None]
    if kind == "metric":
        return unit_scale(labels.unit(finding["problem"]["id"]))
    if max(known, default=0.0) > 1:
        return unit_scale("")
    return frequency(max(known[:2], default=1.0), _EXPOSURES.get(kind, "例"))


def comparison(finding: FindingEntry, scale: Scale) -> str:
    """Return `每百单 8.2 次，同类同期应为 2.1 次`."""
    observed, expected = finding["observed"]["value"], finding["expected"]["value"]
    return f"{scale.full(observed)}，同类同期应为 {scale.short(expected)}"


def counts(finding: FindingEntry) -> str:
    """Return the numbers a rate was computed from."""
    observed, expected = finding["observed"], finding["expected"]
    return (
        f"{count(observed['numerator'])} / {count(observed['denominator'])}，"
        f"应有 {count(expected['numerator'])} / {count(expected['denominator'])}"
    )


def certainty(finding: FindingEntry, scale: Scale) -> str:
    """Return the interval in words: how far off things are even at best."""
    low, high = finding["interval"]
    observed, expected = finding["observed"]["value"], finding["expected"]["value"]
    spread = f"计入抽样误差的范围：{then(scale.full(low), '到')} {scale.short(high)}"
    if observed is None or expected is None:
        return spread
    return f"{spread}；{_at_best(low, high, observed, expected, scale)}"


def _at_best(low: float, high: float, observed: float, expected: float, scale: Scale) -> str:
    if observed >= expected and low > expected:
        if expected > 0 and low / expected >= _WORTH_A_MULTIPLE:
            return f"往最好处想，也是应有水平的 {low / expected:.1f} 倍"
        return f"往最好处想，也高于应有的 {scale.short(expected)}"
    if observed < expected and high < expected:
        return f"往最好处想，也到不了应有的 {scale.short(expected)}"
    return "这个范围碰到了应有水平，先观察，不急着下结论"


def evidence_strength(finding: FindingEntry) -> str:
    """Return p and q with what they mean."""
    q_value = finding["q_value"]
    odds = "不到 0.1%" if q_value < 0.001 else f"约 {share(q_value)}"
    return (
        f"p {chance(finding['p_value'])}，多重比较校正后 q {chance(q_value)}"
        f"：同样把握的结论里，误报{odds}"
    )


def since(finding: FindingEntry, period_end: str) -> str:
    """Return when it began and how long it has lasted."""
    start = finding["since"]
    if start is None:
        return "起始日还看不出来"
    days = days_between(start, period_end)
    return f"{long_day(start)}起" + (f"，到期末已 {days} 天" if days > 0 else "")


def verification(finding: FindingEntry, scale: Scale, period_days: int) -> str:
    """Return how to tell whether the fix worked: the same place after an equal stretch."""
    days = period_days or _DEFAULT_FOLLOW_UP_DAYS
    observed, expected = finding["observed"]["value"], finding["expected"]["value"]
    return (
        f"改动上线满 {days} 天后复核同一处，目标："
        f"{then(scale.full(observed), '回到')} {then(scale.short(expected), '附近')}，对照组不变。"
    )
