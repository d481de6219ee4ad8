"""Held-out accuracy on the labelled sets, where they lie beside the project root."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from huisheng.language import Model, judge_conversations, load_model, taxonomy
from huisheng.language.modelfile import read_parts
from huisheng.language.scan import Scanner
from huisheng.language.scenes import NONE
from huisheng.language.training import (
    conversations,
    corpora,
    evaluation,
    fitting,
    matrix,
    recipe,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data beside the project")


def test_sentiment_of_unseen_reviews() -> None:
    some = corpora.read_sentiment(DATA)
    order = np.random.default_rng(5).permutation(len(some.texts))[:14_000]
    grams = matrix.wide_features([some.texts[place] for place in order])
    positive = some.positive[order] == 1
    train = np.arange(len(order)) < 10_000
    head = fitting.fit_wide(
        grams[train], positive[train], np.ones(10_000), recipe.SENTIMENT_INVERSE
    )
    right = (fitting.wide_scores(head, grams[~train]) > 0) == positive[~train]
    assert right.mean() > 0.91


def test_aspects_of_unseen_reviews() -> None:
    words = taxonomy()
    reviews = corpora.read_reviews(DATA)[:4_000]
    data = recipe.clause_data(Scanner(words), words, reviews, [])
    held_out = recipe.held_out_clauses(data).pooled()
    truth = recipe.true_aspects(reviews)
    for aspect, least in (("L02", 0.88), ("P09", 0.85), ("L06", 0.78), ("C02", 0.68)):
        scores = held_out[:, recipe.ASPECT_OUTPUTS.index(aspect)]
        named = scores >= fitting.best_threshold(scores, truth[aspect])
        f1 = 2 * (named & truth[aspect]).sum() / (named.sum() + truth[aspect].sum())
        assert f1 > least, aspect


def test_aspects_of_a_product_kind_that_taught_nothing() -> None:
    laptops = corpora.read_laptops(DATA)
    named = evaluation.named_aspects(load_model(), laptops)
    found = evaluation.elsewhere_result(named, laptops)
    assert found.every.texts == 320 and found.unread.texts == 160
    assert evaluation.common_macro_f1(found.every) > 0.74
    assert evaluation.common_macro_f1(found.unread) > 0.75


def test_dissatisfaction_of_unseen_conversations() -> None:
    words = taxonomy()
    talks = conversations.read_helpdesk(DATA)[:1_200] + conversations.read_rated(DATA)[:60]
    held = np.arange(len(talks)) % 4 == 0
    known = [talk for talk, left in zip(talks, held, strict=True) if not left]
    asked = [t for t, left in zip(talks, held, strict=True) if left and t.judgements is not None]
    parts = read_parts()
    rule = conversations.train_talk(known, Model(parts, words))
    judged = judge_conversations(
        *conversations.columns(asked), Model(replace(parts, talk=rule), words)
    )
    marks = np.array([talk.judgements for talk in asked if talk.judgements is not None]) < 0
    assert evaluation.area(judged.p, marks[:, 0]) > 0.86
    assert evaluation.area(judged.unsolved_p, marks[:, 1]) > 0.83
    assert evaluation.area(judged.ineffective_p, marks[:, 2]) > 0.83


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
