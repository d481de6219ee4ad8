"""订单特征: where an order went, with whom, from which campaign and channel."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

PROVINCE_SUFFIX = "(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$"
CAMPAIGN = r'"campaign_id"\s*:\s*"?([^",}\s]+)'


def build(facts: Facts) -> ibis.Table:
    """Return one row per order.

    Columns: shop_id, order_no, province, city, channel, campaign_id, carrier, warehouse; whatever
    is not known is null.
    """
    orders = facts.table("orders")
    campaign = orders.ext.re_extract(CAMPAIGN, 1)
    features = orders.select(
        "shop_id",
        "order_no",
        province=orders.receiver_province.re_replace(PROVINCE_SUFFIX, "").nullif(""),
        city=orders.receiver_city,
        channel=orders.source,
        campaign_id=campaign.nullif(""),
    )
    parcels = facts.relation("outbound_parcels").select(
        "shop_id", "order_no", "carrier", "warehouse"
    )
    return features.left_join(parcels, ["shop_id", "order_no"]).drop(
        "shop_id_right", "order_no_right"
    )


RELATION = Relation(
    label="订单特征",
    build=build,
    proofs=(
        RelationProof(
            name="province without its suffix, campaign out of ext, carrier of the parcel",
            rows={
                "orders": (
                    {
                        "order_no": "1",
                        "receiver_province": "广西壮族自治区",
                        "ext": {"campaign_id": "d11"},
                    },
                    {"order_no": "2", "receiver_province": "北京市"},
                ),
                "shipments": ({"tracking_no": "t", "order_no": "1", "carrier": "中通"},),
            },
            expect=(
                {"order_no": "1", "province": "广西", "campaign_id": "d11", "carrier": "中通"},
                {"order_no": "2", "province": "北京", "campaign_id": None, "carrier": None},
            ),
        ),
    ),
)
