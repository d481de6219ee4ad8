import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.errors import DefinitionError
from huisheng.language.cues import Cues, split_clauses
from huisheng.language.encoding import (
    GRAM_LENGTHS,
    Buffer,
    encode,
    encode_distinct,
    gram_counts,
    gram_hashes,
    grams,
    hash_table,
    normalise,
    slot_table,
)
from huisheng.language.literals import Hits, Literals
from huisheng.language.scan import RowTable


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＢｃ１２", "abc00"),
        ("太慢！！！！！！", "太慢!!!"),
        ("发\u200b货", "发货"),
        ("還沒發貨嗎", "还没发货吗"),
        ("[数字x]天", "0天"),
    ],
)
def test_normalise(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.lists(st.text(max_size=12), max_size=6))
def test_grams_are_those_of_each_text_alone(texts: list[str]) -> None:
    together = encode(texts)
    for some in grams(together, 3):
        owner = together.owner[some.position]
        for place, text in enumerate(texts):
            alone = [g for g in grams(encode([text]), 3) if g.length == some.length][0]
            assert np.array_equal(some.hashes[owner == place], alone.hashes)


@given(st.lists(st.sampled_from(["第1单", "第２单", "好", "好好好好好", "好好好", ""]), max_size=9))
def test_texts_that_read_alike_are_kept_once(texts: list[str]) -> None:
    buffer, read_as = encode_distinct(pa.array(texts, pa.large_string()))
    alone = [normalise(text) for text in texts]
    distinct = list(dict.fromkeys(alone))
    assert [distinct[place] for place in read_as] == alone
    assert buffer.codes.tolist() == encode(distinct).codes.tolist()


@given(st.lists(st.text(alphabet="快慢。1 ", max_size=9), max_size=9))
def test_batches_are_the_texts_in_order(texts: list[str]) -> None:
    buffer = encode(texts)
    batches = list(buffer.batches())
    assert sum(batch.size for batch in batches) == len(texts)
    assert [c for b in batches for c in b.codes[:-1].tolist()] == buffer.codes[:-1].tolist()
    assert [n for b in batches for n in gram_counts(b.lengths)] == [
        sum(len(some.hashes) for some in grams(encode([text]), GRAM_LENGTHS)) for text in texts
    ]


def _hits(literals: Literals, buffer: Buffer) -> Hits:
    hashes = hash_table(buffer, GRAM_LENGTHS)
    places, _ = RowTable([], literals.buckets).look_up(slot_table(hashes, buffer))
    return literals.find(buffer, hashes, places)


@given(
    st.lists(st.text(alphabet="快递", min_size=1, max_size=8), min_size=1, max_size=4),
    st.text("快递", max_size=12),
)
def test_literals_are_found_exactly_where_they_stand(words: list[str], text: str) -> None:
    literals = Literals(words)
    hits = _hits(literals, encode(["快递", normalise(text), "快"]))
    found = set(zip(hits.literal.tolist(), hits.position.tolist(), strict=True))
    letters = f"\2快递\2{normalise(text)}\2快"
    assert len(found) == len(hits.literal)
    assert found == {
        (literals.index[word], at)
        for word in words
        for at in range(len(letters))
        if letters.startswith(normalise(word), at)
    }


def test_boundaries_are_part_of_literals() -> None:
    (found,) = gram_hashes(["^在吗$"])
    hashes = {int(h) for some in grams(encode(["在吗"]), 4) for h in some.hashes}
    assert found == (found[0], 4)
    assert found[0] in hashes
    others = {int(h) for some in grams(encode(["在吗呀"]), 4) for h in some.hashes}
    assert found[0] not in others


def _columns(patterns: dict[str, list[str]], texts: list[str]) -> list[list[bool]]:
    cues = Cues(patterns, {"when": "什么时候|多久"})
    literals = Literals(cues.literals)
    buffer = encode(texts)
    hits = _hits(literals, buffer)
    return cues.bind(literals).columns(hits, buffer.owner, buffer.size).tolist()


def test_tokens_must_all_occur_and_forbidden_ones_must_not() -> None:
    patterns = {"ship": ["@when 发货|寄出 !退"]}
    texts = ["什么时候发货", "多久能寄出", "发货", "什么时候", "什么时候发货，不然退"]
    assert _columns(patterns, texts) == [[True, True, False, False, False]]


def test_unknown_concepts_and_empty_patterns_are_refused() -> None:
    with pytest.raises(DefinitionError, match="@nothing"):
        Cues({"x": ["@nothing"]}, {})
    with pytest.raises(DefinitionError, match="没有必含的词"):
        Cues({"x": ["!退"]}, {})


def test_clauses_belong_to_their_texts() -> None:
    clauses = split_clauses(encode(["质量好，物流慢。", "不错"]))
    assert clauses.owner.tolist() == [0, 0, 0, 1]
