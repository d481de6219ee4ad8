"""What people say of labels, and which words a label rests on."""

import re

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.lake import open_engine, writing
from huisheng.metrics import Facts
from huisheng.records import all_tables, table_from_rows
from tests.app.web.two_shops import label, message, page_of, shown, text_of


def current(workspace, **where):
    facts = Facts(open_engine(workspace))
    found = facts.engine.arrow(facts.relation("current_labels")).to_pylist()
    return sorted(
        (row["label"], row["value"], row["source"])
        for row in found
        if all(row[name] == value for name, value in where.items())
    )


def judge(browser, row, head, labels, seen=0, values=(), table="messages"):
    given = {"head": head, "label": labels, "value": values, "seen": seen}
    return browser.post(f"/voices/judge/s/{table}/{row}", given)


def test_a_judgement_wins_over_the_model_at_once(own, person):
    from huisheng.app.web.voices.models import Correction

    browser = person("qa")
    line = {"row_id": "c1-1"}
    assert judge(browser, "c1-1", "scene", ["MID05", "POST14"]).status_code == 302
    assert current(own, **line, head="scene") == [("MID05", 0, "human"), ("POST14", 0, "human")]
    assert current(own, **line, head="aspect") == [("L01", -1, "model")], "others stand"
    page = text_of(page_of(browser, "/voices/conversation/s/c1"))
    assert "发货时间 人工" in page
    assert "催发货 80%" not in page
    found = shown(page_of(browser, "/voices/words", label="scene:MID06"))
    assert [address.rsplit("/", 1)[1] for address in found] == ["c2"]
    kept = Correction.objects.get()
    assert (kept.user.username, kept.before, kept.model_said) == (
        "qa",
        [["MID06", 0]],
        [["MID06", 0]],
    )
    assert kept.landed_at is not None

    assert judge(browser, "c1-1", "scene", ["", ""], seen=1).status_code == 302
    assert current(own, **line, head="scene") == [], "none of them"
    assert judge(browser, "c1-1", "aspect", ["L01", "L06"], values=["1", "-1"]).status_code == 302
    assert current(own, **line, head="aspect") == [("L01", 1, "human"), ("L06", -1, "human")]
    assert judge(browser, "r1", "emotion", ["angry"], table="reviews").status_code == 302
    assert current(own, row_id="r1", head="emotion") == [("angry", 3, "human")]
    history = text_of(page_of(browser, "/voices/label/s/messages/c1-1"))
    assert "发货时间、补偿赔付 → 都不是" in history


def test_agreement_counts_the_newest_judgement_of_each_line(own, person):
    browser = person("owner")
    judge(browser, "c1-1", "scene", ["MID05"])
    judge(browser, "c1-1", "scene", ["MID06"], seen=1)
    judge(browser, "c2-5", "scene", ["PRE16"])
    judge(browser, "c1-1", "sentiment", ["negative"])
    page = text_of(page_of(browser, "/voices/labels"))
    assert "2 句里认可 1 句" in page
    assert "1 句里认可 1 句" in page
    assert re.search(r"场景\s*催发货\s*1\s*1\s*0\s*50%\s*9%–91%\s*100%\s*21%–100%", page)
    assert re.search(r"场景\s*到手价与优惠\s*0\s*0\s*1\s*—\s*0%\s*0%–79%", page)


def test_the_second_of_two_judges_is_told_and_overwrites_nothing(own, person):
    first, second = person("owner"), person("qa")
    assert judge(first, "c1-1", "scene", ["MID05"]).status_code == 302
    late = judge(second, "c1-1", "scene", ["PRE16"])
    assert late.status_code == 409
    assert "别人刚刚判过" in late.content.decode()
    assert current(own, row_id="c1-1", head="scene") == [("MID05", 0, "human")]


@pytest.mark.parametrize(
    ("head", "labels", "values", "complaint"),
    [
        ("scene", ["NOPE"], (), "没有这个标签"),
        ("scene", ["L01"], (), "没有这个标签"),
        ("aspect", ["L01", "L01"], ("1", "-1"), "选了两次"),
        ("emotion", [""], (), "必须正好选一个"),
        ("nothing", ["MID06"], (), "请重新选择"),
    ],
)
def test_a_judgement_that_makes_no_sense_changes_nothing(
    small, person, head, labels, values, complaint
):
    before = current(small)
    answer = judge(person("owner"), "c1-1", head, labels, values=values)
    assert complaint in answer.content.decode()
    assert current(small) == before


@pytest.mark.parametrize("role", ["reader", "agent", "department"])
def test_who_may_not_correct_corrects_nothing(small, person, role):
    browser = person(role, agent_id="anna")
    assert judge(browser, "c1-1", "scene", ["MID05"]).status_code == 403
    assert person("owner").get("/voices/judge/s/messages/c1-1").status_code == 405
    assert judge(person("qa"), "c1-2", "scene", ["MID05"]).status_code == 404, "an agent's line"


def test_a_judgement_the_lake_cannot_take_is_kept_and_lands_later(own, person):
    browser = person("owner")
    staging = own.lake / "staging"
    staging.write_text("in the way")
    answer = judge(browser, "c1-1", "scene", ["MID05"])
    assert "判断已经记下" in answer.content.decode()
    assert current(own, row_id="c1-1", head="scene") == [("MID06", 0, "model")]
    staging.unlink()
    assert judge(browser, "c2-5", "scene", ["PRE16"]).status_code == 302
    assert current(own, row_id="c1-1", head="scene") == [("MID05", 0, "human")]
    assert current(own, row_id="c2-5", head="scene") == [("PRE16", 0, "human")]
    assert not list(staging.iterdir())


def test_landing_twice_changes_nothing(own, person):
    from huisheng.app.web.voices.judging import land
    from huisheng.app.web.voices.models import Correction

    judge(person("owner"), "c1-1", "scene", ["MID05"])
    before = dict(open_engine(own).versions)
    Correction.objects.update(landed_at=None)
    assert land(own, own.offset_us)
    assert dict(open_engine(own).versions) == before


def test_labels_of_a_line_without_time_stay_in_one_partition(own, person):
    undated = message("c1", 8, "没有时间的话") | {"sent_at": None}
    mark = label("c1-8", "scene", "MID06") | {"at": None}
    rows = {"messages": (undated,), "labels": (mark,)}
    for name, some in rows.items():
        table = table_from_rows(name, some, all_tables(), own.offset_us)
        place = table.schema.get_field_index("local_date")
        path = own.lake / f"{name}.parquet"
        pq.write_table(table.set_column(place, "local_date", [["none"]]), path)
    with writing(own, rows) as write:
        for name in rows:
            write.upsert(name, [own.lake / f"{name}.parquet"])
    browser = person("owner")
    assert not shown(page_of(browser, "/voices/words", q="没有时间的话"))
    assert len(shown(page_of(browser, "/voices/words", q="没有时间的话", undated=1))) == 1
    assert judge(browser, "c1-8", "scene", ["MID05"]).status_code == 302
    assert current(own, row_id="c1-8", head="scene") == [("MID05", 0, "human")]


def test_words_that_decide_a_label_have_it_alone_and_no_beginning_of_them_does():
    from huisheng.app.web.voices.deciding import deciding
    from huisheng.app.web.voices.tags import Tag
    from huisheng.language import load_model

    model = load_model()
    late, torn = Tag("aspect", "L01", -1), Tag("aspect", "L06", -1)
    text = "东西还可以，就是一直不发货，而且包装都破了"

    def holds(words, tag):
        found = model.label([words]).long().to_pylist()
        return any((row["head"], row["label"], row["value"]) == (tag.head, tag.label, tag.value)
                   for row in found)  # fmt: skip

    found = deciding(model, [(text, late), (text, torn), (text, Tag("risk", "R7"))])
    assert (text, Tag("risk", "R7")) not in found
    for tag, near in ((late, "发货"), (torn, "包装")):
        assert any(near in text[start:end] for start, end in found[(text, tag)])
        for start, end in found[(text, tag)]:
            assert holds(text[start:end], tag)
            assert not any(holds(text[start:stop], tag) for stop in range(start + 2, end))


@given(
    st.text("ab，。你好<&", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5),
)
def test_marking_loses_no_letter_and_marks_exactly_what_is_covered(text, ends):
    from huisheng.app.web.voices.marking import Span, marked

    spans = [Span(min(one, len(text)), min(other, len(text)), "why") for one, other in ends]
    pieces = marked(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    covered = {place for span in spans for place in range(span.start, span.end)}
    place = 0
    for piece in pieces:
        assert {(place + step in covered) for step in range(len(piece.text))} <= {bool(piece.why)}
        place += len(piece.text)
