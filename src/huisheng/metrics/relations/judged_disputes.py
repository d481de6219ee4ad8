"""判责: disputes and complaints that were judged, and against whom."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

LIABLE = r"^(商家责任|卖家责任|商家|卖家|merchant|seller)$"
LIABLE_VERDICT = "(商家|卖家)(责任|承担|有责)|判责(商家|卖家)|支持(买家|消费者)"
NOT_LIABLE_VERDICT = "(商家|卖家)无责|非(商家|卖家)|不支持(买家|消费者)"


def build(facts: Facts) -> ibis.Table:
    """Return one row per dispute or complaint with a judgement.

    Columns: shop_id, dispute_no, kind, order_no, refund_no, launched_at, judged_at (closing, else
    launching), merchant_liable (by the liable party recorded, else by the verdict's words).
    """
    disputes = facts.table("disputes")
    party = disputes.duty_party.strip().nullif("")
    verdict = disputes.verdict.strip().nullif("")
    judged = disputes.filter(
        disputes.kind.isin(("dispute", "complaint")) & (party.notnull() | verdict.notnull())
    )
    by_words = verdict.re_search(LIABLE_VERDICT) & ~verdict.re_search(NOT_LIABLE_VERDICT)
    return judged.select(
        "shop_id",
        "dispute_no",
        "kind",
        "launched_at",
        order_no=judged.order_no.nullif(""),
        refund_no=judged.refund_no.nullif(""),
        judged_at=judged.closed_at.coalesce(judged.launched_at),
        merchant_liable=party.re_search(LIABLE).coalesce(by_words),
    )


_AT = "2026-08-01 10:00:00"

RELATION = Relation(
    label="判责",
    build=build,
    proofs=(
        RelationProof(
            name="the liable party decides, else the verdict's words; work orders are not judged",
            rows={
                "disputes": (
                    {"dispute_no": "1", "kind": "dispute", "duty_party": "卖家责任"},
                    {
                        "dispute_no": "2",
                        "kind": "dispute",
                        "duty_party": "买家责任",
                        "verdict": "支持买家",
                    },
                    {"dispute_no": "3", "kind": "complaint", "verdict": "投诉成立，商家责任"},
                    {"dispute_no": "4", "kind": "complaint", "verdict": "商家无责，不支持买家"},
                    {"dispute_no": "5", "kind": "complaint", "launched_at": _AT},
                    {"dispute_no": "6", "kind": "work_order", "duty_party": "商家责任"},
                )
            },
            expect=(
                {"dispute_no": "1", "merchant_liable": True},
                {"dispute_no": "2", "merchant_liable": False},
                {"dispute_no": "3", "merchant_liable": True},
                {"dispute_no": "4", "merchant_liable": False},
            ),
        ),
    ),
)
