"""What has no name yet becomes a concern: the link, a language model's suggestion, the form."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from huisheng.app.analysis.computing import keep_relations
from huisheng.app.analysis.group_naming import ask_for_names
from huisheng.app.analysis.spoken_terms import spoken_terms
from huisheng.app.assumptions import chosen
from huisheng.app.llm import GroupName, Patience, Permission, forget_answers
from huisheng.app.llm import publish as allow
from huisheng.app.llm.answers import keep_names
from huisheng.lake import open_engine
from huisheng.metrics import Facts
from tests.app.language_service import completion, content_of, named, says, serving
from tests.app.test_spoken_terms import NEEDS, Talks, asked
from tests.app.web.two_shops import HOSTILE, page_of, publish, text_of

pytestmark = pytest.mark.xdist_group("pipeline")
QUICK = Patience(timeout_s=5, attempts=1, first_wait_s=0, failures=1, apart_s=0)
FORM = "/settings/concerns/one"
PERIOD = asked(first=26, days=30).period


@pytest.fixture
def service(monkeypatch):
    with serving() as service:
        monkeypatch.setenv("HUISHENG_LLM_HOSTS", service.origin)
        yield service


@pytest.fixture
def spoken(own):
    """Serve a shop whose buyers ask for engraving, which has no name, counted as a run counts."""
    talks = Talks()
    for day in range(30, 40):
        talks.usual(day)
        talks.say(day, NEEDS[day % len(NEEDS)])
    rows = {
        name: tuple({"shop_id": "s", **row} for row in some) for name, some in talks.rows.items()
    }
    publish(own, rows)
    engine = open_engine(own)
    facts = Facts(engine, keeps_relations=True, assumptions=chosen(own))
    keep_relations(own, engine, facts, spoken_terms(facts))
    return own


def ask(workspace, service):
    allow(workspace, Permission(service.origin, "small", 50, 100_000))
    engine = open_engine(workspace)
    unnamed = spoken_terms(Facts(engine, keeps_relations=True))["unnamed_talks"]
    return ask_for_names(
        workspace, engine, unnamed, PERIOD, now_us=0, tell=str, patience=QUICK
    )  # fmt: skip


def links(page):
    """Return what each link to the form of a concern gives for it."""
    found = re.findall(rf'href="({FORM}[^"]*)"', page)
    return [parse_qs(urlsplit(unescape(address)).query) for address in found]


def groups(program):
    return program("owner", name="program").ask("/voices/terms", shop_id="s")["unnamed"]


def test_a_suggested_name_is_shown_and_begins_a_concern(spoken, person, program, service):
    service.answers = [lambda items: (200, completion(content_of(named(items, aspect="L01"))), {})]
    assert ask(spoken, service) == ""
    owner = person("owner")
    page = page_of(owner, "/voices/terms")
    assert "建议名称：刻字定制（语言模型）" in text_of(page)
    group = groups(program)[0]
    assert (group["suggested_name"], group["suggested_aspect"]) == ("刻字定制", "L01")
    begun = links(page)[0]
    assert begun == {"words": [group["phrase"]], "label": ["刻字定制"], "aspect": ["L01"]}
    form = page_of(owner, FORM, **{name: value[0] for name, value in begun.items()})
    assert 'name="label" maxlength="20" required value="刻字定制"' in form
    assert '<option value="L01" selected>' in form
    assert f">{group['phrase']}</textarea>" in form
    assert "K001" not in page_of(owner, "/settings/concerns"), "looking keeps nothing"
    forget_answers(spoken)
    assert "建议名称" not in page_of(owner, "/voices/terms")


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "买家没有说过"},
        {"aspect": "ADMIN"},
        {"name": "一二三四五六七八九十多"},
        {"name": "打13812345678"},
        None,
    ],
)
def test_an_answer_that_does_not_hold_is_no_suggestion(spoken, person, program, service, changed):
    def dropped(items):
        return 200, completion(content_of(named(items, **changed))), {}

    service.answers = [says("{") if changed is None else dropped]
    ask(spoken, service)
    assert service.came
    page = page_of(person("owner"), "/voices/terms")
    assert "建议名称" not in page
    group = groups(program)[0]
    assert (group["suggested_name"], group["suggested_aspect"]) == (None, None)
    assert links(page)[0] == {"words": [group["phrase"]]}


def test_a_hostile_name_is_escaped_and_an_aspect_of_yesterday_is_none(spoken, person, program):
    id_ = groups(program)[0]["id"]
    keep_names(spoken, {id_: GroupName(HOSTILE, "GONE")})
    page = page_of(person("owner"), "/voices/terms")
    assert HOSTILE in unescape(page)
    assert HOSTILE not in page and "<script>alert" not in page
    assert links(page)[0]["label"] == [HOSTILE]
    assert "aspect" not in links(page)[0]


@pytest.mark.parametrize(
    ("role", "shop_id", "may"), [("owner", "*", True), ("owner", "s", False), ("qa", "*", False)]
)
def test_only_who_may_change_settings_everywhere_is_offered_it(spoken, person, role, shop_id, may):
    page = page_of(person(role, shop_id=shop_id), "/voices/terms", shop="s")
    assert "还没有名字的说法" in page
    assert bool(links(page)) is may


def test_what_an_address_gives_is_bounded_escaped_and_for_new_concerns_alone(own, person):
    owner = person("owner")
    page = page_of(owner, FORM, label="长" * 50, words=HOSTILE + "词" * 500, aspect="'><b>")
    assert "长" * 20 in page and "长" * 21 not in page
    assert "<script>alert" not in page and "'><b>" not in page
    assert "词" * (200 - len(HOSTILE)) in page and "词" * (201 - len(HOSTILE)) not in page
    kept = {"label": "没动静", "aspect": "L01", "words": "没 发货|动静", "version": 0, "why": "试",
            "examples": "怎么还没发货"}  # fmt: skip
    assert owner.post(FORM, kept).status_code == 302
    page = page_of(owner, FORM, id="K001", label="别的名字", words="别的词")
    assert "别的" not in page
