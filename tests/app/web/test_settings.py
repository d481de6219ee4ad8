"""The settings: who may enter, what is landed, guarded, audited, told to whom it concerns."""

from datetime import date

import pytest

from huisheng.lake import open_engine
from huisheng.metrics import Facts, Window, query
from tests.app.web.settings_forms import AGENT, LIVE, OVERTAKEN, WEEK, add, lake, week, weigh
from tests.app.web.two_shops import HOSTILE, page_of, publish, text_of

PAGES = ("", "campaigns", "campaigns/new", "hours", "agents", "agents/one", "shifts",
         "assumptions", "shop", "model")  # fmt: skip


@pytest.mark.parametrize("role", ["supervisor", "qa", "agent", "trainer", "reader"])
def test_only_who_may_set_enters(person, small, role):
    browser = person(role, agent_id="anna")
    for page in PAGES:
        assert browser.get(f"/settings/{page}").status_code == 403, page


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_and_change_nothing(person, own, page):
    from huisheng.app.web.settings import models

    browser = person("manager")
    assert browser.get(f"/settings/{page}").status_code == 200
    kinds = (models.Campaign, models.ShopProfile, models.Agent, models.ShiftWeek, models.Landing)
    assert not any(kind.objects.exists() for kind in kinds)


def test_a_manager_of_one_shop_sees_and_sets_that_one_alone(person, own):
    browser = person("manager", shop_id="t")
    assert "?shop=s" not in page_of(browser, "/settings/campaigns")
    assert browser.get("/settings/campaigns?shop=s").status_code == 404
    assert add(browser, LIVE).status_code == 404
    assert add(browser, LIVE, shop="t").status_code == 302
    # What holds for every shop is seen, and changed by those of every shop alone.
    assert "为什么" not in page_of(browser, "/settings/assumptions")
    answer = browser.post("/settings/assumptions/ww_satisfaction_weight", {"value": 20, "why": "x"})
    assert answer.status_code == 403


def test_another_shops_rows_are_not_found(person, own):
    from huisheng.app.web.settings.models import Campaign

    add(person("owner"), LIVE)
    pk = Campaign.objects.get().pk
    stranger = person("manager", shop_id="t")
    assert stranger.get(f"/settings/campaigns/{pk}").status_code == 404
    assert stranger.post(f"/settings/campaigns/{pk}/end", {"version": 1}).status_code == 404
    assert stranger.get("/settings/agents/one?shop=t&agent=anna").status_code == 404


def test_hours_land_and_time_complaints(person, own):
    ticket = {
        "shop_id": "s", "ticket_no": "C", "type": "complaint", "created_at": "2026-08-10 08:00:00",
        "closed_at": "2026-08-12 08:00:00",
    }  # fmt: skip
    publish(own, {"tickets": [ticket], "shops": [{"shop_id": "s", "config": {"sla": 5}}]})
    browser = person("owner")
    page = page_of(browser, "/settings/hours?shop=s")
    assert "还没有设营业时间" in page
    form = {"shop": "s", "version": 0, **WEEK, "holidays": "2026-10-01/2026-10-07 国庆"}
    assert browser.post("/settings/hours", form).status_code == 302
    (row,) = lake(own, "shops")
    assert (row["work_start"], row["work_end"]) == ("09:00", "18:00")
    assert '"sla": 5' in row["config"]  # what an import put there stays
    facts = Facts(open_engine(own))
    assert date(2026, 10, 7) in facts.calendars["s"].holidays

    window = Window(date(2026, 8, 1), date(2026, 8, 31), facts.offset_us)
    values = {v.shop_id: v for v in query(facts, "complaint_handle_hours@business", window)}
    assert values["s"].value == 7.5 + 9  # Monday and Tuesday; without a calendar 18
    assert browser.post("/settings/hours/default", {"shop": "s", "version": 1}).status_code == 302
    assert "s" not in Facts(open_engine(own)).calendars
    assert '"sla": 5' in lake(own, "shops")[0]["config"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mon": "9点到5点"}, "看不懂"),
        ({"mon": "09:00-12:00, 11:00-13:00"}, "重叠"),
        ({"holidays": "下周一"}, "看不懂"),
        ({"holidays": "2026-10-01", "extra_days": "2026-10-01 09:00-10:00"}, "既是放假日"),
    ],
)
def test_hours_that_cannot_be_are_told_and_what_was_written_stays(person, own, given, told):
    from huisheng.app.web.settings.models import ShopProfile

    answer = person("owner").post("/settings/hours", {"shop": "s", "version": 0, **given})
    assert answer.status_code == 400
    page = text_of(answer.content.decode())
    assert told in page
    assert next(iter(given.values())) in answer.content.decode()
    assert not ShopProfile.objects.exists()


def test_the_second_editor_of_hours_is_told(person, own):
    browser = person("owner")
    form = {"shop": "s", "version": 0, **WEEK}
    assert browser.post("/settings/hours", form).status_code == 302
    answer = browser.post("/settings/hours", {**form, "mon": ""})
    assert answer.status_code == 409
    assert OVERTAKEN in answer.content.decode()
    assert len(Facts(open_engine(own)).calendars["s"].week[0]) == 2


def test_shipped_holidays_are_calendars_and_fill_without_saving(person, own):
    from huisheng.app.web.settings import hours
    from huisheng.app.web.settings.models import ShopProfile

    days = {2024: 28, 2025: 28, 2026: 33}
    for year, known in hours.years_off().items():
        _, calendar = hours.calendar_of(hours.with_year(hours.OFFICE, known), "Asia/Shanghai")
        assert len(calendar.holidays) == days[year]
        assert {day.year for day in calendar.holidays} == {year}
        # Days are made up for on weekends, and no day is both.
        assert all(day.weekday() >= 5 for day, _ in calendar.extra_days)
    page = page_of(person("owner"), "/settings/hours?shop=s&fill=2026")
    assert "2026-10-01/2026-10-07" in page
    assert not ShopProfile.objects.exists()
    again = hours.with_year(hours.with_year(hours.OFFICE, hours.years_off()[2026]),
                            hours.years_off()[2026])  # fmt: skip
    assert again == hours.with_year(hours.OFFICE, hours.years_off()[2026])


def test_a_shop_is_renamed_and_its_departments_have_owners(person, own):
    browser = person("owner")
    form = {"shop": "s", "what": "shop", "version": 0, "name": "小店", "platform": "tmall",
            "category": "家电", "channels": ["im", "phone", "nonsense"]}  # fmt: skip
    assert browser.post("/settings/shop", form).status_code == 302
    (row,) = lake(own, "shops")
    assert (row["name"], row["platform"], row["category"]) == ("小店", "tmall", "家电")
    department = {"shop": "s", "what": "department", "department": "cs", "version": 0,
                  "owner": HOSTILE, "contact": "分机 8001"}  # fmt: skip
    assert browser.post("/settings/shop", department).status_code == 302
    assert browser.post("/settings/shop", department).status_code == 409
    page = page_of(browser, "/settings/shop?shop=s")
    assert "<script>alert" not in page
    assert "分机 8001" in page
    assert "nonsense" not in page
    assert browser.post("/settings/shop", {**department, "department": "x"}).status_code == 404
    # Contact people are no facts: nothing of them is in the lake.
    assert "8001" not in str(lake(own, "shops"))


def test_the_language_model_is_off_and_only_an_owner_turns_it_on_with_a_reason(person, own):
    from huisheng.app.web.settings.switching import may_use_language_model

    on = {
        "on": "1", "version": 0, "endpoint": "https://llm.example.com/v1", "model": "small",
        "daily_requests": "100", "daily_tokens": "200000", "why": "试用",
    }  # fmt: skip
    assert not may_use_language_model()
    assert person("manager").post("/settings/model", on).status_code == 403
    owner = person("owner")
    for wrong in (
        {"why": " "},
        {"endpoint": "http://llm.example.com"},
        {"endpoint": "file:///etc"},
        {"model": " "},
        {"daily_requests": "0"},
        {"daily_tokens": "many"},
    ):
        assert owner.post("/settings/model", {**on, **wrong}).status_code == 400
    assert not may_use_language_model()
    assert owner.post("/settings/model", on).status_code == 302
    assert may_use_language_model()
    page = text_of(page_of(owner, "/settings/model"))
    assert "试用" in page
    assert owner.post("/settings/model", on).status_code == 400
    off = {"on": "0", "version": 1, "why": "试用结束"}
    assert owner.post("/settings/model", off).status_code == 302
    assert not may_use_language_model()


def test_every_change_is_audited_and_a_look_at_settings_is_not_a_change(person, own):
    from huisheng.app.web.audit.models import Act, Event

    browser = person("owner")
    for page in PAGES:
        browser.get(f"/settings/{page}")
    assert not Event.objects.filter(act=Act.CHANGED).exists()
    add(browser, LIVE)
    browser.post("/settings/hours", {"shop": "s", "version": 0, **WEEK})
    browser.post("/settings/agents/one?shop=s", AGENT)
    browser.post("/settings/shifts", week(0, anna=["09:00-18:00", *[""] * 6]))
    weigh(browser, 0, 25)
    told = list(
        Event.objects.filter(act=Act.CHANGED).order_by("id").values_list("about", flat=True)
    )
    assert len(told) == 5
    assert told[0].startswith("添加活动「双11」")
    assert "25%" in told[4]
    assert "平台公告" in told[4]
