"""Report rows and accounts out of the per-agent sheets of Taobao and Tmall."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.columns import (
    extract,
    known,
    landed,
    one_per,
    pick,
)

_SUB_ACCOUNT = r"^(?:[^:：]+[:：])?\s*(?P<found>[^:：]+)$"


def sub_account(accounts: pa.Array) -> pa.Array:
    """Return the sub-account of `主账号:子账号`, or the account itself when it has none."""
    return extract(accounts, _SUB_ACCOUNT, "found")


def agent_rows(raw: pa.Table, account_header: str) -> Mapping[str, pa.Table]:
    """Return `agent_reports` and `agents` of a sheet with one row per account and day.

    Each sheet fills its own columns; the rows of one account and day meet in the lake.
    """
    account = pick(raw, account_header)
    agent_id = sub_account(account)
    reports = landed(
        raw,
        account=agent_id,
        report_date=pick(raw, "日期", "统计日期", "数据日期"),
        consult_customers=pick(raw, "咨询人数"),
        human_sessions=pick(raw, "人工接待会话量", "人工接待量", "有效接待人数"),
        avg_resp_sec=pick(raw, "平均响应时长", "平均响应时长(秒)", "人工平均响应时长"),
        resp_3min_rate=pick(raw, "3分钟人工响应率", "三分钟人工响应率"),
        satisfied_count=pick(raw, "满意评价量"),
        rating_count=pick(raw, "旺旺评价量", "评价量"),
    )
    agents = landed(raw, agent_id=agent_id, account=account, display_name=agent_id)
    return {"agent_reports": reports, "agents": known(one_per(agents, "agent_id"), "agent_id")}
