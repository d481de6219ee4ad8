"""The metrics and cards of the hand-made sample report: three shops, thirty days."""

from datetime import date, timedelta
from math import cos, sin

from huisheng.app.report.document import Card, MetricEntry, Span

PERIOD: Span = {"start": "2026-08-16", "end": "2026-09-14"}
BEFORE: Span = {"start": "2026-07-17", "end": "2026-08-15"}
SHOPS = ("qingchuan", "hemu", "nanmo")


_QUESTIONS = {
    "ww_satisfaction": "买家给客服（含机器人）的评价里，满意的占多少？",
    "platform_help_rate": "每一百笔成交，有多少买家去找平台？",
    "first_quality_refund_rate": "付款订单里，有多少第一次退款就说质量不好？",
    "resp_3min_rate": "8 点到 23 点，买家的话有多少在三分钟内有人回？",
    "first_resp_sec": "买家进线后，平均等多久等到第一句人话？",
    "inquiry_conversion_rate": "没买过的人来问，有多少买了？",
    "refund_amount": "这段时间一共退了多少钱？",
}
METRIC_LABELS = {
    "ww_satisfaction": "旺旺满意度",
    "platform_help_rate": "平台求助率",
    "first_quality_refund_rate": "首次品退率",
    "resp_3min_rate": "3分钟人工响应率",
    "first_resp_sec": "首次响应时间",
    "inquiry_conversion_rate": "询单转化率",
    "refund_amount": "退货退款金额",
    "return_rate": "退货率",
    "complaint_handle_hours": "投诉处理时长",
    "hourly_load": "高峰时段",
}
_UNITS = {
    "first_resp_sec": ("seconds", "lower"),
    "refund_amount": ("yuan", "lower"),
    "complaint_handle_hours": ("hours", "lower"),
    "hourly_load": ("count", "neither"),
    "platform_help_rate": ("share", "lower"),
    "first_quality_refund_rate": ("share", "lower"),
}
LIMITS = {
    "ww_satisfaction": 0.95,
    "platform_help_rate": 0.005,
    "first_quality_refund_rate": 0.01,
    "resp_3min_rate": 0.9,
}


def unit_of(metric: str) -> str:
    return _UNITS.get(metric, ("share", "higher"))[0]


def day(offset: int) -> str:
    return (date.fromisoformat(PERIOD["start"]) + timedelta(days=offset)).isoformat()


def _trend(level: float, swing: float, drift: float, seed: int) -> list[tuple[str, float | None]]:
    """Thirty days around `level`; one gap, so that drawing has to cope with missing days."""
    points: list[tuple[str, float | None]] = []
    for number in range(30):
        wave = sin(number * 0.9 + seed) * 0.6 + cos(number * 2.3 + seed * 1.7) * 0.4
        value = round(level + swing * wave + drift * (number - 29) / 29, 6)
        points.append((day(number), None if (number + seed) % 19 == 11 else max(0.0, value)))
    return points


def _card(
    shop_id: str,
    metric: str,
    now: tuple[float, int],
    before: float | None,
    headroom: dict[str, int | None] | None,
    swing: float = 0.0,
    quality: str = "ok",
    assumption: str = "",
) -> Card:
    numerator, denominator = now
    unit, better = _UNITS.get(metric, ("share", "higher"))
    value = numerator if unit == "yuan" else numerator / denominator if denominator else None
    drift = (value - before) if value is not None and before is not None else 0.0
    seed = SHOPS.index(shop_id) * 7 + len(metric)
    trend = [] if value is None else _trend(value, swing, drift, seed)
    if unit == "yuan":
        trend = [(when, None if v is None else round(v / 30, 2)) for when, v in trend]
    return {
        "metric": metric,
        "label": METRIC_LABELS[metric],
        "question": _QUESTIONS[metric],
        "unit": unit,
        "better": better,
        "shop_id": shop_id,
        "value": value,
        "before": before,
        "threshold": LIMITS.get(metric),
        "numerator": numerator,
        "denominator": denominator,
        "quality": quality,
        "headroom": headroom,
        "trend": trend,
        "assumption": assumption,
    }


def _room(more_good: int, fewer_bad: int, slack: int = 0) -> dict[str, int | None]:
    return {"more_good": more_good, "fewer_bad": fewer_bad, "slack": slack}


FIRST_REASON = "导出文件只有当前退款原因，按它计算；买家改过原因的会算错"


def sample_cards() -> list[Card]:
    return [
        _card("qingchuan", "ww_satisfaction", (1803, 1899), 0.9581, _room(21, 2), 0.018),
        _card("qingchuan", "platform_help_rate", (47, 11208), 0.00368, _room(0, 0, 9), 0.0016),
        _card(
            "qingchuan",
            "first_quality_refund_rate",
            (204, 11208),
            0.00914,
            _room(9192, 92),
            0.004,
            quality="partial_input",
            assumption=FIRST_REASON,
        ),
        _card("qingchuan", "resp_3min_rate", (20871, 24110), 0.9127, _room(8280, 828), 0.03),
        _card("qingchuan", "first_resp_sec", (431_412.0, 5130), 61.3, None, 14.0),
        _card("qingchuan", "inquiry_conversion_rate", (1344, 3921), 0.3611, None, 0.04),
        _card("qingchuan", "refund_amount", (186_402.35, 1391), 142_718.9, None, 41_000.0),
        _card("hemu", "ww_satisfaction", (702, 728), 0.9588, _room(0, 0, 10), 0.02),
        _card("hemu", "platform_help_rate", (9, 4302), 0.0019, _room(0, 0, 12), 0.0012),
        _card("hemu", "resp_3min_rate", (8120, 8704), 0.9318, _room(0, 0, 318), 0.02),
        _card("hemu", "first_resp_sec", (71_288.0, 1904), 38.2, None, 6.0),
        _card("hemu", "inquiry_conversion_rate", (511, 1388), 0.3684, None, 0.05),
        _card("nanmo", "ww_satisfaction", (20, 22), None, _room(18, 1), 0.05, quality="low_sample"),
        _card("nanmo", "platform_help_rate", (3, 918), 0.0041, _room(0, 0, 1), 0.002),
        _card("nanmo", "resp_3min_rate", (0, 0), None, None, quality="no_data"),
        _card("nanmo", "inquiry_conversion_rate", (88, 301), 0.2923, None, 0.06),
    ]


def sample_metrics() -> list[MetricEntry]:
    entries: list[MetricEntry] = [
        {
            "id": card["metric"],
            "version": "2022",
            "shop_id": card["shop_id"],
            "platform": "tmall" if card["shop_id"] != "nanmo" else "taobao",
            "value": card["value"],
            "numerator": card["numerator"],
            "denominator": card["denominator"],
            "window": PERIOD.copy(),
            "quality": card["quality"],
            "excluded": _excluded(card),
        }
        for card in sample_cards()
    ]
    entries.append(
        {
            "id": "complaint_handle_hours",
            "version": "1",
            "shop_id": "qingchuan",
            "platform": "tmall",
            "value": 31.52,
            "numerator": 1292.32,
            "denominator": 41,
            "window": PERIOD.copy(),
            "quality": "ok",
            "excluded": {"not_closed": 6},
            "p50": 26.4,
            "p90": 70.25,
        }
    )
    for product, part in (("8801", (71, 902)), ("8802", (12, 1204)), ("8805", (0, 4))):
        numerator, denominator = part
        small = denominator < 10
        entries.append(
            {
                "id": "first_quality_refund_rate",
                "version": "2022",
                "shop_id": "qingchuan",
                "platform": "tmall",
                "value": None if small else numerator / denominator,
                "numerator": numerator,
                "denominator": denominator,
                "window": PERIOD.copy(),
                "quality": "low_sample" if small else "partial_input",
                "excluded": {},
                "group": product,
            }
        )
    return entries


def _excluded(card: Card) -> dict[str, int]:
    return {
        "ww_satisfaction": {"aftersale_rating": 312, "cheating": 4},
        "resp_3min_rate": {"out_of_hours": 1893, "robot_auto": 6204},
        "first_quality_refund_rate": {"buyer_duty": 17, "not_signed": 88},
    }.get(card["metric"], {})
