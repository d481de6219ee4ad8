"""The API over the settings: what a program sets a page shows, and the other way round."""

import pytest

from tests.app.web.settings_forms import AGENT, LIVE, MONDAY, add, lake, us, week, weigh
from tests.app.web.two_shops import page_of

OF_S = {"shop_id": "s"}
D11 = {
    **OF_S, "version": 0, "id": "d11", "name": "双11", "assumed": True, "price_protect_days": 15,
    "windows": [
        {"phase": "deposit", "start": "2090-10-24T20:00:00+08:00", "end": "2090-10-31T00:00"},
        {"phase": "live", "start": "2090-11-10T16:00:00Z", "end": "2090-11-11T23:59:59+08:00"},
    ],
}  # fmt: skip


def events(about):
    from huisheng.app.web.audit.models import Event

    return Event.objects.filter(about__contains=about)


def test_a_campaign_set_by_a_program_is_on_the_page_and_in_the_lake(own, program, person):
    owner = program()
    kept = owner.tell("/settings/campaign", D11, method="PUT", key="campaign-d11")
    assert kept == {"version": 1, "landed": True, "problem": ""}
    assert owner.tell("/settings/campaign", D11, method="PUT", key="campaign-d11") == kept
    assert owner.headers["Idempotent-Replayed"] == "true"
    owner.tell("/settings/campaign", D11, 409, method="PUT")
    assert events("添加活动「双11」（2 段）").get().about.startswith("［令牌")
    assert "双11" in page_of(person("manager", username="m"), "/settings/campaigns", shop="s")
    deposit, live = sorted(lake(own, "campaigns"), key=lambda row: row["start_at"])
    assert (deposit["phase"], deposit["start_at"]) == ("deposit", us("2090-10-24 20:00"))
    assert live["start_at"] == us("2090-11-11 00:00")
    assert live["end_at"] == us("2090-11-11 23:59:59")
    (shown,) = owner.ask("/settings/campaigns", **OF_S)
    again = {name: shown[name] for name in ("id", "name", "assumed", "price_protect_days")}
    owner.tell(
        "/settings/campaign",
        {**OF_S, **again, "windows": shown["windows"][:1], "version": shown["version"]},
        method="PUT",
    )
    (shown,) = owner.ask("/settings/campaigns", **OF_S)
    assert (shown["version"], len(shown["windows"])) == (2, 1)
    named = {**OF_S, "id": "d11", "version": 1, "ended": True}
    owner.tell("/settings/campaign/end", named, 409)
    assert owner.tell("/settings/campaign/end", {**named, "version": 2})["version"] == 3
    (shown,) = owner.ask("/settings/campaigns", **OF_S)
    assert shown["ended_at"] and shown["windows"] == []
    owner.tell("/settings/campaign/end", {**named, "version": 3, "ended": False})
    assert len(owner.ask("/settings/campaigns", **OF_S)[0]["windows"]) == 1


def test_what_a_form_refuses_the_api_refuses_in_words(own, program):
    owner = program()
    backwards = [{"phase": "live", "start": "2026-11-12T00:00", "end": "2026-11-11T00:00"}]
    refused = owner.tell("/settings/campaign", {**D11, "windows": backwards}, 422, method="PUT")
    assert "结束要晚于开始" in refused["error"]["message"]
    never = [{"phase": "live", "start": "2026-02-30T00:00", "end": "2026-11-11T00:00"}]
    owner.tell("/settings/campaign", {**D11, "windows": never}, 422, method="PUT")
    owner.tell("/settings/campaign", {**D11, "id": "a b"}, 422, method="PUT")
    assert owner.ask("/settings/campaigns", **OF_S) == []
    offered = owner.ask("/settings/campaigns/offered", **OF_S)["known"]
    assert {"windows", "assumed", "name"} <= set(offered[0])
    owner.tell("/settings/campaign/take", {**OF_S, "id": "nothing"}, 404)


def test_hours_are_one_thing_for_page_and_program(own, program, person):
    owner, browser = program(), person("manager", username="m")
    given = {
        **OF_S, "version": 0, "week": {"mon": ["09:00-12:00", "13:30-18:00"]},
        "holidays": ["2026-10-01/2026-10-07 国庆"], "extra_days": ["2026-10-10"],
    }  # fmt: skip
    assert owner.tell("/settings/calendar", given, method="PUT")["version"] == 1
    page = page_of(browser, "/settings/hours", shop="s")
    assert "09:00-12:00, 13:30-18:00" in page and "2026-10-01/2026-10-07" in page
    shown = owner.ask("/settings/calendar", **OF_S)
    assert shown["version"] == 1 and shown["landed"] and shown["week"]["tue"] == []
    assert shown["extra_days"] == ["2026-10-10 09:00-12:00, 13:30-18:00"]
    form = {"shop": "s", "version": 1, "mon": "10:00-19:00"}
    assert browser.post("/settings/hours", form).status_code == 302
    assert owner.ask("/settings/calendar", **OF_S)["week"]["mon"] == ["10:00-19:00"]
    owner.tell("/settings/calendar", given, 409, method="PUT")
    wrong = {**given, "version": 2, "week": {"mon": ["09:00-12:00", "11:00-13:00"]}}
    assert (
        "营业时间" in owner.tell("/settings/calendar", wrong, 422, method="PUT")["error"]["message"]
    )
    owner.tell("/settings/calendar/default", {**OF_S, "version": 2})
    assert owner.ask("/settings/calendar", **OF_S)["is_set"] is False
    assert 2026 in {one["year"] for one in owner.ask("/settings/holidays")}


def test_agents_and_shifts_are_kept_together_or_not_at_all(own, program, person):
    owner, browser = program(), person("manager", username="m")
    anna = {"agent_id": "anna", "display_name": "安娜", "group_name": "售前组", "version": 0}
    ben = {"agent_id": "ben", "role": "supervisor", "joined_at": "2026-03-01", "version": 0}
    owner.tell("/settings/agents", {**OF_S, "agents": [anna, ben]}, method="PUT")
    assert "安娜" in page_of(browser, "/settings/agents", shop="s")
    assert events("成批改客服 2 个").count() == 1
    landed = {row["agent_id"]: row for row in lake(own, "agents")}
    assert landed["anna"]["display_name"] == "安娜" and landed["ben"]["role"] == "supervisor"
    half = [{**anna, "version": 1, "display_name": "安"}, {**ben, "version": 7}]
    owner.tell("/settings/agents", {**OF_S, "agents": half}, 409, method="PUT")
    twice = {**OF_S, "agents": [anna, anna]}
    owner.tell("/settings/agents", twice, 422, method="PUT")
    rows = {row["agent_id"]: row for row in owner.ask("/settings/agents", **OF_S)["rows"]}
    assert (rows["anna"]["display_name"], rows["anna"]["version"]) == ("安娜", 1)
    browser.post("/settings/agents/one?agent=anna", {**AGENT, "version": 1, "group_name": "售后组"})
    rows = {row["agent_id"]: row for row in owner.ask("/settings/agents", **OF_S)["rows"]}
    assert rows["anna"]["group_name"] == "售后组"


def test_a_week_of_shifts_is_one_thing_for_page_and_program(own, program, person):
    owner, browser = program(), person("manager", username="m")
    owner.tell(
        "/settings/agents", {**OF_S, "agents": [{"agent_id": "anna", "version": 0}]}, method="PUT"
    )
    days = [{"agent_id": "anna", "day": MONDAY, "slots": ["09:00-12:00", "18:00-02:00"]}]
    told = {**OF_S, "week": MONDAY, "version": 0, "days": days}
    assert owner.tell("/settings/shifts", told, method="PUT")["version"] == 1
    page = page_of(browser, "/settings/shifts", shop="s", week=MONDAY)
    assert "09:00-12:00, 18:00-02:00" in page
    browser.post("/settings/shifts", week(1, anna=["10:00-18:00"]))
    shown = owner.ask("/settings/shifts", week="2026-08-13", **OF_S)
    assert (shown["monday"], shown["version"], shown["landed"]) == (MONDAY, 2, True)
    assert shown["days"] == [{"agent_id": "anna", "day": MONDAY, "slots": ["10:00-18:00"]}]
    owner.tell("/settings/shifts", told, 409, method="PUT")
    for wrong in (
        {"agent_id": "nobody", "day": MONDAY, "slots": []},
        {"agent_id": "anna", "day": "2026-08-30", "slots": []},
        {"agent_id": "anna", "day": MONDAY, "slots": ["09:00-12:00", "11:00-13:00"]},
    ):
        owner.tell("/settings/shifts", {**told, "version": 2, "days": [wrong]}, 422, method="PUT")
    copied = {**OF_S, "week": "2026-08-17", "version": 0}
    assert owner.tell("/settings/shifts/copy", copied)["landed"]
    (day,) = owner.ask("/settings/shifts", week="2026-08-17", **OF_S)["days"]
    assert (day["day"], day["slots"]) == ("2026-08-17", ["10:00-18:00"])


def test_profile_and_departments(own, program, person):
    owner, browser = program(), person("manager", username="m")
    given = {**OF_S, "version": 0, "name": "小暖家居", "platform": "tmall", "channels": ["im"]}
    assert owner.tell("/settings/shop", given, method="PUT")["version"] == 1
    assert "小暖家居" in page_of(browser, "/settings/shop", shop="s")
    shown = owner.ask("/settings/shop", **OF_S)
    assert (shown["name"], shown["platform"], shown["channels"]) == ("小暖家居", "tmall", ["im"])
    owner.tell("/settings/shop", given, 409, method="PUT")
    owner.tell("/settings/shop", {**given, "name": " ", "version": 1}, 422, method="PUT")
    department = shown["departments"][0]
    said = {**OF_S, "version": 0, "department": department["id"], "owner": "老王"}
    owner.tell("/settings/department", said, method="PUT")
    assert "老王" in page_of(browser, "/settings/shop", shop="s")
    owner.tell("/settings/department", said, 409, method="PUT")
    owner.tell("/settings/department", {**said, "department": "nothing"}, 404, method="PUT")
    assert owner.tell("/settings/landing", OF_S)["landed"]


def test_assumptions_hold_for_all_shops_so_ask_for_that_right(own, program, person):
    owner, browser = program(), person("owner", username="page")
    address = "/settings/assumptions/ww_satisfaction_weight"
    given = {"value": 40, "why": "平台公告", "version": 0}
    assert owner.tell(address, given, method="PUT") == {
        "version": 1, "published": True, "problem": "",
    }  # fmt: skip
    assert "平台公告" in page_of(browser, "/settings/assumptions")
    owner.tell(address, given, 409, method="PUT")
    owner.tell(address, {**given, "version": 1, "value": 101}, 422, method="PUT")
    owner.tell(address, {**given, "version": 1, "why": " "}, 422, method="PUT")
    weigh(browser, 1, 50)
    (shown,) = (
        one
        for one in owner.ask("/settings/assumptions")["assumptions"]
        if one["id"] == "ww_satisfaction_weight"
    )
    assert (shown["value"], shown["version"]) == (50, 2)
    assert [step["value"] for step in shown["history"]] == [50, 40]
    owner.tell(address, {"value": None, "version": 2}, method="PUT")
    assert owner.tell("/settings/assumptions", {})["published"]
    owner.tell("/settings/assumptions/nothing", given, 404, method="PUT")
    local = program("manager", "s", name="local")
    local.ask("/settings/assumptions")
    local.tell(address, {**given, "version": 3}, 403, method="PUT")
    narrowed = program(shops=["s"], name="narrowed")
    narrowed.tell(address, {**given, "version": 3}, 403, method="PUT")


def test_only_who_owns_all_shops_lets_words_out(own, program, person):
    owner = program()
    on = {
        "switch": "on", "endpoint": "https://model.example.com/v1", "model": "small",
        "why": "试用", "version": 0,
    }  # fmt: skip
    manager = program("manager", name="manager")
    manager.tell("/settings/language-model", on, 403, method="PUT")
    narrowed = program(rights=["see_numbers"], name="narrowed")
    narrowed.tell("/settings/language-model", on, 403, method="PUT")
    for wrong in ({"endpoint": "http://model.example.com"}, {"why": " "}, {"endpoint": ""}):
        owner.tell("/settings/language-model", {**on, **wrong}, 422, method="PUT")
    assert owner.ask("/settings/language-model")["on"] is False
    assert owner.tell("/settings/language-model", on, method="PUT")["version"] == 1
    page = page_of(person("owner", username="page"), "/settings/model")
    assert "model.example.com" in page
    off = {"switch": "off", "why": "不用了", "version": 0}
    owner.tell("/settings/language-model", off, 409, method="PUT")
    assert (
        owner.tell("/settings/language-model", {**off, "version": 1}, method="PUT")["on"] is False
    )


WRITES = [
    ("/settings/shop", "PUT", {"name": "x"}),
    ("/settings/department", "PUT", {"department": "quality"}),
    ("/settings/landing", "POST", None),
    ("/settings/campaign", "PUT", {**D11}),
    ("/settings/campaign/end", "POST", {"id": "d11", "ended": True}),
    ("/settings/campaign/take", "POST", {"id": "d11"}),
    ("/settings/calendar", "PUT", {"week": {}}),
    ("/settings/calendar/default", "POST", {}),
    ("/settings/agents", "PUT", {"agents": [{"agent_id": "a", "version": 0}]}),
    ("/settings/agents/take", "POST", None),
    ("/settings/shifts", "PUT", {"week": MONDAY, "days": [
        {"agent_id": "anna", "day": MONDAY, "slots": []}]}),
    ("/settings/shifts/copy", "POST", {"week": MONDAY}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "method", "content"), WRITES)
def test_a_shop_is_set_by_its_own_people_alone(own, program, path, method, content):
    body = {**OF_S, **(content or {})}
    if path not in ("/settings/landing", "/settings/campaign/take", "/settings/agents/take",
                    "/settings/agents"):  # fmt: skip
        body["version"] = 0
    program("manager", "t", name="stranger").tell(path, body, 404, method=method)
    program("supervisor", "s").tell(path, body, 403, method=method)
    only_reads = program("owner", rights=["see_numbers"], name="reader")
    only_reads.tell(path, body, 403, method=method)
    narrowed = program("owner", shops=["t"], name="narrowed")
    narrowed.tell(path, body, 404, method=method)


def test_a_page_s_campaign_is_changed_by_a_program(own, program, person):
    add(person("manager", username="m"), LIVE)
    owner = program()
    (shown,) = owner.ask("/settings/campaigns", **OF_S)
    changed = {**D11, "version": shown["version"], "name": "双十一"}
    assert owner.tell("/settings/campaign", changed, method="PUT")["version"] == 2
    assert [one["name"] for one in owner.ask("/settings/campaigns", **OF_S)] == ["双十一"]
