"""指标卡点: where a metric is poor, as bad cases per case in scope of each segment."""

from collections.abc import Mapping

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.insight.exposure import EVENT_COLUMNS, Analysis, Cut, Exposure, numbered
from huisheng.metrics import Better, Facts, Metric, Rollup, Window, all_metrics, by_dimension

CUTS = (
    Cut(("product_id",)),
    Cut(("carrier",), within="province"),
    Cut(("warehouse",), within=""),
    Cut(("campaign_id",), within=""),
    Cut(("channel",), within=""),
    Cut(("agent_id",), within="agent_group", strict=True),
    Cut(("hour",), within="agent_group", strict=True),
    Cut(("agent_group", "hour"), within="agent_group", strict=True),
    Cut(("agent_id", "hour"), within="agent_group", strict=True),
    Cut(("carrier", "province"), within="province"),
)
SEARCHED = tuple(sorted({name for cut in CUTS for name in (*cut.dimensions, cut.within) if name}))
SLOW = 0.9
"""A duration is a bad case when it is among the slowest tenth of the shop."""

TEXT = pa.string()


def expose(
    facts: Facts, span: Window, problems: Mapping[str, frozenset[str]]
) -> tuple[Exposure, ...]:
    """Return one exposure per metric that has a direction, an owner and cases in the span."""
    found = []
    for name in sorted(problems["metric"]):
        metric = all_metrics().get(name)
        if metric is not None and metric.better is not Better.NEITHER:
            exposure = _of_metric(facts, span, name, metric)
            if exposure is not None:
                found.append(exposure)
    return tuple(found)


def _of_metric(facts: Facts, span: Window, name: str, metric: Metric) -> Exposure | None:
    if metric.rollup not in (Rollup.RATIO, Rollup.MEAN):
        return None
    cases = _judged(metric, metric.versions[0].cases(facts, span))
    kept = facts.engine.kept(numbered(_dimensioned(facts, cases), "shop_id", "at", "case_id"))
    units = facts.engine.arrow(kept.order_by("unit"))
    if units.num_rows == 0:
        return None
    bad = _bad_units(metric, units)
    return Exposure(
        analysis="service_metrics",
        unit_label="次",
        units=units,
        events=_events(units, bad, name),
        cuts=tuple(cut for cut in CUTS if set(cut.dimensions) <= set(units.column_names)),
        shares_evidence=True,
    )


def _judged(metric: Metric, cases: ibis.Table) -> ibis.Table:
    """Return the cases in scope, with `bad` where the case itself can tell.

    Where events and exposed orders are separate cases (help requests over paid orders), an order
    is bad when one of the events is about it.
    """
    inside = cases.filter(cases.denominator == 1)
    if not metric.counts_events or "order_no" not in cases.columns:
        return inside.mutate(happened=inside.numerator)
    events = cases.filter(cases.numerator > 0).select("shop_id", "order_no").distinct()
    events = events.mutate(hit=ibis.literal(1, "int64"))
    joined = inside.left_join(events, ["shop_id", "order_no"]).drop(
        "shop_id_right", "order_no_right"
    )
    return joined.mutate(happened=joined.hit.fill_null(0)).drop("hit")


def _dimensioned(facts: Facts, cases: ibis.Table) -> ibis.Table:
    """Return the cases with a text column per dimension that does not multiply them."""
    result = cases.mutate(customer=cases.case_id, cost_fen=ibis.literal(0, "int64"))
    for name in SEARCHED:
        if not _offers(cases, name):
            continue
        result = by_dimension(facts, result, name).rename({f"dim_{name}": "dimension_value"})
    searched = {name: f"dim_{name}" for name in SEARCHED if f"dim_{name}" in result.columns}
    links = [name for name in ("conv_id", "order_no") if name in cases.columns]
    return result.select(
        "shop_id",
        "case_id",
        "at",
        "customer",
        "cost_fen",
        "happened",
        *links,
        **{name: result[column].nullif("未知") for name, column in searched.items()},
    )


def _offers(cases: ibis.Table, dimension: str) -> bool:
    links = {
        "agent_group": "agent_id",
        "hour": "at",
        "carrier": "order_no",
        "province": "order_no",
        "warehouse": "order_no",
        "campaign_id": "order_no",
        "category": "product_id",
    }
    return dimension in cases.columns or links.get(dimension) in cases.columns


def _bad_units(metric: Metric, units: pa.Table) -> pa.Array:
    values = units["happened"]
    if metric.rollup is Rollup.RATIO:
        bad = pc.equal(values, 0 if metric.better is Better.HIGHER else 1)
    elif metric.better is Better.HIGHER:
        bad = pc.less(values, pc.quantile(values, 1 - SLOW, interpolation="higher")[0])
    else:
        bad = pc.greater(values, pc.quantile(values, SLOW, interpolation="lower")[0])
    return units["unit"].filter(bad).combine_chunks()


def _events(units: pa.Table, bad: pa.Array, name: str) -> pa.Table:
    count = len(bad)
    columns = {
        "unit": bad,
        "kind": pa.repeat(pa.scalar("metric"), count),
        "problem": pa.repeat(pa.scalar(name), count),
        "table_name": pa.nulls(count, TEXT),
        "row_id": pa.nulls(count, TEXT),
        "p": pa.repeat(pa.scalar(1.0), count),
    }
    return pa.table({name: columns[name] for name in EVENT_COLUMNS})


ANALYSIS = Analysis(label="指标卡点", expose=expose)
