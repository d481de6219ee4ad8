"""What an analysis counts of buyers' words, and what the pages make of it, over shops made here."""

from datetime import date, timedelta

import pytest

from huisheng.app.analysis.spoken_terms import PASTED_CUSTOMERS, spoken_terms, unnamed_id
from huisheng.app.web.voices.counted import Asked, is_counted
from huisheng.app.web.voices.terms import common_terms, rising_terms
from huisheng.app.web.voices.topics import By, topics
from huisheng.app.web.voices.unnamed import discoveries, needs
from huisheng.lake import engine_over
from huisheng.metrics import Facts, Window
from huisheng.records import all_tables, table_from_rows

OFFSET_US = 8 * 3_600_000_000
START = date(2026, 7, 6)
USUAL = (
    ("什么时候发货", "MID06"), ("今天能发货吗", "MID06"), ("仓库发货没有", "MID06"),
    ("包邮吗", "PRE16"), ("这款包邮吗", "PRE16"), ("两件包邮吗", "PRE16"),
    ("有赠品吗", "PRE15"), ("赠品送什么", "PRE15"), ("赠品还有没", "PRE15"),
)  # fmt: skip
NEEDS = ("能不能刻字呀", "可以刻字吗", "想刻字送人", "刻字要多久")


class Talks:
    """The rows of made-up conversations; `say` adds one, each with a buyer of its own."""

    def __init__(self):
        self.rows = {"conversations": [], "messages": [], "labels": []}

    def say(self, day, *texts, product="p1", scene=None, customer=None, aspect=None, role="buyer"):
        conv = f"c{len(self.rows['conversations']):05}"
        at = f"{START + timedelta(days=day)} 10:00:00"
        self.rows["conversations"].append(
            {"conv_id": conv, "customer_key": customer or f"k{conv}", "product_id": product,
             "started_at": at, "reception_type": "human", "first_agent_id": "a"}
        )  # fmt: skip
        for number, text in enumerate(texts):
            row = f"{conv}-{number}"
            self.rows["messages"].append(
                {"msg_id": row, "conv_id": conv, "seq": number, "sent_at": at, "role": role,
                 "type": "text", "text": text}
            )  # fmt: skip
            for head, label, value in (("scene", scene, 0), ("aspect", aspect, -1)):
                if label:
                    self.rows["labels"].append(
                        {"table_name": "messages", "row_id": row, "head": head, "label": label,
                         "value": value, "source": "model", "version": "1", "at": at}
                    )  # fmt: skip
        return conv

    def usual(self, day, product="p1"):
        for text, scene in USUAL:
            self.say(day, text, product=product, scene=scene)

    def facts(self, *, turned=False):
        tables = {
            name: table_from_rows(name, rows[::-1] if turned else rows, all_tables(), OFFSET_US)
            for name, rows in self.rows.items()
        }
        engine = engine_over(tables, OFFSET_US)
        made = spoken_terms(Facts(engine, keeps_relations=True))
        kept = {name: engine.kept(rows) for name, rows in made.items()}
        return Facts(engine, ready=kept.get)


def asked(first=0, days=56, **more):
    window = Window(START + timedelta(days=first), START + timedelta(days=first + days - 1),
                    OFFSET_US)  # fmt: skip
    return Asked(("s",), window, **more)


def count_of(facts, term, question=None):
    found = {one.term: one.talks for one in common_terms(facts, question or asked()).terms}
    return found.get(term, 0)


@pytest.fixture(scope="module")
def shop():
    """Return a shop of eight weeks with a need, a hot topic and a rising word planted in it."""
    talks = Talks()
    for day in range(56):
        talks.usual(day, "p1")
        talks.usual(day, "p2")
        if day % 2:
            talks.say(day, NEEDS[day // 2 % len(NEEDS)], product="p2")
        if day >= 53:
            for _ in range(8):
                talks.say(day, "收到就漏水", product="p1", scene="POST03", aspect="P03")
        if day >= 49:
            for text in ("有没有蓝牙款", "想买蓝牙款", "蓝牙款多少钱"):
                talks.say(day, text, scene="PRE07")
    return talks


@pytest.fixture(scope="module")
def facts(shop):
    return shop.facts()


def test_everything_the_pages_read_is_counted(facts):
    assert is_counted(facts)
    assert not is_counted(Facts(engine_over({}, OFFSET_US)))
    other = Facts(facts.engine, ready=lambda name: facts.ready(name).drop("day"))
    assert not is_counted(other), "an earlier release counted otherwise"


def test_conversations_are_counted_and_slices_add_up(facts):
    assert count_of(facts, "包邮") == 56 * 2 * 3
    by_product = [count_of(facts, "包邮", asked(products=(p,))) for p in ("p1", "p2")]
    assert by_product == [56 * 3, 56 * 3]
    assert count_of(facts, "包邮", asked(phase="pre")) == 56 * 2 * 3
    assert count_of(facts, "包邮", asked(phase="post")) == 0
    assert count_of(facts, "包邮", asked(first=0, days=7)) == 7 * 2 * 3


def test_what_is_special_to_a_product_is_told_against_the_rest_of_the_shop(facts):
    last = asked(first=28, days=28, products=("p1",))
    lifts = {one.term: one.lift for one in common_terms(facts, last).terms}
    assert lifts["收到就漏水"] > 10 > 2 > lifts["包邮"]
    assert {one.lift for one in common_terms(facts, asked()).terms} == {None}
    early = asked(first=28, days=20, products=("p1",))
    assert "收到就漏水" not in {one.term for one in common_terms(facts, early).terms}


def test_a_word_of_the_stretch_before_alone_is_not_told():
    talks = Talks()
    for day in range(14):
        talks.usual(day)
        talks.say(day, "有旧款吗" if day < 7 else "新款多少钱", product="p2")
    question = asked(first=7, days=7, products=("p2",))
    assert [one.term for one in common_terms(talks.facts(), question).terms] == ["新款多少钱"]


def test_a_planted_rising_word_is_found_and_steady_ones_are_not(facts):
    found = rising_terms(facts, asked())
    assert found.weeks == 7
    terms = [one.term for one in found.terms]
    assert "蓝牙款" in terms
    assert not {"包邮", "发货", "赠品", "刻字"} & set(terms)
    one = next(one for one in found.terms if one.term == "蓝牙款")
    assert one.weeks == (0,) * 7 + (21,)
    assert (one.talks, one.expected, one.growth) == (21, 0.0, 22.0)
    assert not rising_terms(facts, asked(days=49)).terms


def test_a_planted_hot_topic_ranks_first_for_its_product(facts):
    question = asked(days=56, products=("p1",))
    hottest = topics(facts, question)[0]
    assert (hottest.head, hottest.label) == ("aspect", "P03")
    assert (hottest.talks, hottest.customers, hottest.negative) == (24, 24, 1.0)
    size = 56 * 9 + 24 + 21
    weight = (1 + 0.5 ** (1 / 3) + 0.5 ** (2 / 3)) / 3
    assert hottest.share == pytest.approx(24 / size)
    assert hottest.freshness == pytest.approx(weight)
    by_growth = topics(facts, question, By.GROWTH)
    assert {by_growth[0].label, by_growth[1].label, by_growth[2].label} >= {"P03", "POST03"}
    assert topics(facts, question, By.NEGATIVE)[0].label == "P03"
    assert topics(facts, question, By.TALKS)[0].label in ("MID06", "PRE15", "PRE16")
    assert "P03" not in {one.label for one in topics(facts, asked(products=("p2",)))}


def test_a_planted_need_comes_first_with_its_product(facts):
    found = needs(facts, asked())
    assert (found[0].product_id, found[0].phrase, found[0].talks) == ("p2", "刻字", 28)
    assert found[0].expected == 0.0
    assert found[0].q <= 0.05
    assert needs(facts, asked(products=("p1",))) == ()


def test_what_has_no_name_is_gathered_and_the_rest_is_told(shop):
    shop_with_odd = Talks()
    shop_with_odd.rows = {name: list(rows) for name, rows in shop.rows.items()}
    for number, text in enumerate(("墙纸怎么卷", "猫会不会咬", "搬家师傅电话")):
        shop_with_odd.say(50 + number, text)
    found = discoveries(shop_with_odd.facts(), asked())
    group = found.groups[0]
    assert [one.phrase for one in found.groups] == ["刻字"]
    assert (group.talks, group.customers, group.products) == (28, 28, (("p2", 28),))
    assert group.id == unnamed_id("s", "刻字")
    assert (found.texts, found.ungrouped) == (31, 3)


def test_the_same_rows_in_another_order_give_the_same_answers(shop, facts):
    turned = shop.facts(turned=True)
    for answer in (common_terms, rising_terms, topics, discoveries, needs):
        assert answer(turned, asked()) == answer(facts, asked())


def test_who_repeats_a_thing_within_a_day_says_it_once():
    talks = Talks()
    for day in range(3):
        for _ in range(5):
            talks.say(day, "包邮吗", "到底包邮不包邮", customer=f"k{day}")
    facts = talks.facts()
    assert count_of(facts, "包邮") == 3
    assert common_terms(facts, asked()).talks == 15


def test_a_long_text_that_many_paste_counts_as_one_customers():
    text, talks = "求店家给老粉发一张大额神券谢谢啦{}", Talks()
    for number in range(20):
        talks.say(0, text.format("！" * (number % 4)), customer=f"k{number}")
    for number in range(PASTED_CUSTOMERS - 1):
        talks.say(1, text.format(""), customer=f"k{number}")
    for day in range(2, 20):
        talks.say(day, "有神券吗")
        talks.say(day, "给张神券")
    assert count_of(talks.facts(), "神券") == 1 + (PASTED_CUSTOMERS - 1) + 2 * 18


def test_words_of_fewer_than_three_customers_are_not_kept():
    talks = Talks()
    for day in range(9):
        talks.say(day, "我叫欧阳铁柱", customer=f"k{day % 2}")
        talks.usual(day)
    facts = talks.facts()
    assert count_of(facts, "包邮") == 27
    assert not [one for one in common_terms(facts, asked()).terms if "铁柱" in one.term]


def test_agents_and_robots_say_nothing_here():
    talks = Talks()
    for day in range(9):
        talks.usual(day)
        talks.say(day, "亲，本店支持七天保价", role="agent")
        talks.say(day, "亲，本店支持七天保价", role="robot_auto")
    facts = talks.facts()
    assert count_of(facts, "七天保价") == 0
    assert common_terms(facts, asked()).talks == 81


def test_a_shop_where_nothing_was_said_has_nothing_to_tell():
    facts = Talks().facts()
    assert is_counted(facts)
    assert common_terms(facts, asked()).terms == ()
    assert rising_terms(facts, asked()).terms == ()
    assert topics(facts, asked()) == []
    assert discoveries(facts, asked()).groups == ()
    assert needs(facts, asked()) == ()
