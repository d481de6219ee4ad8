"""The listed cases are those of the number: they add up to it, whatever way it is looked at."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng import metrics
from huisheng.errors import BadInputError, UnknownNameError
from huisheng.metrics import Rollup, Which, WindowFacts, list_cases
from tests.metrics.test_oracle import FACTS
from tests.worlds import facts_of, window_of

MONTH = window_of("2026-08-01", "2026-08-30")
(SHOP_ID,) = FACTS.shop_platforms
KEPT = WindowFacts(FACTS.engine, MONTH)
ALL = [
    f"{name}@{version.id}"
    for name, metric in metrics.all_metrics().items()
    for version in metric.versions
]
FEW = settings(max_examples=8)
AT = "2026-08-15 12:00:00"


@cache
def value_of(metric_id):
    (value,) = metrics.query(KEPT, metric_id, MONTH)
    return value


def sums(found, which=None, reason=None):
    meant = [tally for tally in found.tallies if tally.belongs(which, reason)]
    return sum(t.numerator for t in meant), sum(t.denominator for t in meant)


@pytest.mark.parametrize("metric_id", ALL)
def test_the_cases_add_up_to_the_value_and_its_exclusions(metric_id):
    found = list_cases(KEPT, metric_id, MONTH, SHOP_ID, limit=100_000)
    value = value_of(metric_id)
    numerator, denominator = sums(found)
    assert denominator == value.denominator == sums(found, Which.DENOMINATOR)[1]
    if metrics.find(metric_id)[1].rollup is not Rollup.PEAK:
        assert numerator == pytest.approx(value.numerator, rel=1e-12)
        assert sums(found, Which.NUMERATOR)[0] == pytest.approx(value.numerator, rel=1e-12)
    for reason, count in value.excluded.items():
        assert found.count(reason=reason) == count
        assert list_cases(KEPT, metric_id, MONTH, SHOP_ID, reason=reason).total == count
    assert len(found.cases) == found.total == found.count()
    assert sum(case.denominator for case in found.cases) == value.denominator
    assert sum(case.numerator for case in found.cases) == pytest.approx(numerator, rel=1e-9)


@pytest.mark.parametrize("metric_id", ALL)
def test_facts_of_a_window_answer_as_all_facts_do(metric_id):
    narrow = window_of("2026-08-08", "2026-08-20")
    assert metrics.query(KEPT, metric_id, narrow) == metrics.query(FACTS, metric_id, narrow)


def test_facts_of_a_window_answer_about_days_outside_it_too():
    few = WindowFacts(FACTS.engine, window_of("2026-08-08", "2026-08-20"))
    assert metrics.query(few, "gmv", MONTH) == metrics.query(FACTS, "gmv", MONTH)


def test_cases_that_do_not_fit_are_computed_again_and_stay_right():
    small = WindowFacts(FACTS.engine, MONTH, resident_bytes=1)
    for _ in range(2):
        for metric_id in ("gmv", "return_rate"):
            assert metrics.query(small, metric_id, MONTH) == [value_of(metric_id)]


@FEW
@given(st.sampled_from(ALL), st.data())
def test_a_group_of_a_breakdown_opens_its_own_cases(metric_id, data):
    cases = metrics.find(metric_id)[2].cases(FACTS, MONTH)
    by = data.draw(st.sampled_from(metrics.available(cases)))
    values = metrics.query(KEPT, metric_id, MONTH, by=by)
    if not values:
        return
    value = data.draw(st.sampled_from(values))
    found = list_cases(KEPT, metric_id, MONTH, SHOP_ID, by=by, group=value.group)
    assert sums(found)[1] == value.denominator
    assert {t.reason: found.count(reason=t.reason) for t in found.tallies if t.reason} == dict(
        value.excluded
    )


@FEW
@given(st.sampled_from(ALL), st.sampled_from([None, *Which]), st.integers(1, 60))
def test_pages_put_together_are_the_list_and_every_case_is_what_was_asked_for(
    metric_id, which, size
):
    whole = list_cases(KEPT, metric_id, MONTH, SHOP_ID, which, limit=100_000)
    pages = []
    for offset in range(0, whole.total, size):
        page = list_cases(KEPT, metric_id, MONTH, SHOP_ID, which, offset=offset, limit=size)
        pages.extend(page.cases)
    assert tuple(pages) == whole.cases
    assert len(whole.cases) == whole.count(which)
    if which is Which.DENOMINATOR:
        assert all(case.denominator for case in pages)
    elif which is not None:
        assert {case.which for case in pages} <= {which}
    assert [c.at or 0 for c in pages] == sorted((c.at or 0 for c in pages), reverse=True)


def test_the_four_ways_to_stand_part_the_cases():
    for metric_id in ALL:
        found = list_cases(KEPT, metric_id, MONTH, SHOP_ID)
        parts = (Which.NUMERATOR, Which.REMAINDER, Which.LEFT_OUT)
        assert sum(found.count(which) for which in parts) == found.count(), metric_id


RATINGS = facts_of(
    {
        "session_ratings": (
            {"rating_id": "1", "rated_at": AT, "level": "满意", "agent_id": "a"},
            {"rating_id": "2", "rated_at": AT, "level": "一般", "agent_id": "b"},
            {"rating_id": "3", "rated_at": AT, "score": 0},
            {"rating_id": "4", "rated_at": AT, "level": "满意", "is_cheating": True},
            {"rating_id": "5", "rated_at": AT, "level": "满意", "shop_id": "other"},
        )
    }
)


def test_a_case_says_why_it_is_in_or_out():
    shop_id = next(shop for shop in RATINGS.shop_platforms if shop != "other")
    found = list_cases(RATINGS, "satisfaction_rate", MONTH, shop_id)
    assert [(case.case_id, case.which, case.sentence) for case in found.cases] == [
        ("1", Which.NUMERATOR, "计入分子"),
        ("2", Which.REMAINDER, "只计入分母：没有达到分子的条件"),
        ("3", Which.LEFT_OUT, "不计入：没有可用的等级或分数"),
        ("4", Which.LEFT_OUT, "不计入：平台判定为刷评"),
    ]
    assert found.cases[0].facts["stars"] == 4
    one = list_cases(RATINGS, "satisfaction_rate", MONTH, shop_id, case_id="2")
    assert [case.case_id for case in one.cases] == ["2"]


def test_a_sum_says_which_of_its_cases_add_nothing_and_why():
    facts = facts_of(
        {
            "orders": (
                {"order_no": "1", "paid_at": AT, "pay_amount": 2.5},
                {"order_no": "2", "paid_at": AT, "pay_amount": 0},
            )
        }
    )
    (shop_id,) = facts.shop_platforms
    found = list_cases(facts, "gmv", MONTH, shop_id)
    assert [(case.numerator, case.sentence) for case in found.cases] == [
        (2.5, "计入"),
        (0, "计入，数值为 0"),
    ]


def test_nothing_of_another_shop_is_listed_or_explained():
    (case,) = list_cases(RATINGS, "satisfaction_rate", MONTH, "other").cases
    assert case.case_id == "5"
    with pytest.raises(UnknownNameError):
        metrics.explain(RATINGS, "satisfaction_rate", "1", MONTH, shop_id="other")
    assert metrics.explain(RATINGS, "satisfaction_rate", "5", MONTH, shop_id="other").counted


def test_a_group_that_is_no_date_is_refused_in_words():
    with pytest.raises(BadInputError, match="不是日期"):
        list_cases(RATINGS, "satisfaction_rate", MONTH, "other", by="date", group="昨天")


def test_the_conversations_about_an_order_are_found_the_latest_first():
    facts = facts_of(
        {
            "orders": ({"order_no": "o1", "paid_at": AT, "customer_key": "u"},),
            "conversations": tuple(
                {
                    "conv_id": f"c{day}",
                    "order_no": "o1" if day != 18 else "o2",
                    "started_at": f"2026-08-{day} 12:00:00",
                }
                for day in range(16, 24)
            ),
        }
    )
    (shop_id,) = facts.shop_platforms
    found = metrics.conversations_about(facts, shop_id, ["o1", "o3"])
    assert found == {"o1": ("c23", "c22", "c21", "c20", "c19")}
    assert metrics.conversations_about(facts, "other", ["o1"]) == {}
