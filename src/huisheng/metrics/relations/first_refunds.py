"""首次退款原因: every refund with the reason that was given first, and whether it is quality."""

from functools import cache
from importlib.resources import files

import ibis
import pyarrow as pa
import pyarrow.csv

from huisheng.metrics.facts import Facts, Relation, RelationProof


@cache
def shipped_reasons() -> pa.Table:
    """Return the shipped list of refund reasons: code, is_quality (domain §1.3)."""
    with (files("huisheng.metrics") / "refund_reasons.csv").open("rb") as file:
        return pyarrow.csv.read_csv(file)


def build(facts: Facts) -> ibis.Table:
    """Return one row per refund.

    Columns: shop_id, refund_no, order_no, sub_order_no, type, applied_at, duty_party, reason (the
    first reason recorded as an event, else the current reason when first imported), is_quality
    (false for a reason that no list knows), assumed (1 where only a current reason is known).
    """
    refunds = facts.table("refunds")
    first = refunds.first_reason_code
    seen = refunds.first_seen_reason_code.coalesce(refunds.reason_code)
    reasons = refunds.select(
        "shop_id",
        "refund_no",
        "order_no",
        "sub_order_no",
        "type",
        "applied_at",
        "duty_party",
        reason=first.coalesce(seen),
        assumed=(first.isnull() & seen.notnull()).cast("int64"),
    )
    known = _known(facts)
    joined = reasons.left_join(
        known, [reasons.shop_id == known.shop_id, reasons.reason == known.code]
    )
    return joined.select(*reasons.columns, is_quality=joined.is_quality.fill_null(False))


def _known(facts: Facts) -> ibis.Table:
    """Return shop_id, code, is_quality: a shop's own list wins over the shipped one."""
    own = facts.table("refund_reasons").select("shop_id", "code", "is_quality")
    shops = facts.table("refunds").select("shop_id").distinct()
    shipped = shops.cross_join(ibis.memtable(shipped_reasons())).anti_join(own, ["shop_id", "code"])
    return own.union(shipped.select("shop_id", "code", "is_quality"))


_AT = "2026-08-01 10:00:00"

RELATION = Relation(
    label="首次退款原因",
    build=build,
    proofs=(
        RelationProof(
            name="the first reason decides, a shop's own list wins, an unknown one is no quality",
            rows={
                "refunds": (
                    {
                        "refund_no": "1",
                        "first_reason_code": "质量问题",
                        "reason_code": "不想要了",
                        "applied_at": _AT,
                    },
                    {
                        "refund_no": "2",
                        "first_reason_code": "不想要了",
                        "reason_code": "质量问题",
                        "applied_at": _AT,
                    },
                    {"refund_no": "3", "reason_code": "质量问题", "applied_at": _AT},
                    {"refund_no": "4", "first_reason_code": "少件", "applied_at": _AT},
                    {"refund_no": "5", "first_reason_code": "没听说过", "applied_at": _AT},
                ),
                "refund_reasons": ({"code": "少件", "is_quality": True},),
            },
            expect=(
                {"refund_no": "1", "reason": "质量问题", "is_quality": True, "assumed": 0},
                {"refund_no": "2", "reason": "不想要了", "is_quality": False, "assumed": 0},
                {"refund_no": "3", "reason": "质量问题", "is_quality": True, "assumed": 1},
                {"refund_no": "4", "is_quality": True},
                {"refund_no": "5", "is_quality": False},
            ),
        ),
    ),
)
