"""Phrases: what is found, what is not, and that nothing a buyer can type makes it fail."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.language import find_phrases, gist
from huisheng.language.phrases.units import cut_units

ASKED = ("有12期免息吗", "12期免息怎么弄", "支持12期免息不", "能用12期免息", "请问12期免息")
TALK = (
    "什么时候发货", "今天发货吗", "怎么还不发货", "发货太慢了", "仓库发货没", "发货地在哪",
    "帮我催发货", "包邮吗", "这款包邮不", "两件包邮吗", "新疆包邮吗", "包邮的话就拍",
    "都包邮么", "哪些地方包邮",
)  # fmt: skip


def terms_of(texts, **more):
    return find_phrases(list(texts), **more).terms.to_pylist()


def test_what_holds_together_and_is_free_at_both_ends_is_a_phrase():
    found = terms_of(ASKED * 2 + TALK)
    assert {"12期免息", "发货", "包邮"} <= set(found)
    assert not {"期免息", "免息", "期免", "免", "期"} & set(found), "never without the rest of it"
    free = [f"{many}期免息" for many in (3, 6, 12, 24)] + ["有免息吗", "支持免息不"]
    found = terms_of(free * 3 + [*TALK])
    assert "免息" in found
    assert "期免息" not in found


def test_a_word_no_dictionary_has_is_found_and_a_word_of_latin_letters_is_one():
    coined = ["啵叽盲袋有吗", "想要啵叽盲袋", "啵叽盲袋补货没", "送啵叽盲袋吗", "这个啵叽盲袋咋开"]
    latin = ["iPhone能用吗", "适配iphone不", "给IPHONE用", "有ＩＰＨＯＮＥ的吗"]
    found = terms_of([*coined, *latin, *TALK])
    assert "啵叽盲袋" in found
    assert "iphone" in found
    assert not [term for term in found if term in ("啵叽", "盲袋", "phone", "iph")]


def test_a_number_takes_along_what_it_counts():
    waiting = [f"{many}天没退款" for many in (2, 3, 4, 5, 11)]
    found = terms_of([*waiting * 2, *TALK])
    assert "没退款" in found
    assert not [term for term in found if term[0] in "天0123456789"]


def test_pairs_are_what_the_texts_hold_each_once():
    texts = ["包邮吗包邮吗", "发货", "没有词", *TALK]
    found = find_phrases(texts)
    terms = found.terms.to_pylist()
    pairs = list(zip(found.item.tolist(), found.term.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert [(texts[item], terms[term]) for item, term in pairs if item < 2] == [
        ("包邮吗包邮吗", "包邮"),
        ("发货", "发货"),
    ]


def test_weights_count_as_often_as_the_text_was_said():
    texts = ["能刻字吗", "发个顺丰"]
    assert terms_of(texts) == []
    found = find_phrases(texts, [5, 2])
    assert found.terms.to_pylist() == ["能刻字"]
    assert found.item.tolist() == [0]


def test_of_too_many_phrases_the_most_frequent_stay():
    texts = [*["包邮"] * 9, *["发货"] * 7, *["赠品"] * 5]
    assert terms_of(texts, most=2) == ["包邮", "发货"]


@pytest.mark.parametrize(
    "said",
    [
        "在吗", "你好，在吗？？", "好的，谢谢亲！", "https://item.example/发货?id=1", "138****1234",
        "订单号：***6625", "[微笑][微笑]", "20260801123456", "😂😂", "请问一下这个", "2026-08-01",
        "",
    ],
)  # fmt: skip
def test_greetings_links_masks_numbers_and_pictures_are_no_phrases(said):
    assert terms_of([said] * 9) == []
    assert gist([said]).to_pylist() == [""] or "example" in said


def test_the_same_texts_in_any_order_give_the_same_phrases():
    texts = [*ASKED, *TALK] * 3
    turned = find_phrases(texts[::-1])
    assert turned.terms.equals(find_phrases(texts).terms)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "x" * 100_000, "发" * 100_000, "包邮" * 50_000, "\x00\x01\x02\x02",
        "ا‏ب" * 99, "\u200b", "a" * 17, "\U0001f469‍\U0001f4bb",
    ],
)  # fmt: skip
def test_no_text_makes_it_fail_or_changes_what_others_hold(text):
    found = find_phrases(pa.array([text, *TALK * 40], pa.string()))
    terms = found.terms.to_pylist()
    held = {(item - 1, terms[term]) for item, term in zip(found.item, found.term, strict=True)}
    assert {(0, "什么时候发货"), (7, "包邮")} <= held


def test_half_surrogates_are_read_as_nothing():
    assert "包邮" in terms_of(["包邮\ud83d吗", *TALK])


def test_nothing_said_holds_nothing():
    for texts in ([], [""], ["好"]):
        found = find_phrases(texts)
        assert (len(found.terms), len(found.item), len(found.term)) == (0, 0, 0)


LETTERS = st.text("发货包邮免息12期的吗 a,。", max_size=12)


@given(st.lists(LETTERS, max_size=30))
def test_every_phrase_stands_in_its_text_and_is_said_often_enough(texts):
    found = find_phrases(texts, least=2)
    terms = found.terms.to_pylist()
    assert terms == sorted(set(terms))
    for item, term in zip(found.item.tolist(), found.term.tolist(), strict=True):
        assert terms[term] in texts[item]
    assert (np.bincount(found.term, minlength=len(terms)) >= 2).all()


@given(st.lists(st.text(max_size=20), max_size=8))
def test_units_cover_every_text_and_no_unit_is_of_two(texts):
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    units = cut_units(pa.array(clean, pa.large_string()))
    assert len(units.code) == len(units.owner) == len(units.start) - 1
    assert (np.diff(units.owner) >= 0).all()
    assert (units.owner < max(len(texts), 1)).all() or not texts


def test_texts_that_differ_in_writing_alone_have_one_gist():
    written = ["能刻字吗？", "能刻字吗[微笑]", " 能刻字吗！！", "能刻字吗😂"]
    assert set(gist(written).to_pylist()) == {"能刻字吗"}
    assert gist(["买3件有优惠吗", "买１２件有优惠吗"]).to_pylist() == ["买0件有优惠吗"] * 2
