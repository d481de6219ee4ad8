"""旺旺 ratings one by one: who was rated, what for, how.

The header is not verified against a real export: expect to map columns the first time.
"""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.agent_rows import sub_account
from huisheng.intake.columns import known, landed, one_per, pick, recode
from huisheng.intake.connector import Connector

SUBJECT = (
    ("机器人|智能|店小蜜", "robot"),
    ("售后|退款", "aftersale"),
    ("人工|客服|旺旺|会话|咨询|售前", "chat"),
)
LEVEL = (
    ("很不满意|非常不满意|十分不满意|^1(\\.0)?[星分]?$|^一星", "很不满意"),
    ("不满意|^2(\\.0)?[星分]?$|^[二两]星|差", "不满意"),
    ("一般|^3(\\.0)?[星分]?$|^三星", "一般"),
    ("很满意|非常满意|十分满意|^5(\\.0)?[星分]?$|^五星", "很满意"),
    ("满意|^4(\\.0)?[星分]?$|^四星|好", "满意"),
)


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the ratings, and the accounts that were rated."""
    account = pick(raw, "旺旺账号", "客服账号", "客服旺旺", "被评客服")
    agent_id = sub_account(account)
    ratings = landed(
        raw,
        rating_id=pick(raw, "评价编号", "评价ID", "评价流水号"),
        conv_id=pick(raw, "会话ID", "会话编号"),
        agent_id=agent_id,
        customer_key=pick(raw, "买家昵称", "买家会员名", "买家旺旺", "顾客"),
        order_no=pick(raw, "订单编号", "订单号"),
        subject=recode(pick(raw, "评价对象"), SUBJECT),
        level=recode(pick(raw, "满意度", "评价等级"), LEVEL),
        invited_at=pick(raw, "邀评时间", "邀请时间"),
        rated_at=pick(raw, "评价时间"),
        valid_until=pick(raw, "评价截止时间", "有效期至"),
        invite_source=pick(raw, "邀评来源", "邀评方式"),
        comment=pick(raw, "评语", "评价留言", "评价内容", "留言"),
        tags=pick(raw, "评价标签", "标签"),
        is_cheating=pick(raw, "是否刷评", "刷评", "是否作弊"),
    )
    accounts = landed(raw, agent_id=agent_id, account=account, display_name=agent_id)
    return {
        "session_ratings": ratings,
        "agents": known(one_per(accounts, "agent_id"), "agent_id"),
    }


CONNECTOR = Connector(
    label="旺旺评价明细（千牛 → 客户之声 → 服务满意度 → 评价明细，逐条）",
    platform="tmall",
    header=frozenset({"评价时间", "旺旺账号", "评价对象", "满意度"}),
    convert=convert,
)
