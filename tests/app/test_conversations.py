"""`huisheng dissatisfaction`: whole conversations in, judgements out, a line each."""

import json
import sys

import pytest

from huisheng.app.cli import main

ANGRY = [
    {"role": "buyer", "text": "快递三天没动了，到底什么时候能到", "sent_at": "2026-08-01 10:00:00"},
    {"role": "agent", "text": "亲，请耐心等待", "sent_at": "2026-08-01T10:09:00"},
    {"role": "buyer", "text": "太失望了，什么服务，我要投诉"},
]
HAPPY = [{"role": "买家", "text": "能改发票吗"}, {"role": "客服", "text": "改好了"},
         {"role": "买家", "text": "太好了，谢谢你"}]  # fmt: skip


@pytest.fixture
def judge(tmp_path, monkeypatch, capsys):
    """Return a function that runs the command over lines: exit code, answers, errors."""

    def call(*lines):
        path = tmp_path / "talks.jsonl"
        path.write_text(
            "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        )
        monkeypatch.setattr(sys, "argv", ["huisheng", "dissatisfaction", "--in", str(path)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, [json.loads(line) for line in said.out.splitlines()], said.err

    return call


def test_each_conversation_is_judged_with_its_reasons_and_their_turns(judge):
    code, (angry, happy), _ = judge({"id": "a", "messages": ANGRY}, {"id": 7, "messages": HAPPY})
    assert code == 0
    assert (angry["id"], happy["id"]) == ("a", 7)
    assert angry["p_dissatisfied"] > 0.8 > 0.3 > happy["p_dissatisfied"]
    reasons = {reason["id"]: reason for reason in angry["reasons"]}
    assert reasons["DS07"]["turns"] == [0]
    assert reasons["DS07"]["department"] == "carrier"
    assert 0 in reasons["DS01"]["turns"], "it took the agent nine minutes to answer"
    assert angry["emotion"]["end"] == "escalating"
    assert [turn["turn"] for turn in angry["turns"]] == [0, 2]
    assert happy["reasons"] == []


def test_nothing_said_is_no_dissatisfaction(judge):
    code, [answer], _ = judge({"id": "a", "messages": []})
    assert (code, answer["p_dissatisfied"], answer["reasons"]) == (0, 0.0, [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "第 1 行：不是 JSON"),
        ({"id": 1, "text": "你好"}, "没有消息列表 messages"),
        ({"messages": [{"text": "好"}, {"role": "buyer"}]}, "第 1 行的第 2 条消息：没有文字字段"),
        ({"messages": [{"text": "好", "sent_at": "昨天"}]}, "看不懂时间 昨天"),
    ],
)
def test_a_line_that_is_no_conversation_is_named(judge, line, said):
    code, answers, error = judge(line)
    assert (code, answers) == (2, [])
    assert said in error.replace("\n", "")
