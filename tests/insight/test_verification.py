"""Did the fix work? Whole verifications, from a declared plan to a sentence."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

from huisheng.errors import BadInputError, UnknownNameError
from huisheng.insight.plan import KEYS, parse_plan
from huisheng.insight.verification import verify
from tests.insight.refund_shops import DAY_US, HOUR_US, Shop, facts_of_columns
from tests.worlds import OFFSET_US

FIRST_DAY = 20_000
FIX = 20
EPOCH = date(1970, 1, 1)
FIX_DATE = EPOCH + timedelta(days=FIRST_DAY + FIX)
RAW = {
    "name": "更换温控器供应商",
    "cause": "温控器不良",
    "metric": "first_quality_refund_rate",
    "segment": {"sku_id": "sku0"},
    "fix_date": FIX_DATE.isoformat(),
    "window_days": 10,
    "control": "auto",
}
SKUS, DAYS, RATE, OTHER_RATE = 6, 40, 0.2, 0.1


def plan(**changes):
    return parse_plan(RAW | changes)


def shop(*, lift=1.0, daily=60, season=1.0, known_days=None, days=DAYS):
    """Return a shop whose first SKU's refund rate is multiplied by `lift` from the fix on."""
    rates = np.full((SKUS, days), OTHER_RATE)
    rates[0] = RATE
    rates[0, FIX:] *= lift
    rates[:, FIX:] *= season
    return Shop(FIRST_DAY, rates, np.full((SKUS, days), daily), known_days=known_days)


def judged(shop, seed=1, **changes):
    return verify(shop.facts(seed), plan(**changes), shop.end_us)


class TestPlan:
    def test_reads_what_yaml_gives(self):
        read = plan(
            fix_date=FIX_DATE,
            segment={"province": "广西壮族自治区", "category": "家电>空气炸锅", "hour": 8},
            control={"province": ["云南省", "贵州"]},
        )
        assert read.fix_date == FIX_DATE
        assert read.segment == {"province": "广西", "category": "空气炸锅", "hour": "08"}
        assert read.control == {"province": ("云南", "贵州")}
        assert plan().control is None

    @pytest.mark.parametrize("key", KEYS)
    def test_every_key_is_needed(self, key):
        raw = {name: value for name, value in RAW.items() if name != key}
        with pytest.raises(BadInputError, match=f"缺少 {key}"):
            parse_plan(raw)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"metrik": "x"}, "不认识的键「metrik」，您是不是要找：metric"),
            ({"metric": "first_quality_refund"}, "first_quality_refund_rate"),
            ({"metric": "refund_amount"}, "总量"),
            ({"name": "  "}, "name"),
            ({"name": ["a"]}, "name"),
            ({"segment": {}}, "segment"),
            ({"segment": "sku0"}, "segment"),
            ({"segment": {"sku": "sku0"}}, "没有维度「sku」，您是不是要找：sku_id"),
            ({"segment": {"date": "2026-08-01"}}, "没有维度「date」"),
            ({"segment": {"sku_id": ["a", "b"]}}, "segment.sku_id"),
            ({"fix_date": "2026-13-01"}, "2026-13-01"),
            ({"fix_date": 20260801.5}, "不是日期"),
            ({"window_days": 3}, "window_days"),
            ({"window_days": "14"}, "window_days"),
            ({"window_days": True}, "window_days"),
            ({"window_days": 181}, "window_days"),
            ({"control": "none"}, "control"),
            ({"control": {"sku_id": "sku1"}}, "control.sku_id"),
            ({"control": {"sku_id": []}}, "control.sku_id"),
            ({"control": {}}, "control"),
        ],
    )
    def test_says_what_is_wrong(self, changes, said):
        with pytest.raises(BadInputError) as caught:
            plan(**changes)
        assert said in str(caught.value)

    def test_is_a_mapping(self):
        with pytest.raises(BadInputError, match="键"):
            parse_plan(["name"])


class TestVerdict:
    def test_a_halving_is_found_in_spite_of_a_season(self):
        """600 orders per cell; everything else gets half as bad again."""
        verdicts = [judged(shop(lift=0.5, season=1.5), seed) for seed in range(6)]
        assert sum(v.verdict == "worked" for v in verdicts) >= 5
        # One effect has a standard error of 0.034 here, six together 0.014.
        assert np.mean([v.effect for v in verdicts]) == pytest.approx(-0.15, abs=0.045)
        covered = [v.interval[0] <= -0.15 <= v.interval[1] for v in verdicts]
        assert sum(covered) >= 5

    def test_nothing_is_not_called_a_success(self):
        verdicts = [judged(shop(season=1.5), seed).verdict for seed in range(6)]
        assert verdicts.count("worked") == 0

    def test_a_constant_rate_with_unfinished_follow_up_never_works(self):
        """Twelve days after the fix are known; the last orders have had no time for refunds."""
        cut = shop(known_days=FIX + 12, daily=150)
        verdicts = [judged(cut, seed, control={"sku_id": ["sku1"]}) for seed in range(6)]
        assert "worked" not in [v.verdict for v in verdicts]
        ratios = [v.treated.after.value / v.treated.before.value for v in verdicts]
        assert np.median(ratios) == pytest.approx(1.0, abs=0.15)
        for verdict in verdicts:
            assert verdict.follow_up_days == 12 - verdict.window.days // 2
            assert "只比较各" in verdict.reason

    def test_harm(self):
        verdict = judged(shop(lift=2.0))
        assert verdict.verdict == "not_worked"
        assert verdict.interval[0] > 0
        assert "反而变差" in verdict.reason

    def test_no_change_in_a_large_sample(self):
        verdict = judged(shop(daily=600))
        assert verdict.verdict == "not_worked"
        assert verdict.interval[0] < 0 < verdict.interval[1]
        assert "达不到两成" in verdict.reason

    def test_a_small_sample_says_how_long_to_wait(self):
        verdict = judged(shop(daily=4, lift=0.5))
        assert verdict.verdict == "inconclusive"
        assert "样本不够" in verdict.reason
        assert "前后各约需 25 天（再等约 15 天，并把 window_days 设为 25）" in verdict.reason
        assert verdict.treated.before.denominator == 40

    def test_json(self):
        answer = json.loads(json.dumps(judged(shop(lift=0.5)).as_json()))
        assert answer["verdict"] == "worked"
        assert answer["interval"][0] < answer["effect"] < answer["interval"][1] < 0
        assert answer["p_value"] < 0.05
        assert answer["treated"]["before"]["denominator"] == 600
        assert answer["control_values"] == ["sku1", "sku2", "sku3", "sku4", "sku5"]
        treated, control = answer["treated"], answer["control"]
        implied = (
            treated["before"]["value"] * control["after"]["value"] / control["before"]["value"]
        )
        assert answer["effect"] == pytest.approx(treated["after"]["value"] - implied)


class TestRefusal:
    def test_unknown_segment(self):
        verdict = judged(shop(), segment={"sku_id": "sku9"})
        assert verdict.verdict == "inconclusive"
        assert "您是不是要找：sku" in verdict.reason
        assert verdict.as_json()["effect"] is None

    @pytest.mark.parametrize(
        ("days", "said"), [(200, "没有 sku_id=sku0"), (-100, "没有 sku_id=sku0")]
    )
    def test_fix_outside_the_data(self, days, said):
        verdict = judged(shop(), fix_date=FIX_DATE + timedelta(days=days))
        assert verdict.verdict == "inconclusive"
        assert said in verdict.reason

    def test_too_early(self):
        verdict = judged(shop(known_days=FIX + 5))
        assert verdict.verdict == "inconclusive"
        assert "只有 2 天，至少要 4 天，请再等 2 天" in verdict.reason

    def test_no_history(self):
        verdict = judged(shop(), fix_date=EPOCH + timedelta(days=FIRST_DAY + 2))
        assert verdict.verdict == "inconclusive"
        assert "修复前只有 2 天" in verdict.reason

    def test_nobody_to_compare_with(self):
        lonely = Shop(FIRST_DAY, np.full((1, DAYS), RATE), np.full((1, DAYS), 60))
        verdict = judged(lonely)
        assert verdict.verdict == "inconclusive"
        assert "没有未受影响" in verdict.reason

    def test_a_promotion_that_makes_the_success(self):
        """Only the rush after the fix has few refunds; on plain days nothing changed."""
        rates = np.full((SKUS, DAYS), OTHER_RATE)
        rates[0] = RATE
        rates[0, FIX + 2 : FIX + 5] = 0.02
        volumes = np.full((SKUS, DAYS), 60)
        volumes[:, FIX + 2 : FIX + 5] = 360
        verdict = judged(Shop(FIRST_DAY, rates, volumes))
        assert verdict.verdict == "inconclusive"
        assert "仅修复后有 3 天订单超过平日两倍（大促），去掉这些天结论就变了" in verdict.reason
        assert verdict.effect < 0

    def test_a_promotion_that_changes_nothing_is_only_named(self):
        quiet = shop(lift=0.3, daily=90)
        quiet.volumes[:, FIX + 2 : FIX + 5] = 360
        verdict = judged(quiet)
        assert verdict.verdict == "worked"
        assert "大促" in verdict.reason

    def test_already_getting_better_before(self):
        rates = np.full((SKUS, DAYS), OTHER_RATE)
        rates[0] = np.geomspace(0.9, 0.02, DAYS)
        verdict = judged(Shop(FIRST_DAY, rates, np.full((SKUS, DAYS), 150)))
        assert verdict.verdict == "inconclusive"
        assert "往同一方向变" in verdict.reason

    def test_several_shops_need_a_name(self):
        orders = {"order_no": np.array(["a", "b"]), "shop_id": np.array(["x", "y"])}
        with pytest.raises(BadInputError, match="x、y"):
            verify(facts_of_columns({"orders": orders}), plan(), None)

    def test_a_dimension_the_metric_does_not_have(self):
        with pytest.raises(UnknownNameError, match="agent_group"):
            judged(shop(), segment={"agent_group": "A"})


class TestControl:
    def test_small_and_moving_segments_are_left_out(self):
        noisy = shop(lift=0.5)
        noisy.volumes[1] = 1
        noisy.rates[2, : FIX - 5] = 0.02
        noisy.rates[2, FIX - 5 :] = 0.5
        verdict = judged(noisy)
        assert verdict.left_out == {"sku1": "样本太少", "sku2": "修复前自身就在变化"}
        assert verdict.control_values == ("sku3", "sku4", "sku5")
        assert verdict.control.before.denominator == 3 * 600

    def test_the_same_category_is_preferred(self):
        goods = {
            "product_id": np.array(["p0", "p1"]),
            "category": np.array(["家电>炸锅", "家电>水壶"]),
        }
        many = shop(lift=0.5)
        verdict = verify(many.facts(1, products=goods), plan(), many.end_us)
        assert verdict.control_values == ("sku1", "sku2")
        assert verdict.left_out == dict.fromkeys(("sku3", "sku4", "sku5"), "不同类目")

    def test_a_partly_treated_product_is_no_control(self):
        verdict = judged(shop(lift=0.5), segment={"product_id": "p0", "sku_id": "sku0"})
        assert verdict.verdict == "worked"
        assert verdict.control_values == ("p1",)
        assert verdict.treated.before.denominator == 600
        assert verdict.control.before.denominator == 3 * 600

    def test_a_named_control(self):
        verdict = judged(shop(lift=0.5), control={"sku_id": ["sku1", "sku0", "nosuch"]})
        assert verdict.control_values == ("sku1", "sku0")
        assert verdict.left_out == {"nosuch": "没有数据"}
        assert verdict.control.before.denominator == 600


class TestOtherMetrics:
    def test_satisfaction_is_compared_by_what_is_missing(self):
        """Agent a0 goes from 80 % to 92 % satisfied while the others stay at 95 %."""
        rng = np.random.default_rng(2)
        agent = np.repeat(np.arange(6), 600 * 2)
        after = np.tile([0, 1], len(agent) // 2)
        satisfied = rng.random(len(agent)) < np.where(
            agent > 0, 0.95, np.where(after > 0, 0.92, 0.8)
        )
        facts = ratings(rng, agent, after, satisfied)
        verdict = verify(facts, plan(metric="ww_satisfaction", segment={"agent_id": "a0"}), None)
        assert verdict.verdict == "worked"
        assert verdict.follow_up_days is None
        assert verdict.treated.before.value == pytest.approx(0.8, abs=0.04)
        assert verdict.effect == pytest.approx(0.12, abs=0.05)
        assert 0 < verdict.interval[0] < verdict.effect < verdict.interval[1]
        assert "升高" in verdict.reason

    def test_satisfaction_that_stays_is_not_called_a_success(self):
        rng = np.random.default_rng(3)
        agent = np.repeat(np.arange(6), 600 * 2)
        facts = ratings(rng, agent, np.tile([0, 1], len(agent) // 2), rng.random(len(agent)) < 0.9)
        verdict = verify(facts, plan(metric="ww_satisfaction", segment={"agent_id": "a0"}), None)
        assert verdict.verdict != "worked"

    @pytest.mark.parametrize(
        ("shift", "expected"), [(-12, "worked"), (0, None), (12, "not_worked")]
    )
    def test_hours(self, shift, expected):
        facts = deliveries(np.random.default_rng(4), shift)
        verdict = verify(facts, plan(metric="delivery_hours", segment={"carrier": "c0"}), None)
        if expected is None:
            assert verdict.verdict != "worked"
            assert abs(verdict.effect) < 6
        else:
            assert verdict.verdict == expected
            assert verdict.interval[0] <= shift <= verdict.interval[1]
            assert "小时" in verdict.reason


def ratings(rng, agent, after, satisfied):
    """Return ratings of agents, ten days before (0) or after (1) the fix."""
    count = len(agent)
    day = FIRST_DAY + FIX + 10 * (after - 1) + rng.integers(0, 10, count)
    return facts_of_columns(
        {
            "session_ratings": {
                "rating_id": np.array([f"r{n}" for n in range(count)]),
                "agent_id": np.array([f"a{n}" for n in agent]),
                "level": np.where(satisfied, "满意", "不满意"),
                "rated_at": day * DAY_US - OFFSET_US + rng.integers(0, DAY_US, count),
            }
        }
    )


def deliveries(rng, shift):
    """Return orders of five carriers; the first one's hours change by `shift` at the fix."""
    count = 5_000
    carrier = rng.integers(0, 5, count)
    day = rng.integers(0, DAYS - 5, count)
    signed_day = day + 3
    hours = 60 + rng.exponential(12, count) - 12 + shift * ((carrier == 0) & (signed_day >= FIX))
    signed = (FIRST_DAY + signed_day) * DAY_US - OFFSET_US + rng.integers(0, DAY_US, count)
    order = np.array([f"o{n}" for n in range(count)])
    paid = signed - (hours * HOUR_US).astype(np.int64)
    return facts_of_columns(
        {
            "orders": {"order_no": order, "created_at": paid, "paid_at": paid},
            "shipments": {
                "tracking_no": order,
                "order_no": order,
                "direction": np.full(count, "out"),
                "carrier": np.array([f"c{n}" for n in carrier]),
                "shipped_at": paid + HOUR_US,
                "signed_at": signed,
            },
        }
    )
