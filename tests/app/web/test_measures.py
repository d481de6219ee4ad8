"""Metrics on the pages: the same numbers as the core, opened down to the record."""

import json
import re
from datetime import date
from html import unescape

import pytest

METRIC = "ww_satisfaction"


@pytest.fixture(scope="module")
def run(shop):
    return json.loads((shop / "ws" / "runs" / "current.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def facts(shop):
    from huisheng.lake import open_engine, open_workspace
    from huisheng.metrics import Facts

    return Facts(open_engine(open_workspace(shop / "ws")))


@pytest.fixture(scope="module")
def window(run, facts):
    from huisheng.metrics import Window

    ends = (date.fromisoformat(run["period"][end]) for end in ("start", "end"))
    return Window(*ends, facts.offset_us)


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def links(html, beginning):
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html)
            if unescape(found).startswith(beginning)]  # fmt: skip


def value_of(facts, metric_id, window, shop_id):
    from huisheng.metrics import query

    (value,) = [v for v in query(facts, metric_id, window) if v.shop_id == shop_id]
    return value


def test_the_catalogue_lists_every_metric_and_the_values_of_the_run(person, run):
    from huisheng.app.report.amounts import amount_beside
    from huisheng.metrics import all_metrics

    html = page(person("owner"), "/metrics/")
    for name, metric in all_metrics().items():
        assert f'href="/metrics/{name}"' in html
        assert metric.question in html
    for entry in run["metrics"]:
        metric = all_metrics()[entry["id"]]
        if "group" not in entry and entry["value"] is not None:
            assert amount_beside(entry["value"], metric.threshold, metric.unit) in html


def test_every_metric_has_a_page(person):
    from huisheng.metrics import all_metrics

    browser = person("owner")
    for name, metric in all_metrics().items():
        assert metric.label in page(browser, f"/metrics/{name}"), name


def test_the_numbers_of_a_page_are_those_of_the_core(person, facts, window, run):
    from huisheng.app.report.amounts import amount_beside, count

    shop_id = run["shops"][0]
    now = value_of(facts, METRIC, window, shop_id)
    before = value_of(facts, METRIC, window.before(), shop_id)
    html = page(person("owner"), f"/metrics/{METRIC}?shop={shop_id}")
    assert amount_beside(now.value, 0.95, "share") in html
    for value in (now, before):
        assert f">{count(value.numerator)}</a>" in html
        assert f">{count(value.denominator)}</a>" in html


def test_a_number_opens_its_records_and_a_record_says_why(person, facts, window, run):
    from huisheng.metrics import Which, list_cases

    shop_id, browser = run["shops"][0], person("owner")
    value = value_of(facts, METRIC, window, shop_id)
    html = page(browser, f"/metrics/{METRIC}?shop={shop_id}")
    (numerator,) = {
        link
        for link in links(html, f"/metrics/{METRIC}/records")
        if "which=numerator" in link and "start=" not in link
    }
    html = page(browser, numerator)
    assert f"计入分子 {value.numerator:,}" in html
    expected = list_cases(facts, METRIC, window, shop_id, Which.NUMERATOR).cases
    opened = links(html, f"/metrics/{METRIC}/record?")
    assert [link.split("case=")[1] for link in opened] == [case.case_id for case in expected]
    record = page(browser, opened[0])
    assert "计入分子" in record
    assert expected[0].case_id in record


def test_records_left_out_are_listed_by_reason_as_the_value_counts_them(person, facts, window, run):
    shop_id = run["shops"][0]
    metric_id = "transfer_human_rate"
    value = value_of(facts, metric_id, window, shop_id)
    assert value.excluded, "the demo shop must have talks of people alone"
    browser = person("owner")
    for reason, count in value.excluded.items():
        html = page(browser, f"/metrics/{metric_id}/records?shop={shop_id}&reason={reason}")
        assert f"{count:,}</a>" in html
        shown = links(html, f"/metrics/{metric_id}/record?")
        assert len(set(shown)) == min(count, 50)


def test_a_group_of_the_breakdown_opens_its_records(person, facts, window, run):
    from huisheng.metrics import query

    shop_id = run["shops"][0]
    values = [v for v in query(facts, METRIC, window, by="agent_id") if v.shop_id == shop_id]
    browser = person("owner")
    html = page(browser, f"/metrics/{METRIC}?shop={shop_id}&by=agent_id")
    groups = {link for link in links(html, f"/metrics/{METRIC}/records") if "group=" in link}
    assert len([link for link in groups if "by=agent_id" in link]) == len(values)
    for value in values[:3]:
        address = f"/metrics/{METRIC}/records?shop={shop_id}&by=agent_id&group={value.group}"
        assert f"计入分母 {value.denominator}" in page(browser, address)


def test_pages_of_records_go_on_and_end(person, facts, window, run):
    from huisheng.metrics import Which

    shop_id, browser = run["shops"][0], person("owner")
    total = value_of(facts, "gmv", window, shop_id).denominator
    address = f"/metrics/gmv/records?shop={shop_id}&which={Which.DENOMINATOR}&page="
    last = -(-total // 50)
    shown = links(page(browser, f"{address}{last}"), "/metrics/gmv/record?")
    assert len(shown) == total - 50 * (last - 1)
    for nowhere in (str(last + 1), "0", "-1", "二", "9" * 30):
        assert browser.get(f"{address}{nowhere}").status_code == 404


def test_another_version_and_another_window_are_computed(person, facts, run):
    from huisheng.metrics import Window

    shop_id, browser = run["shops"][0], person("owner")
    end = date.fromisoformat(run["period"]["end"])
    week = Window(end.replace(day=max(1, end.day - 6)), end, facts.offset_us)
    value = value_of(facts, "platform_help_rate@2025", week, shop_id)
    html = page(
        browser,
        f"/metrics/platform_help_rate?shop={shop_id}&version=2025"
        f"&start={week.start}&end={week.end}",
    )
    assert f">{value.denominator:,}</a>" in html
    assert "可信买家按导入的权重" in html


def test_no_verdict_is_given_while_outcomes_are_still_to_come(person, run):
    browser, shop_id = person("owner"), run["shops"][0]
    html = page(browser, f"/metrics/return_rate?shop={shop_id}")
    assert "离今天近的一段还没走完" in html
    assert not re.search("，变[好差]", html)
    judged = page(browser, f"/metrics/first_resp_sec?shop={shop_id}")
    assert "离今天近的一段还没走完" not in judged
    assert re.search("，变[好差]", judged)


@pytest.mark.parametrize(
    ("days", "complaint"),
    [
        ("start=2026-08-09&end=2026-08-01", "结束早于开始"),
        ("start=2026-08-09", "都填，或都不填"),
        ("start=1999-01-01&end=2026-08-01", "最多看 400 天"),
        ("start=bad&end=2026-08-01", "下面按默认日期显示"),
    ],
)
def test_days_that_make_no_sense_are_named_and_the_usual_ones_shown(person, run, days, complaint):
    html = page(person("owner"), f"/metrics/gmv?{days}")
    assert complaint in html
    assert f'name="start" value="{run["period"]["start"]}"' in html


def test_a_person_of_one_shop_sees_that_shop_alone(person, run):
    first, second = run["shops"][:2]
    browser = person("manager", shop_id=first)
    names = run["names"]["shops"]
    for address in ("/metrics/", f"/metrics/{METRIC}", f"/metrics/{METRIC}/records"):
        html = page(browser, address)
        assert second not in html
        assert names[second] not in html
    for room in ("", "/records", "/record"):
        assert browser.get(f"/metrics/{METRIC}{room}?shop={second}").status_code == 404


def test_a_record_of_another_shop_is_not_explained(person, facts, window, run):
    from huisheng.metrics import list_cases

    first, second = run["shops"][:2]
    case = list_cases(facts, METRIC, window, second).cases[0]
    browser = person("owner")
    address = f"/metrics/{METRIC}/record?case={case.case_id}&shop="
    assert browser.get(address + second).status_code == 200
    assert browser.get(address + first).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("reader", 200), ("qa", 200), ("agent", 403), ("department", 403), ("supplier", 403)],
)
def test_only_those_who_may_see_numbers_enter(person, role, status):
    narrowed = {"department": "cs"} if role == "department" else {}
    browser = person(role, **narrowed)
    for address in ("/metrics/", f"/metrics/{METRIC}", f"/metrics/{METRIC}/records"):
        assert browser.get(address).status_code == status


def test_only_those_who_may_read_conversations_are_led_to_them(person, run):
    address = f"/metrics/transfer_human_rate/records?shop={run['shops'][0]}"
    assert "看会话" in page(person("qa"), address)
    assert "看会话" not in page(person("reader"), address)


@pytest.mark.parametrize(
    "address",
    [
        "/metrics/no_such_metric",
        f"/metrics/{METRIC}?version=1999",
        f"/metrics/{METRIC}?by=moon",
        f"/metrics/{METRIC}?sort=moon",
        f"/metrics/{METRIC}?page=99",
        f"/metrics/{METRIC}/records?which=moon",
        f"/metrics/{METRIC}/records?by=moon",
        f"/metrics/{METRIC}/records?by=date&group=昨天",
        f"/metrics/{METRIC}/record?case=none",
        f"/metrics/{METRIC}/record",
    ],
)
def test_what_does_not_exist_is_not_found(person, address):
    assert person("owner").get(address).status_code == 404


def test_hostile_text_is_text(person):
    browser = person("owner")
    evil = "<script>alert(1)</script>"
    for more in (f"reason={evil}", f"by=agent_id&group={evil}"):
        html = page(browser, f"/metrics/{METRIC}/records?{more}")
        assert evil not in html
        assert "没有符合筛选条件的记录" in html


def test_looks_at_records_are_noted_once_without_content(person):
    from huisheng.app.web.audit.models import Event

    browser = person("owner")
    before = Event.objects.count()
    page(browser, f"/metrics/{METRIC}")
    assert Event.objects.count() == before
    page(browser, f"/metrics/{METRIC}/records")
    (event,) = Event.objects.all()[: Event.objects.count() - before]
    assert (event.act, event.about) == ("looked", "指标「旺旺满意度」的记录")


def test_a_second_visit_asks_the_facts_nothing(person, monkeypatch):
    from huisheng.app.web import library

    browser = person("owner")
    first = page(browser, f"/metrics/{METRIC}")
    monkeypatch.setattr(library, "facts", None)
    again = page(browser, f"/metrics/{METRIC}")
    # Every answer masks the same form token anew.
    main, once = (
        re.sub(r'value="[\w-]{64}"', "", each.split("<main")[1]) for each in (again, first)
    )
    assert main == once


def test_there_is_nothing_to_see_before_the_first_run(person, shop):
    current, browser = shop / "ws" / "runs" / "current.json", person("owner")
    kept = current.rename(current.with_suffix(".kept"))
    try:
        for address in ("/metrics/", f"/metrics/{METRIC}", f"/metrics/{METRIC}/records"):
            assert "还没有分析结果" in page(browser, address)
    finally:
        kept.rename(current)


def test_metrics_of_one_theme_stand_together():
    from huisheng.app.web.measures.themes import OTHER, by_theme

    themes = by_theme()
    assert OTHER not in themes
    assert "exchange_rate" in themes["退款与退换"]
    assert {"gmv", "order_pay_rate"} <= set(themes["成交"])
    assert {"delivery_hours", "pickup_48h_rate"} == set(themes["物流"])


def test_stretches_that_touch_are_read_together_and_others_apart():
    from huisheng.app.web.measures.answers import _stretch
    from tests.worlds import window_of

    august, july = window_of("2026-08-02", "2026-08-31"), window_of("2026-07-03", "2026-08-01")
    assert _stretch((august, july)) == window_of("2026-07-03", "2026-08-31")
    assert _stretch((july, august)) == window_of("2026-07-03", "2026-08-31")
    assert _stretch((august, window_of("2025-08-02", "2025-08-31"))) == august


def test_a_trend_keeps_gaps_and_round_levels():
    from huisheng.app.report.measure_charts import trend

    days = [("2026-08-01", 0.9, "9 / 10"), ("2026-08-02", None, ""), ("2026-08-03", 0.96, "b"),
            ("2026-08-04", 0.95, "c")]  # fmt: skip
    drawn = trend("满意度", "share", days, [0.5, 0.6], 0.95)
    assert drawn is not None
    assert [point.day for point in drawn.points] == ["2026-08-01", "2026-08-03", "2026-08-04"]
    assert len(drawn.runs) == 1
    assert len(drawn.before) == 1
    assert drawn.points[0].title == "8月1日 90.0%（9 / 10）"
    assert all(len(level.label) <= 4 for level in drawn.levels)
    assert trend("满意度", "share", [("2026-08-01", None, "")], [], 0.95) is None
