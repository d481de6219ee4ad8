"""A hand-made report of three made-up shops, rich enough to exercise every part of every page.

Nothing here was computed by the analyses; the numbers are plausible and agree with each other.
"""

from math import sin

from huisheng.app.report.document import (
    Charts,
    Document,
    Heatmap,
    Method,
    Names,
    Ranked,
    Share,
)
from tests.app.sample_findings import sample_findings
from tests.app.sample_metrics import (
    BEFORE,
    FIRST_REASON,
    LIMITS,
    METRIC_LABELS,
    PERIOD,
    SHOPS,
    day,
    sample_cards,
    sample_metrics,
    unit_of,
)


def sample_document() -> Document:
    """Return a fresh document; callers may change it freely."""
    return {
        "schema": "huisheng.report/1",
        "data_hash": "3fa9c21b7d04e8865b1c0f7a92de4413a6c8f05b9e27d1346fd8a0b7c5e29f10",
        "period": PERIOD.copy(),
        "compared_with": BEFORE.copy(),
        "shops": list(SHOPS),
        "metrics": sample_metrics(),
        "findings": sample_findings(),
        "quarantine": {
            "rows": 137,
            "reasons": {
                "订单号被表格软件改成科学计数法": 96,
                "金额不是数字": 23,
                "时间无法识别": 18,
            },
        },
        "charts": _charts(),
        "method": _method(),
        "names": _names(),
        "versions": {
            "huisheng": "0.1.0",
            "scenes": "2026.11",
            "aspects": "2026.11",
            "analyses": "concentration@1, change@1, timing@1, journey@1",
        },
    }


def empty_document() -> Document:
    """Return the report of a quiet month in one shop: nothing stuck, hardly any data."""
    document = sample_document()
    document["shops"] = ["hemu"]
    document["findings"] = []
    document["quarantine"] = {"rows": 0, "reasons": {}}
    document["metrics"] = [entry for entry in document["metrics"] if entry["shop_id"] == "hemu"]
    charts = document["charts"]
    charts["cards"] = [card for card in charts["cards"] if card["shop_id"] == "hemu"]
    for share in charts["departments"]:
        share.update(affected=0, cny=0.0, share=0.0)
    charts["heatmaps"] = []
    charts["scenes"] = []
    charts["aspects"] = []
    charts["refund_reasons"] = []
    charts["daily"] = {}
    return document


# --- charts --------------------------------------------------------------------------------------


def _heatmap(label: str, scale: float) -> Heatmap:
    """A working day's two humps with a weekend lift and an evening that nobody covers."""
    counts, missed = [], []
    for weekday in range(7):
        lift = 1.25 if weekday >= 5 else 1.0
        row = [
            round(scale * lift * _hump(hour) * (1 + 0.08 * sin(weekday * 3 + hour)))
            for hour in range(24)
        ]
        counts.append(row)
        missed.append(
            [
                round(
                    n * (0.34 if hour >= 21 else 0.55 if hour < 8 else 0.02 + 0.03 * (weekday > 4))
                )
                for hour, n in enumerate(row)
            ]
        )
    return {"label": label, "counts": counts, "missed": missed}


def _hump(hour: int) -> float:
    noon = max(0.0, 1 - abs(hour - 12) / 5.0)
    night = max(0.0, 1 - abs(hour - 21) / 4.0)
    return 0.04 + 0.7 * noon + night


def _ranked(rows: list[tuple[str, str, int, int, int]]) -> list[Ranked]:
    return [
        {"id": i, "label": label, "count": count, "before": before, "negative": negative}
        for i, label, count, before, negative in rows
    ]


def _shares() -> list[Share]:
    rows = [
        ("product", "产品部门", 296, 37_980.6),
        ("cs", "客服部门", 505, 6_530.5),
        ("carrier", "物流供应商", 41, 9_870.5),
        ("ops", "运营部门", 379, 6_989.0),
        ("warehouse", "仓储部门", 104, 1_936.0),
    ]
    total = sum(cny for *_, cny in rows)
    return [
        {"department": d, "label": label, "affected": n, "cny": cny, "share": cny / total}
        for d, label, n, cny in rows
    ]


def _daily(level: int, seed: int) -> list[tuple[str, int]]:
    return [
        (
            day(number),
            round(level * (1 + 0.18 * sin(number * 0.9 + seed)) + (level if number == 23 else 0)),
        )
        for number in range(30)
    ]


def _charts() -> Charts:
    return {
        "cards": sample_cards(),
        "last_day": "2026-09-14",
        "changes": [],
        "badges": [],
        "scores": [],
        "tips": [],
        "by_shop": {},
        "heatmaps": [
            _heatmap("晴川家居旗舰店", 96),
            _heatmap("禾木小家电专营店", 41),
            _heatmap("南陌女装店", 6),
        ],
        "departments": _shares(),
        "scenes": _ranked(
            [
                ("MID07", "物流查询", 2841, 2610, 402),
                ("PRE16", "到手价与优惠", 2210, 1904, 88),
                ("PRE18", "活动规则", 1120, 391, 205),
                ("MID06", "催发货", 1034, 1212, 377),
                ("POST06", "退货", 981, 702, 366),
                ("PRE08", "尺码推荐", 840, 866, 21),
                ("POST04", "质量问题反馈", 612, 288, 540),
                ("ANY01", "转人工", 455, 431, 198),
                ("POST12", "退货物流与运费", 401, 388, 120),
                ("PRE12", "厚薄与适穿温度", 96, 0, 2),
            ]
        ),
        "aspects": _ranked(
            [
                ("P03", "产品质量", 604, 377, 521),
                ("L02", "物流速度", 580, 560, 233),
                ("C02", "服务态度", 511, 498, 94),
                ("P02", "使用效果", 488, 502, 61),
                ("L04", "破损丢件", 201, 133, 198),
                ("P06", "描述相符", 166, 121, 102),
                ("C05", "机器人体验", 131, 74, 126),
                ("L06", "包装", 118, 120, 40),
            ]
        ),
        "refund_reasons": _ranked(
            [
                ("7天无理由", "7天无理由退换货", 512, 498, 0),
                ("质量问题", "质量问题", 288, 131, 288),
                ("不喜欢", "不喜欢 / 效果不好", 201, 210, 0),
                ("破损", "商品破损", 96, 51, 96),
                ("发货慢", "未按约定时间发货", 44, 61, 44),
                ("少件", "少件 / 漏发", 31, 12, 31),
            ]
        ),
        "daily": {
            "orders": _daily(548, 1),
            "conversations": _daily(402, 2),
            "refunds": _daily(46, 3),
            "reviews": _daily(61, 4),
        },
    }


# --- method and names ----------------------------------------------------------------------------


def _method() -> Method:
    return {
        "notes": [
            "所有比率都是总数除以总数，不对比率求平均；没有分母就没有值。",
            "卡点按「单位暴露的发生率」与同类、同期相比，多重比较用错误发现率控制在 5% 以内。",
            "跨期比较用相同的观察天数：晚付款的订单还没来得及退款的部分不计。",
            "金额影响 = 超出应有水平的人数 × 该处单均退款与补偿，不含口碑损失。",
        ],
        "metric_notes": [
            {
                "metric": metric,
                "version": "2022" if metric in LIMITS else "1",
                "unit": unit_of(metric),
                "source": "平台 2022 版规则" if metric in LIMITS else "店铺口径",
                "assumption": FIRST_REASON if metric == "first_quality_refund_rate" else "",
            }
            for metric in METRIC_LABELS
        ],
        "coverage": [
            {
                "shop_id": "qingchuan",
                "table": "orders",
                "rows": 23_118,
                "start": "2026-07-01",
                "end": "2026-09-14",
            },
            {
                "shop_id": "qingchuan",
                "table": "messages",
                "rows": 188_402,
                "start": "2026-07-01",
                "end": "2026-09-14",
            },
            {"shop_id": "hemu", "table": "reviews", "rows": 0, "start": None, "end": None},
            {"shop_id": "nanmo", "table": "messages", "rows": None, "start": None, "end": None},
        ],
        "model": {
            "语言模型": "字符 1–4 元线性模型 2026.11",
            "情感准确率": "0.94（留出集 4,000 条）",
        },
        "comparisons": 2310,
        "missing": [
            "南陌女装店没有导入聊天记录，响应类指标没有值（不是 0）。",
            "禾木小家电专营店的评价表是空的：导入过，这段时间确实没有评价。",
        ],
    }


def _names() -> Names:
    return {
        "shops": {
            "qingchuan": "晴川家居旗舰店",
            "hemu": "禾木小家电专营店",
            "nanmo": "南陌女装店",
        },
        "metrics": dict(METRIC_LABELS),
        "aspects": {
            "P03": "产品质量",
            "L04": "破损丢件",
            "L05": "错发漏发",
            "P06": "描述相符",
            "C05": "机器人体验",
        },
        "scenes": {"POST06": "退货", "PRE18": "活动规则"},
        "departments": {
            "ops": "运营部门",
            "product": "产品部门",
            "cs": "客服部门",
            "warehouse": "仓储部门",
            "carrier": "物流供应商",
        },
        "dimensions": {
            "product_id": "商品",
            "sku_id": "规格",
            "carrier": "快递",
            "province": "省份",
            "hour": "时段",
            "agent_group": "客服组",
            "agent_id": "客服",
            "campaign_id": "活动",
            "step": "环节",
            "category": "类目",
            "channel": "渠道",
        },
        "reasons": {
            "aftersale_rating": "售后满意度评价，不属于旺旺满意度",
            "cheating": "平台判定为刷评",
            "out_of_hours": "不在 8 点到 23 点",
            "robot_auto": "机器人全自动接待",
            "buyer_duty": "判为买家责任",
            "not_signed": "退款时还没签收",
            "not_closed": "还没结案",
        },
        "products": {
            "8801": "云感记忆棉枕",
            "8802": "四季乳胶枕",
            "7203": "静音破壁机 Pro",
            "6117": "垂感阔腿裤",
        },
        "agents": {"a-301": "小陶"},
        "steps": {},
    }
