"""售后服务渠道使用: contacts by the channel they came through (S2:10)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per contact in the window, each through one channel.

    Conversations (a robot's own are channel robot), tickets that no conversation led to, refunds
    applied for on the platform (self_service) and disputes launched there (platform).
    """
    parts = [_sessions(facts), _tickets(facts), _refunds(facts), _disputes(facts)]
    contacts = ibis.union(*parts)
    contacts = contacts.filter(window.holds(contacts["at"]))
    return contacts.mutate(
        numerator=ibis.literal(1, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
    )


def _sessions(facts: Facts) -> ibis.Table:
    sessions = facts.relation("sessions")
    alone = (sessions.reception_type == "robot").fill_null(False)
    return sessions.select(
        "shop_id",
        "order_no",
        case_id=sessions.conv_id,
        at=sessions.started_at,
        channel=ibis.ifelse(alone, "robot", sessions.channel.nullif("").fill_null("im")),
    )


def _tickets(facts: Facts) -> ibis.Table:
    tickets = facts.table("tickets")
    own = tickets.filter(tickets.conv_id.fill_null("") == "")
    return own.select(
        "shop_id",
        "order_no",
        case_id=own.ticket_no,
        at=own.created_at,
        channel=own.channel.nullif("").fill_null("ticket"),
    )


def _refunds(facts: Facts) -> ibis.Table:
    refunds = facts.table("refunds")
    return refunds.select(
        "shop_id",
        "order_no",
        case_id=refunds.refund_no,
        at=refunds.applied_at,
        channel=ibis.literal("self_service"),
    )


def _disputes(facts: Facts) -> ibis.Table:
    disputes = facts.table("disputes")
    return disputes.select(
        "shop_id",
        "order_no",
        case_id=disputes.dispute_no,
        at=disputes.launched_at,
        channel=ibis.literal("platform"),
    )


_AT = "2026-08-15 12:00:00"

METRIC = Metric(
    label="服务渠道使用量",
    question="买家从哪些渠道来找我们？（按渠道拆分看占比）",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    inputs=("conversations", "tickets", "refunds", "disputes"),
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S2:10；M05",
            cases,
            assumption="由会话转成的工单只算会话一次；没有写渠道的会话算在线客服（im）",
        ),
    ),
    proofs=(
        Proof(
            name="a ticket born of a conversation is no second contact",
            rows={
                "conversations": (
                    {"conv_id": "a", "started_at": _AT},
                    {"conv_id": "b", "started_at": _AT, "channel": "phone"},
                    {"conv_id": "c", "started_at": _AT, "reception_type": "robot"},
                    {"conv_id": "d", "started_at": "2026-08-31 00:00:00"},
                ),
                "tickets": (
                    {"ticket_no": "t1", "created_at": _AT, "conv_id": "a"},
                    {"ticket_no": "t2", "created_at": _AT, "conv_id": "", "channel": "wechat"},
                ),
                "refunds": ({"refund_no": "r1", "applied_at": _AT},),
                "disputes": ({"dispute_no": "d1", "launched_at": _AT},),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=6,
                denominator=6,
                value=6,
                excluded={},
                counted={"a": True, "t2": True, "r1": True},
            ),
        ),
    ),
)
