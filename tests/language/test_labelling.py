import time

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng.language import MODEL_VERSION, Turn, Turns, load_model, taxonomy

HOSTILE = [
    "",
    " ",
    "\n\t\r",
    "😀😀😀😀👍🏻",
    "\u200b\u200d\ufeff",
    "שלום עולם مرحبا",
    "\ud800\udc00 lone \udfff",
    "\x00\x01\x02",
    "a" * 100_000,
    "快递三天没动了，" * 12_500,
    "(((((((((((((" * 300,
    "要" * 5_000 + "差评",
    "ＡＢＣ１２３！？",
    "^在吗$",
]
CHAT = st.lists(
    st.sampled_from(
        ["快递三天没动了", "谢谢", "你好", "再不退我就投诉", "质量很好，物流慢", "", "？", "发票呢"]
    )
    | st.text(max_size=30),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(CHAT)
def test_labels_do_not_depend_on_neighbours(texts: list[str]) -> None:
    model = load_model()
    together = model.label(texts)
    for place, text in enumerate(texts):
        assert together.as_json(place) == model.label([text]).as_json(0)


@settings(max_examples=30)
@given(CHAT, CHAT)
def test_scenes_in_context_do_not_depend_on_neighbours(texts: list[str], said: list[str]) -> None:
    model = load_model()
    context = [Turn("agent" if n % 2 else "buyer", text) for n, text in enumerate(said)]
    together = model.label([*texts, "好的"], [*([context] * len(texts)), []])
    for place, text in enumerate(texts):
        assert together.as_json(place) == model.label([text], [context]).as_json(0)


def test_hostile_text_neither_fails_nor_stalls() -> None:
    model = load_model()
    started = time.perf_counter()
    labels = model.label(HOSTILE)
    assert time.perf_counter() - started < 20
    assert [labels.as_json(n)["sentiment"]["label"] for n in range(len(HOSTILE))]
    assert labels.long().num_rows >= 2 * len(HOSTILE)


def test_no_texts_no_labels() -> None:
    assert load_model().label([]).long().num_rows == 0
    assert load_model().label([], []).long().num_rows == 0


def test_json_has_the_agreed_shape() -> None:
    answer = load_model().label(["物流太慢，再不退款我就投诉"]).as_json(0)
    assert list(answer) == ["scenes", "aspects", "sentiment", "emotion", "risks", "version"]
    assert answer["version"] == MODEL_VERSION
    assert set(answer["scenes"][0]) == {"id", "p"}
    assert set(answer["aspects"][0]) == {"id", "polarity", "p"}
    assert set(answer["sentiment"]) == {"label", "p", "positive_p"}
    assert set(answer["emotion"]) == {"level", "p"}
    assert {risk["id"] for risk in answer["risks"]} == {"R3"}


def test_long_table_says_the_same_as_json() -> None:
    texts = ["物流太慢", "谢谢", "物流太慢", "[订单x]"]
    labels = load_model().label(texts)
    rows = labels.long().to_pylist()
    for place in range(len(texts)):
        own = [row for row in rows if row["item"] == place]
        answer = labels.as_json(place)
        aspects = [(r["label"], r["value"]) for r in own if r["head"] == "aspect"]
        assert aspects == [(a["id"], a["polarity"]) for a in answer["aspects"]]
        assert [r["label"] for r in own if r["head"] == "scene"] == [
            scene["id"] for scene in answer["scenes"]
        ]
        assert [r["value"] for r in own if r["head"] == "emotion"] == [answer["emotion"]["level"]]
        assert sum(r["head"] == "sentiment" for r in own) == 1


def test_long_table_types() -> None:
    table = load_model().label(["质量很好"]).long()
    assert table.schema.names == ["item", "head", "label", "value", "p", "source"]
    assert set(table["source"].to_pylist()) <= {"model", "rule"}
    assert all(0 <= p <= 1 for p in table["p"].to_pylist())


def test_arrow_input_with_nulls() -> None:
    labels = load_model().label(pa.array(["你好", None, "你好"]))
    assert labels.as_json(0) == labels.as_json(2)
    assert labels.as_json(1)["scenes"] == []


@pytest.mark.parametrize("text", ["", "嗯", "[订单x]", "好的", "123456789012", "是的"])
def test_abstains_where_nothing_is_asked(text: str) -> None:
    assert load_model().label([text]).as_json(0)["scenes"] == []


def test_context_carries_the_scene_of_a_short_message() -> None:
    model = load_model()
    context = [Turn("buyer", "我的快递今天能到吗"), Turn("agent", "请您提供下订单号")]
    alone = model.label(["比较着急"]).as_json(0)["scenes"]
    carried = model.label(["比较着急"], [context]).as_json(0)["scenes"]
    assert carried[0]["id"] == "MID09"
    assert carried[0]["p"] > max((s["p"] for s in alone if s["id"] == "MID09"), default=0)


def test_contexts_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="长度"):
        load_model().label(["你好"], [])


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="长度"):
        load_model().label(["你好"], Turns([pa.array(["buyer"])], [pa.array([], pa.string())]))


TURN = st.none() | st.tuples(
    st.sampled_from(["buyer", "agent", "robot_auto"]),
    st.sampled_from(["快递三天没动了", "您好", "好的", "能开发票吗", ""]),
)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["好的", "比较着急", "明天呢"]), *[TURN] * 5),
        min_size=1,
        max_size=6,
    )
)
def test_turns_in_columns_say_what_turns_in_lists_say(rows: list) -> None:
    texts, *turns = zip(*rows, strict=True)
    columns = Turns(
        [pa.array([turn and turn[0] for turn in column], pa.string()) for column in turns],
        [pa.array([turn and turn[1] for turn in column], pa.string()) for column in turns],
    )
    lists = [[Turn(*turn) for turn in row if turn] for row in zip(*turns, strict=True)]
    model = load_model()
    assert model.label(texts, columns).long().equals(model.label(texts, lists).long())


def test_risks_of_many_texts_are_those_of_each_alone() -> None:
    frames = ("我要{}", "{}吗", "再不处理就{}你们！明天", "“{}”是什么，我就要{}", "第３次{}，{}")
    words = [word for risk in taxonomy().risks.values() for word in risk.triggers]
    texts = [frame.replace("{}", word) for word in words for frame in frames]
    model = load_model()
    together = model.label(texts)
    assert len(together.head("risk").item) > 100
    for place, text in enumerate(texts):
        assert together.as_json(place)["risks"] == model.label([text]).as_json(0)["risks"]


def test_positive_p_orders_praise_above_blame() -> None:
    labels = load_model().label(["质量很好，非常满意", "质量太差，非常失望"])
    assert labels.as_json(0)["sentiment"]["positive_p"] > 0.9
    assert labels.as_json(1)["sentiment"]["positive_p"] < 0.1


def test_questions_are_neutral() -> None:
    labels = load_model().label(["请问什么时候发货", "这款有黑色吗"])
    assert [labels.as_json(n)["sentiment"]["label"] for n in (0, 1)] == ["neutral", "neutral"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("地址帮我改一下", 0),
        ("到底什么时候发？？急死了", 1),
        ("每次都让我等，说话不算数", 2),
        ("垃圾店，骗子！！！气死我了", 3),
        ("骗子！！！我已经投诉你们了，等着曝光吧", 4),
        ("太好了，谢谢你", -1),
    ],
)
def test_emotion_levels(text: str, level: int) -> None:
    assert load_model().label([text]).as_json(0)["emotion"]["level"] == level


def test_every_label_is_of_the_taxonomy() -> None:
    words = taxonomy()
    known = {*words.scenes, *words.aspects, *words.risks, *words.emotions}
    texts = [text for scene in words.scenes.values() for text in scene.utterances]
    table = load_model().label(texts).long()
    assert set(table["label"].to_pylist()) <= known | {"positive", "neutral", "negative"}
