"""The API over exports, undone imports, settings and the morning's page."""

import csv
import io

import pytest
from django.test import override_settings

from huisheng.lake import create_workspace
from tests.app.web.programs import API
from tests.app.web.settings_forms import add
from tests.app.web.working import do_jobs, import_job, orders, rows_of

TMALL, OTHER = "tmall-xiaonuan", "douyin-yunzhi"
MANY = {"source": "records", "query": {"metric": "complaint_rate", "shop": TMALL}}


@pytest.fixture
def place(visitor, tmp_path):
    """Return an empty workspace that the site serves for the length of a test."""
    made = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=made.root):
        yield made


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_table_is_asked_for_and_fetched(site, program):
    manager = program("manager", TMALL)
    asked = {"source": "cards", "format": "csv"}
    made = manager.tell("/exports", asked, 201, key="export-cards-1")
    assert made["ready"] and made["state"] == "given" and made["customers"] == 0
    assert manager.tell("/exports", asked, 201, key="export-cards-1")["id"] == made["id"]
    file = manager.raw("GET", f"/exports/{made['id']}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert len(rows(file)) == made["rows"]
    assert {row["店铺"] for row in rows(file)} and made["shops"] == [TMALL]
    assert manager.ask("/exports")["rows"][0]["file_hash"]
    other = program("manager", TMALL, name="other")
    other.ask(f"/exports/{made['id']}/file", 404)
    assert not other.ask("/exports")["rows"]
    workbook = manager.tell("/exports", {**asked, "format": "xlsx"}, 201)
    assert manager.raw("GET", f"/exports/{workbook['id']}/file").content.startswith(b"PK")


def test_many_customers_need_somebody_else_s_token(site, program):
    manager, owner = program("manager", TMALL), program("owner")
    assert "reason" in manager.tell("/exports", MANY, 409)["error"]["message"]
    made = manager.tell("/exports", {**MANY, "reason": "核对"}, 201)
    assert made["state"] == "asked" and not made["ready"] and made["customers"] > 200
    manager.ask(f"/exports/{made['id']}/file", 409)
    decision = f"/exports/{made['id']}/decision"
    manager.tell(decision, {"allow": True}, 404)
    program("manager", OTHER, name="stranger").tell(decision, {"allow": True}, 404)
    program("supervisor", TMALL).tell(decision, {"allow": True}, 403)
    assert [one["id"] for one in owner.ask("/exports/to-decide")] == [made["id"]]
    assert owner.tell(decision, {"allow": True})["state"] == "approved"
    owner.tell(decision, {"allow": False}, 409)
    assert len(rows(manager.raw("GET", f"/exports/{made['id']}/file"))) == made["rows"]


def test_a_token_of_one_shop_takes_nothing_of_another(site, program):
    owner = program("owner", shops=[TMALL])
    asked = {"source": "records", "query": {"metric": "complaint_rate", "shop": OTHER}}
    owner.tell("/exports", {**asked, "reason": "x"}, 404)
    made = owner.tell("/exports", {"source": "cards"}, 201)
    assert made["shops"] == [TMALL]
    program("qa", TMALL).tell("/exports", {"source": "cards"}, 403)
    for body in ({"source": "users"}, {"source": "cards", "query": {"a": "\x00"}}, {"x": 1}):
        owner.tell("/exports", body, 422)


def test_an_import_is_taken_back_by_what_was_shown(place, program):
    owner = program("owner")
    import_job({"orders_a.csv": orders(10)})
    do_jobs()
    (line,) = owner.ask("/data/imports")["rows"]
    address = f"/data/imports/{line['undo']}/undo"
    shown = owner.ask(address)
    assert [one["name"] for one in shown["imports"]] == ["orders_a.csv"]
    assert {"label": "订单", "vanishing": 10}.items() <= shown["tables"][0].items()
    owner.tell(address, {"imports": ["nothing"]}, 409)
    program("manager", "shop-b", name="stranger").ask(address, 404)
    program("qa", "shop-a").ask(address, 403)
    seen = [one["id"] for one in shown["imports"]]
    job = owner.tell(address, {"imports": seen, "analyze": False}, 202)
    assert owner.tell(address, {"imports": seen, "analyze": False}, 202)["id"] == job["id"]
    do_jobs()
    assert owner.ask(f"/jobs/{job['id']}")["state"] == "done"
    assert rows_of(place, "orders") == 0
    owner.ask(address, 404)


def test_settings_are_read_as_they_are_set(own, person, program):
    browser, asked = person("owner", username="page"), {"shop_id": "s"}
    add(browser, ("live", "2026-11-10T20:00", "2026-11-12T00:00"))
    owner = program("owner")
    (campaign,) = owner.ask("/settings/campaigns", **asked)
    assert (campaign["id"], campaign["name"]) == ("d11", "双11")
    assert campaign["windows"][0]["start"] == "2026-11-10T20:00:00+08:00"
    assert owner.ask("/settings/calendar", **asked)["is_set"] is False
    week = {"mon": "09:00-12:00, 13:00-18:00", "holidays": "2026-10-01/2026-10-07 国庆"}
    browser.post("/settings/hours", {"shop": "s", "version": 1, **week})
    browser.post("/settings/hours", {"shop": "s", "version": 0, **week})
    calendar = owner.ask("/settings/calendar", **asked)
    assert calendar["week"]["mon"] == ["09:00-12:00", "13:00-18:00"]
    assert calendar["week"]["sun"] == []
    assert calendar["holidays"] == ["2026-10-01/2026-10-07"]
    program("manager", "t", name="stranger").ask("/settings/campaigns", 404, **asked)
    program("reader", "s").ask("/settings/calendar", 403, **asked)


def test_the_morning_is_that_of_the_run_and_of_one_s_shops(site, program):
    from huisheng.app.web import library

    charts = library.document()["charts"]
    whole = program("owner").ask("/overview")
    for name in ("changes", "badges", "tips"):
        assert whole[name] == charts[name], name
    assert whole["last_day"] == charts["last_day"]
    assert [len(score["points"]) for score in whole["scores"]] == [
        len(score["points"]) for score in charts["scores"]
    ]
    one = program("manager", OTHER).ask("/overview")
    for name in ("changes", "badges", "scores", "tips"):
        assert {entry["shop_id"] for entry in one[name]} <= {OTHER}


def test_the_file_is_no_address_for_strangers(visitor):
    assert visitor.get(f"{API}/exports/1/file").status_code in (401, 429)
