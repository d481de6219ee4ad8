"""订单卡点: problems per paid order line, by product, carrier, province, campaign and channel."""

from collections.abc import Mapping

import ibis

from huisheng.insight.exposure import EVENT_COLUMNS, NO_SEGMENT, Analysis, Cut, Exposure, numbered
from huisheng.metrics import Facts, Window

ON_THE_WAY = frozenset({"carrier", "warehouse"})
PRESALE = frozenset({"M05", "MID14"})
# A carrier is judged against others in the same province: far away is slow for everybody.
CUTS = (
    Cut(("category",), within=""),
    Cut(("product_id",)),
    Cut(("sku_id",)),
    Cut(("carrier",), within="province", departments=ON_THE_WAY),
    Cut(("province",)),
    Cut(("warehouse",)),
    Cut(("campaign_id",), not_for=PRESALE),
    Cut(("channel",)),
    Cut(("carrier", "province"), within="province", departments=ON_THE_WAY),
    Cut(("product_id", "province")),
    Cut(("product_id", "carrier")),
    Cut(("campaign_id", "product_id"), not_for=PRESALE),
    Cut(("campaign_id", "warehouse"), not_for=PRESALE),
)


def expose(
    facts: Facts, span: Window, problems: Mapping[str, frozenset[str]]
) -> tuple[Exposure, ...]:
    """Return the exposure of the order lines paid in the span (conventions 4, law 4)."""
    units = facts.engine.kept(_units(facts, span))
    events = ibis.union(_mentioned(facts, units, problems), _refunded(facts, units), distinct=True)
    arrow = facts.engine.arrow
    return (
        Exposure(
            analysis="orders",
            unit_label="笔订单商品",
            units=arrow(units.order_by("unit")),
            events=arrow(events.order_by(list(EVENT_COLUMNS))),
            cuts=CUTS,
        ),
    )


def _units(facts: Facts, span: Window) -> ibis.Table:
    paid = facts.relation("paid_orders")
    paid = paid.filter(span.holds(paid.paid_at)).select(
        "shop_id", "order_no", "paid_at", customer=paid.customer_key
    )
    items = facts.table("order_items")
    items = items.filter(~items.is_gift.fill_null(False)).select(
        "shop_id", "order_no", "sub_order_no", "product_id", "sku_id"
    )
    lines = paid.left_join(items, ["shop_id", "order_no"]).drop("shop_id_right", "order_no_right")
    lines = _with(lines, facts.relation("product_categories"), ["shop_id", "product_id"])
    lines = _with(lines, facts.relation("order_facts"), ["shop_id", "order_no"])
    lines = _with(lines, _cost(facts), ["shop_id", "order_no"])
    lines = lines.mutate(
        sub_order_no=lines.sub_order_no.fill_null(""),
        at=lines.paid_at,
        cost_fen=lines.cost_fen.fill_null(0),
        campaign_id=lines.campaign_id.fill_null(NO_SEGMENT),
    )
    return numbered(lines, "shop_id", "order_no", "sub_order_no")


def _with(left: ibis.Table, right: ibis.Table, keys: list[str]) -> ibis.Table:
    return left.left_join(right, keys).drop(*[f"{key}_right" for key in keys])


def _cost(facts: Facts) -> ibis.Table:
    """Return what an order cost the shop after the sale: refunds that succeeded, payouts made."""
    refunds = facts.table("refunds")
    refunds = refunds.filter(refunds.status == "success").select(
        "shop_id", "order_no", cost_fen=refunds.refund_amount_fen.coalesce(refunds.amount_fen)
    )
    payouts = facts.table("compensations")
    payouts = payouts.filter(payouts.status == "paid").select(
        "shop_id", "order_no", cost_fen=payouts.amount_fen
    )
    both = refunds.union(payouts)
    return both.group_by("shop_id", "order_no").aggregate(cost_fen=both.cost_fen.sum())


def _mentioned(
    facts: Facts, units: ibis.Table, problems: Mapping[str, frozenset[str]]
) -> ibis.Table:
    """Return the negative aspects and the scenes that buyers raised about their orders.

    Words about one product of an order touch that line; words about none of them touch all.
    """
    mentions = facts.relation("mentions")
    bad_aspect = (
        (mentions["head"] == "aspect")
        & (mentions.value < 0)
        & mentions.label.isin(sorted(problems["aspect"]))
    )
    scene = (mentions["head"] == "scene") & mentions.label.isin(sorted(problems["scene"]))
    raised = mentions.filter((bad_aspect | scene) & mentions.order_no.notnull())
    lines = units.select(
        "unit", "shop_id", "order_no", line_no="sub_order_no", line_product="product_id"
    )
    joined = raised.inner_join(lines, ["shop_id", "order_no"])
    about = (
        (joined.sub_order_no == joined.line_no).fill_null(False)
        | (joined.sub_order_no.isnull() & (joined.product_id == joined.line_product)).fill_null(
            False
        )
    ).cast("int64")
    joined = joined.mutate(about=about)
    same = [joined.shop_id, joined.table_name, joined.row_id, joined["head"], joined.label]
    joined = joined.mutate(about_any=joined.about.max().over(group_by=same))
    kept = joined.filter((joined.about == 1) | (joined.about_any == 0))
    return kept.select(
        "unit",
        "table_name",
        "row_id",
        kind=kept["head"],
        problem=kept.label,
        p=kept.p.fill_null(0.0),
    ).select(*EVENT_COLUMNS)


def _refunded(facts: Facts, units: ibis.Table) -> ibis.Table:
    refunds = facts.relation("first_refunds")
    refunds = refunds.filter(refunds.reason.notnull()).select(
        "shop_id", "order_no", "refund_no", "reason", refunded_line=refunds.sub_order_no.nullif("")
    )
    lines = units.select("unit", "shop_id", "order_no", line_no="sub_order_no")
    joined = refunds.inner_join(lines, ["shop_id", "order_no"])
    named = (joined.refunded_line == joined.line_no).fill_null(False).cast("int64")
    joined = joined.mutate(named=named)
    # Platforms number order lines differently from file to file: a refund whose line is not among
    # the order's touches them all.
    refund = [joined.shop_id, joined.refund_no]
    joined = joined.mutate(named_any=joined.named.max().over(group_by=refund))
    hit = joined.filter((joined.named == 1) | (joined.named_any == 0))
    return hit.select(
        "unit",
        kind=ibis.literal("refund_reason"),
        problem=hit.reason,
        table_name=ibis.literal("refunds"),
        row_id=hit.refund_no,
        p=ibis.literal(1.0),
    ).select(*EVENT_COLUMNS)


ANALYSIS = Analysis(label="订单卡点", expose=expose)
