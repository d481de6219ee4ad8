"""Every kind of entity proves itself; whatever a text is, its entities lie within it."""

from datetime import date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.language.entities import ENTITY_SCHEMA, all_entity_kinds, entities_of
from huisheng.language.entities.days import months_after, workdays_after
from huisheng.language.entities.numerals import number_of

SAID_AT = datetime.fromisoformat("2026-11-11 15:00")
EXAMPLES = [
    pytest.param(kind, example, id=f"{kind}: {example.text}")
    for kind, definition in all_entity_kinds().items()
    for example in definition.examples
]
UNLIKE = [
    pytest.param(kind, text, by_agent, id=f"{kind}: {text}")
    for kind, definition in all_entity_kinds().items()
    for by_agent, texts in ((False, definition.unlike), (True, definition.unlike_of_agents))
    for text in texts
]
WORDS = """
身高165 体重110 98斤 五十公斤 一米六五 M码 2XL 均码 39码 ¥9.9 200块 一百二 3折 满300减50
明天 下午 3点 前 内 48小时 3-5天 周五 月底 双11 给您 发货 吗 ， 。 送的 鼠标 赠品 拼多多 别家
订单 快递 １２ ｘｌ 明早 半 20 号 月 12 : 30 / . * - 😀 é
"""
PIECES = st.sampled_from([*WORDS.split(), "\x02", "\n", " "])
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))
TOLD_AT = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2300-01-01"))


def found_in(text, said_at=SAID_AT, by_agent=False, **given):
    return _found([text], [said_at], [by_agent], **given)


def _found(texts, instants, agents, **given):
    instants = pa.array(instants, pa.timestamp("us"))
    return entities_of(texts, instants, pa.array(agents, pa.bool_()), **given).to_pylist()


@pytest.mark.parametrize("kind", all_entity_kinds())
def test_every_kind_has_enough_proof(kind):
    definition = all_entity_kinds()[kind]
    keyed = kind in ("order_no", "tracking_no", "product")
    assert len(definition.examples) >= (5 if keyed else 15)
    assert len(definition.unlike) + len(definition.unlike_of_agents) >= 10


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(kind, example):
    said_at = datetime.fromisoformat(example.said_at) if example.said_at else None
    found = found_in(example.text, said_at, example.by_agent)
    (entity,) = [one for one in found if (one["kind"], one["text"]) == (kind, example.words)]
    assert entity["value"] == example.value
    assert entity["low"] == example.low
    assert entity["high"] == (example.low if example.high is None else example.high)
    assert entity["unit"] == (None if example.low is None else all_entity_kinds()[kind].unit)
    for end in ("since", "until"):
        wanted = getattr(example, end)
        assert wanted is None or entity[end] == datetime.fromisoformat(wanted)
    assert bool(entity["deadline"]) is example.deadline


@pytest.mark.parametrize(("kind", "text", "by_agent"), UNLIKE)
def test_what_only_looks_alike_is_none(kind, text, by_agent):
    assert [one["text"] for one in found_in(text, by_agent=by_agent) if one["kind"] == kind] == []


@given(TEXTS, st.booleans(), st.one_of(st.none(), TOLD_AT))
def test_entities_lie_within_any_text(text, by_agent, said_at):
    for entity in found_in(text, said_at, by_agent, rivals=["某家", "x"]):
        assert 0 <= entity["start"] < entity["stop"] <= len(text)
        assert entity["text"] == text[entity["start"] : entity["stop"]]
        assert entity["low"] is None or 0 < entity["low"] <= entity["high"]
        assert entity["since"] is None or entity["since"] <= entity["until"]
        told = entity["kind"] in ("time", "promise")
        assert (entity["precision"] is not None) is (entity["deadline"] is not None) is told


@given(st.lists(st.tuples(TEXTS, TOLD_AT, st.booleans()), min_size=1, max_size=6))
def test_neighbours_do_not_matter(said):
    together = _found(*map(list, zip(*said, strict=True)))
    alone = [
        {**entity, "item": place}
        for place, (text, at, by_agent) in enumerate(said)
        for entity in found_in(text, at, by_agent)
    ]
    assert together == alone


@given(TEXTS)
def test_full_width_means_the_same(text):
    wide = text.translate({code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)})
    cells = ("kind", "start", "stop", "low", "high", "until")
    plain, other = found_in(text), found_in(wide)
    keyed = {"order_no", "tracking_no", "product"}  # a link is no link in full width
    assert [[one[cell] for cell in cells] for one in plain if one["kind"] not in keyed] == [
        [one[cell] for cell in cells] for one in other if one["kind"] not in keyed
    ]


@given(TEXTS)
def test_entities_of_one_text_do_not_overlap(text):
    found = [one for one in found_in(text, by_agent=True) if one["kind"] != "promise"]
    assert all(one["stop"] <= after["start"] for one, after in zip(found, found[1:], strict=False))


def test_nothing_in_nothing():
    assert entities_of([]).schema == ENTITY_SCHEMA
    assert entities_of(pa.array(["", None, " "])).num_rows == 0
    assert entities_of(pa.chunked_array([["98斤"], ["98斤"]])).column("item").to_pylist() == [0, 1]


def test_without_an_instant_times_have_no_clock_and_promises_are_kept():
    found = entities_of(["48小时内给您发货"], None, pa.array([True])).to_pylist()
    assert [one["kind"] for one in found] == ["time", "promise"]
    assert all(one["until"] is None and one["deadline"] for one in found)


def test_a_promise_of_what_has_passed_is_none():
    early, late = (
        datetime.fromisoformat("2026-11-11 09:00"),
        datetime.fromisoformat("2026-11-11 13:00"),
    )
    said = "今天上午给您发出的"
    assert [one["kind"] for one in found_in(said, early, True)] == ["time", "promise"]
    assert [one["kind"] for one in found_in(said, late, True)] == ["time"]


def test_instants_beyond_all_calendars_tell_no_clock():
    instants = pa.array([-(2**62), 2**62], pa.timestamp("us"))
    found = entities_of(["明天到", "明天到"], instants).to_pylist()
    assert [one["until"] for one in found] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "一" * 4_000,
        "今天发货" * 25_000,
        "165/" * 25_000,
        "1:" * 50_000,
        "\ud800明天\udfff",
        "送" * 9_000,
    ],
)
def test_hostile_texts_are_read(text):
    for entity in found_in(text, by_agent=True):
        assert text[entity["start"] : entity["stop"]] == entity["text"]


def test_masked_numbers_are_not_found_again():
    from huisheng.privacy import mask_text

    written = "订单3412345678901234567，快递SF1234567890123，电话13800138000，身高165"
    assert [one["kind"] for one in found_in(written)] == ["order_no", "tracking_no", "height"]
    assert [one["kind"] for one in found_in(mask_text(written).text)] == ["height"]


def test_a_shop_names_its_own_rivals():
    found = found_in("三只熊猫家的便宜，ＡＣＭＥ也是", rivals=["三只熊猫", "Acme"])
    assert [(one["kind"], one["value"]) for one in found] == [
        ("competitor", "三只熊猫"),
        ("competitor", "Acme"),
    ]
    assert found_in("三只熊猫家的便宜") == []


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("165", 165), ("1.5", 1.5), ("半", 0.5), ("十", 10), ("十五", 15), ("五十", 50),
        ("一百二", 120), ("一百二十", 120), ("一百零二", 102), ("两千五", 2500), ("三万二", 32000),
        ("一三八", 138), ("两百五十六", 256), ("一千零八十", 1080), ("块", None), ("", None),
    ],
)  # fmt: skip
def test_numerals(words, number):
    assert number_of(words) == number


def test_workdays_and_months():
    friday, saturday = date(2026, 11, 13), date(2026, 11, 14)
    assert workdays_after(friday, 1) == workdays_after(saturday, 1) == date(2026, 11, 16)
    assert workdays_after(friday, 5) == date(2026, 11, 20)
    assert workdays_after(friday, 7) == date(2026, 11, 24)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
