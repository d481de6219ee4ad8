"""Groups without a name get one from a permitted language model, of which only what holds stays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.app.analysis import analyze, unnamed_id
from huisheng.app.analysis.group_naming import MOST_GROUPS, ask_for_names
from huisheng.app.llm import (
    Group,
    GroupName,
    Patience,
    Permission,
    account,
    forget_answers,
    name_groups,
    publish,
    suggested_names,
)
from huisheng.app.llm.group_names import LONGEST_QUOTE, MOST_QUOTES, read_names
from huisheng.lake import create_workspace
from huisheng.language import taxonomy
from tests.app.language_service import completion, content_of, fails, named, says, serving
from tests.app.test_spoken_terms import NEEDS, Talks, asked
from tests.app.web.two_shops import publish as land

NOW_US = 1_786_400_000_000_000
DAY = date.fromisoformat("2026-08-11")
QUICK = Patience(timeout_s=5, attempts=1, first_wait_s=0, failures=1, apart_s=0)
ONE = Group("g1", "刻字", ("能不能刻字呀", "想刻字送人"))
TWO = Group("g2", "代写贺卡", ("可以代写贺卡吗",))
NAME = GroupName("刻字定制", "")


@pytest.fixture
def service(monkeypatch):
    with serving() as service:
        monkeypatch.setenv("HUISHENG_LLM_HOSTS", service.origin)
        yield service


@pytest.fixture
def workspace(tmp_path):
    return create_workspace(tmp_path / "ws", "Asia/Shanghai")


def permission(service, **changed):
    values = {"model": "small", "daily_requests": 50, "daily_tokens": 100_000, **changed}
    return Permission(endpoint=service.origin, **values)


@pytest.fixture
def name(workspace, service):
    """Return a function that asks for the names of groups, shop by shop."""

    def ask(*shops, **changed):
        allowed = permission(service, **changed)
        return name_groups(workspace, allowed, shops, DAY, tell=str, patience=QUICK)

    return ask


def answers(**changed):
    return lambda items: (200, completion(content_of(named(items, **changed))), {})


def test_right_answers_are_kept_and_not_asked_for_twice(name, service, workspace):
    service.answers = [answers(aspect="L01")]
    assert name([ONE], [TWO]) == ""
    assert suggested_names(workspace) == {"g1": GroupName("刻字定制", "L01"), "g2": NAME}
    assert len(service.came) == 2, "one question per shop"
    assert service.items[0] == {"id": "t1", "phrase": "刻字", "quotes": list(ONE.quotes)}
    held = service.came[0][2]["response_format"]["json_schema"]["schema"]
    aspects = held["properties"]["answers"]["items"]["properties"]["aspect"]["enum"]
    assert set(aspects) == {*taxonomy().aspects, "NONE"}
    name([ONE, TWO], model="other")
    assert len(service.came) == 2, "a name stays as long as its group"
    spent = account(workspace, DAY)
    assert (spent.requests, spent.answered, spent.dropped) == (2, 2, 0)
    forget_answers(workspace)
    assert suggested_names(workspace) == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "买家没有说过的话"},
        {"quote": " "},
        {"quote": None},
        {"aspect": "ADMIN"},
        {"aspect": ["L01"]},
        {"aspect": None},
        {"name": "一二三四五六七八九十多"},
        {"name": "刻"},
        {"name": "打13812345678"},
        {"name": "<b>刻字</b>"},
        {"name": "刻字 定制"},
        {"name": "刻字\n"},
        {"name": ["刻字"]},
        {"id": "t9"},
        {"id": "g1"},
    ],
)
def test_an_answer_that_does_not_hold_is_dropped_and_counted(name, service, workspace, changed):
    service.answers = [answers(**changed)]
    assert name([ONE]) == ""
    assert suggested_names(workspace) == {}
    assert account(workspace, DAY).dropped == 1


@pytest.mark.parametrize("answer", [says("{"), says('{"answers": 1}'), fails(500), fails(401)])
def test_what_is_no_answer_names_nothing_and_is_told(name, service, workspace, answer):
    service.answers = [answer]
    assert name([ONE])
    assert suggested_names(workspace) == {}
    assert name([ONE]) == ""
    assert suggested_names(workspace) == {"g1": NAME}


def test_the_days_budget_holds_for_names_too(name, service, workspace):
    assert "1 次请求已用完" in name([ONE], [TWO], daily_requests=1)
    assert suggested_names(workspace) == {"g1": NAME}
    assert len(service.came) == 1


def test_nothing_personal_leaves_and_long_groups_are_cut(name, service, workspace):
    phone = "我电话13812345678"
    many = Group("g3", "刻字", (phone, *(first + "刻字" * 100 for first in "甲甲乙丙丁戊己庚")))
    personal = [Group("g4", "贺卡", (phone,)), Group("g5", phone, ("贺卡",))]
    name([*personal, many, Group("g6", "没有原话", ())])
    (item,) = service.items
    assert [quote[0] for quote in item["quotes"]] == list("甲乙丙丁戊")
    assert {len(quote) for quote in item["quotes"]} == {LONGEST_QUOTE}
    assert len(item["quotes"]) == MOST_QUOTES
    assert account(workspace, DAY).withheld == 3


def test_a_damaged_store_is_no_suggestion_and_is_made_anew(name, service, workspace):
    name([ONE])
    (workspace.root / "llm" / "answers.sqlite3").write_bytes(b"nonsense" * 200)
    assert suggested_names(workspace) == {}
    assert "损坏" in name([ONE])
    assert name([ONE]) == ""
    assert suggested_names(workspace) == {"g1": NAME}


@given(st.one_of(st.text(), st.text().map(lambda text: '{"answers": [' + text + "]}")))
def test_no_answer_makes_reading_fail(content):
    answered = read_names(content, [ONE, TWO], taxonomy())
    assert answered is None or not answered.held


@pytest.fixture(scope="module")
def talks():
    """Return conversations in which ten buyers ask for engraving, some in the same words."""
    talks = Talks()
    for day in range(30, 40):
        talks.usual(day)
        talks.say(day, NEEDS[day % len(NEEDS)])
    talks.say(20, "刻字刻字", customer="long ago")
    return talks


def named_by(workspace, talks, window, told=str):
    facts = talks.facts()
    unnamed = facts.ready("unnamed_talks")
    return ask_for_names(
        workspace, facts.engine, unnamed, window, now_us=NOW_US, tell=told, patience=QUICK
    )


def test_groups_of_the_period_go_with_what_was_said_last(workspace, service, talks):
    publish(workspace, permission(service))
    assert named_by(workspace, talks, asked(first=28, days=20).period) == ""
    (item,) = [one for one in service.items if "刻字" in one["phrase"]]
    assert set(item["quotes"]) <= set(NEEDS)
    assert len(item["quotes"]) == len(set(item["quotes"])) > 1
    assert suggested_names(workspace)[unnamed_id("s", item["phrase"])] == NAME
    assert len(service.items) <= MOST_GROUPS


def test_without_permission_nobody_is_connected_to(workspace, service, talks):
    assert named_by(workspace, talks, asked().period) == ""
    assert not service.came
    assert not (workspace.root / "llm").exists()


def test_a_period_without_groups_asks_nothing(workspace, service, talks):
    publish(workspace, permission(service))
    assert named_by(workspace, talks, asked(days=3).period) == ""
    assert not service.came


def test_what_fails_or_is_damaged_is_told_and_costs_the_names_alone(workspace, service, talks):
    publish(workspace, permission(service))
    service.answers = [fails(401)]
    told = []
    assert "密钥不对" in named_by(workspace, talks, asked().period, told.append)
    assert any("分析照常进行" in line for line in told)
    (workspace.root / "llm" / "permission.json").write_text("{", "utf-8")
    assert "读不懂" in named_by(workspace, talks, asked().period, told.append)
    assert len(service.came) == 1


@pytest.fixture
def spoken(workspace, talks):
    """Return a workspace with the conversations; the shipped model has not read them yet."""
    own = {name: tuple({"shop_id": "s", **row} for row in rows)
           for name, rows in talks.rows.items() if name != "labels"}  # fmt: skip
    land(workspace, own)
    return workspace


def test_an_analysis_asks_for_names_and_is_the_same_without(spoken, service):
    without = analyze(spoken, None, str, now_us=NOW_US)
    assert not service.came
    publish(spoken, permission(service))
    service.answers = [answers_well] * 99
    assert analyze(spoken, None, str, now_us=NOW_US)["shops"] == without["shops"]
    asked_for = [item["phrase"] for item in service.items if "phrase" in item]
    assert asked_for
    assert set(suggested_names(spoken)) == {unnamed_id("s", phrase) for phrase in asked_for}
    came = len(service.came)
    analyze(spoken, None, str, now_us=NOW_US)
    assert len(service.came) == came


def answers_well(items):
    """Name groups; leave labels as they are: no scene, so that groups stay."""
    if "phrase" in items[0]:
        return answers()(items)
    said = [{"id": item["id"], "scene": "NONE", "sentiment": "neutral", "quote": item["text"]}
            for item in items]  # fmt: skip
    return 200, completion(content_of(said)), {}
