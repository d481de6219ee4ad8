"""售后咨询量: conversations, or customers per day, that asked about after-sales (S2:7)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window, iso_day, local_day
from huisheng.records import Row


def cases_sessions(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation started in the window."""
    sessions = _phased(facts, window)
    return sessions.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=sessions.conv_id,
        at=sessions.started_at,
        numerator=sessions.is_aftersale,
        denominator=sessions.is_labelled,
        reason=_reason(sessions),
        phase=sessions.phase,
    )


def cases_customers(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer and local day with a conversation started in the window."""
    sessions = _phased(facts, window)
    sessions = sessions.mutate(day=local_day(sessions.started_at, facts.offset_us))
    days = sessions.group_by("shop_id", "customer", "day").aggregate(
        at=sessions.started_at.min(),
        is_aftersale=sessions.is_aftersale.max(),
        is_labelled=sessions.is_labelled.max(),
        partial=sessions.unknown_customer.max(),
        conv_id=sessions.conv_id.min(where=sessions.is_aftersale > 0).coalesce(
            sessions.conv_id.min()
        ),
    )
    return days.select(
        "shop_id",
        "conv_id",
        "partial",
        case_id=days.customer + "|" + iso_day(days.day),
        at=days["at"],
        numerator=days.is_aftersale,
        denominator=days.is_labelled,
        reason=_reason(days),
    )


def _phased(facts: Facts, window: Window) -> ibis.Table:
    sessions = facts.relation("session_customers")
    sessions = sessions.filter(window.holds(sessions.started_at))
    joined = sessions.left_join(facts.relation("session_phases"), ["shop_id", "conv_id"]).drop(
        "shop_id_right", "conv_id_right"
    )
    return joined.mutate(
        is_aftersale=(joined.phase == "post").fill_null(False).cast("int64"),
        is_labelled=joined.phase.notnull().cast("int64"),
    )


def _reason(talks: ibis.Table) -> ibis.Value:
    return ibis.cases(
        (talks.is_labelled == 0, "no_scene"),
        (talks.is_aftersale == 0, "not_aftersale"),
        else_=ibis.null("string"),
    )


def _talk(conv: str, customer: str | None, at: str) -> dict[str, str | None]:
    return {"conv_id": conv, "customer_key": customer, "started_at": at}


def _label(conv: str, scene: str) -> dict[str, str]:
    return {
        "table_name": "conversations",
        "row_id": conv,
        "head": "scene",
        "label": scene,
        "source": "model",
        "version": "1",
    }


_ROWS: dict[str, tuple[Row, ...]] = {
    "conversations": (
        _talk("a", "k1", "2026-08-01 09:00:00"),
        _talk("b", "k1", "2026-08-01 21:00:00"),
        _talk("c", "k1", "2026-08-02 00:00:00"),
        _talk("d", "k2", "2026-08-01 09:00:00"),
        _talk("e", "k3", "2026-08-01 09:00:00"),
        _talk("f", "k4", "2026-08-03 00:00:00"),
        _talk("g", None, "2026-08-01 09:00:00"),
    ),
    "labels": (
        _label("a", "POST06"),
        _label("b", "MID13"),
        _label("b", "PRE16"),
        _label("c", "POST11"),
        _label("d", "PRE16"),
        _label("f", "POST06"),
        _label("g", "POST03"),
    ),
}

METRIC = Metric(
    label="售后咨询量",
    question="有多少会话（或顾客）是来问售后的？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    counts_events=True,
    inputs=("conversations", "messages", "labels"),
    labels={"scene": ()},
    reasons={"no_scene": "没有识别出诉求", "not_aftersale": "问的不是售后"},
    versions=(
        Version(
            "sessions",
            "2024-01-01",
            "S2:7；M03",
            cases_sessions,
            assumption="会话只要问到一个售后场景就算售后；分母为识别出诉求的会话",
        ),
        Version(
            "customers",
            "2024-01-01",
            "S2:7；M03",
            cases_customers,
            assumption="按顾客与自然日去重；没有顾客标识的会话，一个会话算一位顾客",
        ),
    ),
    proofs=(
        Proof(
            name="conversations with an after-sale scene, of those with any",
            rows=_ROWS,
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(
                numerator=4,
                denominator=5,
                value=4,
                excluded={"no_scene": 1, "not_aftersale": 1},
                counted={"b": True, "d": False, "e": False},
            ),
        ),
        Proof(
            name="customers: two conversations of a day are one, an unknown customer is partial",
            version="customers",
            rows=_ROWS,
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(
                numerator=3,
                denominator=4,
                quality="partial_input",
                excluded={"no_scene": 1, "not_aftersale": 1},
                counted={"k1|2026-08-01": True, "k1|2026-08-02": True, "k2|2026-08-01": False},
            ),
        ),
        Proof(
            name="nothing labelled is no data, not 0",
            rows={"conversations": _ROWS["conversations"]},
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
