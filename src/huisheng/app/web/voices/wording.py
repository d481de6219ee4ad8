"""How this room writes codes, amounts of fen, and shares."""

from collections.abc import Mapping

from huisheng.app.report.amounts import yuan

CODES: Mapping[str, str] = {
    "refund_only": "仅退款",
    "return_refund": "退货退款",
    "exchange": "换货",
    "repair": "维修",
    "resend": "补发",
    "applied": "已申请",
    "agreed": "已同意",
    "rejected": "已拒绝",
    "returning": "退货中",
    "received": "已收到退货",
    "success": "已完成",
    "closed": "已关闭",
    "created": "已下单",
    "picked": "已揽收",
    "transit": "运输中",
    "delivering": "派送中",
    "signed": "已签收",
    "returned": "已退回",
    "exception": "异常",
    "out": "发出",
    "return": "退回",
    "robot": "机器人接待",
    "human": "人工接待",
    "mixed": "机器人转人工",
    "chat": "对接待的评价",
    "aftersale": "对售后的评价",
    "good": "好评",
    "mid": "中评",
    "bad": "差评",
    "ordered": "下单了",
    "lost": "流失了",
    "resolved": "已解决",
    "dispute": "纠纷",
    "complaint": "投诉",
    "work_order": "平台工单",
    "consumer": "消费者",
    "platform": "平台",
    "merchant": "商家",
    "system": "系统",
    "im": "在线聊天",
    "phone": "电话",
    "solved": "已解决",
    "rating_recovery": "差评挽回",
    "parts_resend": "配件补发",
    "product_issue": "商品问题",
    "emergency": "紧急事件",
    "logistics_exception": "物流异常",
    "internal_complaint": "内部投诉",
    "urge_shipping": "催发货",
    "batch_payment": "批量打款",
    "presale_care": "预售关怀",
    "price_protect": "价保",
    "invoice": "发票",
    "groupbuy_lead": "团购线索",
    "knowledge_gap": "知识缺口",
    "data_request": "取数",
    "shipped": "已发货",
    "paid": "已打款",
    "refunded": "已退款",
    "approved": "已批准",
    "registered": "已登记",
    "triaged": "已分派",
    "verified": "已核实",
    "inspected": "已验货",
    "pending_pay": "待打款",
    "first_contact": "已联系",
    "reviewed": "已复核",
    "new_shipped": "新货已发",
    "return_shipped": "退货在途",
    "carrier_asked": "已问快递",
    "warehouse_answer": "仓库已答复",
    "solution_done": "方案已定",
    "decision": "已定方案",
    "action": "处理中",
    "erp_sent": "已推送仓库",
    "ops": "运营",
    "product": "产品",
    "cs": "客服",
    "warehouse": "仓储",
    "carrier": "物流",
}

FIELDS: Mapping[str, str] = {
    "channel": "渠道",
    "direction": "方向",
    "finished_by": "由谁结束",
    "initiator": "由谁发起",
    "invite_source": "由谁邀评",
    "kind": "种类",
    "level": "级别",
    "reception_type": "接待方式",
    "result": "结果",
    "role": "谁说的",
    "stage": "售中还是售后",
    "status": "状态",
    "subject": "评的是什么",
    "type": "类型",
}
"""Columns whose meaning is written as a list of codes, as readers know them."""


def field(name: str, means: str) -> str:
    """Return what a record page calls a column; notes in brackets and lists of codes left out."""
    return FIELDS.get(name, name) if "|" in means else means.split("（")[0]


def word(code: object) -> str:
    """Return the Chinese word for a code, the code itself where there is none."""
    return CODES.get(str(code), str(code)) if code not in (None, "") else ""


def fen(amount: object) -> str:
    """Return an amount of fen as yuan; empty for none."""
    return "" if amount is None else yuan(int(str(amount)) / 100)


def percent(p: float | None) -> str:
    """Return a probability as `87%`; empty for none."""
    return "" if p is None else f"{p:.0%}"
