"""Held-out accuracy on the labelled sets, where they lie beside the project root."""

from pathlib import Path

import numpy as np
import pytest

from huisheng.language import taxonomy
from huisheng.language.scan import Scanner
from huisheng.language.scenes import NONE
from huisheng.language.training import corpora, fitting, matrix, recipe

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data beside the project")


def test_sentiment_of_unseen_reviews() -> None:
    some = corpora.read_sentiment(DATA)
    order = np.random.default_rng(5).permutation(len(some.texts))[:14_000]
    texts = [some.texts[place] for place in order]
    grams = matrix.text_features(Scanner(taxonomy()), texts, fitting.WIDE_BITS).grams
    positive = some.positive[order] == 1
    train = np.arange(len(order)) < 10_000
    head = fitting.fit_wide(
        grams[train], positive[train], np.ones(10_000), recipe.SENTIMENT_INVERSE
    )
    right = (fitting.wide_scores(head, grams[~train]) > 0) == positive[~train]
    assert right.mean() > 0.905


def test_aspects_of_unseen_reviews() -> None:
    words = taxonomy()
    reviews = corpora.read_reviews(DATA)[:4_000]
    data = recipe.clause_data(Scanner(words), words, reviews, [])
    held_out = recipe.held_out_aspects(data)
    truth = recipe.true_aspects(reviews)
    for aspect, least in (("L02", 0.9), ("P09", 0.85), ("L06", 0.78), ("C02", 0.68)):
        scores = held_out[:, recipe.ASPECT_OUTPUTS.index(aspect)]
        named = scores >= fitting.best_threshold(scores, truth[aspect])
        f1 = 2 * (named & truth[aspect]).sum() / (named.sum() + truth[aspect].sum())
        assert f1 > least, aspect


def test_scenes_of_unseen_messages() -> None:
    words = taxonomy()
    gold = corpora.read_gold(DATA)
    names = (*words.scenes, NONE)
    test = recipe.folds(len(gold), 5) == 0
    known = [message for message, held in zip(gold, test, strict=True) if not held]
    known += corpora.read_annotated(DATA, without=gold) + corpora.own_messages(words)
    scanner = Scanner(words)
    asked = [message for message, held in zip(gold, test, strict=True) if held]
    evidence, _ = recipe.chat_scores(
        scanner, recipe.train_chat(scanner, known, names), asked, names
    )
    first = evidence.logits["message"].argmax(axis=1)
    right = [names[scene] in m.accepted for scene, m in zip(first, asked, strict=True)]
    assert np.mean(right) > 0.55
