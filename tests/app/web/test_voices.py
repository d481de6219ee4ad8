"""Buyers' words on the pages: from a number to the words, and who may read them."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from html import unescape

import ibis
import pytest

from huisheng.lake import open_engine, open_workspace
from huisheng.metrics import Facts, Window
from tests.app.web.two_shops import HOSTILE, page_of, shown, text_of


@pytest.fixture(scope="module")
def document(shop):
    return json.loads((shop / "ws" / "runs" / "current.json").read_text("utf-8"))


def test_rankings_are_those_of_the_run_and_of_the_core(site, person, document):
    from huisheng.app.analysis.charts import mention_ranking
    from huisheng.app.web.voices.rankings import rankings

    facts = Facts(open_engine(open_workspace(site)))
    span = document["period"]
    period = Window(
        date.fromisoformat(span["start"]), date.fromisoformat(span["end"]), facts.offset_us
    )
    found = {one.head: one.bars for one in rankings(facts, document["shops"], period)}
    for head, kept in (("scene", "scenes"), ("aspect", "aspects")):
        counts = [(bar.id, int(bar.count.replace(",", ""))) for bar in found[head]]
        assert counts == [(row["id"], row["count"]) for row in document["charts"][kept]]
        live = mention_ranking(facts, head, period, period.before(), {})
        totals = Counter()
        for row in (row for rows in live.values() for row in rows):
            totals[row["id"]] += row["count"]
        assert dict(counts).items() <= totals.items()
        assert min(dict(counts).values()) >= sorted(totals.values())[-len(counts)]
    shares = [row["negative"] / row["count"] for row in document["charts"]["aspects"]]
    assert [bar.share for bar in found["aspect"]] == [f"{share:.0%}" for share in shares]
    page = text_of(page_of(person("owner"), "/voices/"))
    for row in document["charts"]["scenes"][:5]:
        assert row["label"] in page
        assert f"{row['count']:,}" in page


def test_a_bar_leads_to_as_many_lines_as_it_counts(person, document):
    browser = person("owner")
    page = page_of(browser, "/voices/")
    for head, kept, mood in (
        ("scene", "scenes", ""),
        ("aspect", "aspects", ""),
        ("aspect", "aspects", "negative"),
    ):
        row = document["charts"][kept][0]
        ending = f"label={head}:{row['id']}" + (f"&mood={mood}" if mood else "")
        addresses = [unescape(found) for found in re.findall(r'href="([^"]+)"', page)]
        address = next(found for found in addresses if found.endswith(ending))
        listed = page_of(browser, address)
        lines = re.search(r"([\d,]+) 句，出自 ([\d,]+) 处", text_of(listed))
        assert lines, address
        assert int(lines[1].replace(",", "")) == row["negative" if mood else "count"]
        assert len(shown(listed)) == min(50, int(lines[2].replace(",", "")))


def test_pages_of_a_list_are_newest_first_and_hold_everything_once(person, document):
    browser, row = person("owner"), document["charts"]["scenes"][0]
    end = document["period"]["end"]
    start = (date.fromisoformat(end) - timedelta(days=14)).isoformat()
    asked = {"label": f"scene:{row['id']}", "start": start, "end": end}
    seen, times = [], []
    for number in range(1, 100):
        page = page_of(browser, "/voices/words", **asked, page=number)
        if not shown(page):
            break
        seen += shown(page)
        times += re.findall(r"<time>([^<]+)</time>", page)
    assert len(seen) == len(set(seen)) > 50
    assert times == sorted(times, reverse=True)


def test_a_product_narrows_and_a_product_of_nobody_finds_nothing(site, document):
    from huisheng.app.web.voices.rankings import rankings

    facts = Facts(open_engine(open_workspace(site)))
    span = document["period"]
    period = Window(
        date.fromisoformat(span["start"]), date.fromisoformat(span["end"]), facts.offset_us
    )
    product = facts.engine.arrow(facts.table("reviews").product_id.topk(1))["product_id"][0].as_py()
    whole = rankings(facts, document["shops"], period)
    part = rankings(facts, document["shops"], period, [product])
    for one, other in zip(whole, part, strict=True):
        counts = {bar.id: int(bar.count.replace(",", "")) for bar in one.bars}
        narrowed = {bar.id: int(bar.count.replace(",", "")) for bar in other.bars}
        assert all(narrowed[id_] <= counts[id_] for id_ in narrowed.keys() & counts.keys())
    assert any(one.bars for one in part)
    assert not any(one.bars for one in rankings(facts, document["shops"], period, ["nobody"]))


def test_every_quote_of_a_finding_leads_to_its_words(person, document):
    browser, followed = person("owner"), set()
    for finding in document["findings"]:
        for quote in finding["evidence"][:2]:
            if quote["table"] in followed and len(followed) < 2:
                continue
            followed.add(quote["table"])
            page = page_of(browser, f"/findings/{finding['id']}")
            address = f"/voices/record/{finding['shop_id']}/{quote['table']}/{quote['id']}"
            assert address in unescape(page)
            assert quote["quote"] in text_of(page_of(browser, address))
        if len(followed) > 1:
            break
    assert "messages" in followed or "reviews" in followed


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("100%_折", ["c1"]),
        ("%", ["c1"]),
        ("100", ["c1", "c2"]),
        ("_", ["c1"]),
        ("SCRIPT", ["c1", "r1", "T1", "g1"]),
        ("' OR 1=1 --", []),
        ("后悔说的话", []),
    ],
)
def test_a_search_takes_every_letter_as_it_stands(small, person, words, expected):
    found = shown(page_of(person("owner"), "/voices/words", q=words))
    assert sorted(address.rsplit("/", 1)[1] for address in found) == sorted(expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"label": "scene:MID06"}, ["c1", "c2"]),
        ({"label": "aspect:L06", "mood": "negative"}, ["r1"]),
        ({"label": "aspect:L06", "mood": "positive"}, []),
        ({"q": "折", "agent": "ben"}, ["c2"]),
        ({"q": "折", "who": "agent"}, ["c2"]),
        ({"q": "包装", "product": "p1"}, ["r1"]),
        ({"q": "发货", "product": "p1"}, ["c1"]),
        ({"q": "发货", "product": "p9"}, []),
        ({"q": "折", "shop": "t"}, []),
        ({"q": "折", "table": "reviews"}, []),
        ({"q": "折", "end": "2026-08-09", "start": "2026-08-01"}, []),
    ],
)
def test_a_search_is_narrowed_by_what_is_asked(small, person, query, expected):
    found = shown(page_of(person("owner"), "/voices/words", **query))
    assert sorted(address.rsplit("/", 1)[1] for address in found) == sorted(expected)


@pytest.mark.parametrize(
    "query",
    [
        {"label": "scene:NOPE"},
        {"label": "x:y"},
        {"start": "2026-13-40"},
        {"start": "2026-08-20", "end": "2026-08-01"},
        {"page": "-1"},
        {"q": "x" * 101},
        {"table": "orders"},
    ],
)
def test_a_mistyped_search_says_so(small, person, query):
    page = page_of(person("owner"), "/voices/words", **query)
    assert 'role="alert"' in page
    assert not shown(page)


@pytest.mark.parametrize(
    "address",
    [
        "/voices/",
        "/voices/words?q=" + "script",
        "/voices/words?label=scene:MID06",
        f"/voices/words?q={HOSTILE}&product={HOSTILE}&agent={HOSTILE}",
        "/voices/conversation/s/c1",
        "/voices/record/s/reviews/r1",
        "/voices/record/s/tickets/T1",
        "/voices/record/s/orders/o-c1",
        "/voices/label/s/messages/c1-1",
    ],
)
def test_words_of_people_are_text_never_markup(small, person, address):
    page = page_of(person("owner"), address)
    assert "<script>alert" not in page
    assert "alert(1)" not in page or "&lt;script&gt;" in page or "script</mark>" in page


def test_a_conversation_shows_who_said_what_with_its_order_and_labels(small, person):
    page = page_of(person("owner"), "/voices/conversation/s/c1")
    text = text_of(page)
    for words in ("2026-08-10", "10:01:00", "催发货 80%", "发货时效 负面 80%", "亲，马上安排",
                  "o-c1", "待发货", "¥99.50", "不满意", "工单 T1"):  # fmt: skip
        assert words in text, words
    assert "后悔说的话" not in text
    assert "撤回了一条消息" in text
    assert re.search(r'<li class="buyer" id="m-c1-1">', page)
    assert re.search(r'<li class="shop" id="m-c1-2">', page)
    assert "/voices/conversation/s/c2" in page, "the same customer's next conversation"
    assert (
        '<mark class="plain" title="场景：催发货">' in page or 'title="方面：发货时效 负面' in page
    )


def test_an_agent_reads_only_talks_of_their_own(small, person):
    anna = person("agent", agent_id="anna")
    assert anna.get("/voices/").url == "/voices/words"
    assert [address.rsplit("/", 1)[1] for address in shown(page_of(anna, "/voices/words"))] == [
        "g1", "T1", "c1",
    ]  # fmt: skip
    assert anna.get("/voices/conversation/s/c1").status_code == 200
    assert "/voices/conversation/s/c2" not in anna.get("/voices/conversation/s/c1").content.decode()
    for address in ("conversation/s/c2", "record/s/messages/c2-5", "record/s/tickets/T2",
                    "record/s/reviews/r1", "record/s/orders/o-c1"):  # fmt: skip
        assert anna.get(f"/voices/{address}").status_code == 404, address
    assert not shown(page_of(anna, "/voices/words", q="100个"))
    assert anna.get("/voices/labels").status_code == 403
    assert anna.get("/voices/label/s/messages/c1-1").status_code == 403


def test_an_agent_without_an_account_reads_nothing(small, person):
    nobody = person("agent")
    assert not shown(page_of(nobody, "/voices/words"))
    assert nobody.get("/voices/conversation/s/c1").status_code == 404


@pytest.mark.parametrize(
    ("role", "ranked", "words"),
    [
        ("owner", 200, 200),
        ("manager", 200, 200),
        ("qa", 200, 200),
        ("trainer", 200, 200),
        ("reader", 200, 403),
        ("department", 403, 403),
        ("supplier", 403, 403),
    ],
)
def test_each_role_sees_what_is_its_own(small, person, role, ranked, words):
    browser = person(role)
    assert browser.get("/voices/").status_code == ranked
    for address in ("words", "conversation/s/c1", "record/s/reviews/r1"):
        assert browser.get(f"/voices/{address}").status_code == words, address
    assert ('href="/voices/words' in browser.get("/voices/").content.decode()) == (words == 200)


def test_of_another_shop_there_is_nothing(small, person):
    browser = person("qa", shop_id="t")
    assert browser.get("/voices/conversation/t/d1").status_code == 200
    for address in ("conversation/s/c1", "record/s/reviews/r1", "label/s/messages/c1-1",
                    "words?shop=s", "?shop=s", "conversation/t/c1", "conversation/x/y",
                    "record/t/messages/c1-1", "record/t/nothing/1"):  # fmt: skip
        assert browser.get(f"/voices/{address}").status_code == 404, address
    posted = browser.post("/voices/judge/s/messages/c1-1", {"head": "scene", "seen": 0})
    assert posted.status_code == 404
    assert not shown(page_of(browser, "/voices/words", q="发货"))


def test_a_look_at_words_leaves_one_line_without_the_words(small, person):
    from huisheng.app.web.audit.models import Event

    browser = person("owner")
    for address in ("conversation/s/c1", "words?q=发货", "record/s/reviews/r1"):
        before = Event.objects.count()
        browser.get(f"/voices/{address}")
        assert Event.objects.count() == before + 1, address
        event = Event.objects.first()
        assert event.act == "looked"
        assert event.user.username == "owner"
        assert "发货" not in event.about
        assert "script" not in event.about


def test_a_part_of_the_lake_holds_the_same_labels_as_the_whole(site, document):
    from huisheng.app.web.voices.part import Stretch, labels_in

    facts = Facts(open_engine(open_workspace(site)))
    span = document["period"]
    days = Window(
        date.fromisoformat(span["start"]), date.fromisoformat(span["end"]), facts.offset_us
    )
    whole = facts.relation("current_labels")
    shop_id = document["shops"][0]
    inside = whole.filter((whole.shop_id == shop_id) & days.holds(whole["at"]))
    part = labels_in(facts, Stretch((shop_id,), days), ("scene", "aspect"))
    for head in ("scene", "aspect"):
        counts = [
            facts.engine.arrow(some.filter(some["head"] == head).agg(n=ibis._.count()))["n"][0]
            for some in (inside, part)
        ]
        assert counts[0] == counts[1]
        assert counts[0].as_py() > 0
