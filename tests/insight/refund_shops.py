"""Made-up shops of many orders, written as columns, in which refunds come days after payment."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huisheng.lake import engine_over
from huisheng.metrics import Facts
from huisheng.records import all_tables
from tests.worlds import OFFSET_US

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000


@dataclass(frozen=True)
class Shop:
    """Orders of several SKUs over days counted from `first_day` (days since 1970-01-01).

    `rates` gives each SKU's quality refund rate per day, shape (skus, days); `volumes` its orders
    per day, same shape. Parcels are signed after 2 days; refunds are applied for 0.5 to `latest`
    days later, and only what happens before the end of the last day is known.
    """

    first_day: int
    rates: np.ndarray
    volumes: np.ndarray
    latest: float = 6.0
    known_days: int | None = None

    @property
    def end_us(self) -> int:
        days = self.rates.shape[1] if self.known_days is None else self.known_days
        return (self.first_day + days) * DAY_US - OFFSET_US

    def facts(self, seed: int, products: Mapping[str, np.ndarray] | None = None) -> Facts:
        rng = np.random.default_rng(seed)
        sku, day = (
            np.repeat(index.ravel(), self.volumes.ravel()) for index in np.indices(self.rates.shape)
        )
        count = len(sku)
        paid = (self.first_day + day) * DAY_US - OFFSET_US + rng.integers(0, DAY_US, count)
        signed = paid + 2 * DAY_US
        refunded = rng.random(count) < self.rates[sku, day]
        applied = signed + (rng.uniform(0.5, self.latest, count) * DAY_US).astype(np.int64)
        seen = (applied < self.end_us) & refunded
        order = np.array([f"o{n}" for n in range(count)])
        paid_known = paid < self.end_us
        parcels = signed < self.end_us
        tables = {
            "orders": {
                "order_no": order[paid_known],
                "paid_at": paid[paid_known],
                "created_at": paid[paid_known],
            },
            "order_items": {
                "sub_order_no": order,
                "order_no": order,
                "sku_id": np.array([f"sku{n}" for n in sku]),
                "product_id": np.array([f"p{n // 3}" for n in sku]),
            },
            "shipments": {
                "tracking_no": order[parcels],
                "order_no": order[parcels],
                "direction": np.full(parcels.sum(), "out"),
                "shipped_at": paid[parcels] + 12 * HOUR_US,
                "signed_at": signed[parcels],
            },
            "refunds": {
                "refund_no": order[seen],
                "order_no": order[seen],
                "type": np.full(seen.sum(), "return_refund"),
                "first_reason_code": np.full(seen.sum(), "质量问题"),
                "applied_at": applied[seen],
            },
        }
        return facts_of_columns(tables | ({"products": products} if products else {}))


def facts_of_columns(tables: Mapping[str, Mapping[str, np.ndarray]]) -> Facts:
    """Return the facts of one shop given as lake columns; the rest of a table is null."""
    served = {name: _lake_table(name, columns) for name, columns in tables.items()}
    return Facts(engine_over(served, OFFSET_US))


def _lake_table(name: str, columns: Mapping[str, np.ndarray]) -> pa.Table:
    schema = all_tables()[name].schema
    rows = len(next(iter(columns.values())))
    fixed = {"shop_id": np.full(rows, "s"), "platform": np.full(rows, "tmall")}
    given = {**fixed, **columns}
    return pa.table(
        [
            pa.array(given[field.name], field.type)
            if field.name in given
            else pa.nulls(rows, field.type)
            for field in schema
        ],
        schema=schema,
    )
