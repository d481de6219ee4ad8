"""Laws that hold whatever the shop: parts add up, latches hold, row order means nothing."""

import random
from functools import cache
from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng import metrics
from huisheng.metrics import Rollup, by_dimension
from huisheng.metrics.dimensions import DIMENSIONS, available
from huisheng.metrics.relations.session_scenes import OTHER_PHASE, PHASES
from tests.metrics.test_oracle import FACTS, SHOP
from tests.worlds import facts_of, window_of

MONTH = window_of("2026-08-01", "2026-08-30")
PRODUCT_GRAIN = {"product_id", "sku_id", "category"}
ALL = [
    f"{name}@{version.id}"
    for name, metric in metrics.all_metrics().items()
    for version in metric.versions
]
FEW = settings(max_examples=6)


def exclusive_dimensions(metric_id):
    """Return the dimensions in which every case of a metric has exactly one value."""
    cases = metrics.find(metric_id)[2].cases(FACTS, MONTH)
    own = set(cases.columns)
    # A product is exclusive only where the case itself names one; an order holds several.
    return [d for d in available(cases) if d not in PRODUCT_GRAIN or d in own]


@cache
def whole_month(metric_id):
    return metrics.query(FACTS, metric_id, MONTH)


@pytest.mark.parametrize("metric_id", ALL)
def test_every_offered_dimension_can_be_asked_for(metric_id):
    """A metric that offers a dimension must not fail when it is used."""
    cases = metrics.find(metric_id)[2].cases(FACTS, MONTH)
    for dimension in available(cases):
        assert metrics.VALUE in by_dimension(FACTS, cases, dimension).columns, dimension


@pytest.mark.parametrize("metric_id", ALL)
def test_parts_add_up_to_the_whole(metric_id):
    dimensions = exclusive_dimensions(metric_id)
    assert {"date", "hour", "weekday"} <= set(dimensions)
    (whole,) = whole_month(metric_id)
    # One dimension by time, and the last of those that the cases name or are joined to.
    for dimension in dict.fromkeys(("date", dimensions[-1])):
        parts = metrics.query(FACTS, metric_id, MONTH, by=dimension)
        assert sum(part.denominator for part in parts) == whole.denominator, dimension
        excluded = sum(sum(part.excluded.values()) for part in parts)
        assert excluded == sum(whole.excluded.values()), dimension
        if metrics.find(metric_id)[1].rollup is not Rollup.PEAK:
            total = sum(part.numerator for part in parts)
            assert total == pytest.approx(whole.numerator, rel=1e-12), dimension


FORTNIGHT = window_of("2026-08-10", "2026-08-23")
KEPT = metrics.Facts(FACTS.engine, keeps_relations=True)


@pytest.mark.parametrize("metric_id", ALL)
def test_reading_one_window_alone_changes_no_answer(metric_id):
    """A question about a window reads that window; kept relations read everything."""
    assert metrics.query(FACTS, metric_id, FORTNIGHT) == metrics.query(KEPT, metric_id, FORTNIGHT)


@FEW
@given(st.sampled_from(ALL), st.data())
def test_two_halves_of_a_window_make_the_whole(metric_id, data):
    """Holds for events; a case that is a person or an order may fall in both halves, so ≥."""
    cut = data.draw(st.integers(2, 29))
    halves = (
        window_of("2026-08-01", f"2026-08-{cut:02}"),
        window_of(f"2026-08-{cut + 1:02}", "2026-08-30"),
    )
    (whole,) = whole_month(metric_id)
    parts = [metrics.query(FACTS, metric_id, half)[0] for half in halves]
    assert sum(part.denominator for part in parts) >= whole.denominator


def test_every_dimension_has_a_metric_that_can_be_broken_down_by_it():
    offered = {
        d for metric_id in ALL for d in available(metrics.find(metric_id)[2].cases(FACTS, MONTH))
    }
    assert offered == set(DIMENSIONS)


DISPUTES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["dispute", "complaint", "work_order"]),
            "initiator": st.sampled_from(["consumer", "platform", "merchant", None]),
            "work_order_type": st.sampled_from(["普通", "提醒发货", None]),
            "merchant_rejected_first": st.sampled_from([True, False, None]),
            "is_proactive_member": st.sampled_from([True, False, None]),
            "withdrawn_at": st.sampled_from([None, "2026-08-20 12:00:00"]),
        }
    ),
    max_size=8,
)


def help_rate(disputes):
    at = "2026-08-15 12:00:00"
    rows = {
        "orders": tuple({"order_no": f"o{n}", "paid_at": at} for n in range(10)),
        "disputes": tuple(
            {"dispute_no": f"d{n}", "order_no": f"o{n}", "launched_at": at, **cells}
            for n, cells in enumerate(disputes)
        ),
    }
    return metrics.query(facts_of(rows), "platform_help_rate", MONTH)[0].numerator


@FEW
@given(DISPUTES, st.sets(st.integers(0, 7)))
def test_withdrawing_never_lowers_the_platform_help_rate(disputes, withdrawn):
    after = [
        {**cells, "withdrawn_at": "2026-08-16 12:00:00"} if n in withdrawn else cells
        for n, cells in enumerate(disputes)
    ]
    assert help_rate(after) >= help_rate(disputes)


REASONS = st.sampled_from(["质量问题", "不想要了", "少件", "没听说过", None])


def quality_rate(firsts, currents):
    rows = {
        "orders": tuple({"order_no": f"o{n}", "paid_at": "2026-08-03 10:00:00"} for n in range(6)),
        "shipments": tuple(
            {"tracking_no": f"t{n}", "order_no": f"o{n}", "signed_at": "2026-08-06 10:00:00"}
            for n in range(6)
        ),
        "refunds": tuple(
            {
                "refund_no": f"r{n}",
                "order_no": f"o{n % 6}",
                "type": "refund_only",
                "first_reason_code": first,
                "reason_code": current,
                "applied_at": "2026-08-07 10:00:00",
            }
            for n, (first, current) in enumerate(zip(firsts, currents, strict=True))
        ),
    }
    return metrics.query(facts_of(rows), "first_quality_refund_rate", MONTH)[0]


@FEW
@given(
    st.lists(st.sampled_from(["质量问题", "不想要了", "少件"]), min_size=4, max_size=4),
    st.lists(REASONS, min_size=4, max_size=4),
    st.lists(REASONS, min_size=4, max_size=4),
)
def test_a_changed_reason_never_changes_the_first(firsts, before, after):
    assert quality_rate(firsts, before) == quality_rate(firsts, after)


def shuffled_shop(seed):
    rng = random.Random(seed)
    rows = {name: list(table) for name, table in SHOP.items()}
    for table in rows.values():
        rng.shuffle(table)
    return facts_of(rows)


SHUFFLED = shuffled_shop(7)


@pytest.mark.parametrize("metric_id", ALL)
def test_row_order_means_nothing(metric_id):
    assert metrics.query(SHUFFLED, metric_id, MONTH) == whole_month(metric_id)


def test_phases_are_those_of_the_taxonomy():
    """The metrics read labels, not the taxonomy: their phases must be the same."""
    scenes_file = files("huisheng.language") / "taxonomy" / "scenes.yaml"
    given_phase = yaml.safe_load(scenes_file.read_text(encoding="utf-8"))
    exceptions = {scene: phase for phase, scenes in OTHER_PHASE.items() for scene in scenes}
    for scene, entry in given_phase.items():
        prefix = scene.rstrip("0123456789")
        assert exceptions.get(scene, PHASES.get(prefix, "any")) == entry["phase"], scene
