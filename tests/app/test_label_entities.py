"""`huisheng label --entities`: what it adds, and that nothing changes without it."""

import json

import pytest


@pytest.fixture
def answered(tmp_path, run):
    """Return a function that labels lines and reads the answers."""

    def label(*lines, options=()):
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
        code, _, said = run("label", "--in", source, "--out", target, *options)
        read = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
        return code, said, read

    return label


LINES = (
    {"id": "a", "text": "身高165，要L码，别家才39元", "sent_at": "2026-11-11T15:00:00"},
    {"id": "b", "text": "好的，48小时内发货", "role": "agent", "sent_at": "2026-11-11T15:00:00"},
    {"id": "c", "text": "48小时内发货"},
    {"id": "d", "text": "小白家也有"},
)


def test_entities_come_with_the_option_and_nothing_else_changes(answered):
    _, _, plain = answered(*LINES)
    code, _, told = answered(*LINES, options=("--entities", "--rival", "小白家"))
    assert code == 0
    assert plain == [{k: v for k, v in one.items() if k != "entities"} for one in told]
    assert "entities" not in plain[0]
    kinds = [[entity["kind"] for entity in one["entities"]] for one in told]
    assert kinds == [
        ["height", "size", "competitor", "money"],
        ["time", "promise"],
        ["time"],
        ["competitor"],
    ]
    assert told[0]["entities"][3] == {
        "kind": "money", "start": 13, "stop": 16, "text": "39元",
        "low": 3900.0, "high": 3900.0, "unit": "fen",
    }  # fmt: skip
    assert told[1]["entities"][1] == {
        "kind": "promise", "start": 3, "stop": 10, "text": "48小时内发货", "value": "发货",
        "since": "2026-11-11 15:00", "until": "2026-11-13 15:00",
        "precision": "hour", "deadline": True,
    }  # fmt: skip
    assert "until" not in told[2]["entities"][0]


def test_a_time_that_is_none_is_refused_by_line(answered):
    line = {"id": 1, "text": "明天到", "sent_at": "昨天"}
    code, said, _ = answered({"id": 0, "text": "好"}, line, options=("--entities",))
    assert code == 2
    assert "第 2 行：sent_at 不是时间：昨天" in said
