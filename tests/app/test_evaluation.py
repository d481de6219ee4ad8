"""`huisheng evaluate`: samples, annotation files, and the licences a shop gives itself."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.app.analysis.labelling import label_new_texts
from huisheng.app.evaluation.judgements import read_judgements
from huisheng.app.evaluation.rows import HEADERS, FileRow, read_rows, write_rows
from huisheng.app.licences import history, licences, path_of
from huisheng.app.spreadsheets import FORMULA, defused, restored
from huisheng.errors import BadInputError
from huisheng.lake import open_workspace
from huisheng.language import Turn, load_model

ANGRY = "你们什么态度，气死我了，骗子公司"
CALM = "这款有蓝色的吗"


def row(id_="t/1", who="甲", text=CALM, **cells) -> dict[str, str]:
    return {"id": id_, "annotator": who, "text": text, **cells}


def read(tmp_path, rows, name="a.csv"):
    path = tmp_path / name
    write_rows(path, rows)
    return read_judgements(path, read_rows(path))


def refused(tmp_path, rows) -> str:
    with pytest.raises(BadInputError) as caught:
        read(tmp_path, rows)
    return str(caught.value)


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_what_is_written_is_read_again(tmp_path, name):
    context = "买家：在吗\n客服：在的"
    cells = {"scene": "无", "aspect": "服务态度-、L02+ P09", "emotion": "焦躁", "risk": "R3"}
    rows = [row(text='=1+1，"好"\n的', context=context, probability="0.25", **cells)]
    found = read(tmp_path, rows, name)
    text = found.texts[0]
    assert text.text.startswith("=1+1") and text.context == (
        Turn("buyer", "在吗"),
        Turn("agent", "在的"),
    )
    assert found.judgements[0].weight == 4
    assert found.judgements[0].said == {
        "scene": {},
        "aspect": {"C02": -1, "L02": 1, "P09": 0},
        "emotion": {"anxious": 0},
        "risk": {"R3": 0},
    }


def test_json_lines_may_hold_lists_and_numbers(tmp_path):
    line = {
        "id": 7,
        "annotator": "甲",
        "text": CALM,
        "probability": 0.5,
        "context": [{"role": "agent", "text": "在的"}, "买家：哦"],
        "scene": ["PRE13", "PRE14"],
        "emotion": "calm",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(line, ensure_ascii=False))
    found = read_judgements(tmp_path, read_rows(tmp_path / "a.jsonl"))
    assert found.texts[0].id == "7" and found.texts[0].probability == 0.5
    assert [turn.role for turn in found.texts[0].context] == ["agent", "buyer"]
    assert found.judgements[0].said["scene"] == {"PRE13": 0, "PRE14": 0}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize("text", ["好" * 100_000, "a\u2028b\x85c", "'=1", "🤬\u200b", "\ufeff好"])
def test_odd_texts_are_kept(tmp_path, name, text):
    found = read(tmp_path, [row(text=text, emotion="calm")], name)
    assert found.texts[0].text == text


def test_a_spreadsheet_in_gbk_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(f"编号,标注人,文字,情绪\r\n1,甲,{CALM},平静\r\n".encode("gb18030"))
    assert read_judgements(path, read_rows(path)).judgements[0].said == {"emotion": {"calm": 0}}


def test_rows_that_nobody_judged_yet_are_counted(tmp_path):
    found = read(tmp_path, [row(emotion="calm"), row("t/2"), row("t/3", who="")])
    assert len(found.texts) == 1 and found.unjudged == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "缺少列：编号、标注人、文字"),
        ("编号,标注人,文字\n,,\n".encode(), "没有要读的行"),
        (b"\xff\xfe\x00\xd8", "既不是 UTF-8 也不是 GBK"),
        ("编号,文字\n1,好".encode(), "缺少列：标注人"),
        ("编号,标注人,文字,情绪,emotion\n1,甲,好,平静,平静".encode(), "列重复：情绪"),
        ("编号,标注人,文字\n1,甲,好,平静,多".encode(), "第 2 行：格子比表头多"),
        ('编号,标注人,文字\n1,甲,"好'.encode(), "不是完好的 CSV"),
        (b'{"id": 1}\n[', "第 2 行：不是 JSON"),
        (b'{"id": {"a": 1}, "text": true, "scene": [[]]}', "还没有人标过"),
    ],
)
def test_broken_files_say_what_is_wrong(tmp_path, content, said):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=said):
        read_judgements(path, read_rows(path))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(emotion="愤怒")], "第 2 行：「情绪」里没有标签「愤怒」"),
        ([row(emotion="平静、焦躁")], "只能填一个"),
        ([row(emotion="无")], "没有标签「无」"),
        ([row(scene="PRE13、PRE13")], "写了两次"),
        ([row(who="", emotion="calm")], "没有写标注人"),
        ([row(text="", emotion="calm")], "没有写文字"),
        ([row("", emotion="calm")], "没有写编号"),
        ([row(emotion="calm", probability="1.5")], "抽中概率「1.5」不是"),
        ([row(emotion="calm", probability="nan")], "抽中概率「nan」不是"),
        ([row(emotion="calm", scene="无"), row("t/2", emotion="calm")], "第 3 行：「场景」空着"),
        ([row(emotion="calm"), row(emotion="angry")], "第 3 行：「t/1」甲 已在第 2 行标过"),
        ([row(emotion="calm"), row(who="乙", text="别的", emotion="calm")], "与第 2 行不同"),
    ],
)
def test_wrong_rows_are_named(tmp_path, rows, said):
    assert said in refused(tmp_path, rows)


def test_all_wrong_rows_are_told_at_once(tmp_path):
    said = refused(tmp_path, [row(str(place), emotion="愤怒") for place in range(30)])
    assert "有 30 行要改" in said and "第 11 行" in said and "还有 20 行" in said


@given(st.text(max_size=30) | st.text("'=+a", max_size=6))
def test_cells_survive_a_spreadsheet(text):
    assert restored(defused(text)) == text
    assert not defused(text).startswith(FORMULA)


@given(st.lists(st.dictionaries(st.sampled_from([*HEADERS]), st.text(max_size=12)), max_size=4))
def test_no_row_breaks_the_reader(rows):
    try:
        found = read_judgements("a", [FileRow(at, one) for at, one in enumerate(rows, start=2)])
    except BadInputError:
        return
    assert found.judgements


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def labelled(tmp_path, run, monkeypatch):
    """Return a workspace whose shop has 90 messages, a third of them angry, all labelled."""
    monkeypatch.setenv("HUISHENG_WORKSPACE", str(tmp_path / "ws"))
    lines = ["conv_id,msg_id,role,text,sent_at"]
    for at in range(90):
        text = f"{ANGRY if at % 3 == 0 else CALM}{'！' * (at % 4)}{'啊' * (at % 5)}"
        lines.append(f"c{at},m{at},buyer,{text},2026-08-01 10:{at % 60:02}:00")
    (tmp_path / "messages.csv").write_text("\n".join(lines))
    assert run("import", tmp_path / "messages.csv", "--shop", "s1")[0] == 0
    label_new_texts(open_workspace(tmp_path / "ws"), now_us=0, tell=str)
    return tmp_path


def judged(folder, wrong=0):
    """Fill a template in as the model would, but for some rows."""
    path = folder / "sample.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = load_model().label([one["文字"] for one in rows])
    emotion = labels.head("emotion")
    for place, one in enumerate(rows):
        felt = emotion.names[emotion.label[emotion.rows_of(place)[0]]]
        one["标注人"] = "甲"
        one["情绪"] = "angry" if place < wrong else felt
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def draw(run, folder, *more):
    code, _, err = run("evaluate", "--template", folder / "sample.csv", *more)
    assert code == 0, err


def test_a_sample_is_drawn_judged_and_licensed(labelled, run):
    draw(run, labelled, "--sample", 500)
    path = judged(labelled)
    code, out, err = run(
        "evaluate", path, "--license", "--by", "小王", "--out", labelled / "e.json"
    )
    assert code == 0, err
    assert "焦躁" in out or "平静" in out
    found = json.loads((labelled / "e.json").read_text())
    assert found["texts"] == 90 and found["people"] == 1
    assert [head["head"] for head in found["heads"]] == ["emotion", "upset"]
    assert all(one["precision"]["value"] == 1 > one["precision"]["low"] for one in found["labels"])
    workspace = open_workspace(labelled / "ws")
    [kept] = history(workspace, "s1")
    assert (kept.by, kept.texts, kept.people) == ("小王", 90, 1)
    assert licences(workspace, "s1").of("emotion", "calm").granted
    assert not licences(workspace, "s2").of("emotion", "calm").granted


def test_a_degraded_label_loses_its_licence_and_the_history_stays(labelled, run):
    draw(run, labelled, "--sample", 500)
    path = judged(labelled)
    assert run("evaluate", path, "--license")[0] == 0
    workspace = open_workspace(labelled / "ws")
    assert licences(workspace, "s1").of("emotion", "calm").granted
    before = path_of(workspace, "s1").read_bytes()
    assert run("evaluate", judged(labelled, wrong=60), "--license")[0] == 0
    assert not licences(workspace, "s1").of("emotion", "calm").granted
    assert path_of(workspace, "s1").read_bytes().startswith(before)
    assert len(history(workspace, "s1")) == 2


def test_the_order_of_rows_changes_nothing(labelled, run):
    draw(run, labelled, "--sample", 40, "--head", "emotion")
    path = judged(labelled, wrong=3)
    header, *lines = path.read_text().splitlines(keepends=True)
    assert run("evaluate", path, "--out", labelled / "one.json")[0] == 0
    path.write_text(header + "".join(reversed(lines)))
    assert run("evaluate", path, "--out", labelled / "other.json")[0] == 0
    assert (labelled / "one.json").read_bytes() == (labelled / "other.json").read_bytes()


def test_a_sample_stands_for_all_texts(labelled, run):
    draw(run, labelled, "--sample", 40)
    rows = read_rows(labelled / "sample.csv")
    assert len(rows) == 40
    assert sum(1 / float(one.cells["probability"]) for one in rows) == pytest.approx(90)
    first = (labelled / "sample.csv").read_bytes()
    draw(run, labelled, "--sample", 40)
    assert (labelled / "sample.csv").read_bytes() == first
    draw(run, labelled, "--sample", 40, "--seed", 1)
    assert (labelled / "sample.csv").read_bytes() != first


def test_texts_that_are_not_the_shops_own_license_nothing(labelled, run):
    rows = [row("messages/m1", text="改过的", emotion="calm"), row("messages/x", emotion="calm")]
    write_rows(labelled / "a.csv", rows)
    assert run("evaluate", labelled / "a.csv")[0] == 0, "measuring is free"
    code, _, err = run("evaluate", labelled / "a.csv", "--license")
    assert code == 2
    assert "没有「messages/x」" in err and "「messages/m1」的文字与工作区里的不同" in err
    assert not path_of(open_workspace(labelled / "ws"), "s1").exists()


def test_a_damaged_licence_file_is_told(labelled):
    workspace = open_workspace(labelled / "ws")
    path_of(workspace, "s1").parent.mkdir()
    path_of(workspace, "s1").write_text('{"at": 1')
    with pytest.raises(BadInputError, match="看不懂"):
        licences(workspace, "s1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "要么给出标注文件"),
        (("no.csv",), "没有这个文件"),
        (("--template", "t.csv", "--head", "mood"), "没有「mood」这一类标签"),
        (("--template", "t.csv", "--shop", "s9"), "没有店铺「s9」"),
    ],
)
def test_wrong_calls_say_what_to_do(labelled, run, monkeypatch, arguments, said):
    monkeypatch.chdir(labelled)
    code, _, err = run("evaluate", *arguments)
    assert code == 2 and said in err


def test_a_shop_that_was_never_analysed_has_no_sample(tmp_path, run, monkeypatch):
    monkeypatch.setenv("HUISHENG_WORKSPACE", str(tmp_path / "ws"))
    (tmp_path / "messages.csv").write_text(
        f"conv_id,msg_id,role,text,sent_at\nc,m,buyer,{CALM},2026-08-01 10:00:00\n"
    )
    assert run("import", tmp_path / "messages.csv", "--shop", "s1")[0] == 0
    code, _, err = run("evaluate", "--template", tmp_path / "t.csv")
    assert code == 2 and "huisheng analyze" in err
