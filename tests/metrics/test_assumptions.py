"""Assumptions: the defaults are the published numbers, a change moves them and says so."""

import pytest

from huisheng import metrics
from huisheng.metrics import Facts, WindowFacts
from tests.metrics.test_oracle import FACTS
from tests.worlds import facts_of, window_of

MONTH = window_of("2026-08-01", "2026-08-30")
ALL = metrics.all_assumptions()
DEFAULTS = {id_: declared.default for id_, (declared, _, _) in ALL.items()}
AT = "2026-08-15 12:00:00"


def ratings(satisfied, others):
    levels = ["满意"] * satisfied + ["不满意"] * others
    return {
        "session_ratings": [
            {"rating_id": str(n), "level": level, "rated_at": AT} for n, level in enumerate(levels)
        ]
    }


def asked(rows, metric_id, **assumptions):
    facts = Facts(facts_of(rows).engine, assumptions=assumptions)
    (value,) = metrics.query(facts, metric_id, MONTH)
    return value


def test_ids_are_unique_and_defaults_allowed():
    declared = [one for metric in metrics.all_metrics().values() for one in metric.assumptions]
    assert len({one.id for one in declared}) == len(declared) == len(ALL)
    for one in declared:
        assert one.allows(one.default), one.id
        assert not one.allows(one.least - 1)
        assert not one.allows(one.most + 1)


@pytest.mark.parametrize("metric_id", sorted({metric_id for _, metric_id, _ in ALL.values()}))
def test_defaults_said_aloud_give_todays_numbers_exactly(metric_id):
    aloud = Facts(FACTS.engine, assumptions=DEFAULTS)
    for version in metrics.all_metrics()[metric_id].versions:
        asked_for = f"{metric_id}@{version.id}"
        assert metrics.query(aloud, asked_for, MONTH) == metrics.query(FACTS, asked_for, MONTH)


@pytest.mark.parametrize(
    ("percent", "value", "numerator", "denominator"),
    [(30, 0.285, 285, 1000), (25, 0.2375, 2375, 10_000), (0, 0.0, 0, 1000), (100, 0.95, 950, 1000)],
)
def test_the_weight_of_satisfaction_is_what_was_chosen(percent, value, numerator, denominator):
    found = asked(ratings(95, 5), "consult_experience_share", ww_satisfaction_weight=percent)
    assert (found.value, found.numerator, found.denominator) == (value, numerator, denominator)


@pytest.mark.parametrize(("satisfied", "quality"), [(29, "low_sample"), (30, "ok")])
@pytest.mark.parametrize("percent", [30, 25, 50])
def test_whether_the_sample_is_low_does_not_hang_on_the_weight(percent, satisfied, quality):
    rows = ratings(satisfied, 0)
    found = asked(rows, "consult_experience_share", ww_satisfaction_weight=percent)
    assert found.quality == quality


def test_a_weight_of_the_index_changes_the_value():
    rows = {
        "session_ratings": [
            {"rating_id": "r", "score": 5, "subject": "aftersale", "rated_at": AT},
        ],
        "tickets": [
            {"ticket_no": "t", "type": "exchange", "created_at": AT, "closed_at": AT,
             "reopened_count": 1},
        ],
    }  # fmt: skip
    assert asked(rows, "aftersale_satisfaction_index").value == pytest.approx(400 / 6)
    changed = asked(rows, "aftersale_satisfaction_index", aftersale_index_solved_at_once=4)
    assert changed.value == 50


def test_days_of_conversion_are_what_was_chosen():
    rows = {
        "conversations": [
            {"conv_id": "c", "customer_key": "k", "started_at": "2026-08-01 10:00:00"}
        ],
        "orders": [{"order_no": "o", "customer_key": "k", "paid_at": "2026-08-05 09:00:00"}],
    }
    assert asked(rows, "inquiry_conversion_rate").value == 0
    assert asked(rows, "inquiry_conversion_rate", inquiry_conversion_days=4).value == 1
    # The version whose name says fifteen days is not moved by it.
    assert asked(rows, "inquiry_conversion_rate@15d", inquiry_conversion_days=0).value == 1


def test_facts_kept_for_a_stretch_assume_the_same():
    engine = facts_of(ratings(95, 5)).engine
    kept = WindowFacts(engine, MONTH, assumptions={"ww_satisfaction_weight": 50})
    for window in (MONTH, window_of("2026-07-01", "2026-08-30")):
        (value,) = metrics.query(kept, "consult_experience_share", window)
        assert value.value == 0.475


def test_a_changed_number_is_told_beside_the_metric_and_a_default_is_not():
    _, metric, version = metrics.find("consult_experience_share")
    assert metric.told(version, {}) == metric.told(version, DEFAULTS) == version.assumption
    told = metric.told(version, {"ww_satisfaction_weight": 25})
    assert version.assumption in told
    assert "25%" in told
    assert "默认 30%" in told


def complaint(**cells):
    return {
        "ticket_no": "t", "type": "complaint", "created_at": "2026-10-01 17:00:00",
        "closed_at": "2026-10-10 10:00:00", **cells,
    }  # fmt: skip


OCTOBER = window_of("2026-10-01", "2026-10-31")


def hours(*shops, tickets=None):
    facts = facts_of({"shops": shops, "tickets": tickets or [complaint()]})
    return {
        value.shop_id: value.numerator
        for value in metrics.query(facts, "complaint_handle_hours@business", OCTOBER)
    }


def test_complaints_are_timed_by_the_shops_own_calendar():
    own = {
        "week": {
            day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")
        },
        "holidays": ["2026-10-01/2026-10-07"],
        "extra_days": {"2026-10-10": ["09:00-12:00"]},
    }
    # Without: Thu 1 h, Fri 9, Mon–Fri 45. With: Thu 8th and Fri 9th 8 h each, and one on Saturday.
    assert hours({"shop_id": "s"})["s"] == 55
    assert hours({"shop_id": "s", "config": {"calendar": own}})["s"] == 17


def test_each_shop_has_its_own_calendar():
    night = {"calendar": {"week": ["00:00-24:00"]}}
    found = hours(
        {"shop_id": "s"},
        {"shop_id": "t", "config": night},
        tickets=[complaint(), complaint(shop_id="t")],
    )
    assert found == {"s": 55, "t": 8 * 24 + 17}


@pytest.mark.parametrize("config", ["[]", '{"calendar": 5}', '{"calendar": {"week": {"x": []}}}'])
def test_a_broken_calendar_falls_back_to_what_is_assumed(config):
    assert hours({"shop_id": "s", "config": config})["s"] == 55
