"""Nobody is scored by a label without a judge licence: it is marked wherever it names a person."""

from dataclasses import replace

import pytest

from huisheng.app.analysis.marking import marked_changes, marked_finding, marked_tips
from huisheng.app.analysis.trust import licence_entries
from huisheng.app.licences import FOR_INFORMATION, Measurement, keep
from huisheng.app.report import render_html
from huisheng.app.report.document import DayChangeEntry, FindingEntry, TipEntry
from huisheng.app.scoring import metric_notice
from huisheng.lake import open_workspace
from huisheng.language import MODEL_VERSION, licence, taxonomy
from huisheng.metrics import all_metrics
from tests.app.sample_document import sample_document

NONE = licence.Licences()


def measured(head: str, label: str, *, right: int = 95, wrong: int = 5) -> licence.Licence:
    cells = licence.Cells.plain(right, wrong, 5, 300)
    return licence.Licence(head, label, licence.Origin.SHOP, cells)


OTHERS = [measured("aspect", "C02"), measured("polarity", "negative"), measured("scene", "POST18")]
GOOD = licence.Licences([*OTHERS, measured("upset", "upset")])
DEGRADED = licence.Licences([*OTHERS, measured("upset", "upset", right=50, wrong=50)])


def finding(kind: str, id_: str, **segment: str) -> FindingEntry:
    first = sample_document()["findings"][0]
    return {**first, "problem": {"kind": kind, "id": id_}, "segment": segment}


@pytest.mark.parametrize("name", all_metrics())
def test_a_metric_that_reads_labels_says_which(name: str) -> None:
    metric = all_metrics()[name]
    assert bool(metric.labels) == ("labels" in metric.inputs)
    names = licence.label_names(taxonomy())
    for head, labels in metric.labels.items():
        assert set(labels) <= set(names[head])


def test_a_breakdown_by_person_is_marked_until_its_labels_have_a_licence() -> None:
    metric = all_metrics()["negative_emotion_rate"]
    assert metric_notice(metric, "agent_id", NONE).startswith(FOR_INFORMATION)
    assert "「焦躁及以上」" in metric_notice(metric, "agent_id", NONE)
    assert metric_notice(metric, "agent_id", GOOD) == ""
    assert metric_notice(metric, "agent_id", DEGRADED) != ""
    assert metric_notice(metric, "hour", NONE) == metric_notice(metric, None, NONE) == ""
    assert metric_notice(all_metrics()["resp_3min_rate"], "agent_id", NONE) == ""


def test_every_scene_must_be_licensed_where_all_are_read() -> None:
    metric = all_metrics()["aftersale_consult_count"]
    scenes = [measured("scene", scene) for scene in taxonomy().scenes]
    assert metric_notice(metric, "agent_id", licence.Licences(scenes)) == ""
    told = metric_notice(metric, "agent_id", licence.Licences(scenes[1:]))
    assert "打招呼" in told and "等" not in told.split("还没有")[0]
    assert f"等 {len(scenes)} 个" in metric_notice(metric, "agent_id", NONE)


@pytest.mark.parametrize(
    ("kind", "id_"), [("aspect", "C02"), ("scene", "POST18"), ("metric", "negative_emotion_rate")]
)
def test_a_stuck_point_blames_a_person_only_with_a_licence(kind: str, id_: str) -> None:
    about = finding(kind, id_, agent_id="小李", hour="21")
    marked = marked_finding(about, NONE)
    assert marked["title"] == f"{about['title']}（{FOR_INFORMATION}）"
    assert marked["strategy"].startswith(about["strategy"]) and "判断许可" in marked["strategy"]
    assert marked_finding(about, GOOD) == about


def test_the_polarity_of_an_aspect_must_be_licensed_too() -> None:
    about = finding("aspect", "C02", agent_id="小李")
    often_wrong = measured("polarity", "negative", right=50, wrong=50)
    presence = licence.Licences([measured("aspect", "C02"), often_wrong])
    assert "负面" in marked_finding(about, presence)["strategy"]
    assert marked_finding(about, licence.Licences([measured("aspect", "C02")])) == about, (
        "it ships one"
    )


@pytest.mark.parametrize(
    ("kind", "id_", "segment"),
    [
        ("aspect", "C02", {"agent_group": "售后组"}),
        ("aspect", "P03", {"product_id": "p"}),
        ("refund_reason", "r", {"agent_id": "小李"}),
        ("metric", "resp_3min_rate", {"agent_id": "小李"}),
    ],
)
def test_what_names_nobody_or_was_recorded_is_left_alone(kind, id_, segment) -> None:
    about = finding(kind, id_, **segment)
    assert marked_finding(about, NONE) == about


def change(metric: str) -> DayChangeEntry:
    part = {"group": "小李", "change": 0.1, "cases": 3.0}
    parts = [
        {**part, "dimension": "agent_id", "dimension_label": "客服"},
        {**part, "dimension": "hour", "dimension_label": "小时"},
    ]
    first = sample_document()["charts"]["changes"][:1]
    entry = first[0] if first else {"shop_id": "s"}
    return {**entry, "metric": metric, "shop_id": "s", "parts": parts}  # type: ignore[typeddict-item,return-value]


def test_the_parts_of_a_change_by_person_are_marked() -> None:
    def told(metric: str, holding: licence.Licences) -> list[str]:
        [entry] = marked_changes([change(metric)], {"s": holding})
        return [part["dimension_label"] for part in entry["parts"]]

    assert told("negative_emotion_rate", NONE) == [f"客服（{FOR_INFORMATION}）", "小时"]
    assert told("negative_emotion_rate", GOOD) == ["客服", "小时"]
    assert told("resp_3min_rate", NONE) == ["客服", "小时"]


def test_what_is_told_to_an_agent_is_marked() -> None:
    def tip(topic: str | None) -> TipEntry:
        told = {"scene": topic, "talks": 5, "upset": 3} if topic else None
        return {"shop_id": "s", "agent_id": "a", "kind": "steady", "gap": None, "topic": told}  # type: ignore[typeddict-item]

    entries = marked_tips([tip("POST18"), tip(None)], {"s": NONE})
    assert entries[0]["topic"] is not None
    assert entries[0]["topic"]["notice"] == FOR_INFORMATION
    [licensed] = marked_tips([tip("POST18")], {"s": GOOD})
    assert licensed["topic"] is not None and "notice" not in licensed["topic"]


# --- the report -----------------------------------------------------------------------------------


def test_the_report_says_how_right_its_labels_are() -> None:
    document = sample_document()
    shops = document["shops"]
    own = licence.Licences([measured("aspect", "P03")])
    holding = {shop: own if shop == shops[0] else NONE for shop in shops}
    charts = document["charts"]["by_shop"]
    whole = next(iter(charts.values())) if charts else document["charts"]
    about = finding("aspect", "P03", agent_id="小李")
    found = licence_entries(holding, [about], whole)  # type: ignore[arg-type]
    quality = [one for one in found if (one["head"], one["label"]) == ("aspect", "P03")]
    assert [(one["shops"], one["granted"]) for one in quality] == [
        (shops[:1], True),
        (shops[1:], False),
    ]
    assert {"upset", "polarity", "emotion"} <= {one["head"] for one in found}
    assert not any(one["head"] == "risk" for one in found)
    document["method"]["licences"] = found
    page = render_html(document)
    assert "判断有多准" in page
    assert "0.95（0.89–0.98）" in page
    assert '没有在人工判断过的文字上量过">只供参考' in page
    assert "判断有多准" not in render_html(sample_document())


def test_a_query_by_agent_carries_the_notice_until_the_shop_licenses_itself(
    tmp_path, run, monkeypatch
) -> None:
    monkeypatch.setenv("HUISHENG_WORKSPACE", str(tmp_path / "ws"))
    (tmp_path / "conversations.csv").write_text(
        "conv_id,agent_id,started_at\nc,小李,2026-08-01 10:00:00\n"
    )
    assert run("import", tmp_path / "conversations.csv", "--shop", "s")[0] == 0
    asked = ("metrics", "query", "negative_emotion_rate", "--by", "agent_id", "--format")
    assert f'"notice": "{FOR_INFORMATION}' in run(*asked, "json")[1]
    assert FOR_INFORMATION in run(*asked, "text")[1]
    one = Measurement(
        "2026-08-02T00:00:00", "我", MODEL_VERSION, 400, 1, (measured("upset", "upset"),)
    )
    workspace = open_workspace(tmp_path / "ws")
    keep(workspace, "s", one)
    assert "notice" not in run(*asked, "json")[1]
    keep(workspace, "s", replace(one, model="an earlier one"))
    assert "notice" not in run(*asked, "json")[1], "only measures of the present model count"
    keep(workspace, "s", replace(one, labels=(measured("upset", "upset", right=50, wrong=50),)))
    assert f'"notice": "{FOR_INFORMATION}' in run(*asked, "json")[1]
