"""Concerns of a merchant: what the ledger takes and refuses, and that splits and mergers add up."""

from collections import Counter

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.errors import BadInputError
from huisheng.language import Change, Concern, ConcernReader, read_ledger, taxonomy

AT = "2026-11-22T10:00:00+08:00"
WAIST = Concern(
    "K001",
    "裤腰",
    "P05",
    words=("裤腰|腰围|腰头", "腰 紧|松|勒|大"),
    examples=("裤腰太紧了", "腰这里有点勒"),
    unlike=("腰疼能坐吗",),
)
TIGHT = Concern("K002", "腰紧", "P05", words=("紧|勒",))
LOOSE = Concern("K003", "腰松", "P05", words=("松|大",))
REST = Concern("K004", "裤腰（其余）", "P05")
SENTENCES = ("裤腰太紧了", "裤腰又松又大", "腰头又紧又松", "裤腰有线头", "腰疼", "发货慢", "")


def change(act, *concerns, of=()):
    return Change(act, tuple(concerns), tuple(of), "小李", AT, "试试")


ADDED = change("add", WAIST)
SPLIT = change("split", TIGHT, LOOSE, REST, of=("K001",))
MERGED = change("merge", Concern("K005", "腰不合身", "P05"), of=("K002", "K003"))


def read(changes, texts):
    """Return the ids found in each text."""
    book = read_ledger(changes, taxonomy())
    item, place = ConcernReader(book, taxonomy()).read(texts)
    found = [set() for _ in texts]
    for one, where in zip(item.tolist(), place.tolist(), strict=True):
        found[one].add(book.live[where])
    return found


def test_a_concern_is_found_clause_by_clause_however_it_is_spelled():
    texts = ["裤腰太紧了", "裤\u200b腰緊", "腰，紧", "腰疼", "", "鞋子紧"]
    assert read([ADDED], texts) == [{"K001"}, {"K001"}, set(), set(), set(), set()]


def test_the_parts_of_a_split_share_out_what_the_whole_had():
    assert read([ADDED, SPLIT], SENTENCES) == [
        {"K002"}, {"K003"}, {"K002"}, {"K004"}, set(), set(), set(),
    ]  # fmt: skip


def test_a_merger_has_what_its_members_had_and_keeps_their_past():
    found = read([ADDED, SPLIT, MERGED], SENTENCES)
    assert found == [{"K005"}, {"K005"}, {"K005"}, {"K004"}, set(), set(), set()]
    book = read_ledger([ADDED, SPLIT, MERGED], taxonomy())
    assert book.ancestors("K005") == {"K001", "K002", "K003"}
    assert book.next_ids(2) == ("K006", "K007")


WORDS = st.text(st.sampled_from("裤腰头紧松大勒，疼的 Ａa緊"), max_size=12)


@given(st.lists(WORDS, max_size=12))
def test_history_adds_up_exactly_over_a_split(texts):
    """Law: the parts of a split have, text by text, exactly what the whole had, each once."""
    whole = Counter(n for n, found in enumerate(read([ADDED], texts)) for _ in found)
    parts = Counter(n for n, found in enumerate(read([ADDED, SPLIT], texts)) for _ in found)
    assert whole == parts


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_what_a_text_is_about_does_not_depend_on_its_neighbours(texts):
    together = read([ADDED, SPLIT], texts)
    assert together == [read([ADDED, SPLIT], [text])[0] for text in texts]


@given(st.lists(WORDS, max_size=12))
def test_every_text_with_a_concern_fits_the_raw_pattern(texts):
    """Law: the engine passes over no text that has a concern."""
    reader = ConcernReader(read_ledger([ADDED, SPLIT], taxonomy()), taxonomy())
    fits = [
        duckdb.execute("SELECT regexp_matches(?, ?)", [text, reader.raw_pattern]).fetchone()[0]
        for text in texts
    ]
    for found, fit in zip(read([ADDED, SPLIT], texts), fits, strict=True):
        assert fit or not found


@pytest.mark.parametrize(
    "text", ["", "\ud800腰", "腰紧" * 50_000, "\x00\x02裤腰", "😀🧵", "خصر裤腰"]
)
def test_no_text_fails(text):
    read([ADDED, SPLIT, MERGED], [text, "裤腰紧"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([change("add", Concern("K001", "", "P05", ("腰",)))], "请写 1–20 个字"),
        ([change("add", Concern("K001", "腰", "P99", ("腰",)))], "没有方面「P99」"),
        ([change("add", Concern("K001", "腰", "P05"))], "没有写词"),
        ([change("add", Concern("K001", "腰", "P05", ("!腰",)))], "没有必含的词"),
        ([change("add", Concern("K001", "腰", "P05", ("@没有",)))], "没有概念"),
        ([change("add", Concern("K001", "腰", "P05", ("腰围70",)))], "有数字"),
        ([change("add", Concern("K001", "腰", "P05", ("腰",), ("裤子紧",)))], "没有认出例句"),
        ([change("add", Concern("K001", "腰", "P05", ("腰",), (), ("腰疼",)))], "误认了反例"),
        ([ADDED, ADDED], "编号已经用过"),
        ([ADDED, change("add", Concern("K002", "裤腰", "P05", ("腰",)))], "同名"),
        ([change("change", WAIST)], "不在用"),
        ([change("retire", of=("K009",))], "没有在用的关注点 K009"),
        ([ADDED, change("split", TIGHT, of=("K001",))], "应为 2–20 个"),
        ([ADDED, change("merge", Concern("K002", "x", "P05"), of=("K001",))], "应为 2–20 个"),
        ([ADDED, SPLIT, change("change", Concern("K004", "余", "P05", ("腰",)))], "拆分剩下的"),
        ([change("guess", WAIST)], "不认识的动作"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_the_reason(changes, told):
    with pytest.raises(BadInputError, match=told):
        read_ledger(changes, taxonomy())


def test_changed_words_and_names_hold_for_the_next_edition_alone():
    renamed = change("change", Concern("K001", "腰围", "P05", ("腰头",)))
    retired = change("retire", of=("K001",))
    assert read_ledger([ADDED], taxonomy()).defined["K001"].label == "裤腰"
    after = read_ledger([ADDED, renamed], taxonomy())
    assert (after.edition, after.defined["K001"].label) == (2, "腰围")
    assert read([ADDED, renamed], ["裤腰紧", "腰头松"]) == [set(), {"K001"}]
    assert read([ADDED, renamed, retired], ["腰头松"]) == [set()]
    assert "K001" in read_ledger([ADDED, renamed, retired], taxonomy()).defined
