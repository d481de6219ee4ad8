"""The weekly letter over a real mail server: off until switched on, once a week, nobody's words."""

import socket
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

TMALL = "tmall-xiaonuan"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def settings_of(port, /, **changed):
    return {
        "is_on": "on", "host": "127.0.0.1", "port": port, "security": "none", "username": "",
        "password": "", "sender": "huisheng@shop.example", "weekday": 0, "hour": 9,
        "recipients": "boss@shop.example，ops@shop.example", "version": 0, **changed,
    }  # fmt: skip


def test_it_is_off_and_asks_for_nothing(person):
    from huisheng.app.web.digest.posting import schedule
    from huisheng.app.web.jobs.models import Job

    page = person().get("/settings/digest/").content.decode()
    assert "先治这几处" in page
    schedule(MONDAY)
    assert not Job.objects.exists()


def test_a_letter_goes_once_a_week_to_everybody(person, mail, site):
    from huisheng.app.web.digest.posting import post, schedule
    from huisheng.app.web.jobs.models import Job, Kind
    from huisheng.lake import open_workspace

    inbox, port = mail
    browser = person()
    assert browser.post("/settings/digest/", settings_of(port)).status_code == 302
    schedule(MONDAY - timedelta(hours=1))
    assert not Job.objects.exists()
    for later in range(3):
        schedule(MONDAY + timedelta(hours=later))
    job = Job.objects.get()
    assert job.kind == Kind.DIGEST
    post(open_workspace(site), job, lambda step: None)
    [(recipients, content)] = inbox.letters
    assert recipients == ["boss@shop.example", "ops@shop.example"]
    letter = message_from_bytes(content, policy=policy.default)
    assert letter["subject"].strip().startswith("回声周报")
    assert "boss@shop.example" not in str(letter["to"])
    text = letter.get_body(("plain",)).get_content()
    assert "先治这几处" in text
    schedule(MONDAY + timedelta(days=7))
    assert Job.objects.count() == 2


def test_no_buyer_s_words_leave(person, site):
    from huisheng.app.web import library
    from huisheng.app.web.digest.letter import letter

    document = library.document()
    written = letter(document)
    quotes = [
        e["quote"] for f in document["findings"] for e in f["evidence"] if len(e["quote"]) > 6
    ]
    assert quotes
    assert not [quote for quote in quotes if quote in written.text or quote in written.html]


def test_a_letter_of_one_shop_names_no_other(person, site):
    from huisheng.app.web import library
    from huisheng.app.web.digest.letter import letter
    from huisheng.app.web.seen import document_of

    document = library.document()
    names = document["names"]["shops"]
    written = letter(document_of(document, [TMALL]))
    assert names[TMALL] in written.text
    for shop in set(document["shops"]) - {TMALL}:
        assert names[shop] not in written.text + written.html


def test_a_server_that_is_not_there_is_said_plainly(person, mail):
    _, port = mail
    browser = person()
    browser.post("/settings/digest/", settings_of(1))
    answer = browser.post("/settings/digest/try")
    assert answer.status_code == 400
    assert "没有收下" in answer.content.decode()


def test_the_second_editor_is_told(person, mail):
    _, port = mail
    browser = person()
    browser.post("/settings/digest/", settings_of(port))
    answer = browser.post("/settings/digest/", settings_of(465, host="evil.example"))
    assert answer.status_code == 409
    from huisheng.app.web.digest.models import Digest

    assert Digest.objects.get().host == "127.0.0.1"


def test_the_password_is_the_owner_s_alone(person, mail, site):
    _, port = mail
    browser = person()
    browser.post("/settings/digest/", settings_of(port, username="shop", password="s3cret-code"))
    secret = site / "secrets" / "smtp.key"
    try:
        assert secret.stat().st_mode & 0o077 == 0
        assert "s3cret-code" not in browser.get("/settings/digest/").content.decode()
        elsewhere = settings_of(465, host="evil.example", username="shop", version=1)
        answer = browser.post("/settings/digest/", elsewhere)
        assert answer.status_code == 400
        assert "请重新填密码" in answer.content.decode()
    finally:
        secret.unlink()


@pytest.mark.parametrize(
    "wrong", [{"recipients": "nobody"}, {"host": "a b\r\nX: y"}, {"port": 0}, {"sender": ""}]
)
def test_what_cannot_be_sent_is_not_kept(person, mail, wrong):
    from huisheng.app.web.digest.models import Digest

    _, port = mail
    answer = person().post("/settings/digest/", settings_of(port, **wrong))
    assert answer.status_code == 400
    assert not Digest.objects.exists()


def test_one_shop_s_manager_does_not_set_it(person):
    assert person("manager", TMALL).get("/settings/digest/").status_code == 403


@pytest.mark.parametrize("listed", [[], ["10.1.2.3", "127.0.0.1:1"]])
@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        ("127.0.0.1", 25, "在本机或内网里"),
        ("localhost", 465, "在本机或内网里"),
        ("169.254.169.254", 25, "在本机或内网里"),
        ("10.0.0.7", 587, "在本机或内网里"),
        ("smtp.example.com", 6379, "端口只能是 25、465、587、2525"),
    ],
)
def test_nobody_s_own_network_is_probed(person, listed, host, port, told):
    from huisheng.app.web.digest.models import Digest

    with override_settings(MAIL_HOSTS=listed):
        answer = person().post("/settings/digest/", settings_of(port, host=host))
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Digest.objects.exists()


@pytest.mark.parametrize("security", ["none", "ssl", "starttls"])
def test_a_name_that_leads_inside_is_not_followed(person, mail, site, security):
    """Machines name themselves: the name looks like any other, its address lies inside."""
    from huisheng.app.web.digest.models import Digest

    inbox, port = mail
    browser = person()
    browser.post("/settings/digest/", settings_of(port, security=security))
    name = socket.gethostname()
    assert not all(place[4][0].startswith("8.") for place in socket.getaddrinfo(name, 25))
    Digest.objects.update(host=name, port=25)
    with override_settings(MAIL_HOSTS=[]):
        answer = browser.post("/settings/digest/try")
    assert answer.status_code == 400
    assert f"{name} 在本机或内网里" in answer.content.decode()
    assert not inbox.letters


def test_a_server_of_one_s_own_is_reached_by_its_name_once_it_is_listed(person, mail, site):
    inbox, port = mail
    with override_settings(MAIL_HOSTS=[f"localhost:{port}"]):
        browser = person()
        browser.post("/settings/digest/", settings_of(port, host="localhost"))
        assert "已发给 2 人" in browser.post("/settings/digest/try").content.decode()
    assert len(inbox.letters) == 1
