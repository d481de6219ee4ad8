"""Texts in doubt go to a permitted language model, and its verdicts hold below every person's."""

import json

import pytest

from huisheng.app.analysis import analyze
from huisheng.app.analysis.doubtful import DOUBTFUL, ask_about_doubtful
from huisheng.app.analysis.labelling import label_new_texts
from huisheng.app.llm import Patience, Permission, account, publish
from huisheng.lake import create_workspace, open_engine
from huisheng.language import MODEL_VERSION
from huisheng.metrics import Facts
from tests.app.language_service import SCENE, completion, content_of, fails, labelled, serving
from tests.app.web.two_shops import ROWS, label, message
from tests.app.web.two_shops import publish as land

NOW_US = 1_786_400_000_000_000
QUICK = Patience(timeout_s=5, attempts=1, first_wait_s=0, failures=1, apart_s=0)
SAID = (
    "嗯嗯那个你看看呢", "上次那样的", "包装破了但是东西还行", "算了不说了", "质量很好，谢谢",
    "怎么还没发货", "有点意思", "跟我想的不太一样", "也就那样吧", "什么时候能有个结果",
    "你们自己看着办", "大小刚好但是有味道",
)  # fmt: skip


@pytest.fixture
def service(monkeypatch):
    with serving() as service:
        monkeypatch.setenv("HUISHENG_LLM_HOSTS", service.origin)
        yield service


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace of two tiny shops with some hard words, labelled by the shipped model."""
    workspace = create_workspace(tmp_path / "ws", "Asia/Shanghai")
    hard = tuple(
        message("h1", number % 10, text) | {"msg_id": f"h1-{number}"}
        for number, text in enumerate(SAID)
    )
    twice = message("h2", 1, SAID[0])
    rows = {name: some for name, some in ROWS.items() if name != "labels"}
    land(workspace, rows | {"messages": (*rows["messages"], *hard, twice)})
    label_new_texts(workspace, now_us=NOW_US, tell=lambda _: None)
    return workspace


def allow(workspace, service, **changed):
    values = {"endpoint": service.origin, "model": "small", "daily_requests": 50}
    publish(workspace, Permission(**{**values, "daily_tokens": 100_000, **changed}))


def asked(workspace):
    return ask_about_doubtful(workspace, now_us=NOW_US, tell=lambda _: None, patience=QUICK)


def current(workspace):
    facts = Facts(open_engine(workspace))
    rows = facts.engine.arrow(facts.relation("current_labels")).to_pylist()
    return {
        (row["row_id"], row["head"], row["label"]): (row["source"], row["version"]) for row in rows
    }


def in_doubt(workspace):
    """Return (row, head) of what the shipped model is not sure of, and all (row, head)."""
    labels = open_engine(workspace).table("labels").to_pyarrow().to_pylist()
    best = {}
    for row in labels:
        if row["source"] in ("model", "rule") and row["head"] in DOUBTFUL:
            place = row["row_id"], row["head"]
            best[place] = max(best.get(place, 0), row["p"])
    return {place for place, p in best.items() if p < DOUBTFUL[place[1]]}, set(best)


def test_without_permission_nobody_is_connected_to(workspace, service):
    assert asked(workspace) is None
    assert not service.came
    assert not (workspace.root / "llm").exists()


def test_only_doubtful_heads_get_a_verdict_and_only_once(workspace, service):
    doubtful, judged = in_doubt(workspace)
    assert doubtful
    assert judged - doubtful
    before = current(workspace)
    allow(workspace, service)
    asked(workspace)
    texts = service.texts
    assert len(texts) == len(set(texts)) >= 1
    after = current(workspace)
    llm = {
        (row, head): label for (row, head, label), (source, _) in after.items() if source == "llm"
    }
    assert llm.keys() == doubtful
    assert set(llm.values()) <= {SCENE, "negative"}
    sure = {key for key in before if key[:2] not in doubtful}
    assert sure <= after.keys()
    assert {key for key in after if after[key][0] != "llm"} <= before.keys()
    assert {version for source, version in after.values() if source == "llm"} == {MODEL_VERSION}
    asked(workspace)
    assert service.texts == texts


def test_a_person_stands_over_it_and_a_newer_model_too(workspace, service):
    allow(workspace, service)
    asked(workspace)
    row, head = next(iter(in_doubt(workspace)[0]))
    newer = label(row, head, "PRE01" if head == "scene" else "neutral") | {
        "version": "9999.1", "source": "model",
    }  # fmt: skip
    land(workspace, {"labels": (newer,)})
    assert current(workspace)[row, head, newer["label"]] == ("model", "9999.1")
    person = label(row, head, "PRE02" if head == "scene" else "positive") | {"source": "human"}
    land(workspace, {"labels": (person,)})
    held = {key: said for key, said in current(workspace).items() if key[:2] == (row, head)}
    assert held == {(row, head, person["label"]): ("human", "1")}


def test_no_scene_is_a_verdict_too(workspace, service):
    scenes = {row for row, head in in_doubt(workspace)[0] if head == "scene"}
    assert scenes
    service.answers = [
        lambda items: (200, completion(content_of(labelled(items, scene="NONE"))), {})
    ] * 9
    allow(workspace, service)
    asked(workspace)
    assert not [key for key in current(workspace) if key[0] in scenes and key[1] == "scene"]


def test_a_service_that_is_down_changes_nothing_and_is_told(workspace, service):
    before = current(workspace)
    service.answers = [fails(500)] * 99
    allow(workspace, service)
    told = []
    reading = ask_about_doubtful(workspace, now_us=NOW_US, tell=told.append, patience=QUICK)
    assert "HTTP 500" in reading.problem
    assert any("分析照常进行" in line for line in told)
    assert current(workspace) == before


def test_an_analysis_ends_well_with_a_refusing_service_and_a_damaged_permission(workspace, service):
    service.answers = [fails(401)] * 99
    allow(workspace, service)
    told = []
    with_refusal = analyze(workspace, None, told.append, now_us=NOW_US)
    assert any("密钥不对" in line for line in told)
    (workspace.root / "llm" / "permission.json").write_text("{", "utf-8")
    assert analyze(workspace, None, told.append, now_us=NOW_US) == with_refusal
    assert len(service.came) == 1


def test_the_day_of_the_account_is_the_shops_own(workspace, service):
    from datetime import date

    allow(workspace, service)
    # 2026-08-10 22:13:20 in London is already the eleventh in Shanghai.
    asked(workspace)
    assert account(workspace, date.fromisoformat("2026-08-11")).requests >= 1
    assert json.loads((workspace.root / "llm" / "account.json").read_text())["day"] == "2026-08-11"
