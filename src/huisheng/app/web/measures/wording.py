"""How metrics, their cases and their groups are told in Chinese."""

from collections.abc import Mapping
from functools import cache

from huisheng.app.report import Document
from huisheng.app.report.amounts import amount
from huisheng.app.report.labels import WEEKDAYS, Labels, table_name
from huisheng.app.web.shell.wording import local_time
from huisheng.metrics import Better, Case, Metric, Rollup, Unit, Which
from huisheng.records import all_tables

UNITS = {
    Unit.SHARE: "百分比",
    Unit.SECONDS: "秒",
    Unit.HOURS: "小时",
    Unit.YUAN: "元",
    Unit.COUNT: "个数",
    Unit.SCORE: "分",
}
ROLLUPS = {
    Rollup.RATIO: "分子合计 ÷ 分母合计；跨天、跨商品都先合计再相除，不对比率求平均",
    Rollup.MEAN: "每条记录的值合计 ÷ 记录数；另给中位数（p50）和九成位（p90）",
    Rollup.SUM: "每条记录的值合计",
    Rollup.PEAK: "一天 24 个钟点里，合计最大的那一个",
}
DIRECTIONS = {
    Better.HIGHER: "越高越好",
    Better.LOWER: "越低越好",
    Better.NEITHER: "没有好坏，看变化",
}
WHICH = {
    Which.NUMERATOR: "计入分子",
    Which.DENOMINATOR: "计入分母",
    Which.REMAINDER: "只计入分母",
    Which.LEFT_OUT: "不计入",
}
WHICH_OF_AMOUNTS = {
    Which.NUMERATOR: "计入",
    Which.DENOMINATOR: "全部计数",
    Which.REMAINDER: "数值为 0",
    Which.LEFT_OUT: "不计入",
}
FACTS = {
    "agent_id": "客服",
    "batch_no": "批次",
    "channel": "渠道",
    "component": "组成",
    "conv_id": "会话",
    "finished_by": "由谁完结",
    "first_reason": "首次原因",
    "has_exchange": "有换货",
    "has_return": "有退货",
    "initiator": "发起方",
    "invite_source": "邀评来源",
    "is_default": "默认好评",
    "kind": "类型",
    "last_question_at": "最后一问",
    "level": "级别",
    "order_count": "订单数",
    "order_no": "订单",
    "outcome_at": "结果时间",
    "paid_at": "付款时间",
    "paid_order_no": "付款订单",
    "peak_level": "情绪级别",
    "phase": "阶段",
    "picked_at": "揽收时间",
    "product_id": "商品",
    "rating_id": "评价",
    "reception_type": "接待方式",
    "refund_no": "退款",
    "refund_reason": "退款原因",
    "reply_sec": "回复用时（秒）",
    "round_no": "第几轮",
    "score": "分数",
    "shipped": "已发货",
    "sku_id": "规格",
    "stars": "星级",
    "status": "状态",
    "step": "环节",
    "subject": "评价对象",
    "succeeded": "已成功",
    "ticket_no": "工单",
    "ticket_type": "工单类型",
    "type": "类型",
    "whole_order": "整单",
    "withdrawn": "已撤销",
}
"""Names of what cases rest on; other columns go by what the records say of them."""

CODES: Mapping[str, Mapping[str, str]] = {
    "weekday": {str(number): name for number, name in enumerate(WEEKDAYS, start=1)},
    "reception_type": {"robot": "机器人", "human": "人工", "mixed": "机器人转人工"},
    "channel": {
        "im": "在线聊天", "phone": "电话", "wechat": "微信", "review": "评价", "ticket": "工单",
        "sms": "短信", "form": "表单", "robot": "机器人", "self_service": "自助", "dispute": "纠纷",
    },
    "ticket_type": {
        "return_refund": "退货退款", "exchange": "换货", "parts_resend": "补寄配件",
        "repair": "维修", "complaint": "投诉", "internal_complaint": "内部投诉",
        "product_issue": "商品问题", "logistics_exception": "物流异常", "emergency": "紧急事件",
        "batch_payment": "批量打款", "presale_care": "售前关怀",
    },
    "type": {
        "refund_only": "仅退款", "return_refund": "退货退款", "exchange": "换货", "repair": "维修",
        "resend": "补发", "good": "好评", "mid": "中评", "bad": "差评",
    },
    "status": {"success": "成功", "closed": "关闭"},
    "kind": {
        "dispute": "纠纷", "complaint": "投诉", "work_order": "协同工单", "refund": "退款",
        "transfer": "转账", "resend": "补发", "coupon": "优惠券", "ticket": "工单处理",
    },
    "initiator": {"consumer": "买家", "platform": "平台", "merchant": "商家"},
    "finished_by": {"merchant": "商家", "system": "系统", "platform": "平台"},
    "invite_source": {"agent": "客服", "robot": "机器人", "system": "系统", "customer": "买家"},
    "phase": {"pre": "售前", "mid": "售中", "post": "售后", "any": "不分阶段"},
    "subject": {"chat": "聊天", "robot": "机器人", "aftersale": "售后"},
    "component": {
        "csat": "售后评价", "solved_at_once": "一次解决", "on_time": "时效达标",
        "first_complaint": "没有再次投诉", "calm": "情绪没有升级",
    },
}  # fmt: skip
"""What the codes in cases and groups mean."""

PARTIAL = "partial"
ELSEWHERE = frozenset({"conv_id", "order_no", PARTIAL})
"""Columns of a case that pages show in places of their own."""


def which_names(metric: Metric) -> Mapping[Which, str]:
    """Return what the parts of a metric's cases are called."""
    return WHICH if metric.rollup is Rollup.RATIO else WHICH_OF_AMOUNTS


def inputs_told(metric: Metric) -> str:
    """Return the tables a metric needs."""
    return "、".join(table_name(table) for table in metric.inputs)


def group_name(dimension: str, group: str, document: Document) -> str:
    """Return the name of one group of a breakdown."""
    known = {"sku_id": document["names"]["products"]}.get(dimension) or CODES.get(dimension, {})
    return known.get(group) or Labels(document).member(dimension, group)


def contribution(case: Case, metric: Metric) -> str:
    """Return what one case adds to the number: `12.3 秒`, `1 / 1`."""
    if metric.rollup is Rollup.RATIO:
        return f"{case.numerator:g} / {case.denominator:g}"
    return amount(case.numerator, metric.unit.value) if case.which is Which.NUMERATOR else "—"


def facts_told(case: Case, document: Document) -> list[tuple[str, str]]:
    """Return what a case rests on, as (name, value) in words."""
    return [
        (fact_name(name), _fact(name, value, document))
        for name, value in case.facts.items()
        if name not in ELSEWHERE and value not in (None, "")
    ]


@cache
def fact_name(column: str) -> str:
    """Return the name of a column of a case."""
    if column in FACTS:
        return FACTS[column]
    means = (table.own[column].means for table in all_tables().values() if column in table.own)
    return next((text for text in means if "|" not in text), column)


def _fact(name: str, value: str | int | float | bool | None, document: Document) -> str:
    if value is True or value is False:
        return "是" if value else "否"
    if name.endswith("_at") and value is not None:
        return local_time(int(value), "%m-%d %H:%M")
    text = f"{value:g}" if type(value) is float else str(value)
    return group_name(name, text, document)
