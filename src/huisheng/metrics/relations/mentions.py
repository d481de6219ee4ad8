"""提及: every label of a buyer's words, with the conversation, order and product it is about."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

LINKS = ("conv_id", "order_no", "sub_order_no", "product_id")

SOURCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "messages": ("msg_id", ("conv_id",)),
    "reviews": ("review_no", ("order_no", "sub_order_no", "product_id")),
    "session_ratings": ("rating_id", ("conv_id", "order_no")),
    "refunds": ("refund_no", ("order_no", "sub_order_no")),
    "disputes": ("dispute_no", ("order_no",)),
    "tickets": ("ticket_no", ("conv_id", "order_no", "sub_order_no", "product_id")),
}
"""Labelled tables: their row id and what they are linked to."""

ANSWER_LINKS = ("conv_id", "order_no")


def build(facts: Facts) -> ibis.Table:
    """Return one row per label.

    Columns: shop_id, table_name, row_id, head, label, value, p, at, conv_id, order_no (a
    conversation's linked order where the row names none), sub_order_no, product_id.
    """
    labels = facts.relation("current_labels")
    parts = [_linked(facts, labels, name) for name in (*SOURCES, "survey_answers")]
    mentions = ibis.union(*parts)
    orders = facts.relation("session_orders").select("shop_id", "conv_id", linked="order_no")
    joined = mentions.left_join(orders, ["shop_id", "conv_id"])
    return joined.select(
        *[name for name in mentions.columns if name != "order_no"],
        order_no=joined.order_no.coalesce(joined.linked),
    )


def _linked(facts: Facts, labels: ibis.Table, name: str) -> ibis.Table:
    rows = _rows(facts, name)
    own = labels.filter(labels.table_name == name)
    joined = own.inner_join(rows, [own.shop_id == rows.shop_id, own.row_id == rows.row_id])
    return joined.select(
        "shop_id", "table_name", "row_id", "head", "label", "value", "p", "at", *LINKS
    )


def _rows(facts: Facts, name: str) -> ibis.Table:
    if name == "survey_answers":
        answers = facts.table("survey_answers").select("shop_id", "survey_id")
        surveys = facts.table("surveys").select("shop_id", "survey_id", "conv_id", "order_no")
        rows = answers.distinct().inner_join(surveys, ["shop_id", "survey_id"])
        row_id = "survey_id"
    else:
        row_id = SOURCES[name][0]
        rows = facts.table(name)
    links = ANSWER_LINKS if name == "survey_answers" else SOURCES[name][1]
    none = ibis.null("string")
    return rows.select(
        "shop_id",
        row_id=rows[row_id],
        **{link: (rows[link].nullif("") if link in links else none) for link in LINKS},
    )


_AT = "2026-08-04 10:00:00"

RELATION = Relation(
    label="提及",
    build=build,
    proofs=(
        RelationProof(
            name="a message leads to its conversation's order, a review to its own",
            rows={
                "conversations": ({"conv_id": "c", "order_no": "o1", "started_at": _AT},),
                "messages": ({"msg_id": "m", "conv_id": "c", "sent_at": _AT, "role": "buyer"},),
                "reviews": ({"review_no": "r", "order_no": "o2", "product_id": "p"},),
                "labels": (
                    {
                        "table_name": "messages",
                        "row_id": "m",
                        "head": "aspect",
                        "label": "P03",
                        "value": -1,
                        "source": "model",
                        "version": "1",
                    },
                    {
                        "table_name": "reviews",
                        "row_id": "r",
                        "head": "aspect",
                        "label": "L02",
                        "value": -1,
                        "source": "model",
                        "version": "1",
                    },
                ),
            },
            expect=(
                {"row_id": "m", "label": "P03", "conv_id": "c", "order_no": "o1"},
                {"row_id": "r", "label": "L02", "order_no": "o2", "product_id": "p"},
            ),
        ),
    ),
)
