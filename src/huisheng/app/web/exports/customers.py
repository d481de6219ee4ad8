"""How many customers a table is about."""

from collections.abc import Collection

import ibis
import pyarrow as pa

from huisheng.metrics import Facts


def customers_in(facts: Facts, rows: Collection[tuple[str, str, str, str]]) -> int:
    """Count the distinct customers behind rows of (shop, conversation, order, own id).

    A row whose customer nobody knows counts as one of its own: never fewer than there may be.
    """
    if not rows:
        return 0
    columns = list(zip(*rows, strict=True))
    names = ("shop_id", "conv_id", "order_no", "own")
    held = ibis.memtable(
        pa.table({name: pa.array(c, pa.string()) for name, c in zip(names, columns, strict=True)})
    )
    talks = facts.table("conversations").select("shop_id", "conv_id", talked="customer_key")
    orders = facts.table("orders").select("shop_id", "order_no", bought="customer_key")
    joined = held.left_join(talks, ["shop_id", "conv_id"]).drop("shop_id_right", "conv_id_right")
    known = joined.left_join(orders, ["shop_id", "order_no"])
    who = ibis.coalesce(
        known.talked,
        known.bought,
        known.conv_id.nullif("") + "#conv",
        known.order_no.nullif("") + "#order",
        known.own + "#row",
    )
    counted = known.aggregate(customers=(known.shop_id + "|" + who).nunique())
    return int(facts.engine.arrow(counted)["customers"][0].as_py())
