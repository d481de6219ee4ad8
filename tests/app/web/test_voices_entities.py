"""A chat marks what the shop promised and how tall, heavy or large a buyer says to be."""

import re
from html import unescape

import pytest

from tests.app.web.two_shops import HOSTILE, message, page_of, publish, talk

pytestmark = pytest.mark.xdist_group("pipeline")


@pytest.fixture
def chat(own, person):
    """Return the page of a conversation of 10 August 2026, 10 o'clock."""
    lines = (
        message("e1", 1, "身高165体重110穿M码吗，明天能到吗"),
        message("e1", 2, f"明天中午前给您发出 {HOSTILE}", "agent", agent_id="anna"),
        message("e1", 3, "2小时内给您回电", "robot_auto"),
        message("e1", 4, "周五前寄出，周六送达", "agent", agent_id="anna"),
        message("e1", 5, "今天10点前给您退款", "agent", agent_id="anna", is_recalled=True),
        message("e1", 6, "请您7天内寄回", "agent", agent_id="anna"),
    )
    publish(own, {"conversations": (talk("e1", "anna"),), "messages": lines})
    return page_of(person("owner"), "/voices/conversation/s/e1")


def test_promises_and_measures_are_marked_with_what_they_mean(chat):
    marks = re.findall(r'<mark class="entity" title="([^"]+)">([^<]+)</mark>', chat)
    assert [(unescape(why), words) for why, words in marks] == [
        ("身高：165 cm", "165"),
        ("体重：55 kg", "110"),
        ("尺码：M", "M码"),
        ("承诺：8 月 11 日 12:00 前发出", "明天中午前给您发出"),
        ("承诺：8 月 10 日 12:03 前回电", "2小时内给您回电"),
        ("承诺：8 月 14 日前寄出", "周五前寄出"),
        ("承诺：8 月 15 日送达", "周六送达"),
    ]


def test_marks_beside_hostile_words_stay_text(chat):
    assert "<script>alert" not in chat
    assert "&lt;script&gt;alert(1)" in chat


def test_a_promise_of_a_line_without_time_names_the_deed_alone(visitor):
    from huisheng.app.web.voices.entities import Spoken, entity_spans

    (first, second) = entity_spans(
        [Spoken("明天给您发货", None, True), Spoken("明天给我发货", None, False)]
    )
    assert [(span.start, span.end, span.why) for span in first] == [(0, 6, "承诺：发货")]
    assert second == []
