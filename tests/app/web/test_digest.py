"""The weekly letter over a real mail server: off until switched on, once a week, nobody's words."""

import socket
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

TMALL = "tmall-xiaonuan"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class Inbox:
    """Keeps what arrives."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def mail():
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield inbox, port
    server.stop()


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
    answer = browser.post("/settings/digest/", settings_of(port, host="evil.example"))
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
        elsewhere = settings_of(port, host="evil.example", username="shop", version=1)
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
