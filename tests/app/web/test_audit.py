"""The audit: who may read which lines, found, summed, taken away."""

import csv
import io
from datetime import timedelta

import pytest

from tests.app.web.two_shops import HOSTILE, text_of


def user_of(username):
    from huisheng.app.web.accounts.models import User

    return User.objects.get(username=username)


def event(about, shop="", act="looked", who=None, days_ago=0, address="10.0.0.1"):
    from django.utils import timezone

    from huisheng.app.web.audit.models import Event

    made = Event.objects.create(
        about=about, shop_id=shop, act=act, user=who and user_of(who), address=address
    )
    Event.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days_ago))


def shown(browser, **query):
    page = browser.get("/audit/", query).content.decode()
    return {about for about in ABOUTS if f"<td>{about}</td>" in page}


ABOUTS = ("会话 c1", "会话 d1", "登录", "下载隔离行", "很久以前")


@pytest.fixture
def lines(person, small):
    """Write a few events of two shops and of none, by two people, of different days."""
    owner = person("owner")
    person("qa", shop_id="s")
    event("会话 c1", "s", who="qa")
    event("会话 d1", "t", who="owner", days_ago=10)
    event("登录", "", "signed_in", who="owner", address="10.0.0.9")
    event("下载隔离行", "s", "exported", who="qa", days_ago=3)
    event("很久以前", "s", who="qa", days_ago=40)
    return owner


@pytest.mark.parametrize("role", ["supervisor", "qa", "agent", "trainer", "department", "reader"])
def test_most_roles_do_not_read_the_audit(person, small, role):
    browser = person(role, department="cs")
    assert browser.get("/audit/").status_code == 403
    assert browser.get("/audit/events.csv").status_code == 403


def test_everything_is_found_by_person_act_shop_days_and_words(lines):
    everything = set(ABOUTS)
    assert shown(lines, days="all") == everything
    assert shown(lines) == everything - {"很久以前"}
    assert shown(lines, days="7") == {"会话 c1", "登录", "下载隔离行"}
    assert shown(lines, days="all", user=user_of("qa").pk) == everything - {"会话 d1", "登录"}
    assert shown(lines, act="exported") == {"下载隔离行"}
    assert shown(lines, days="all", shop="t") == {"会话 d1"}
    assert shown(lines, q="10.0.0.9") == {"登录"}
    assert shown(lines, q="会话") == {"会话 c1", "会话 d1"}
    assert "会话 c1" in shown(lines, days="junk", user="x" * 40, page="999", act="<b>")


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_events_of_other_shops_and_of_none_are_invisible(lines, person, role):
    one = person(role, username="one", shop_id="t")
    page = text_of(one.get("/audit/?days=all").content.decode())
    assert "会话 d1" in page
    assert "会话 c1" not in page and "10.0.0.9" not in page and "下载隔离行" not in page
    content = b"".join(one.get("/audit/events.csv?days=all&shop=s").streaming_content).decode()
    assert "会话" not in content
    assert "qa" not in page


def test_the_file_holds_what_the_page_found_and_is_itself_noted(lines):
    from huisheng.app.web.audit.models import Event

    event('=HYPERLINK("http://evil")', "s", who="qa")
    answer = lines.get("/audit/events.csv", {"user": user_of("qa").pk, "days": "7"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[5] for row in rows[1:]] == ['\'=HYPERLINK("http://evil")', "会话 c1", "下载隔离行"]
    assert Event.objects.filter(act="exported", about="下载审计记录 3 条").exists()


def test_the_weeks_top_viewers_are_ranked(lines):
    for _ in range(4):
        event("会话 c2", "s", who="qa")
    event("会话 c2", "s", who="owner", days_ago=1)
    page = lines.get("/audit/").content.decode()
    assert "qa：查看 5 次，导出 1 次，上一周查看 0 次" in page
    assert "owner：查看 1 次，导出 0 次，上一周查看 1 次" in page
    assert page.index("qa：查看") < page.index("owner：查看")


def test_a_long_audit_comes_in_pages_and_hostile_words_stay_words(lines):
    for number in range(60):
        event(f"{HOSTILE} {number}", "s", who="qa")
    first, second = lines.get("/audit/"), lines.get("/audit/?page=2")
    assert "第 1 页，共 2 页" in first.content.decode()
    for page in (first, second):
        assert "<script>alert" not in page.content.decode()
        assert page.content.decode().count("<tr>") <= 51
    assert HOSTILE in text_of(first.content.decode())


def test_looking_at_the_audit_changes_nothing(lines):
    from huisheng.app.web.audit.models import Event

    before = Event.objects.count()
    lines.get("/audit/")
    assert Event.objects.count() == before
