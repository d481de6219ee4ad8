"""The page of what buyers say: its numbers are the core's, and everybody sees only their own."""

import json
from datetime import date

import pytest

from huisheng.app.analysis import kept_relations
from huisheng.app.assumptions import chosen
from huisheng.lake import open_engine, open_workspace
from huisheng.metrics import Facts, Window
from tests.app.web.two_shops import page_of, text_of

SHOP = "tmall-xiaonuan"


@pytest.fixture(scope="module")
def document(shop):
    return json.loads((shop / "ws" / "runs" / "current.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def facts(shop):
    workspace = open_workspace(shop / "ws")
    engine = open_engine(workspace)
    kept = kept_relations(workspace, engine, chosen(workspace))
    return Facts(engine, assumptions=chosen(workspace), ready=kept.get)


@pytest.fixture(scope="module")
def asked(document, facts):
    from huisheng.app.web.voices.counted import Asked

    span = document["period"]
    days = Window(
        date.fromisoformat(span["start"]), date.fromisoformat(span["end"]), facts.offset_us
    )
    return Asked((SHOP,), days)


def test_the_page_tells_what_the_core_finds(person, facts, asked):
    from huisheng.app.web.voices.terms_page import spoken
    from huisheng.app.web.voices.topics import By

    found = spoken(facts, asked, By.HEAT)
    page = text_of(page_of(person("owner"), "/voices/terms", shop=SHOP))
    for term in found.common.terms[:10]:
        assert term.term in page
    assert f"共 {found.common.talks:,} 次" in page
    assert f"{found.topics[0].heat * 100:.1f}" in page
    assert found.unnamed.groups[0].phrase in page
    assert f"其中 {found.unnamed.ungrouped:,} 句" in page
    for need in found.needs[:3]:
        assert need.phrase in page


def test_a_term_leads_to_the_words_that_hold_it(person, facts, asked):
    from huisheng.app.web.voices.terms import common_terms

    term = common_terms(facts, asked).terms[0]
    span = {"start": asked.period.start.isoformat(), "end": asked.period.end.isoformat()}
    browser = person("owner")
    page = text_of(page_of(browser, "/voices/words", shop=SHOP, q=term.term, **span))
    assert term.term in page
    address = f"q={term.term}"
    from urllib.parse import unquote

    assert address in unquote(page_of(browser, "/voices/terms", shop=SHOP))


def test_with_too_few_weeks_before_it_is_said_that_nothing_can_be_told(person, facts, asked):
    from huisheng.app.web.voices.terms import rising_terms

    browser = person("owner")
    assert rising_terms(facts, asked).weeks == 4
    assert "前 4 周" in page_of(browser, "/voices/terms", shop=SHOP)
    early = page_of(browser, "/voices/terms", shop=SHOP, start="2026-08-01", end="2026-08-20")
    assert "至少要 4 周" in early


def test_product_and_phase_narrow_what_is_counted(person, facts, asked):
    from huisheng.app.web.voices.counted import Asked
    from huisheng.app.web.voices.terms import common_terms

    browser = person("owner")
    product = "680124770274"
    found = common_terms(facts, Asked(asked.shops, asked.period, (product,), "post"))
    page = text_of(page_of(browser, "/voices/terms", shop=SHOP, product=product, phase="post"))
    assert f"共 {found.talks:,} 次" in page
    assert 0 < found.talks < common_terms(facts, asked).talks
    assert all(term.lift is not None for term in found.terms)


@pytest.mark.parametrize(
    ("role", "sees", "reads"),
    [
        ("owner", True, True),
        ("reader", True, False),
        ("qa", True, True),
        ("supplier", False, False),
    ],
)
def test_roles_see_numbers_and_words_as_far_as_their_rights_go(
    person, facts, asked, role, sees, reads
):
    from huisheng.app.web.voices.unnamed import discoveries

    browser = person(role, shop_id=SHOP)
    answer = browser.get("/voices/terms", {"shop": SHOP})
    assert (answer.status_code == 200) is sees
    if sees:
        page = answer.content.decode()
        assert discoveries(facts, asked).groups[0].phrase in page
        assert ("<blockquote>" in page) is reads
        assert ("/voices/words?" in page) is reads


def test_a_shop_of_others_is_as_if_it_were_not_there(person, document, facts, asked):
    from huisheng.app.web.voices.counted import Asked
    from huisheng.app.web.voices.terms import common_terms

    theirs = next(shop_id for shop_id in document["shops"] if shop_id != SHOP)
    browser = person("qa", shop_id=theirs)
    assert browser.get("/voices/terms", {"shop": SHOP}).status_code == 404
    assert browser.get("/voices/terms", {"shop": "no-such"}).status_code == 404
    own = common_terms(facts, Asked((theirs,), asked.period))
    assert f"共 {own.talks:,} 次" in text_of(page_of(browser, "/voices/terms"))


def test_reading_words_is_noted_and_numbers_alone_are_not(person):
    from huisheng.app.web.audit.models import Event

    person("reader").get("/voices/terms")
    assert not Event.objects.filter(about__startswith="热词").exists()
    person("owner").get("/voices/terms")
    assert Event.objects.filter(about__startswith="热词").count() == 1


@pytest.mark.parametrize(
    "query",
    [
        {"phase": "x"}, {"by": "'"}, {"start": "yesterday"}, {"product": "\x01<b>"},
        {"start": "2026-08-30", "end": "2026-08-01"}, {"start": "1900-01-01", "end": "1900-01-02"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_or_taken_as_usual(person, query):
    page = page_of(person("owner"), "/voices/terms", **query)
    assert query.get("product", "\x02") not in page
    assert "热门话题" in page


def test_a_run_that_counted_no_words_says_what_to_do(small, person):
    page = page_of(person("owner"), "/voices/terms")
    assert "还没有数过词" in page


def test_programs_are_told_what_the_page_tells(program, facts, asked):
    from huisheng.app.web.voices.terms import common_terms
    from huisheng.app.web.voices.unnamed import discoveries

    told = program("owner").ask("/voices/terms", shop_id=SHOP)
    common, groups = common_terms(facts, asked), discoveries(facts, asked)
    assert told["talks"] == common.talks
    assert [one["term"] for one in told["common"]] == [one.term for one in common.terms]
    assert told["unnamed"][0]["id"] == groups.groups[0].id
    assert told["ungrouped_texts"] == groups.ungrouped
    assert told["unnamed"][0]["quotes"]
    assert told["topics"][0]["heat"] >= told["topics"][1]["heat"]
