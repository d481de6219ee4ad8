"""The API over the morning's pages: scores, the meeting, promotions, what moved a metric."""

import pytest

from tests.app.web.settings_forms import lake
from tests.app.web.two_shops import page_of

TMALL, OTHER = "tmall-xiaonuan", "douyin-yunzhi"
GIVEN = {"shop_id": "s", "score_id": "gold", "taken_on": "2026-08-10", "score": 92.5, "target": 95}


@pytest.fixture
def named(own):
    """Serve the tiny shops with names."""
    import json

    path = own.runs / "current.json"
    run = json.loads(path.read_text("utf-8"))
    run["names"]["shops"] = {"s": "小暖", "t": "云织"}
    path.write_text(json.dumps(run), "utf-8")
    return own


def test_a_score_written_by_a_program_is_on_the_page(named, program, person):
    from huisheng.app.analysis import SCORE_LABELS

    owner, given = program(), {**GIVEN, "score_id": next(iter(SCORE_LABELS))}
    made = owner.tell("/scores", given, 201, key="score-of-monday")
    assert owner.tell("/scores", given, 201, key="score-of-monday") == made
    assert (made["score"], made["target"], made["taken_on"]) == (92.5, 95, "2026-08-10")
    page = page_of(person("manager", username="m"), "/scores")
    assert "92.5" in page and made["label"] in page
    assert owner.ask("/scores") == [made]
    assert len(lake(named, "platform_score_snapshots")) == 1
    owner.tell("/scores", {**given, "score": 93}, 201)
    assert [one["score"] for one in owner.ask("/scores")] == [93]
    for wrong in ({"taken_on": "2090-01-01"}, {"score": 1001}, {"score": "9"}, {"score_id": "x"}):
        owner.tell("/scores", {**given, **wrong}, 422)
    owner.tell("/scores", {**given, "shop_id": "nowhere"}, 404)
    program("manager", "t", name="stranger").tell("/scores", given, 404)
    program("reader", "s").tell("/scores", given, 403)
    assert program("manager", "t", name="other").ask("/scores") == []


def test_the_meeting_s_page_is_that_of_the_pages(site, program, person):
    from huisheng.app.web import library

    document = library.document()
    told = program().ask("/briefing")
    assert told["day"] > document["charts"]["last_day"]
    assert told["tips"] == document["charts"]["tips"] and len(told["points"]) == 3
    page = page_of(person("owner", username="page"), "/briefing")
    for promise in told["promises"]:
        assert promise["label"] in page
    one = program("manager", OTHER).ask("/briefing")
    for name in ("points", "promises", "tips", "changes"):
        assert {entry["shop_id"] for entry in one[name]} <= {OTHER}
    program("manager", TMALL, name="tmall").ask("/briefing", 404, shop_id=OTHER)
    program("agent", TMALL, agent_id="x", name="agent").ask("/briefing", 403)


def test_a_promotion_is_compared_hour_by_hour(site, program, person):
    owner = program()
    known = owner.ask("/promotions")
    assert known and {one["shop_id"] for one in owner.ask("/promotions", shop_id=TMALL)} <= {TMALL}
    first = known[0]
    asked = {"shop_id": first["shop_id"], "name": first["name"]}
    whole = owner.ask("/promotion", **asked)
    assert whole["begin"] == first["begin"] and whole["countdown"]
    assert all(len(one["others"]) == len(whole["others"]) for one in whole["measures"])
    assert bool(whole["measures"]) == bool(whole["hours"])
    assert first["name"] in page_of(person("owner", username="page"), "/promotion")
    owner.ask("/promotion", 404, **{**asked, "name": "nothing"})
    owner.ask("/promotion", 404, start="2001-01-01", **asked)
    elsewhere = OTHER if first["shop_id"] == TMALL else TMALL
    stranger = program("manager", elsewhere, name="stranger")
    stranger.ask("/promotion", 404, **asked)
    assert {one["shop_id"] for one in stranger.ask("/promotions")} <= {elsewhere}


def test_what_moved_a_metric_adds_up_and_fixes_are_marked(site, program):
    from huisheng.app.web.findings.models import State
    from huisheng.app.web.findings.states import decide

    owner = program()
    address = "/metrics/ww_satisfaction"
    change = owner.ask(f"{address}/change", by="agent_id", shop_id=TMALL)
    assert change["parts"]
    moved = sum(part["change"] for part in change["parts"])
    assert moved == pytest.approx(change["now"] - change["before"], abs=1e-9)
    owner.ask(f"{address}/change", 404, by="nothing", shop_id=TMALL)
    finding = owner.ask("/findings", shop_id=TMALL)["rows"][0]
    runs = owner.ask(f"/findings/{finding['id']}/runs")
    assert all(run["end"] for run in runs)
    decide(
        finding["id"], TMALL, State.DONE, by=owner.token.user, seen_version=0, assignee=None,
        reason="", numbers={},
    )  # fmt: skip
    trend = owner.ask(f"{address}/trend", shop_id=TMALL)
    days = {trend["window"]["start"], trend["window"]["end"]}
    assert all(mark["day"] <= max(days) for mark in trend["marks"])
