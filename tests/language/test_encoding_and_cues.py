import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.errors import DefinitionError
from huisheng.language.cues import Cues, Literals, split_clauses
from huisheng.language.encoding import encode, gram_hashes, grams, normalise


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


@given(
    st.text(alphabet="快递发货退款", min_size=1, max_size=2), st.text("快递发货退款", max_size=8)
)
def test_a_literal_is_found_exactly_where_it_stands(word: str, text: str) -> None:
    literals = Literals([word])
    hits = literals.find(grams(encode([text]), literals.longest))
    assert (len(hits.literal) > 0) == (word in text)


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
    hits = literals.find(grams(buffer, literals.longest))
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
