"""The API over privacy: a buyer found, handed over and erased; how long things are kept."""

import io
import json
import zipfile

import pytest

from tests.app.web.test_privacy import NICK, bring
from tests.app.web.two_shops import page_of
from tests.app.web.working import do_jobs, rows_of

BUYER = {"shop_id": "s", "found_by": "nick", "value": NICK}
DAYS = {"chat_text": 200, "survey_answers": 365, "labels": 730, "orders": 1095, "audit": 400}


@pytest.fixture
def kept(own):
    """Serve shops that hold one known buyer and another in every table."""
    from huisheng.app.web import library

    library._shelf.engine = None  # it is known by its versions, and every test has the same ones
    bring(own)
    return own


def test_a_buyer_is_found_handed_over_and_erased(kept, program, person):
    from huisheng.app.web.api.models import KeptAnswer
    from huisheng.app.web.audit.models import Event

    owner = program()
    made = owner.tell("/privacy/requests", BUYER, 201, key="buyer-request-1")
    assert owner.tell("/privacy/requests", BUYER, 201, key="buyer-request-1")["id"] == made["id"]
    assert made["counts"]["orders"] == 1 and made["erasure"] is None
    left = [*Event.objects.values_list("about", flat=True), KeptAnswer.objects.get().content]
    assert NICK not in "".join(left), "what was typed is kept nowhere"
    address = f"/privacy/requests/{made['id']}"
    page = page_of(person("owner", username="page"), f"/privacy/requests/{made['id']}/")
    assert "订单" in page
    answer = owner.raw("POST", f"{address}/export")
    assert answer.headers["Content-Type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    assert len(json.loads(packed.read("data.json"))["orders"]) == 1
    assert owner.ask(address)["exported_at"]
    before = rows_of(kept, "orders")
    for wrong in ({}, {"confirmation": "是"}):
        owner.tell(f"{address}/erasure", wrong, 422)
    asked = owner.tell(f"{address}/erasure", {"confirmation": "删除"}, 202)
    again = owner.tell(f"{address}/erasure", {"confirmation": "删除"}, 202)
    assert asked["erasure"]["job_id"] == again["erasure"]["job_id"]
    assert asked["erasure"]["state"] == "queued"
    do_jobs()
    done = owner.ask(address)
    assert done["erasure"]["state"] == "done" and done["erased"]["orders"] == 1
    assert done["counts_now"] == {} and rows_of(kept, "orders") == before - 1
    assert [one["id"] for one in owner.ask("/privacy/requests")["rows"]] == [made["id"]]
    (lost,) = owner.ask("/privacy/runs-lost")
    assert lost["period"]["start"] == "2026-08-01"


def test_who_is_not_there_is_not_found_and_a_foreign_shop_is_unknown(kept, program):
    owner = program()
    refused = owner.tell("/privacy/requests", {**BUYER, "value": "谁也不是"}, 404)
    assert "没有关于他的记录" in refused["error"]["message"]
    owner.tell("/privacy/requests", {**BUYER, "found_by": "order", "value": "o-x9"}, 404)
    owner.tell("/privacy/requests", {**BUYER, "found_by": "order", "value": "o-x1"}, 201)
    made = owner.tell("/privacy/requests", BUYER, 201)
    address = f"/privacy/requests/{made['id']}"
    for stranger, status in (
        (program("manager", "t", name="stranger"), 404),
        (program(shops=["t"], name="narrowed"), 404),
        (program("qa", "s", name="qa"), 403),
        (program(rights=["see_conversations", "export"], name="without"), 403),
    ):
        stranger.tell("/privacy/requests", BUYER, status)
        stranger.ask(address, status)
        assert stranger.raw("POST", f"{address}/export").status_code == status
        stranger.tell(f"{address}/erasure", {"confirmation": "删除"}, status)
    assert owner.ask(address)["erasure"] is None


def test_retention_is_one_thing_for_page_and_program(kept, program, person):
    from huisheng.app.web.api.schemas.privacy import RetentionDays
    from huisheng.app.web.privacy.policy import RULES

    assert set(RetentionDays.model_fields) == {rule.id for rule in RULES}
    owner, browser = program(), person("owner", username="page")
    shown = owner.ask("/privacy/retention", foreseen="true")
    assert shown["version"] == 0 and shown["on"] is False
    assert all(rule["foreseen"] is not None for rule in shown["rules"])
    owner.tell("/privacy/retention/run", {}, 409)
    kept_days = owner.tell("/privacy/retention", {"version": 0, "days": DAYS}, method="PUT")
    assert {rule["id"]: rule["days"] for rule in kept_days["rules"]} == DAYS
    assert 'value="200"' in page_of(browser, "/privacy/retention")
    owner.tell("/privacy/retention", {"version": 0, "days": DAYS}, 409, method="PUT")
    few = {"version": 1, "days": {**DAYS, "chat_text": 1}}
    owner.tell("/privacy/retention", few, 422, method="PUT")
    browser.post("/privacy/retention/switch", {"version": 1, "on": "1"})
    assert owner.ask("/privacy/retention")["on"] is True
    owner.tell("/privacy/retention/switch", {"version": 1, "on": False}, 409)
    job = owner.tell("/privacy/retention/run", {}, 202)["job_id"]
    owner.tell("/privacy/retention/run", {}, 409)
    do_jobs()
    assert owner.ask("/privacy/retention")["last_run"] == job
    assert owner.tell("/privacy/retention/switch", {"version": 2, "on": False})["on"] is False


def test_what_holds_for_all_shops_is_for_who_answers_for_all(kept, program):
    for some in (
        program("manager", "s", name="local"),
        program(shops=["s"], name="narrowed"),
        program(rights=["change_settings"], name="setter"),
    ):
        some.tell("/privacy/retention", {"version": 0, "days": DAYS}, 403, method="PUT")
        some.tell("/privacy/retention/switch", {"version": 0, "on": True}, 403)
        some.tell("/privacy/retention/run", {}, 403)
        some.ask("/privacy/runs-lost", 403)
