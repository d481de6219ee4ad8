"""The whole loop as a user runs it: a shop's exports in, a report out, through the command line."""

import json
import re

import pytest

from huisheng.app.analysis import data_span, default_period, kept_relations
from huisheng.app.assumptions import chosen
from huisheng.app.demo import generate
from huisheng.app.licences import FOR_INFORMATION
from huisheng.lake import open_engine, open_workspace
from huisheng.metrics import Facts, all_metrics, query
from huisheng.privacy import scan_tree
from tests.app.conftest import huisheng

PHONES_IN_EXPORTS = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture(scope="module")
def report(shop):
    return json.loads((shop / "report.json").read_text(encoding="utf-8"))


def test_the_report_keeps_its_contract(report):
    assert report["schema"] == "huisheng.report/1"
    assert report["shops"] == ["douyin-yunzhi", "tmall-xiaonuan"]
    assert {"period", "compared_with", "metrics", "findings", "quarantine"} <= set(report)
    for metric in report["metrics"]:
        assert metric["quality"] in {"ok", "low_sample", "partial_input", "no_data"}
        assert (metric["value"] is None) == (metric["denominator"] == 0 or metric["value"] is None)
    satisfaction = [m for m in report["metrics"] if m["id"] == "ww_satisfaction"]
    assert all(0.8 < m["value"] < 1 for m in satisfaction)


def test_findings_have_owners_intervals_and_words_that_stand_in_the_record(report):
    assert report["findings"]
    for finding in report["findings"]:
        assert finding["department"] in {"ops", "product", "cs", "warehouse", "carrier"}
        low, high = finding["interval"]
        assert low <= finding["observed"]["value"] <= high
        assert finding["q_value"] <= 0.05
        assert finding["evidence"], finding["title"]


def test_planted_stuck_points_are_found(shop, report):
    planted = generate(shop / "again", days=40, orders=2_500).planted
    found = {
        (finding["shop_id"], value)
        for finding in report["findings"]
        for value in finding["segment"].values()
    }
    seen = [
        point.kind
        for point in planted
        if any((point.shop_id, value) in found for value in point.segment.values())
    ]
    # 2,500 orders are few; the full demo shows all seven.
    assert {"late_dispatch", "faulty_sku"} <= set(seen), seen
    assert len(seen) >= 3, seen


def test_nothing_personal_reaches_the_disk(shop):
    exported = b"".join(p.read_bytes() for p in (shop / "exports").rglob("messages.csv"))
    assert PHONES_IN_EXPORTS.search(exported.decode()), "the exports must hold something to leak"
    leaks = scan_tree(shop / "ws")
    for name in ("report.html", "report.json", "report.xlsx"):
        copy = shop / "reports" / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((shop / name).read_bytes())
    leaks += scan_tree(shop / "reports")
    assert leaks == []


def test_the_same_data_gives_the_same_report(shop):
    before = (shop / "report.json").read_bytes(), (shop / "report.html").read_bytes()
    workspace = shop / "ws"
    one = shop / "exports" / "douyin-yunzhi"
    assert huisheng("import", one, "--shop", one.name, "--workspace", workspace).returncode == 0
    assert huisheng("analyze", "--workspace", workspace).returncode == 0
    again = shop / "again.json", shop / "again.html"
    huisheng("report", "--format", "json", "--out", again[0], "--workspace", workspace)
    huisheng("report", "--out", again[1], "--workspace", workspace)
    assert again[0].read_bytes() == before[0]
    assert again[1].read_bytes() == before[1]


def test_a_number_opens_its_cases(shop):
    workspace = shop / "ws"
    result = huisheng(
        "metrics", "query", "platform_help_rate", "--by", "product_id", "--format", "json",
        "--workspace", workspace,
    )  # fmt: skip
    values = json.loads(result.stdout)
    assert values
    assert all("product_id" in value for value in values)
    exports = shop / "exports" / "tmall-xiaonuan" / "disputes.csv"
    dispute = exports.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0].strip("'\"")
    result = huisheng("metrics", "explain", "platform_help_rate", dispute, "--workspace", workspace)
    explained = json.loads(result.stdout)
    assert set(explained) >= {"counted", "reason", "rule_version", "facts"}
    result = huisheng(
        "metrics", "headroom", "ww_satisfaction", "--shop", "tmall-xiaonuan",
        "--workspace", workspace,
    )  # fmt: skip
    room = json.loads(result.stdout)
    assert set(room) >= {"value", "threshold", "more_good", "fewer_bad", "by"}


def test_verify_answers_a_plan(shop, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "name: 提速\ncause: x\nmetric: resp_3min_rate\nsegment: {agent_group: 售后组}\n"
        "fix_date: 2026-08-20\nwindow_days: 10\ncontrol: auto\n",
        encoding="utf-8",
    )
    result = huisheng(
        "verify", plan, "--shop", "tmall-xiaonuan", "--format", "json", "--workspace", shop / "ws"
    )
    verdict = json.loads(result.stdout)
    assert verdict["verdict"] in {"worked", "not_worked", "inconclusive"}
    assert verdict["reason"]


def test_label_reads_lines_and_answers_lines():
    lines = [
        {"id": 1, "text": "空气炸锅用两天就不通电了", "context": []},
        {"id": "b", "text": "能发货啊", "context": ["买家：什么时候"]},
        {"id": None, "text": ""},
    ]
    sent = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    result = huisheng("label", stdin=sent)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, "b", None]
    assert set(answers[0]) == {
        "id", "scenes", "aspects", "sentiment", "emotion", "risks", "version",
    }  # fmt: skip
    assert any(
        aspect["id"] == "P03" and aspect["polarity"] == -1 for aspect in answers[0]["aspects"]
    )
    assert 0 <= answers[0]["sentiment"]["positive_p"] <= 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["metrics", "query", "refund_rat"], 2, "还没有回声工作区"),
        (["metrics", "show", "refund_only_rat"], 2, "refund_only_rate"),
        (["report", "--out", "x.html"], 2, "工作区"),
        (["label", "--in", "nowhere.jsonl"], 2, "没有这个文件"),
        (["verify", "nowhere.yaml"], 2, "计划"),
        (["import", "nowhere.csv"], 2, "nowhere.csv"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_without_a_traceback(tmp_path, arguments, code, said):
    result = huisheng(*arguments, cwd=tmp_path)
    assert result.returncode == code, result.stderr
    assert said in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_healthy_shop_is_not_accused(tmp_path):
    made = generate(tmp_path / "exports", days=40, orders=2_500, healthy=True)
    workspace = tmp_path / "ws"
    one = made.shops[0]
    huisheng("import", one.folder, "--shop", one.shop_id, "--workspace", workspace)
    huisheng("analyze", "--workspace", workspace)
    out = tmp_path / "report.json"
    huisheng("report", "--format", "json", "--out", out, "--workspace", workspace)
    findings = json.loads(out.read_text(encoding="utf-8"))["findings"]
    assert len(findings) <= 1, [finding["title"] for finding in findings]


def test_help_is_chinese_and_names_every_command():
    shown = huisheng("--help").stdout
    for command in ("init", "import", "analyze", "report", "label", "verify", "demo", "metrics"):
        assert command in shown
    assert "回声" in shown


def test_kept_relations_answer_as_newly_built_ones(shop):
    workspace = open_workspace(shop / "ws")
    engine = open_engine(workspace)
    kept = kept_relations(workspace, engine, chosen(workspace))
    asked = Facts(engine, assumptions=chosen(workspace), ready=kept.get)
    built = Facts(open_engine(workspace), assumptions=chosen(workspace))
    window = default_period(data_span(engine))
    for metric_id in all_metrics():
        assert query(asked, metric_id, window) == query(built, metric_id, window), metric_id
    assert not asked.kept.keys() - {"spoken_lines"}, "every relation but the words was ready"
    assert kept.get("spoken_lines") is None


def test_a_run_tells_its_licences_and_marks_what_it_says_of_people(shop):
    run = json.loads((shop / "ws" / "runs" / "current.json").read_text(encoding="utf-8"))
    told = {(one["head"], one["label"]): one for one in run["method"]["licences"]}
    assert told["upset", "upset"]["shops"] == run["shops"]
    used = {one["problem"]["id"] for one in run["findings"] if one["problem"]["kind"] == "aspect"}
    assert {("aspect", aspect) for aspect in used} <= told.keys()
    topics = [tip["topic"] for tip in run["charts"]["tips"] if tip["topic"]]
    assert topics and all(FOR_INFORMATION in topic["notice"] for topic in topics)
    for finding in run["findings"]:
        kind, id_ = finding["problem"]["kind"], finding["problem"]["id"]
        read = kind in ("aspect", "scene") or (kind == "metric" and bool(all_metrics()[id_].labels))
        about_a_person = read and "agent_id" in finding["segment"]
        assert about_a_person == finding["title"].endswith(f"（{FOR_INFORMATION}）")
