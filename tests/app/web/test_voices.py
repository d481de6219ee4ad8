"""Buyers' words on the pages: from a number to the words, and what people say of the labels."""

import json
import re
import shutil
from datetime import date, timedelta
from html import unescape

import ibis
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.lake import create_workspace, open_engine, open_workspace, writing
from huisheng.metrics import Facts, Window
from huisheng.records import all_tables, table_from_rows

pytestmark = pytest.mark.xdist_group("pipeline")
HOSTILE = "<script>alert(1)</script>\"'&"
AT = "2026-08-10 10:0{}:00"


def message(conv, number, text, role="buyer", shop="s", **more):
    return {
        "shop_id": shop, "msg_id": f"{conv}-{number}", "conv_id": conv, "seq": number,
        "sent_at": AT.format(number), "role": role, "type": "text", "text": text, **more,
    }  # fmt: skip


def label(row, head, name, value=0, shop="s", table="messages"):
    return {
        "shop_id": shop, "table_name": table, "row_id": row, "head": head, "label": name,
        "value": value, "p": 0.8, "source": "model", "version": "1", "at": AT.format(1),
    }  # fmt: skip


def talk(conv, agent, shop="s", customer="k1", started=1):
    return {
        "shop_id": shop, "conv_id": conv, "customer_key": customer,
        "started_at": AT.format(started), "first_agent_id": agent, "last_agent_id": agent,
        "order_no": f"o-{conv}", "product_id": "p1", "reception_type": "human",
    }  # fmt: skip


ROWS = {
    "conversations": (talk("c1", "anna"), talk("c2", "ben", started=5), talk("d1", "dora", "t")),
    "messages": (
        message("c1", 1, f"怎么还没发货 {HOSTILE}"),
        message("c1", 2, "亲，马上安排", "agent", agent_id="anna"),
        message("c1", 3, "打 100%_折吗"),
        message("c1", 4, "后悔说的话", is_recalled=True),
        message("c2", 5, "打 100个折吗"),
        message("c2", 6, "不打折的", "agent", agent_id="ben"),
        message("d1", 1, "另一家店的话", shop="t"),
    ),
    "reviews": (
        {"shop_id": "s", "review_no": "r1", "order_no": "o-c2", "product_id": "p1",
         "content": f"包装破了 {HOSTILE}", "created_at": AT.format(7), "score_product": 1},
    ),
    "tickets": (
        {"shop_id": "s", "ticket_no": "T1", "conv_id": "c1", "order_no": "o-c1",
         "content": HOSTILE, "created_at": AT.format(8), "status": "created"},
        {"shop_id": "s", "ticket_no": "T2", "conv_id": "c2", "created_at": AT.format(8)},
    ),
    "orders": (
        {"shop_id": "s", "order_no": "o-c1", "customer_key": "k1", "status": "待发货",
         "pay_amount": "99.50", "created_at": AT.format(0), "paid_at": AT.format(0),
         "buyer_memo": HOSTILE},
    ),
    "order_items": (
        {"shop_id": "s", "order_no": "o-c1", "sub_order_no": "1", "product_id": "p1",
         "title": HOSTILE, "qty": 1, "paid_amount": "99.50"},
    ),
    "session_ratings": (
        {"shop_id": "s", "rating_id": "g1", "conv_id": "c1", "level": "不满意", "comment": HOSTILE,
         "subject": "chat", "rated_at": AT.format(9)},
    ),
    "labels": (
        label("c1-1", "scene", "MID06"), label("c1-1", "sentiment", "negative", -1),
        label("c1-1", "aspect", "L01", -1), label("c1-3", "scene", "PRE16"),
        label("c1-3", "sentiment", "neutral"), label("c2-5", "scene", "MID06"),
        label("c2-5", "sentiment", "neutral"), label("r1", "aspect", "L06", -1, table="reviews"),
    ),
}  # fmt: skip


def publish(workspace, rows):
    staged = {}
    for name, some in rows.items():
        path = workspace.lake / f"{name}.parquet"
        pq.write_table(table_from_rows(name, some, all_tables(), workspace.offset_us), path)
        staged[name] = path
    with writing(workspace, rows) as write:
        for name, path in staged.items():
            write.upsert(name, [path])


@pytest.fixture(scope="module")
def two_shops(tmp_path_factory):
    """Return a workspace of two tiny shops; nobody writes to it."""
    workspace = create_workspace(tmp_path_factory.mktemp("voices") / "ws", "Asia/Shanghai")
    publish(workspace, ROWS)
    names = ("shops", "metrics", "aspects", "scenes", "departments", "dimensions", "reasons",
             "products", "agents", "steps")  # fmt: skip
    run = {
        "shops": ["s", "t"],
        "period": {"start": "2026-08-01", "end": "2026-08-30"},
        "names": dict.fromkeys(names, {}) | {"products": {"p1": HOSTILE}},
    }
    workspace.runs.mkdir(exist_ok=True)
    (workspace.runs / "current.json").write_text(json.dumps(run), "utf-8")
    return workspace


@pytest.fixture
def small(visitor, two_shops):
    """Serve the tiny shops instead of the demo shop, to be read only."""
    from django.test import override_settings

    with override_settings(WORKSPACE=two_shops.root):
        yield two_shops


@pytest.fixture
def own(visitor, two_shops, tmp_path):
    """Serve a copy of the tiny shops that the test may write to."""
    from django.test import override_settings

    shutil.copytree(two_shops.root, tmp_path / "ws")
    with override_settings(WORKSPACE=tmp_path / "ws"):
        yield open_workspace(tmp_path / "ws")


def page_of(browser, address, **query):
    answer = browser.get(address, query, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def shown(page):
    """Return the units a list shows, as (kind, address)."""
    return re.findall(r'<p class="where"><a href="([^"?#]+)[^>]*><b>', page)


def text_of(page):
    return unescape(re.sub(r"<[^>]+>", "", page))


def current(workspace, **where):
    facts = Facts(open_engine(workspace))
    found = facts.engine.arrow(facts.relation("current_labels")).to_pylist()
    return sorted(
        (row["label"], row["value"], row["source"])
        for row in found
        if all(row[name] == value for name, value in where.items())
    )


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
        assert counts == [(row["id"], row["count"]) for row in live]
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
    start = (date.fromisoformat(end) - timedelta(days=2)).isoformat()
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


def judge(browser, row, head, labels, seen=0, values=(), table="messages"):
    given = {"head": head, "label": labels, "value": values, "seen": seen}
    return browser.post(f"/voices/judge/s/{table}/{row}", given)


def test_a_judgement_wins_over_the_model_at_once(own, person):
    from huisheng.app.web.voices.models import Correction

    browser = person("qa")
    line = {"row_id": "c1-1"}
    assert judge(browser, "c1-1", "scene", ["MID05", "POST14"]).status_code == 302
    assert current(own, **line, head="scene") == [("MID05", 0, "human"), ("POST14", 0, "human")]
    assert current(own, **line, head="aspect") == [("L01", -1, "model")], "others stand"
    page = text_of(page_of(browser, "/voices/conversation/s/c1"))
    assert "发货时间 人工" in page
    assert "催发货 80%" not in page
    found = shown(page_of(browser, "/voices/words", label="scene:MID06"))
    assert [address.rsplit("/", 1)[1] for address in found] == ["c2"]
    kept = Correction.objects.get()
    assert (kept.user.username, kept.before, kept.model_said) == (
        "qa",
        [["MID06", 0]],
        [["MID06", 0]],
    )
    assert kept.landed_at is not None

    assert judge(browser, "c1-1", "scene", ["", ""], seen=1).status_code == 302
    assert current(own, **line, head="scene") == [], "none of them"
    assert judge(browser, "c1-1", "aspect", ["L01", "L06"], values=["1", "-1"]).status_code == 302
    assert current(own, **line, head="aspect") == [("L01", 1, "human"), ("L06", -1, "human")]
    assert judge(browser, "r1", "emotion", ["angry"], table="reviews").status_code == 302
    assert current(own, row_id="r1", head="emotion") == [("angry", 3, "human")]
    history = text_of(page_of(browser, "/voices/label/s/messages/c1-1"))
    assert "发货时间、补偿赔付 → 都不是" in history


def test_agreement_counts_the_newest_judgement_of_each_line(own, person):
    browser = person("owner")
    judge(browser, "c1-1", "scene", ["MID05"])
    judge(browser, "c1-1", "scene", ["MID06"], seen=1)
    judge(browser, "c2-5", "scene", ["PRE16"])
    judge(browser, "c1-1", "sentiment", ["negative"])
    page = text_of(page_of(browser, "/voices/labels"))
    assert "2 句里认可 1 句" in page
    assert "1 句里认可 1 句" in page
    assert re.search(r"场景\s*催发货\s*1\s*1\s*0\s*50%\s*100%", page)
    assert re.search(r"场景\s*到手价与优惠\s*0\s*0\s*1\s*—\s*0%", page)


def test_the_second_of_two_judges_is_told_and_overwrites_nothing(own, person):
    first, second = person("owner"), person("qa")
    assert judge(first, "c1-1", "scene", ["MID05"]).status_code == 302
    late = judge(second, "c1-1", "scene", ["PRE16"])
    assert late.status_code == 409
    assert "别人刚刚判过" in late.content.decode()
    assert current(own, row_id="c1-1", head="scene") == [("MID05", 0, "human")]


@pytest.mark.parametrize(
    ("head", "labels", "values", "complaint"),
    [
        ("scene", ["NOPE"], (), "没有这个标签"),
        ("scene", ["L01"], (), "没有这个标签"),
        ("aspect", ["L01", "L01"], ("1", "-1"), "选了两次"),
        ("emotion", [""], (), "必须正好选一个"),
        ("nothing", ["MID06"], (), "请重新选择"),
    ],
)
def test_a_judgement_that_makes_no_sense_changes_nothing(
    small, person, head, labels, values, complaint
):
    before = current(small)
    answer = judge(person("owner"), "c1-1", head, labels, values=values)
    assert complaint in answer.content.decode()
    assert current(small) == before


@pytest.mark.parametrize("role", ["reader", "agent", "department"])
def test_who_may_not_correct_corrects_nothing(small, person, role):
    browser = person(role, agent_id="anna")
    assert judge(browser, "c1-1", "scene", ["MID05"]).status_code == 403
    assert person("owner").get("/voices/judge/s/messages/c1-1").status_code == 405
    assert judge(person("qa"), "c1-2", "scene", ["MID05"]).status_code == 404, "an agent's line"


def test_a_judgement_the_lake_cannot_take_is_kept_and_lands_later(own, person):
    browser = person("owner")
    staging = own.lake / "staging"
    staging.write_text("in the way")
    answer = judge(browser, "c1-1", "scene", ["MID05"])
    assert "判断已经记下" in answer.content.decode()
    assert current(own, row_id="c1-1", head="scene") == [("MID06", 0, "model")]
    staging.unlink()
    assert judge(browser, "c2-5", "scene", ["PRE16"]).status_code == 302
    assert current(own, row_id="c1-1", head="scene") == [("MID05", 0, "human")]
    assert current(own, row_id="c2-5", head="scene") == [("PRE16", 0, "human")]
    assert not list(staging.iterdir())


def test_landing_twice_changes_nothing(own, person):
    from huisheng.app.web.voices.judging import land
    from huisheng.app.web.voices.models import Correction

    judge(person("owner"), "c1-1", "scene", ["MID05"])
    before = dict(open_engine(own).versions)
    Correction.objects.update(landed_at=None)
    assert land(own, own.offset_us)
    assert dict(open_engine(own).versions) == before


def test_labels_of_a_line_without_time_stay_in_one_partition(own, person):
    undated = message("c1", 8, "没有时间的话") | {"sent_at": None}
    mark = label("c1-8", "scene", "MID06") | {"at": None}
    rows = {"messages": (undated,), "labels": (mark,)}
    for name, some in rows.items():
        table = table_from_rows(name, some, all_tables(), own.offset_us)
        place = table.schema.get_field_index("local_date")
        path = own.lake / f"{name}.parquet"
        pq.write_table(table.set_column(place, "local_date", [["none"]]), path)
    with writing(own, rows) as write:
        for name in rows:
            write.upsert(name, [own.lake / f"{name}.parquet"])
    browser = person("owner")
    assert not shown(page_of(browser, "/voices/words", q="没有时间的话"))
    assert len(shown(page_of(browser, "/voices/words", q="没有时间的话", undated=1))) == 1
    assert judge(browser, "c1-8", "scene", ["MID05"]).status_code == 302
    assert current(own, row_id="c1-8", head="scene") == [("MID05", 0, "human")]


def test_words_that_decide_a_label_have_it_alone_and_no_beginning_of_them_does():
    from huisheng.app.web.voices.deciding import deciding
    from huisheng.app.web.voices.tags import Tag
    from huisheng.language import load_model

    model = load_model()
    late, torn = Tag("aspect", "L01", -1), Tag("aspect", "L06", -1)
    text = "东西还可以，就是一直不发货，而且包装都破了"

    def holds(words, tag):
        found = model.label([words]).long().to_pylist()
        return any((row["head"], row["label"], row["value"]) == (tag.head, tag.label, tag.value)
                   for row in found)  # fmt: skip

    found = deciding(model, [(text, late), (text, torn), (text, Tag("risk", "R7"))])
    assert (text, Tag("risk", "R7")) not in found
    for tag, near in ((late, "发货"), (torn, "包装")):
        assert any(near in text[start:end] for start, end in found[(text, tag)])
        for start, end in found[(text, tag)]:
            assert holds(text[start:end], tag)
            assert not any(holds(text[start:stop], tag) for stop in range(start + 2, end))


@given(
    st.text("ab，。你好<&", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5),
)
def test_marking_loses_no_letter_and_marks_exactly_what_is_covered(text, ends):
    from huisheng.app.web.voices.marking import Span, marked

    spans = [Span(min(one, len(text)), min(other, len(text)), "why") for one, other in ends]
    pieces = marked(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    covered = {place for span in spans for place in range(span.start, span.end)}
    place = 0
    for piece in pieces:
        assert {(place + step in covered) for step in range(len(piece.text))} <= {bool(piece.why)}
        place += len(piece.text)


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
