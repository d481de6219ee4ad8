"""The pages of the morning: the last day, the badge, the briefing, the promotion."""

import json
import re

import pytest

TMALL = "tmall-xiaonuan"


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_everybody_s_overview_tells_the_last_day_and_the_badge(person):
    from huisheng.app.web import library

    page = text_of(person().get("/"))
    charts = library.document()["charts"]
    assert "有什么变化" in page
    # This shop has hardly the cases of a day; `tests/app/test_changes.py` has a busier one.
    assert not any(change["is_sure"] for change in charts["changes"])
    compared = len(charts["changes"])
    told = f"没有超出日常波动的变化：比较了 {compared} 个指标" if compared else "没有一个指标够比较"
    assert told in page
    assert all(change["label"] in page for change in charts["changes"])
    assert "金牌客服" in page
    [badge] = charts["badges"]
    assert f"{badge['month']['satisfied']:,} / {badge['month']['rated']:,}" in page
    assert "店铺综合服务分" in page
    assert "成交额" in page


def test_one_shop_s_manager_sees_that_shop_s_rankings_alone(person):
    from huisheng.app.report.drawing import bars
    from huisheng.app.web import library

    part = library.document()["charts"]["by_shop"][TMALL]
    page = text_of(person("manager", TMALL).get("/"))
    shown = re.findall(r"<title>([^<]*)：本期 ([\d,]+)，上期", page)
    wanted = {
        (bar.label, bar.count)
        for name in ("scenes", "aspects", "refund_reasons")
        for bar in bars([row for row in part[name] if row["count"]][:15])
    }
    assert set(shown) == wanted
    whole = text_of(person("owner").get("/"))
    assert set(re.findall(r"<title>([^<]*)：本期 ([\d,]+)，上期", whole)) != wanted


def test_charts_of_all_shops_are_the_sum_of_each(site):
    from huisheng.app.report import together
    from huisheng.app.web import library

    document = library.document()
    charts = document["charts"]
    added = json.loads(json.dumps(together(charts["by_shop"], document["shops"])))
    for name in ("scenes", "aspects", "refund_reasons", "daily"):
        assert added[name] == charts[name]
    assert added["coverage"] == document["method"]["coverage"]


def test_department_shares_are_those_of_the_stuck_points(site):
    from huisheng.app.report import stuck_points
    from huisheng.app.web import library

    document = library.document()
    shares = document["charts"]["departments"]
    points = stuck_points(document["findings"])
    assert sum(share["affected"] for share in shares) == sum(int(p.affected) for p in points)
    assert sum(share["cny"] for share in shares) == pytest.approx(
        sum(p.cny for p in points), abs=0.05
    )


def test_the_briefing_fits_the_morning(person):
    from huisheng.app.web import library

    page = text_of(person().get("/briefing"))
    for heading in ("三处卡点", "的变化", "今天到期的承诺", "每人一句"):
        assert heading in page
    tips = library.document()["charts"]["tips"]
    assert tips
    names = library.document()["names"]["agents"]
    for tip in tips[:5]:
        assert names.get(tip["agent_id"], tip["agent_id"]) in page


def test_promises_are_open_ones_alone(site):
    from datetime import date, timedelta

    from huisheng.app.web import library
    from huisheng.app.web.overview.promises import promises
    from huisheng.metrics import Window

    document = library.document()
    day = date.fromisoformat(document["charts"]["last_day"]) + timedelta(days=1)
    with library.facts() as facts:
        window = Window(day, day, facts.offset_us)
        found = promises(facts, window, document["shops"])
        orders = facts.table("orders")
        for promise in found:
            if "发出" in promise.label:
                held = orders.filter(orders.order_no.isin(list(promise.ids)))
                rows = facts.engine.arrow(held.select("shipped_at", "paid_at")).to_pylist()
                assert rows
                assert all(row["shipped_at"] is None and row["paid_at"] for row in rows)
        assert promises(facts, window, []) == []


def test_the_promotion_is_compared_hour_by_hour(person):
    from huisheng.app.analysis import hourly, promotions
    from huisheng.app.web import library

    page = text_of(person().get("/promotion", {"shop": TMALL}))
    assert "同一时刻比一比" in page
    assert "没有那段时间的数据" in page
    with library.facts() as facts:
        known = [one for one in promotions(facts) if one.shop_id == TMALL]
        latest = max(known, key=lambda one: one.begin_us)
        hours = (latest.end_us - latest.opens_us) // 3_600_000_000 + 1
        counted = hourly(facts, TMALL, latest.opens_us, int(hours))
        paid = facts.relation("paid_orders")
        inside = paid.filter(
            (paid.shop_id == TMALL)
            & (paid.paid_at >= latest.opens_us)
            & (paid.paid_at < latest.opens_us + hours * 3_600_000_000)
        )
        total = facts.engine.arrow(inside.count().as_table())[0][0].as_py()
    assert counted.so_far(int(hours))[0] == total > 0


@pytest.mark.parametrize("role", ["agent", "department", "supplier"])
def test_those_without_numbers_see_neither(person, role):
    browser = person(role, TMALL)
    assert browser.get("/briefing").status_code == 403
    assert browser.get("/promotion").status_code == 403
    assert browser.get("/").status_code == 302


def test_a_decision_keeps_the_numbers_it_was_made_on(person):
    from huisheng.app.web import library
    from huisheng.app.web.findings.models import Decision

    finding = library.document()["findings"][0]
    browser = person()
    answer = browser.post(
        f"/findings/{finding['id']}/decide",
        {"state": "accepted", "version": 0, "reason": "去仓库看"},
    )
    assert answer.status_code == 302
    kept = Decision.objects.get().numbers
    assert kept["observed"] == finding["observed"]
    assert kept["impact"] == finding["impact"]
    assert kept["data_hash"] == library.document()["data_hash"]
    assert "当时的数字" in text_of(browser.get(f"/findings/{finding['id']}"))


def test_countdown_names_the_next_window():
    from huisheng.app.analysis import Phase, Promotion
    from huisheng.app.web.overview.promotion_page import countdown

    day = 86_400_000_000
    promotion = Promotion(
        "s",
        "双11",
        (Phase("deposit", "付定金", 38 * day, 45 * day), Phase("live", "开售", 50 * day, 53 * day)),
    )
    assert countdown(promotion, 0) == "距付定金开始还有 38 天"
    assert countdown(promotion, 40 * day) == "付定金进行中，离结束还有 5 天"
    assert countdown(promotion, 46 * day) == "距开售开始还有 4 天"
    assert countdown(promotion, 60 * day) == "已结束 7 天，下面是复盘"


def test_a_score_is_written_down_and_corrected(own):
    """Lands as an import; the same day again takes its place; others' shops are refused."""
    from datetime import date

    from huisheng.app.web import library
    from huisheng.app.web.overview.readings import readings, write_down

    for score in (4.61, 4.65):
        write_down("s", "store_service_score", date(2026, 8, 20), score, 4.8)
    with library.facts() as facts:
        [found] = readings(facts, ["s"])
        assert readings(facts, ["t"]) == []
    assert (found.score, found.target, found.label) == (4.65, 4.8, "店铺综合服务分")
