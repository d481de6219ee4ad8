"""The search for stuck points: what is planted is found, what is not is not."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from huisheng.insight.crossing import cross
from huisheng.insight.exposure import Cut, Exposure
from huisheng.insight.search import all_p_values, discovery_rates, peel, significance_line
from huisheng.metrics import Window

OFFSET_US = 8 * 3_600_000_000
PERIOD = Window(date(2026, 8, 1), date(2026, 8, 30), OFFSET_US)
PROBLEMS = {"P03": 0.03, "L02": 0.05, "P05": 0.04, "C01": 0.02}
DAY_US = 86_400_000_000
CUTS = (
    Cut(("category",), within=""),
    Cut(("product_id",)),
    Cut(("sku_id",)),
    Cut(("carrier",), within="province"),
    Cut(("province",)),
    Cut(("carrier", "province"), within="province"),
)


def shop(seed, *, plant=None, units=20_000, spread=0.0):
    """Return an exposure of random orders; `plant(units) -> (problem, mask, rate)`.

    `spread` gives every product a rate of its own, so that products differ without being stuck.
    """
    random = np.random.default_rng(seed)
    product = random.choice(60, units, p=_power_law(60))
    columns = {
        "category": product % 6,
        "product_id": product,
        "sku_id": product * 3 + random.integers(0, 3, units),
        "carrier": random.integers(0, 5, units),
        "province": random.choice(31, units, p=_power_law(31)),
    }
    day = random.integers(0, 30, units)
    happened = []
    for problem, rate in PROBLEMS.items():
        own = np.exp(random.normal(-spread * spread / 2, spread, 60))[product] if spread else 1.0
        chance = np.clip(np.full(units, rate) * own, 0, 1)
        if plant is not None:
            target, mask, planted = plant(columns)
            if target == problem:
                chance = np.where(mask, planted, chance)
        happened += [(int(unit), problem) for unit in np.flatnonzero(random.random(units) < chance)]
    table = pa.table(
        {
            "unit": np.arange(units),
            "shop_id": ["s"] * units,
            "at": PERIOD.start_us + day * DAY_US + 3600,
            "customer": [f"k{n}" for n in range(units)],
            "cost_fen": np.zeros(units, dtype=np.int64),
            **{name: [f"{name}{code}" for code in codes] for name, codes in columns.items()},
        }
    )
    events = pa.table(
        {
            "unit": [unit for unit, _ in happened],
            "kind": ["aspect"] * len(happened),
            "problem": [problem for _, problem in happened],
            "table_name": ["reviews"] * len(happened),
            "row_id": [f"r{unit}" for unit, _ in happened],
            "p": [0.9] * len(happened),
        }
    )
    return Exposure(
        "orders",
        "笔订单",
        table,
        events,
        CUTS,
    )


def found(exposure):
    crossing = cross(exposure, "s", PERIOD, lambda kind, problem: "product")
    tested = np.sort(all_p_values(crossing))
    hits = peel(crossing, significance_line(tested))
    rates = discovery_rates(np.array([hit.p_value for hit in hits]), len(tested))
    return [hit for hit, rate in zip(hits, rates, strict=True) if rate <= 0.05]


def _power_law(count):
    weights = 1 / (np.arange(count) + 3.0)
    return weights / weights.sum()


@pytest.mark.parametrize("spread", [0.0, 0.25], ids=["alike", "unlike products"])
def test_a_shop_with_nothing_wrong_is_left_alone(spread):
    """At a false-discovery rate of 5 %, few of 40 healthy shops may show anything at all."""
    accused = sum(bool(found(shop(seed, spread=spread))) for seed in range(40))
    assert accused <= 4


def test_a_bad_sku_is_named_and_takes_its_product_with_it():
    hits = found(shop(1, plant=lambda c: ("P03", c["sku_id"] == 10, 0.25)))
    assert [(hit.problem, hit.dimensions, hit.values) for hit in hits] == [
        (("aspect", "P03"), ("sku_id",), ("sku_id10",))
    ]
    assert hits[0].observed > 3 * hits[0].expected


def test_a_bad_product_is_not_split_into_its_skus():
    hits = found(shop(2, plant=lambda c: ("P05", c["product_id"] == 4, 0.2)))
    assert [(hit.dimensions, hit.values) for hit in hits] == [(("product_id",), ("product_id4",))]


def test_one_carrier_in_two_provinces_is_two_pairs():
    def stalled(columns):
        here = (columns["carrier"] == 2) & np.isin(columns["province"], (3, 5))
        return "L02", here, 0.4

    hits = found(shop(3, plant=stalled))
    assert {hit.values for hit in hits} == {
        ("carrier2", "province3"),
        ("carrier2", "province5"),
    }


def test_a_bad_category_is_named_as_a_category():
    hits = found(shop(4, plant=lambda c: ("P03", c["category"] == 1, 0.09)))
    assert hits[0].dimensions == ("category",)
    assert hits[0].values == ("category1",)


def test_rows_in_another_order_give_the_same_hits():
    exposure = shop(5, plant=lambda c: ("P03", c["sku_id"] == 10, 0.25))
    shuffled = np.random.default_rng(0).permutation(exposure.events.num_rows)
    other = Exposure(
        exposure.analysis,
        exposure.unit_label,
        exposure.units,
        exposure.events.take(pa.array(shuffled)),
        exposure.cuts,
    )
    assert [(h.values, h.p_value) for h in found(exposure)] == [
        (h.values, h.p_value) for h in found(other)
    ]
