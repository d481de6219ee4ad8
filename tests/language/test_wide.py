import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huisheng.language import taxonomy
from huisheng.language.encoding import encode, grams
from huisheng.language.scan import Scanner
from huisheng.language.training.fitting import wide_scores
from huisheng.language.training.matrix import WIDE_BITS, wide_features
from huisheng.language.wide import NEAR_END, NEAR_START, WideHead, WidePair, wide_grams

TEXTS = ["质量很好，物流慢。", "", "不错", "用了半年没有问题，" * 9, "a"]
TABLES = np.random.default_rng(0).integers(-127, 128, (2, 1 << WIDE_BITS)).astype(np.int8)
HEADS = [WideHead(table, 0.01, bias) for table, bias in zip(TABLES, (0.5, -0.25), strict=True)]


def test_inference_scores_what_training_saw() -> None:
    scored = WidePair.of(*HEADS).logits(Scanner(taxonomy()).scan(TEXTS).seen)
    features = wide_features(TEXTS)
    for column, head in enumerate(HEADS):
        assert np.allclose(scored[:, column], wide_scores(head, features), atol=1e-3)


def test_a_score_does_not_depend_on_neighbours() -> None:
    pair, scanner = WidePair.of(*HEADS), Scanner(taxonomy())
    together = pair.logits(scanner.scan(TEXTS).seen)
    alone = [pair.logits(scanner.scan([text]).seen)[0] for text in TEXTS]
    assert np.array_equal(together, np.array(alone))


@given(st.text(alphabet="好差一般", min_size=1, max_size=40))
def test_only_letters_near_the_ends_are_placed(text: str) -> None:
    buffer = encode([text])
    plain = tuple(grams(buffer, 1))
    _, at_end, at_start = wide_grams(buffer, plain)
    letters = int(buffer.lengths[0])
    assert len(at_end.hashes) == min(letters, NEAR_END - 1)
    assert len(at_start.hashes) == min(letters, NEAR_START + 1)
    assert not set(at_end.hashes.tolist()) & set(at_start.hashes.tolist())
