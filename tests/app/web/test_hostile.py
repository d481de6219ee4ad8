"""Requests that nobody makes by accident: they are answered, and nothing breaks or opens."""

import io
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
import xlsxwriter
from django.test import Client, override_settings

from huisheng.app.web.small_tables import MOST_CELLS, read_table
from huisheng.errors import BadInputError

LONG = "9" * 5000


def workbook(*cells):
    """Return a workbook with text in some cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, column in cells:
            sheet.write_string(row, column, "x")
    return out.getvalue()


def rewritten(content, change):
    """Return a workbook whose sheet is changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if "worksheets" in name else text)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        workbook((0, 0), (1_048_575, 16_383)),
        rewritten(workbook((0, 0), (3000, 1000)), lambda text: text.replace(b' r="', b" r = '")),
        rewritten(
            workbook((0, 0), (9, 16_383)),
            lambda text: text.replace(b"<sheetData>", b"<sheetData>" + b"<row/>" * 300_000),
        ),
    ],
    ids=["far corner", "other quotes", "rows that do not say where"],
)
def test_a_small_workbook_that_would_fill_the_memory_is_refused(content):
    with pytest.raises(BadInputError):
        read_table("a.xlsx", content)


def test_an_ordinary_workbook_is_read_whole():
    content = workbook((0, 0), (2999, 6))
    assert len(read_table("a.xlsx", content)) == 3000
    bare = rewritten(content, lambda text: text.replace(b' r="', b' q="'))
    assert read_table("a.xlsx", bare), "a sheet need not say where its cells are"
    assert MOST_CELLS > 3000 * 7 * 50


@pytest.mark.parametrize("content", [b"a,b\rc,d\n", b"a" * 200_000, b"a\0b", b"\xff\x81"])
def test_what_is_no_table_is_told(content):
    try:
        read_table("a.csv", content)
    except BadInputError as error:
        assert "a.csv" in str(error)


@pytest.mark.parametrize(
    "address",
    [
        f"/settings/hours?fill={LONG}",
        "/settings/shifts?week=9999-12-31",
        "/settings/shifts?week=0001-01-01",
        "/data/coverage?end=0001-01-01",
        f"/data/history?page={LONG}",
        f"/audit/?user={LONG}&page={LONG}",
    ],
)
def test_numbers_and_days_without_measure_break_no_page(person, small, address):
    assert person().get(address).status_code == 200


@pytest.mark.parametrize("version", [LONG, "²", "-1", ""])
def test_a_version_that_is_none_changes_nothing(person, small, version):
    from huisheng.app.web.privacy.models import RetentionPolicy

    person().post("/privacy/retention/switch", {"on": "1", "version": version})
    assert not RetentionPolicy.objects.filter(on=True).exists()


def test_the_character_nul_reaches_no_store(person, small):
    browser = person()
    assert browser.get("/audit/?q=%00").status_code == 400
    assert browser.get("/findings/a%00b").status_code == 400
    form = {"content_type": "application/x-www-form-urlencoded"}
    answer = browser.post("/settings/shop", "what=shop&shop=s&name=a%00b", **form)
    assert answer.status_code == 400
    assert browser.post("/sign-in", "username=a%00&password=b", **form).status_code == 400


def test_one_comes_back_to_the_whole_address(person):
    person("owner")
    asked = "/voices/words?shop=a&q=b&page=2"
    door = Client().get(asked).url
    assert parse_qs(urlsplit(door).query) == {"next": [asked]}


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(person, wanted):
    person("owner")
    given = {"username": "owner", "password": "correct-horse-7"}
    answer = Client().post("/sign-in", given, query_params={"next": wanted})
    assert answer.url == "/"


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.1", "9.9.9.9"),
        (2, "9.9.9.9", "127.0.0.1"),
        (1, "nonsense", "127.0.0.1"),
    ],
)
def test_an_address_is_believed_from_our_own_proxies_alone(person, proxies, told, address):
    from huisheng.app.web.accounts.models import FailedSignIn

    person("owner")
    with override_settings(PROXIES=proxies):
        given = {"username": "owner", "password": "wrong"}
        Client().post("/sign-in", given, headers={"X-Forwarded-For": told})
    assert FailedSignIn.objects.get().address == address


def test_forms_work_behind_a_proxy_that_speaks_https(person):
    person("owner")
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in")
    given = {"username": "owner", "password": "correct-horse-7"}
    given["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    origin = {"Host": "testserver", "Origin": "https://testserver"}
    assert browser.post("/sign-in", given, headers=origin).status_code == 403
    with override_settings(SESSION_COOKIE_SECURE=True):
        assert browser.post("/sign-in", given, headers=origin).status_code == 302
        foreign = browser.post(
            "/sign-in", given, headers=origin | {"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403


def test_every_form_of_every_room_asks_for_its_token(person, small):
    """No address changes anything for a page of somebody else's."""
    from django.urls import get_resolver

    person("owner")
    browser = Client(enforce_csrf_checks=True)
    assert browser.login(username="owner", password="correct-horse-7")
    refused = 0
    for route in addresses(get_resolver()):
        if not route.startswith(("api/v1/", "static/")):
            status = browser.post(f"/{route}", {"a": "b"}).status_code
            assert status in (403, 404, 405), route
            refused += status == 403
    assert refused > 50


def addresses(resolver, before=""):
    """Yield every address of the site with numbers and words in place of its parts."""
    for pattern in resolver.url_patterns:
        route = before + re.sub(r"<[^>]+>", "1", str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, route)
        else:
            yield route


def test_answers_kept_for_repetition_are_forgotten_after_a_day(program):
    from datetime import timedelta

    from django.utils import timezone

    from huisheng.app.web.api.models import KeptAnswer
    from huisheng.app.web.jobs.regular import do_regular

    token, now = program().token, timezone.now()
    for hours in (1, 25):
        made_at = now - timedelta(hours=hours)
        KeptAnswer.objects.create(token=token, key=f"key-{hours:08d}", made_at=made_at, status=200)
    do_regular(now)
    assert KeptAnswer.objects.get().key == "key-00000001"
