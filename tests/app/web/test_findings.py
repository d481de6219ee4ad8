"""Stuck points on the pages: who sees which, and decisions that never overwrite each other."""

import json

import pytest


@pytest.fixture(scope="module")
def findings(shop):
    return json.loads((shop / "report.json").read_text("utf-8"))["findings"]


def test_the_overview_shows_the_numbers_of_the_report(person, shop):
    page = person("owner").get("/").content.decode()
    assert "总览" in page
    document = json.loads((shop / "ws" / "runs" / "current.json").read_text("utf-8"))
    for card in document["charts"]["cards"][:3]:
        assert card["label"] in page


def test_a_department_sees_its_own_findings_alone(person, findings):
    departments = {finding["department"] for finding in findings}
    assert len(departments) > 1, "the demo shop must have several owners"
    own = findings[0]["department"]
    browser = person("department", department=own)
    assert browser.get("/").url == "/findings/"
    for finding in findings:
        status = browser.get(f"/findings/{finding['id']}").status_code
        assert status == (200 if finding["department"] == own else 404)


def test_a_person_of_one_shop_sees_nothing_of_another(person, findings):
    from huisheng.app.web import library

    shops = library.document()["shops"]
    stuck = findings[0]["shop_id"]
    other = next(shop for shop in shops if shop != stuck)
    for own, foreign in ((stuck, other), (other, stuck)):
        browser = person("manager", shop_id=own, username=f"manager-{own}")
        for finding in findings:
            status = browser.get(f"/findings/{finding['id']}").status_code
            assert status == (200 if finding["shop_id"] == own else 404)
        assert foreign not in browser.get("/").content.decode()


def test_a_dispute_needs_a_reason_and_leaves_a_history(person, findings):
    browser, address = person("owner"), f"/findings/{findings[0]['id']}"
    answer = browser.post(f"{address}/decide", {"state": "disputed", "version": 0})
    assert "请写明为什么有异议" in answer.content.decode()
    given = {"state": "disputed", "version": 0, "reason": "是平台系统故障"}
    assert browser.post(f"{address}/decide", given).url == address
    page = browser.get(address).content.decode()
    assert "有异议" in page
    assert "是平台系统故障" in page


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(person, findings):
    owner, manager = person("owner"), person("manager")
    address = f"/findings/{findings[0]['id']}"
    assert owner.post(f"{address}/decide", {"state": "accepted", "version": 0}).status_code == 302
    late = manager.post(f"{address}/decide", {"state": "done", "version": 0})
    assert "别人刚刚改过" in late.content.decode()
    assert "已认领" in owner.get(address).content.decode()
    assert "已处理</b>" not in owner.get(address).content.decode()


def test_a_reader_decides_nothing(person, findings):
    address = f"/findings/{findings[0]['id']}/decide"
    assert person("reader").post(address, {"state": "done", "version": 0}).status_code == 403


def test_words_of_buyers_are_text_never_markup(person, shop, findings):
    run = shop / "ws" / "runs" / "current.json"
    kept = run.read_bytes()
    document = json.loads(kept)
    document["findings"][0]["evidence"][0]["quote"] = "<script>alert(1)</script>"
    try:
        run.write_text(json.dumps(document), "utf-8")
        page = person("owner").get(f"/findings/{findings[0]['id']}").content.decode()
    finally:
        run.write_bytes(kept)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_finding_is_given_to_who_may_see_it(person, findings):
    from huisheng.app.web.accounts.models import User
    from huisheng.app.web.findings.models import Decision

    entry = findings[0]
    person("supervisor", entry["shop_id"], "colleague")
    person("supervisor", "another-shop", "stranger")
    person("agent", entry["shop_id"], "agent", agent_id="a")
    person("department", entry["shop_id"], "elsewhere", department="nobody")
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(name=f"名叫{user.username}")
    manager, address = person("manager", entry["shop_id"]), f"/findings/{entry['id']}"
    page = manager.get(address).content.decode()
    assert "名叫colleague" in page
    for name in ("stranger", "agent", "elsewhere"):
        assert f"名叫{name}" not in page
        given = {"state": "accepted", "version": 0}
        given["assignee"] = User.objects.get(username=name).pk
        manager.post(f"{address}/decide", given)
    assert not Decision.objects.exists()


def test_a_role_in_another_shop_decides_nothing_about_who_can_be_given_a_stuck_point(person):
    from huisheng.app.web.accounts.models import Membership, User
    from huisheng.app.web.findings.assigning import assignable

    person("qa", shop_id="s", username="both")
    both = User.objects.get(username="both")
    Membership.objects.create(user=both, shop_id="t", role="department", department="ops")
    assert list(assignable("s", "cs")) == [both]
    assert list(assignable("t", "ops")) == [both]
    assert list(assignable("t", "cs")) == []
