"""The campaign calendar: landed, ended, taken over from imports, counted down to, drawn."""

from datetime import datetime, timedelta

import pytest

from huisheng.lake import open_engine
from huisheng.metrics import Facts
from tests.app.web.settings_forms import DEPOSIT, LIVE, OVERTAKEN, SHANGHAI, add, campaign, lake, us
from tests.app.web.two_shops import HOSTILE, page_of, publish, text_of


def test_a_campaign_lands_as_an_import_batch_and_the_same_again_changes_nothing(person, own):
    from huisheng.app.web.settings.landing import is_landed, land

    assert add(person("owner"), LIVE, DEPOSIT, price_protect_days=30).status_code == 302
    rows = lake(own, "campaigns")
    assert [
        (r["campaign_id"], r["name"], r["phase"], r["start_at"], r["end_at"]) for r in rows
    ] == [
        ("d11", "双11", "deposit", us("2026-10-24 20:00"), us("2026-10-31 00:00")),
        ("d11.w2", "双11", "live", us("2026-11-11 00:00"), us("2026-11-12 00:00")),
    ]
    assert {row["price_protect_days"] for row in rows} == {30}
    (batch,) = lake(own, "import_batches")
    assert batch["file"] == "campaigns（设置）.csv"
    assert is_landed("s", "campaigns")
    assert land("s", "campaigns").problem == ""
    assert lake(own, "campaigns") == rows


def test_a_stretch_taken_away_has_no_length_and_is_nobodys_window(person, own):
    from huisheng.app.analysis import promotions
    from huisheng.app.web.settings.campaigns import campaigns_of, imported
    from huisheng.app.web.settings.models import Campaign

    browser = person("owner")
    add(browser, LIVE, DEPOSIT)
    pk = Campaign.objects.get().pk
    assert browser.post(f"/settings/campaigns/{pk}", campaign(LIVE, version=1)).status_code == 302
    found = {row["campaign_id"]: row for row in lake(own, "campaigns")}
    assert (found["d11"]["phase"], found["d11"]["end_at"]) == ("live", us("2026-11-12 00:00"))
    assert found["d11.w2"]["start_at"] == found["d11.w2"]["end_at"]
    (seen,) = promotions(Facts(open_engine(own)))
    assert [phase.kind for phase in seen.phases] == ["live"]
    (mine,) = campaigns_of("s")
    assert len(mine.windows) == 1
    assert imported("s") == []
    # Were the desk lost, the lake would propose the campaign as it stood.
    Campaign.objects.all().delete()
    (draft,) = imported("s")
    assert (draft.id, draft.windows) == ("d11", mine.windows)


def test_the_second_editor_of_a_campaign_is_told_and_overwrites_nothing(person, own):
    from huisheng.app.web.settings.models import Campaign

    browser = person("owner")
    add(browser, LIVE)
    pk = Campaign.objects.get().pk
    first = browser.post(f"/settings/campaigns/{pk}", campaign(LIVE, version=1, name="甲"))
    second = browser.post(f"/settings/campaigns/{pk}", campaign(LIVE, version=1, name="乙"))
    assert (first.status_code, second.status_code) == (302, 409)
    assert OVERTAKEN in second.content.decode()
    assert Campaign.objects.get().name == "甲"
    assert lake(own, "campaigns")[0]["name"] == "甲"
    # A double click on «add» makes one campaign.
    assert add(browser, LIVE).status_code == 409
    assert Campaign.objects.count() == 1


def test_ending_cuts_the_span_and_resuming_restores_it(person, own):
    from huisheng.app.web.settings.campaigns import campaigns_of
    from huisheng.app.web.settings.models import Campaign

    browser = person("owner")
    now = datetime.now(SHANGHAI).replace(second=0, microsecond=0)
    running = ("live", f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
               f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}")  # fmt: skip
    add(browser, running)
    pk = Campaign.objects.get().pk
    browser.post(f"/settings/campaigns/{pk}/end", {"shop": "s", "version": 1})
    assert campaigns_of("s")[0].end <= datetime.now(SHANGHAI)
    assert lake(own, "campaigns")[0]["end_at"] < us(f"{now + timedelta(minutes=5):%Y-%m-%d %H:%M}")
    assert browser.post(f"/settings/campaigns/{pk}/end", {"version": 1}).status_code == 409
    browser.post(f"/settings/campaigns/{pk}/end", {"shop": "s", "version": 2, "resume": "1"})
    assert lake(own, "campaigns")[0]["end_at"] == us(f"{now + timedelta(days=1):%Y-%m-%d %H:%M}")


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        ([], "至少要有一段"),
        ([("live", "2026-11-12T00:00", "2026-11-11T00:00")], "结束要晚于开始"),
        ([("live", "2026-11-12T00:00", "")], "开始和结束要一起填"),
        ([("live", "gestern", "2026-11-11T00:00")], "有效"),
    ],
)
def test_a_wrong_stretch_is_told_and_nothing_kept(person, own, windows, told):
    from huisheng.app.web.settings.models import Campaign

    answer = add(person("owner"), *windows)
    assert answer.status_code == 200
    assert told in text_of(answer.content.decode())
    assert not Campaign.objects.exists()


def test_hostile_names_are_escaped(person, own):
    browser = person("owner")
    add(browser, LIVE, name=HOSTILE[:60], source=HOSTILE)
    page = page_of(browser, "/settings/campaigns?shop=s")
    assert "<script>alert" not in page
    assert HOSTILE in text_of(page)


def imported_campaign(**cells):
    return {
        "shop_id": "s", "campaign_id": "818", "name": "八一八", "phase": "live",
        "start_at": "2026-08-18 00:00:00", "end_at": "2026-08-19 00:00:00", **cells,
    }  # fmt: skip


def test_a_campaign_known_from_imports_is_proposed_taken_over_and_then_guarded(person, own):
    from huisheng.app.web.settings.campaigns import campaigns_of

    publish(own, {"campaigns": [imported_campaign()]})
    browser = person("owner")
    assert "八一八" in page_of(browser, "/settings/campaigns?shop=s")
    assert campaigns_of("s") == ()
    browser.post("/settings/campaigns/take", {"shop": "s", "id": "818"})
    (mine,) = campaigns_of("s")
    assert (mine.name, len(mine.windows)) == ("八一八", 1)
    assert "以这里为准" not in page_of(browser, "/settings/campaigns?shop=s")
    # A later import differs: nobody's setting is lost, and the page says so.
    publish(own, {"campaigns": [imported_campaign(name="别的名字")]})
    assert "以这里为准" in page_of(browser, "/settings/campaigns?shop=s")
    assert campaigns_of("s")[0].name == "八一八"
    browser.post("/settings/campaigns/again", {"shop": "s"})
    assert lake(own, "campaigns")[0]["name"] == "八一八"
    assert "以这里为准" not in page_of(browser, "/settings/campaigns?shop=s")
    assert browser.post("/settings/campaigns/take", {"shop": "s", "id": "no"}).status_code == 404


def test_the_campaign_of_2022_is_what_the_source_says(own):
    from huisheng.app.web.settings.campaigns import proposals
    from huisheng.app.web.settings.promotions import Campaign, Phase, countdown

    found = {one.id: one for one in proposals("s", datetime(2022, 9, 16, 9, tzinfo=SHANGHAI))}
    known = found["double11-2022"]
    assert not known.assumed
    starts = [(w.phase, f"{w.start:%m-%d %H:%M}") for w in known.windows]
    assert starts[0] == (Phase.DEPOSIT, "10-24 20:00")
    assert [day for _, day in starts[1:]] == ["10-31 00:00", "11-11 00:00"]
    assert any("缩短 4 天" in note for note in known.notes)
    assert all(draft.assumed for id_, draft in found.items() if id_ != "double11-2022")
    campaigns = [Campaign("s", known.id, known.name, known.windows)]
    count = countdown(campaigns, datetime(2022, 9, 16, 23, 59, tzinfo=SHANGHAI))
    assert count.days == 38
    assert "还有 38 天" in count.text


def test_countdown_knows_what_runs_what_comes_and_when_all_is_over():
    from huisheng.app.web.settings.promotions import Campaign, Phase, Stretch, countdown

    def at(day, hour=0):
        return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)

    live = Stretch(at(11), at(12), Phase.LIVE)
    campaigns = [Campaign("s", "d", "双11", (Stretch(at(1), at(5), Phase.DEPOSIT), live))]
    running = countdown(campaigns, at(2))
    assert running.now.stretch.phase is Phase.DEPOSIT
    assert (running.next.stretch, running.days) == (live, 9)
    assert countdown(campaigns, at(5)).now is None  # the end is not inside
    assert countdown(campaigns, at(10, 23)).days == 1
    assert countdown(campaigns, at(11)).next is None
    assert countdown(campaigns, at(12)) is None
    assert countdown([], at(1)) is None


def test_every_campaign_is_drawn_inside_the_strip(own):
    from huisheng.app.web.settings.gantt import NAMES, WIDTH, strip
    from huisheng.app.web.settings.promotions import Campaign, Phase, Stretch

    now = datetime(2026, 11, 1, tzinfo=SHANGHAI)
    one = Stretch(now, now + timedelta(hours=1), Phase.LIVE)
    far = Stretch(now + timedelta(days=90), now + timedelta(days=95), Phase.POST)
    drawn = strip([Campaign("s", "a", "A", (one, far)), Campaign("s", "b", "B", (far,))], now)
    for lane in drawn.lanes:
        for bar in lane.bars:
            assert float(bar.x) >= NAMES
            assert float(bar.x) + float(bar.width) <= WIDTH
            assert float(bar.width) >= 4
    assert drawn.today is not None
    assert strip([], now) is None
