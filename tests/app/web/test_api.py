"""The API: whose token it is, what it opens, and what it answers."""

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.app.web.programs import API, Program
from tests.app.web.two_shops import HOSTILE, publish

LONE = '"\\ud800"'
HOSTILE_TEXTS = ("\x00", "a\x00b", HOSTILE, "x" * 1_000_000, "🦊" * 400, "%00", "' OR 1=1 --", "‮")


def named(content, name):
    file = BytesIO(content)
    file.name = name
    return file


# Who is let in.


def test_without_a_working_token_nothing_opens(person, program):
    from django.utils import timezone

    from huisheng.app.web.api.models import Token
    from huisheng.app.web.api.tokens import revoke

    owner = program()
    assert owner.ask("/me")["person"]["username"] == "owner"
    browser = person("manager")
    assert browser.get(f"{API}/me").status_code == 401, "a session opens nothing"
    for secret in ("", "hs_wrong", owner.secret + "x", owner.secret[:-1], "x" * 5000):
        Program(secret).ask("/me", 401)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    owner.ask("/me", 401)
    Token.objects.update(expires_at=timezone.now() + timedelta(days=1))
    owner.ask("/me")
    revoke(owner.token)
    owner.ask("/me", 401)


def test_a_person_who_left_or_must_change_their_password_takes_the_token_along(program):
    from huisheng.app.web.accounts.models import User

    owner = program()
    User.objects.update(must_change_password=True)
    assert owner.ask("/me", 403)["error"]["code"] == "must_change_password"
    User.objects.update(must_change_password=False, is_active=False)
    owner.ask("/me", 401)


def test_every_operation_asks_for_a_token(visitor):
    document = visitor.get(f"{API}/openapi.json").json()
    asked = 0
    for path, operations in document["paths"].items():
        for method in operations:
            address = re.sub(r"\{[^}]+\}", "1", path)
            answer = visitor.generic(method.upper(), address)
            assert answer.status_code in (401, 429), (method, path)
            asked += 1
    assert asked >= 38


def test_a_token_never_does_more_than_its_person_may_now(small, program):
    from huisheng.app.web.accounts.models import Membership

    owner = program()
    asked = {"shop_id": "s", "conv_id": "c1"}
    owner.ask("/voices/conversation", **asked)
    Membership.objects.update(role="reader")
    owner.ask("/voices/conversation", 403, **asked)
    owner.ask("/metrics")
    Membership.objects.all().delete()
    owner.ask("/metrics", 403)
    assert owner.ask("/shops") == []


def test_a_token_does_no_more_than_it_was_made_for(small, program):
    from huisheng.app.web.accounts.roles import Right

    narrow = program(rights=[Right.SEE_CONVERSATIONS], shops=["t"])
    assert [shop["shop_id"] for shop in narrow.ask("/shops")] == ["t"]
    assert narrow.ask("/shops")[0]["rights"] == ["see_conversations"]
    narrow.ask("/voices/conversation", shop_id="t", conv_id="d1")
    narrow.ask("/voices/conversation", 404, shop_id="s", conv_id="c1")
    units = narrow.ask("/voices/words", who="all")["rows"]
    assert {unit["shop_id"] for unit in units} == {"t"}
    for path in ("/metrics", "/findings", "/jobs", "/people", "/audit", "/report", "/data/shops"):
        narrow.ask(path, 403)
    narrow.tell("/analyses", "", 403)


def test_an_agent_reads_their_own_talks_alone(small, program):
    anna = program("agent", "s", agent_id="anna")
    found = anna.ask("/voices/words", who="all")
    assert {(unit["shop_id"], unit["id"]) for unit in found["rows"]} >= {("s", "c1")}
    assert not {unit["id"] for unit in found["rows"]} & {"c2", "d1", "r1"}
    talk = anna.ask("/voices/conversation", shop_id="s", conv_id="c1")
    assert talk["lines"][0]["text"] == f"怎么还没发货 {HOSTILE}"
    assert {label["label"] for label in talk["lines"][0]["labels"]} >= {"MID06", "L01"}
    assert "后悔说的话" not in json.dumps(talk, ensure_ascii=False), "it was recalled"
    assert talk["order"]["order"]["pay_amount"] == 99.5
    assert "customer_key" not in talk["order"]["order"]
    anna.ask("/voices/conversation", 404, shop_id="s", conv_id="c2")
    anna.ask("/voices/conversation", 404, shop_id="t", conv_id="d1")
    anna.ask("/voices/record", 404, shop_id="s", table="tickets", row_id="T2")
    assert anna.ask("/voices/record", shop_id="s", table="tickets", row_id="T1")["rows"]
    recalled = anna.ask("/voices/record", shop_id="s", table="messages", row_id="c1-4")
    assert "后悔" not in json.dumps(recalled, ensure_ascii=False)
    anna.ask("/overview", 403)
    anna.ask("/voices/line", 403, shop_id="s", table="messages", row_id="c1-1")


def test_looks_and_changes_name_the_token_in_the_audit(small, program):
    owner = program()
    owner.ask("/voices/conversation", shop_id="s", conv_id="c1")
    line = owner.ask("/audit")["rows"][0]
    assert (line["person"], line["act"], line["shop_id"]) == ("owner", "looked", "s")
    assert "仓库的ERP" in line["about"] and owner.token.prefix in line["about"]
    assert owner.secret not in json.dumps(owner.ask("/audit"), ensure_ascii=False)


def test_an_owner_of_one_shop_sees_its_people_and_their_deeds_alone(small, program):
    whole, part, away = program(), program("owner", "s", name="s"), program("qa", "t")
    away.ask("/voices/conversation", shop_id="t", conv_id="d1")
    part.ask("/voices/conversation", shop_id="s", conv_id="c1")
    assert {line["shop_id"] for line in part.ask("/audit")["rows"]} == {"s"}
    assert {line["shop_id"] for line in whole.ask("/audit")["rows"]} == {"s", "t"}
    assert [person["username"] for person in part.ask("/people")["rows"]] == ["s"]
    assert len(whole.ask("/people")["rows"]) == 3


# How often.


def test_a_program_in_a_hurry_is_told_when_to_come_again(program, settings_of):
    owner = program()
    with settings_of(API_PER_MINUTE=3):
        for left in ("2", "1", "0"):
            owner.ask("/me")
            assert owner.headers["RateLimit-Remaining"] == left
        assert owner.ask("/me", 429)["error"]["code"] == "rate_limited"
        assert 1 <= int(owner.headers["Retry-After"]) <= 60


def test_an_address_that_guesses_is_told_to_wait_and_right_tokens_pass(program, settings_of):
    owner = program()
    with settings_of(API_FAILURES=2):
        for status in (401, 401, 429, 429):
            Program("hs_guess").ask("/me", status)
        owner.ask("/me")


def test_two_processes_count_together(site, visitor):
    from huisheng.app.web.api.models import Knocks

    code = (
        "import django; django.setup()\n"
        "from huisheng.app.web.api.limits import knock\n"
        "print(sum(not knock('both', 60, 10**9).is_over for _ in range(40)))"
    )
    command = [sys.executable, "-c", code]
    two = [
        subprocess.Popen(command, env=os.environ.copy(), stdout=subprocess.PIPE) for _ in range(2)
    ]
    allowed = [int(process.communicate(timeout=120)[0]) for process in two]
    assert sum(allowed) == 60, allowed
    assert Knocks.objects.get(key="both").count == 61


@pytest.fixture
def settings_of():
    from django.test import override_settings

    return override_settings


# Once.


def test_an_upload_that_comes_twice_makes_one_job(own, program):
    from huisheng.app.web.jobs.models import Job

    owner = program()
    file = b"order_no\n1\n"
    first = owner.send(named(file, "orders.csv"), key="upload-0001", shop_id="s")
    again = owner.send(named(file, "orders.csv"), key="upload-0001", shop_id="s")
    assert again == first
    assert owner.headers["Idempotent-Replayed"] == "true"
    assert Job.objects.count() == 1
    kept = [path.name for path in (own.root / "uploads").iterdir()]
    assert kept == [Job.objects.get().payload["upload"]], "the second upload left nothing behind"
    other = owner.send(named(file + b"2\n", "orders.csv"), 422, key="upload-0001", shop_id="s")
    assert other["error"]["code"] == "key_reused"
    owner.send(named(file, "orders.csv"), shop_id="s")
    assert Job.objects.count() == 2
    assert owner.ask("/jobs")["total"] == 2
    assert owner.ask(f"/jobs/{first['id']}") == first
    assert owner.tell(f"/jobs/{first['id']}/cancel", "")["state"] == "cancelled"


def test_a_request_that_is_still_being_answered_is_not_done_twice(own, program):
    from django.utils import timezone

    from huisheng.app.web.api.idempotency import PATIENCE, fingerprint
    from huisheng.app.web.api.models import KeptAnswer
    from huisheng.app.web.jobs.models import Job

    owner = program()
    print_ = fingerprint("POST", f"{API}/analyses", b"")
    held = KeptAnswer.objects.create(
        token=owner.token, key="slow-request", fingerprint=print_, made_at=timezone.now()
    )
    assert owner.tell("/analyses", "", 409, key="slow-request")["error"]["code"] == "under_way"
    assert not Job.objects.exists()
    KeptAnswer.objects.update(made_at=timezone.now() - PATIENCE - timedelta(seconds=1))
    made = owner.tell("/analyses", "", 202, key="slow-request")
    assert Job.objects.get().pk == made["id"], "whoever began it is gone"
    held.refresh_from_db()
    assert held.status == 202
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=25))
    Job.objects.update(state="done")
    later = owner.tell("/analyses", "", 202, key="slow-request")
    assert later["id"] != made["id"], "keys are kept for a day"


def test_keys_of_two_tokens_do_not_meet(own, program):
    one, other = program(), program("manager")
    first = one.send(named(b"a\n1\n", "a.csv"), key="same-key-1", shop_id="s")
    second = other.send(named(b"a\n2\n", "a.csv"), key="same-key-1", shop_id="s")
    assert first["id"] != second["id"]


@pytest.mark.parametrize("key", ["", "short", "x" * 101, "钥匙钥匙钥匙钥匙", "with space"])
def test_a_key_that_is_none_is_refused(own, program, key):
    owner = program()
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = owner.raw("POST", "/analyses", headers=headers)
    assert answer.status_code == 422


# What it answers.


def test_numbers_are_those_of_the_pages(site, program):
    from huisheng.app.web import library
    from huisheng.metrics import Window, query

    owner = program()
    shop = owner.ask("/shops")[0]["shop_id"]
    answer = owner.ask("/metrics/ww_satisfaction/value", shop_id=shop)
    with library.facts() as facts:
        start, end = (date.fromisoformat(answer["window"][name]) for name in ("start", "end"))
        window = Window(start, end, facts.offset_us)
        core = {value.shop_id: value for value in query(facts, "ww_satisfaction", window)}[shop]
    assert answer["value"]["value"] == core.value
    assert answer["value"]["denominator"] == core.denominator > 0
    trend = owner.ask("/metrics/ww_satisfaction/trend", shop_id=shop)["days"]
    assert sum(day["value"]["denominator"] for day in trend if day["value"]) == core.denominator
    groups = owner.ask("/metrics/ww_satisfaction/groups", shop_id=shop, by="weekday")["rows"]
    assert sum(group["value"]["denominator"] for group in groups) == core.denominator
    cases = owner.ask("/metrics/ww_satisfaction/cases", shop_id=shop, which="denominator")
    assert cases["total"] == core.denominator
    case = cases["rows"][0]
    why = owner.ask("/metrics/ww_satisfaction/explain", shop_id=shop, case_id=case["case_id"])
    assert why["counted"] and why["cases"] == [case]
    last = owner.ask(
        "/metrics/ww_satisfaction/cases", shop_id=shop, which="denominator", page=cases["pages"]
    )
    assert len(last["rows"]) == core.denominator - 50 * (cases["pages"] - 1)
    owner.ask("/metrics/ww_satisfaction/value", 404, shop_id="nowhere")
    owner.ask("/metrics/nothing/value", 404)
    owner.ask("/metrics/ww_satisfaction/value", 404, start="1850-01-01")
    days = owner.ask("/metrics/ww_satisfaction/value", shop_id=shop, start="2026-08-03", days=2)
    assert days["window"] == {"start": "2026-08-03", "end": "2026-08-04"}
    assert days["compared_window"] == {"start": "2026-08-01", "end": "2026-08-02"}


def test_the_report_is_the_one_of_the_command_line(site, program):
    from huisheng.app.report import render_json
    from huisheng.app.web import library

    owner = program()
    assert owner.ask("/report") == json.loads(render_json(library.document()))
    shop = owner.ask("/shops")[0]["shop_id"]
    part = owner.ask("/report", shop_id=shop)
    assert part["shops"] == [shop]
    assert {finding["shop_id"] for finding in part["findings"]} <= {shop}
    assert owner.ask("/overview", shop_id=shop)["shops"] == [shop]
    assert owner.ask("/audit")["rows"][0]["act"] == "exported"


def test_a_department_gets_its_own_findings_alone(site, program):
    warehouse = program("department", department="warehouse")
    found = warehouse.ask("/findings")["rows"]
    assert {finding["department"] for finding in found} == {"warehouse"}
    owner = program()
    foreign = next(
        f["id"] for f in owner.ask("/findings")["rows"] if f["department"] != "warehouse"
    )
    warehouse.ask(f"/findings/{foreign}", 404)
    warehouse.ask(f"/findings/{foreign}/history", 404)
    warehouse.tell(f"/findings/{foreign}/decisions", {"action": "accept", "version": 0}, 404)
    warehouse.ask("/report", 403)


def test_a_decision_overtaken_by_another_changes_nothing(site, program):
    owner, qa = program(), program("qa")
    finding = owner.ask("/findings")["rows"][0]
    assert finding["standing"] == {
        "state": "new", "assignee_id": None, "assignee": "", "version": 0
    }  # fmt: skip
    place = f"/findings/{finding['id']}"
    me = owner.ask("/me")["person"]["id"]
    taken = owner.tell(
        f"{place}/decisions", {"action": "accept", "version": 0, "assignee_id": me}, key="take-it-1"
    )
    assert taken["standing"]["assignee_id"] == me
    late = {"action": "dispute", "version": 0, "reason": "数据不对"}
    assert qa.tell(f"{place}/decisions", late, 409)["error"]["code"] == "conflict"
    assert owner.ask(place)["standing"]["state"] == "accepted"
    qa.tell(f"{place}/decisions", late | {"version": 1})
    history = owner.ask(f"{place}/history")
    assert [(step["state"], step["reason"]) for step in history] == [
        ("accepted", ""), ("disputed", "数据不对")
    ]  # fmt: skip
    assert owner.ask("/findings", state="disputed")["total"] == 1
    for wrong in (
        {"action": "dispute", "version": 2},
        {"action": "dispute", "version": 2, "reason": " \n"},
        {"action": "assign", "version": 2},
        {"action": "done"},
        {"action": "done", "version": "2"},
        {"action": "done", "version": True},
        {"action": "done", "version": 10**30},
        {"action": "done", "version": 2, "extra": 1},
        [], None, 7, '"done"',
    ):  # fmt: skip
        owner.tell(f"{place}/decisions", wrong, 422)
    owner.tell(f"{place}/decisions", {"action": "accept", "version": 2, "assignee_id": 10**6}, 404)
    program("supplier", department="carrier").tell(
        f"{place}/decisions", {"action": "done", "version": 2}, 404
    )


def test_a_label_is_judged_as_on_the_page(own, program):
    owner = program("manager")
    line = {"shop_id": "s", "table": "messages", "row_id": "c1-1"}
    before = {head["head"]: head for head in owner.ask("/voices/line", **line)["heads"]}
    assert [label["label"] for label in before["scene"]["labels"]] == ["MID06"]
    said = line | {"head": "scene", "labels": [{"label": "PRE16"}], "seen": 0}
    after = owner.tell("/voices/judgements", said)
    scene = next(head for head in after["heads"] if head["head"] == "scene")
    assert [(label["label"], label["by_person"]) for label in scene["labels"]] == [("PRE16", True)]
    assert (scene["seen"], after["landed"]) == (1, True)
    owner.tell("/voices/judgements", said, 409)
    owner.tell("/voices/judgements", said | {"labels": [{"label": "NOPE"}], "seen": 1}, 422)
    owner.tell("/voices/judgements", said | {"row_id": "c1-2"}, 404)
    judged = owner.ask("/voices/agreement")["heads"]
    assert next(head["judged"] for head in judged if head["head"] == "scene") == 1


def test_files_of_a_shop_that_is_not_theirs_are_refused(own, program):
    shops = [{"shop_id": name, "name": f"店铺 {name}"} for name in ("s", "t")]
    publish(own, {"shops": shops})
    manager = program("manager", "s")
    manager.send(named(b"a\n1\n", "a.csv"), 404, shop_id="t")
    manager.send(named(b"a\n1\n", "a.csv"), 404, shop_id="new-shop")
    assert manager.send(named(b"a\n1\n", "a.csv"), shop_id="s", analyze="false")["shop_id"] == "s"
    manager.send(named(b"a\n1\n", "a.csv"), 422, shop_id="s", analyze="perhaps")
    manager.send(named(b"a\n1\n", "noextension"), shop_id="s")
    manager.ask("/data/coverage", 404, shop_id="t")
    assert [shop["shop_id"] for shop in manager.ask("/data/shops")] == ["s"]
    assert list((own.root / "uploads").iterdir()) and not list(own.root.glob("uploads/* (2)*"))


# What nobody should send.

QUESTIONS = {
    "/voices/words": ("q", "shop_id", "product", "agent", "label", "page", "start", "undated"),
    "/voices/rankings": ("shop_id", "product", "days"),
    "/voices/conversation": ("shop_id", "conv_id"),
    "/voices/record": ("shop_id", "table", "row_id"),
    "/metrics/ww_satisfaction/groups": ("by", "version", "vs_start"),
    "/metrics/ww_satisfaction/cases": ("reason", "by", "group", "which", "page"),
    "/metrics/ww_satisfaction/explain": ("case_id",),
    "/findings": ("shop_id", "department", "state"),
    "/data/coverage": ("shop_id", "end"),
    "/data/imports": ("shop_id", "page"),
}
NEEDED = {
    "/voices/conversation": {"shop_id": "s", "conv_id": "c1"},
    "/voices/record": {"shop_id": "s", "table": "tickets", "row_id": "T1"},
    "/metrics/ww_satisfaction/groups": {"by": "date", "shop_id": "s"},
    "/metrics/ww_satisfaction/cases": {"shop_id": "s"},
    "/metrics/ww_satisfaction/explain": {"case_id": "1", "shop_id": "s"},
    "/data/coverage": {"shop_id": "s"},
}


def test_hostile_text_in_a_question_never_breaks_the_program(small, program):
    from huisheng.app.web.api.models import Knocks

    owner = program()
    numbers = (
        "-1",
        "1e9",
        "9" * 400,
        "1.0",
        " 1",
        "1_0",
        "NaN",
        "true",
        "2026-13-40",
        "0000-00-00",
    )
    for path, names in QUESTIONS.items():
        # More questions in a minute than one program may ask.
        Knocks.objects.all().delete()
        for name in names:
            for text in (*HOSTILE_TEXTS, *numbers, "\ud800".encode("utf-8", "surrogatepass")):
                answer = owner.raw_question(path, NEEDED.get(path, {}) | {name: text})
                assert answer.status_code in (200, 404, 422), (path, name, text[:20])
    Knocks.objects.all().delete()
    for text in ("%00", "%ED%A0%80", "a%2Fb", "x" * 5000, "..", "%F0%9F%A6%8A"):
        for path in ("/findings/{}", "/metrics/{}", "/jobs/{}", "/data/quarantine/{}"):
            answer = owner.raw("GET", path.format(text))
            assert answer.status_code in (404, 422), (path, text[:20])
            assert set(json.loads(answer.content)) == {"error"}


def test_hostile_bodies_never_break_the_program(small, program):
    owner = program()
    line = '"shop_id":"s","table":"messages","row_id":%s,"head":"scene","labels":[],"seen":%s'
    bodies = [
        "", "{", "[" * 100_000, "\x00", LONE, '{"a": NaN}', '{"seen": ' + "9" * 5000 + "}",
        "{" + line % (LONE, "0") + "}", "{" + line % ('"\\u0000"', "0") + "}",
        "{" + line % ('"c1-1"', "1e400") + "}", "{" + line % ('"c1-1"', "9" * 30) + "}",
        "{" + line % ('"c1-1"', "-1") + "}", "{" + line % (json.dumps("x" * 100_000), "0") + "}",
        b"\xff\xfe{}", "null", "true", "1", '"x"', "[]",
    ]  # fmt: skip
    for body in bodies:
        for path in ("/voices/judgements", "/findings/1/decisions"):
            answer = owner.raw("POST", path, data=body, content_type="application/json")
            assert answer.status_code in (400, 404, 422), (path, body[:40], answer.status_code)
            assert set(json.loads(answer.content)) == {"error"}
    owner.tell("/voices/judgements", json.dumps({"q": "x" * 1_000_000}), 413)
    wrong = owner.raw("POST", "/voices/judgements", data="a=1", content_type="text/plain")
    assert wrong.status_code == 415
    assert (
        owner.raw("POST", "/data/uploads", data="{}", content_type="application/json").status_code
        == 415
    )
    assert owner.raw("DELETE", "/me").status_code == 405
    assert json.loads(owner.raw("DELETE", "/me").content)["error"]["code"] == "method_not_allowed"
    owner.ask("/no/such/thing", 404)


# For people.


def test_a_token_is_shown_once_and_kept_as_a_digest(small, person):
    from huisheng.app.web.api.models import Token

    browser = person("supervisor")
    page = browser.get("/tokens/").content.decode()
    assert "导入数据" not in page, "what a supervisor may not do is not offered"
    form = {"name": HOSTILE[:60], "rights": ["see_numbers", "see_findings"], "days": "30"}
    made = browser.post("/tokens/", form).content.decode()
    secret = re.search(r"hs_[\w-]{43}", made)[0]
    assert HOSTILE[:60] not in made and "&lt;script&gt;" in made
    token = Token.objects.get()
    assert secret not in str(token.__dict__), "the token itself is kept nowhere"
    assert secret not in browser.get("/tokens/").content.decode()
    supervisor = Program(secret)
    assert supervisor.ask("/me")["token"]["rights"] == ["see_findings", "see_numbers"]
    supervisor.ask("/voices/words", 403)
    refused = browser.post("/tokens/", form | {"rights": ["manage_people"]}).content.decode()
    assert "problem" in refused and Token.objects.count() == 1
    other = person("qa")
    assert other.post(f"/tokens/{token.pk}/revoke").status_code == 404
    supervisor.ask("/me")
    browser.post(f"/tokens/{token.pk}/revoke")
    supervisor.ask("/me", 401)
    owner = person("owner")
    assert "supervisor" in owner.get("/tokens/").content.decode()


def test_the_document_for_people_holds_every_operation(small, person):
    browser = person("agent", "s", agent_id="anna")
    page = browser.get("/api/")
    text = page.content.decode()
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick=|https?://", text.split("<main")[1])
    for path in browser.get(f"{API}/openapi.json").json()["paths"]:
        assert path in text


def test_the_examples_of_the_guide_work(site, program):
    owner = program()
    guide = Path(__file__).parents[3] / "docs" / "how-to" / "用接口取数.md"
    commands = re.findall(r"^curl (?:.*\\\n)*.*", guide.read_text("utf-8"), re.MULTILINE)
    assert len(commands) >= 5
    finding = owner.ask("/findings")["rows"][0]["id"]
    for command in commands:
        address = re.search(r"\$HUISHENG(/api/v1[^\s\"']*)", command)[1]
        parts = urlsplit(address.replace("卡点编号", finding))
        path = parts.path.removeprefix(API)
        pairs = re.findall(r"--data-urlencode [\"']([^\"']*)[\"']|-d ([a-z_]+=\S+)", command)
        query = dict(parse_qsl(parts.query)) | dict(
            (one or other).split("=", 1) for one, other in pairs
        )
        body = re.search(r"-d '(\{.*\})'", command)
        if "-F " in command:
            continue  # uploads have tests of their own, on a workspace that may be written to
        if body:
            owner.tell(path, body[1], key="guide-example")
        else:
            owner.ask(path, **query)
