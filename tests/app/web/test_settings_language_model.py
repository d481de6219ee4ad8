"""The switch of the language model: what is published, spent and in the way, in words."""

import json
from datetime import date

import pytest
from django.utils import timezone

from huisheng.app.llm import Patience, account, permitted, read_texts
from tests.app.language_service import fails, serving
from tests.app.web.two_shops import HOSTILE, label, page_of, publish, text_of

pytestmark = pytest.mark.xdist_group("pipeline")
QUICK = Patience(timeout_s=5, attempts=1, failures=1, apart_s=0)


@pytest.fixture
def service(monkeypatch):
    with serving() as service:
        monkeypatch.setenv("HUISHENG_LLM_HOSTS", service.origin)
        monkeypatch.setenv("HUISHENG_LLM_KEY", "k-secret-1")
        yield service


def given(service, **changed):
    return {
        "on": "1", "version": 0, "endpoint": f"{service.origin}/v1", "model": "small",
        "daily_requests": "7", "daily_tokens": "9000", "why": f"试用 {HOSTILE}", **changed,
    }  # fmt: skip


def ask(workspace):
    texts, day = ["怎么还没发货"], timezone.localdate()
    return read_texts(workspace, permitted(workspace), texts, day, tell=print, patience=QUICK)


def test_what_an_owner_allows_is_published_and_what_was_spent_is_shown(own, person, service):
    owner = person("owner")
    assert permitted(own) is None
    assert owner.post("/settings/model", given(service)).status_code == 302
    held = permitted(own)
    assert (held.endpoint, held.model) == (f"{service.origin}/v1", "small")
    assert (held.daily_requests, held.daily_tokens) == (7, 9000)
    assert ask(own).verdicts
    page = page_of(owner, "/settings/model")
    assert "今天的请求1 / 7" in text_of(page)
    assert "今天的 token100 / 9,000" in text_of(page)
    assert "<script>alert" not in page
    assert "没有答完" not in page
    assert "k-secret-1" not in page
    off = {"on": "0", "version": 1, "why": "不用了"}
    assert owner.post("/settings/model", off).status_code == 302
    assert permitted(own) is None


def test_the_last_error_is_told_until_a_question_goes_well(own, person, service):
    owner = person("owner")
    owner.post("/settings/model", given(service))
    service.answers = [fails(401)]
    ask(own)
    assert "密钥不对（HTTP 401）" in page_of(owner, "/settings/model")
    ask(own)
    assert "没有答完" not in page_of(owner, "/settings/model")


def test_an_error_with_markup_is_text(own, person, service):
    owner = person("owner")
    owner.post("/settings/model", given(service))
    day = timezone.localdate()
    assert isinstance(day, date)
    held = {"day": day.isoformat(), "problem": HOSTILE}
    (own.root / "llm" / "account.json").write_text(json.dumps(held), "utf-8")
    assert account(own, day).problem == HOSTILE
    assert "<script>alert" not in page_of(owner, "/settings/model")


def test_what_is_in_the_way_is_said(own, person, service, monkeypatch):
    owner = person("owner")
    owner.post("/settings/model", given(service))
    clear = page_of(owner, "/settings/model")
    assert "HUISHENG_LLM_HOSTS" not in clear
    assert "没有密钥" not in clear
    monkeypatch.setenv("HUISHENG_LLM_HOSTS", "")
    monkeypatch.delenv("HUISHENG_LLM_KEY")
    (own.root / "llm" / "permission.json").unlink()
    page = page_of(owner, "/settings/model")
    for problem in ("HUISHENG_LLM_HOSTS", "没有密钥", "请关闭后重新打开"):
        assert problem in page
    assert not service.came


def test_a_form_that_was_refused_keeps_what_was_typed(own, person, service):
    owner = person("owner")
    assert 'name="daily_requests" inputmode="numeric" required value="200"' in page_of(
        owner, "/settings/model"
    )
    answer = owner.post("/settings/model", given(service, why=" ", model=f'm"{HOSTILE}'))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f'value="{service.origin}/v1"' in page
    assert 'value="m&#34;&lt;script&gt;' in page
    assert "没有写原因" in page


def test_an_address_in_clear_is_refused_unless_it_is_listed(own, person, service, monkeypatch):
    owner = person("owner")
    monkeypatch.setenv("HUISHENG_LLM_HOSTS", "")
    assert owner.post("/settings/model", given(service)).status_code == 400
    assert permitted(own) is None


def test_programs_see_the_same(own, program, service):
    owner = program()
    on = {
        "switch": "on", "endpoint": "https://llm.example.com/v1", "model": "small", "why": "试用",
        "version": 0, "daily_requests": 5,
    }  # fmt: skip
    told = owner.tell("/settings/language-model", on, method="PUT")
    assert (told["model"], told["daily_requests"], told["requests_today"]) == ("small", 5, 0)
    assert any("HUISHENG_LLM_HOSTS" in one for one in told["obstacles"])
    assert permitted(own).daily_requests == 5
    for wrong in ({"model": ""}, {"model": "a b"}, {"daily_requests": 0}, {"daily_tokens": -1}):
        owner.tell("/settings/language-model", {**on, **wrong, "version": 1}, 422, method="PUT")


def test_a_verdict_of_it_is_shown_as_its_own(own, person):
    verdict = label("c1-3", "scene", "MID06") | {"source": "llm", "p": None, "version": "2"}
    publish(own, {"labels": (verdict,)})
    page = page_of(person("owner"), "/voices/conversation/s/c1")
    assert '<span class="chip plain">催发货 <small>语言模型</small></span>' in page
