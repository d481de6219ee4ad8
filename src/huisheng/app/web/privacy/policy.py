"""How long each kind of data is kept by default, and what happens to it then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from huisheng.records import Privacy, all_tables

LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of data.

    Attributes:
        id: its name in the policy.
        label: its Chinese name.
        then: what happens to what is older.
        days: how long it is kept by default.
        least: the fewest days that may be chosen.
        blanked: tables whose rows lose what is personal.
        deleted: tables whose rows go.
    """

    id: str
    label: str
    then: str
    days: int
    least: int
    blanked: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


RULES = (
    Rule("chat_text", "聊天原文（脱敏后）", "去掉文字，标签和指标留下", 180, 30, ("messages",)),
    Rule(
        "survey_answers",
        "问卷回答",
        "去掉文字和是谁答的，分数留下",
        365,
        30,
        ("surveys", "survey_answers"),
    ),
    Rule(
        "labels",
        "标签、质检命中、告警",
        "删除，只剩汇总",
        730,
        90,
        (),
        ("labels", "qa_hits", "alerts"),
    ),
    Rule(
        "orders",
        "订单、退款、纠纷、工单等",
        "去掉是谁、留言和备注，金额和时间留下",
        1095,
        365,
        (
            *("orders", "refunds", "disputes", "compensations", "conversations"),
            *("session_ratings", "tickets", "ticket_events", "followups", "lost_sales"),
        ),
    ),
    Rule("audit", "审计记录", "删除", 365, 180),
)
"""What is kept, in the order in which it is let go (PIPL art. 19: no longer than needed).

Logs must be kept for at least six months (网络安全法 art. 21).
"""


def days_of(chosen: Mapping[str, int]) -> dict[str, int]:
    """Return the days of every rule, the default where nobody chose."""
    return {rule.id: int(chosen.get(rule.id, rule.days)) for rule in RULES}


def cutoff(today: date, days: int) -> str:
    """Return the local date from which rows are kept, ISO."""
    return (today - timedelta(days=days)).isoformat()


def personal_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table that name somebody or hold words, without its key."""
    return tuple(
        column.stored
        for column in all_tables()[table].own.values()
        if column.privacy in (Privacy.PSEUDONYM, Privacy.MASKED)
        and column.stored not in all_tables()[table].key
    )


def met_by(table: str, rule: Rule, since: str) -> str:
    """Return the SQL condition of the rows that a rule still has to touch.

    `listed` holds the surveys before `since`, for answers, which carry no date.
    """
    old = f"local_date < '{since}'"
    if table == "survey_answers":
        old = (
            "EXISTS (SELECT 1 FROM listed l WHERE l.shop_id = stored.shop_id "
            "AND l.survey_id = stored.survey_id)"
        )
    if table in rule.deleted:
        return old
    filled = " OR ".join(f'"{column}" IS NOT NULL' for column in personal_columns(table))
    return f"{old} AND ({filled})"
