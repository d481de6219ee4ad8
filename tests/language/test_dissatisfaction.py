import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng.errors import BadInputError
from huisheng.language import EMOTION_NAMES, Dissatisfaction, judge_conversations, taxonomy

ANGRY = [
    ("buyer", "快递三天没动了，到底什么时候能到"),
    ("agent", "亲，请耐心等待"),
    ("buyer", "每次都让我等，你们就是敷衍我"),
    ("agent", "亲，请耐心等待"),
    ("buyer", "太失望了，什么服务，我要投诉"),
]
HAPPY = [
    ("buyer", "你好，发票抬头写错了能改吗"),
    ("agent", "可以的，您把正确的抬头发给我，我马上为您修改"),
    ("buyer", "好的，已发"),
    ("agent", "已经为您改好了，新的电子发票发到您邮箱了"),
    ("buyer", "收到了，太好了，谢谢你"),
]
SPOKEN = st.lists(
    st.tuples(
        st.sampled_from(["buyer", "agent"]),
        st.sampled_from([words for _, words in ANGRY + HAPPY]) | st.text(max_size=20),
    ),
    min_size=1,
    max_size=8,
)


def judge(*talks: list[tuple[str, str]]) -> Dissatisfaction:
    rows = [(place, role, words) for place, talk in enumerate(talks) for role, words in talk]
    return judge_conversations(*(pa.array(column) for column in zip(*rows, strict=True)))


def test_anger_is_told_from_thanks() -> None:
    found = judge(ANGRY, HAPPY)
    assert found.p[0] > 0.6
    assert found.p[1] < 0.4
    assert found.unsolved_p[0] > found.unsolved_p[1]
    assert found.ineffective_p[0] > found.ineffective_p[1]


def test_turns_that_show_it_are_the_buyers() -> None:
    found = judge(ANGRY, HAPPY)
    assert found.turn_p[[1, 3, 6, 8]].tolist() == [0, 0, 0, 0]
    assert found.turn_p[4] > found.turn_p[9]


def test_reasons_are_named_only_where_there_is_dissatisfaction() -> None:
    found = judge(ANGRY, HAPPY)
    assert "DS07" in found.reasons[0]
    assert found.reasons[1] == ()
    assert set(found.reasons[0]) <= set(taxonomy().dissatisfaction_reasons)


def test_reasons_name_the_messages_that_show_them() -> None:
    found = judge(HAPPY, ANGRY)
    shown = {cause.reason: cause.shown_by for cause in found.causes[1]}
    assert 0 in shown["DS07"]
    assert all(ANGRY[place][0] == "buyer" for places in shown.values() for place in places)


def test_the_way_of_the_emotion_is_told() -> None:
    found = judge(HAPPY, ANGRY, [("agent", "您好")])
    start, peak, end = (EMOTION_NAMES[mood] for mood in found.moods[1])
    assert (start, peak, end) == ("anxious", "escalating", "escalating")
    assert EMOTION_NAMES[found.moods[0][2]] == "positive"
    assert {EMOTION_NAMES[mood] for mood in found.moods[2]} == {"calm"}


@pytest.mark.parametrize(("minutes", "is_late"), [(2, False), (9, True)])
def test_waiting_for_an_answer_is_a_reason(minutes: int, is_late: bool) -> None:
    talk = [("buyer", "垃圾店铺，太差了"), ("agent", "您好"), ("buyer", "垃圾")]
    owner, role, text = (
        pa.array(column) for column in zip(*((0, *said) for said in talk), strict=True)
    )
    sent = pa.array([0, minutes * 60_000_000, None])
    found = judge_conversations(owner, role, text, sent_us=sent)
    assert found.p[0] > 0.5
    shown = {cause.reason: cause.shown_by for cause in found.causes[0]}
    assert ("DS01" in shown) == is_late
    assert not is_late or shown["DS01"] == (0,)


@settings(max_examples=25)
@given(st.lists(SPOKEN, min_size=1, max_size=4))
def test_a_conversation_does_not_depend_on_its_neighbours(talks: list) -> None:
    together = judge(*talks)
    first = 0
    for place, talk in enumerate(talks):
        alone = judge(talk)
        assert together.p[place] == alone.p[0]
        assert together.unsolved_p[place] == alone.unsolved_p[0]
        assert together.causes[place] == alone.causes[0]
        assert together.moods[place].tolist() == alone.moods[0].tolist()
        last = first + len(talk)
        assert np.array_equal(together.turn_p[first:last], alone.turn_p)
        first = last


def test_rows_of_conversations_may_be_mixed() -> None:
    apart = judge(ANGRY, HAPPY)
    mixed = [row for pair in zip(ANGRY, HAPPY, strict=True) for row in pair]
    found = judge_conversations(
        pa.array(["a", "b"] * len(ANGRY)),
        pa.array([role for role, _ in mixed]),
        pa.array([words for _, words in mixed]),
    )
    assert found.conversations.to_pylist() == ["a", "b"]
    assert found.p.tolist() == apart.p.tolist()
    assert found.turn_p[::2].tolist() == apart.turn_p[: len(ANGRY)].tolist()


def test_nothing_said_nothing_judged() -> None:
    none = pa.array([], pa.string())
    assert len(judge_conversations(none, none, none).p) == 0


def test_a_lone_agent_and_missing_words_are_judged_too() -> None:
    found = judge_conversations(
        pa.array(["a", "b"]), pa.array(["agent", None]), pa.array(["您好", None])
    )
    assert np.isfinite(found.p).all()
    assert found.turn_p.tolist() == [0, 0]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(BadInputError, match="长度"):
        judge_conversations(pa.array(["a"]), pa.array(["buyer"]), pa.array([], pa.string()))
