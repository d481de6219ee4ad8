"""Why a label was given: what is shown and the rest are the score, to the last digit."""

from math import fsum, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng.language import Reason, Turn, load_model, taxonomy
from huisheng.language.encoding import encode, normalise
from huisheng.language.heads import text_norms
from huisheng.language.modelfile import read_parts
from huisheng.language.scan import Scanner
from huisheng.language.scenes import CUES_READ, VIEWS, Evidence, choose, softmax, view_scores
from huisheng.language.spelling import BOUNDARY, spelled_places

ANGRY = "你们什么态度！！！！！再不发貨我就投诉，衣服薄得跟纸一样"
CONTEXT = (Turn("buyer", "什么时候发货"), Turn("agent", "亲，48小时内"))
_BITS = st.sampled_from(
    [*"好差，。！ ＡＢc12貨\u200b\ufeff\n\x02😀", "好好好好", "[数字x]", "[", "\ud800"]
)
ODD = st.lists(_BITS, max_size=40).map("".join)


def reasons(text: str, head: str, context=()) -> list[Reason]:
    return [one for one in load_model().explain(text, context) if one.head == head]


def added(one: Reason) -> float:
    return one.bias + one.rest + fsum(piece.weight for piece in (*one.grams, *one.cues))


# --- where letters stand --------------------------------------------------------------------------


def test_letters_are_found_where_they_were_written() -> None:
    text = "哈哈哈哈哈\u200bＡ[数字x]件"
    spelled, places = normalise(text), spelled_places(text)
    assert spelled == "哈哈哈a0件"
    assert [text[place] for place in places] == ["哈", "哈", "哈", "Ａ", "[", "件"]


@given(st.text(max_size=80) | ODD)
def test_every_normalised_letter_has_a_place(text: str) -> None:
    places = spelled_places(text)
    spelled = normalise(text)
    assert len(places) == len(spelled)
    assert (np.diff(places) > 0).all()
    for letter, place in zip(spelled, places.tolist(), strict=True):
        if letter != "0":
            assert normalise(text[place]) == letter


def test_only_what_is_read_has_a_place() -> None:
    assert len(spelled_places("好的" * 50_000)) == len(normalise("好的" * 50_000)) == 4_000


# --- sums -----------------------------------------------------------------------------------------


def test_what_is_shown_and_the_rest_are_the_score() -> None:
    one = reasons(ANGRY, "sentiment")[0]
    p = float(load_model().label([ANGRY]).positive_p[0])
    assert one.label == "negative" and one.logit is not None
    assert one.logit == pytest.approx(log((1 - p) / p), abs=1e-4)
    assert added(one) == pytest.approx(one.logit, abs=1e-9)


def chat_scores(text: str) -> dict[str, float]:
    """Score scenes and emotions by the heads themselves, as a batch does."""
    parts, words = read_parts(), taxonomy()
    scanner = Scanner(words, [parts.chat.rows])
    head = parts.chat.aligned(parts.text_cues, scanner.text_names)
    buffer = encode([text])
    seen = scanner.see(buffer)
    norms = text_norms(buffer.lengths)
    found = head.logits(seen.known[0], buffer.marks[:-1], norms, scanner.text_cues(seen))[0]
    return dict(zip((*parts.scene_names, *parts.emotion_names), found.tolist(), strict=True))


@given(st.text(max_size=40) | ODD | st.sampled_from([ANGRY, "快递很快，味道很好闻", "能开发票吗"]))
@settings(max_examples=60)
def test_every_score_adds_up(text: str) -> None:
    found = load_model().explain(text)
    labels = load_model().label([text]).long().to_pylist()
    told = [(row["head"], row["label"]) for row in labels]
    order = sorted(
        range(len(told)),
        key=lambda at: (["scene", "aspect", "sentiment", "emotion", "risk"].index(told[at][0]), at),
    )
    assert [(one.head, one.label) for one in found if one.head != "polarity"] == [
        told[at] for at in order
    ]
    scores = chat_scores(text)
    for one in found:
        if one.logit is not None:
            assert added(one) == pytest.approx(one.logit, abs=1e-6)
        if one.head == "scene":
            assert one.logit == pytest.approx(scores[one.label], abs=1e-4)
        if one.head == "emotion" and one.label != "escalating":
            assert one.logit == pytest.approx(scores[one.label], abs=1e-4)
        assert one.logit is not None or one.rules


def test_a_buyer_who_escalates_is_said_to_by_rule() -> None:
    one = reasons(ANGRY, "emotion")[0]
    assert one.label == "escalating" and one.rules
    assert one.logit == pytest.approx(chat_scores(ANGRY)["complaining"], abs=1e-4)


# --- aspects --------------------------------------------------------------------------------------


def test_a_rule_names_its_words() -> None:
    [aspect] = [one for one in reasons(ANGRY, "aspect") if one.label == "L01"]
    assert aspect.logit is None
    assert {rule.text: rule.words for rule in aspect.rules} == {
        "L01-": ("不发货",),
        "L01=": ("发货",),
    }


def test_a_learned_aspect_is_explained_by_its_clause() -> None:
    text = "衣服是蓝色的，快递很快，客服没有回我"
    [aspect] = [one for one in reasons(text, "aspect") if one.label == "L02"]
    assert aspect.grams[0].text == "快" and aspect.grams[0].weight > 1
    assert not any("客服" in piece.text or "衣服" in piece.text for piece in aspect.grams)
    p = next(a["p"] for a in load_model().label([text]).as_json(0)["aspects"] if a["id"] == "L02")
    rule = read_parts().aspect_rule
    score = aspect.logit * rule.slopes["L02"] + rule.offsets["L02"]
    assert 1 / (1 + np.exp(-score)) == pytest.approx(p, abs=1e-3)


def test_polarity_is_explained_by_the_cue_or_by_the_mood() -> None:
    cued = reasons("外壳毛边很多", "polarity")[0]
    assert cued.label == "negative" and cued.rules and cued.logit is None, "no head knows P04"
    [both] = reasons("快递很给力", "polarity")
    assert both.label == "positive" and both.logit is not None, "a head knows L02"
    told = next(piece for piece in both.cues if piece.text == "L02的说法")
    assert told.weight == read_parts().aspect_rule.told and "给力" in told.words
    [lukewarm] = reasons("物流一般般", "polarity")
    assert lukewarm.label == "neutral" and lukewarm.rules[0].words
    felt = [one for one in reasons(ANGRY, "polarity") if one.logit is not None]
    assert felt and all(one.logit > 0 for one in felt), "the score speaks for the label given"


def test_a_calm_request_is_said_to_be_one() -> None:
    [neutral] = [one for one in reasons("能开发票吗", "polarity") if one.label == "neutral"]
    assert neutral.rules and neutral.logit is not None


# --- scenes ---------------------------------------------------------------------------------------


def test_a_scene_is_explained_by_the_turns_before_too() -> None:
    [with_context] = reasons("几天了", "scene", CONTEXT)[:1]
    parts = {part.text: part.weight for part in with_context.parts}
    assert set(parts) == {*VIEWS, "signals"}
    assert parts["buyer"] != 0
    alone = reasons("发货了吗", "scene")[0]
    assert {part.text: part.weight for part in alone.parts}["buyer"] == 0


@given(st.integers(0, 2**32))
def test_parts_are_what_scenes_are_chosen_by(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = {view: random.normal(size=(3, 5)).astype(np.float32) for view in VIEWS}
    evidence = Evidence(
        scores,
        {view: random.random(3) < 0.5 for view in VIEWS},
        random.integers(1, 20, 3).astype(np.int32),
        {name: random.random(3) < 0.5 for name in CUES_READ},
    )
    count = 12 + 4 + len(CUES_READ) + 1
    weights = random.normal(size=count).astype(np.float32)
    parts = view_scores(evidence, weights, none=4, thanks=1)
    total = np.sum(list(parts.values()), axis=0)
    assert softmax(total) == pytest.approx(choose(evidence, weights, none=4, thanks=1), abs=1e-4)


# --- risks, and bad input -------------------------------------------------------------------------


def test_a_risk_shows_the_words_that_signal_it() -> None:
    [one] = reasons(ANGRY, "risk")
    assert one.label == "R3" and one.rules[0].words == ("再不发货我就投诉",)


@pytest.mark.parametrize(
    "text", ["", " ", "\x02\x02", "\u200b", "\ud800差", "好" * 100_000, "🤬🤬🤬🤬", "مرحبا", "\x00"]
)
def test_nothing_written_breaks_an_explanation(text: str) -> None:
    found = load_model().explain(text, [Turn("buyer", text)])
    assert {"sentiment", "emotion"} <= {one.head for one in found}
    for one in found:
        assert BOUNDARY not in "".join(piece.text for piece in one.grams if BOUNDARY not in text)
