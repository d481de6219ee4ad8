"""拼多多平台求助率: orders of the window whose buyer asked the platform for help (W20, G34)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window; a withdrawn request still counts."""
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    disputes = facts.table("disputes")
    disputes = disputes.filter(
        disputes.kind.isin(("dispute", "complaint")) & window.holds(disputes.launched_at)
    )
    by_consumer = disputes.initiator.fill_null("consumer") == "consumer"
    asked = disputes.group_by("shop_id", "order_no").aggregate(
        asked=by_consumer.cast("int64").max(), dispute_no=disputes.dispute_no.min(where=by_consumer)
    )
    joined = paid.left_join(asked, ["shop_id", "order_no"])
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=joined.asked.fill_null(0),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.ifelse(
            (joined.asked == 0).fill_null(False), "not_by_consumer", ibis.null("string")
        ),
        dispute_no=joined.dispute_no,
    )


_AT = "2026-08-15 12:00:00"


def _dispute(number: int, order_no: str, **cells: str) -> dict[str, str]:
    return {
        "dispute_no": f"d{number}",
        "kind": "dispute",
        "order_no": order_no,
        "initiator": "consumer",
        "launched_at": _AT,
        **cells,
    }


METRIC = Metric(
    label="平台求助率（拼多多）",
    question="成团订单里，有多少笔的买家找了平台帮忙？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    platforms=("pdd",),
    inputs=("orders", "disputes"),
    reasons={"not_by_consumer": "不是消费者发起"},
    versions=(
        Version("2024", "2024-01-01", "W20；G34", cases, assumption="成团订单以付款订单代替"),
    ),
    proofs=(
        Proof(
            name="orders, not requests; withdrawn counts, the merchant's own does not",
            rows={
                "orders": (
                    *({"order_no": f"o{n}", "paid_at": _AT} for n in range(10)),
                    {"order_no": "july", "paid_at": "2026-07-31 23:59:59"},
                ),
                "disputes": (
                    _dispute(1, "o0"),
                    _dispute(2, "o0", kind="complaint"),
                    _dispute(3, "o1", withdrawn_at=_AT),
                    _dispute(4, "o2", initiator="merchant"),
                    _dispute(5, "o3", kind="work_order"),
                    _dispute(6, "o4", launched_at="2026-08-31 00:00:00"),
                    _dispute(7, "july"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=10,
                value=0.2,
                excluded={"not_by_consumer": 1},
                counted={"o0": True, "o2": False, "o4": False},
            ),
        ),
    ),
)
