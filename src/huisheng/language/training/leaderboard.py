"""Measure every head on every labelled set beside a plain linear model, on fixed splits.

Sentiment and aspects: one fifth held out (fold 0 of five, seed 0), and sentiment again leaving
each category out. Scenes and emotion: five-fold over the gold messages. The plain model is
character 1–4-gram TF-IDF with logistic regression on the same training texts. The word patterns
were written after reading the first gold messages; the rows of unread ones leave those out.

Usage: python -m huisheng.language.training.leaderboard --data DIR
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from huisheng.language.labeller import Model
from huisheng.language.modelfile import Parts
from huisheng.language.scan import Scanner
from huisheng.language.taxonomy import Taxonomy, taxonomy
from huisheng.language.training import corpora, recipe
from huisheng.language.training.assembling import Corpus, keep_sentiment, read_corpus, train_parts
from huisheng.language.training.corpora import Message
from huisheng.language.training.evaluation import (
    AspectResult,
    ChatResult,
    Tally,
    accuracy,
    aspect_result,
    chat_pairs,
    chat_result,
    sentiment_tally,
)
from huisheng.language.training.fitting import WIDE_BITS, fit_wide, wide_scores
from huisheng.language.training.matrix import text_features

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Results:
    """All held-out results of one recipe."""

    sentiment: Tally
    left_out: dict[str, float]
    aspects: AspectResult
    chat: ChatResult
    unread: ChatResult


def measure(corpus: Corpus, words: Taxonomy, *, transfer: bool = True) -> Results:
    """Train on part of the corpus, measure on the rest."""
    sentiment_test = recipe.folds(len(corpus.sentiment.texts), 5) == 0
    review_test = recipe.folds(len(corpus.reviews), 5) == 0
    held_back = Corpus(
        keep_sentiment(corpus.sentiment, ~sentiment_test),
        _pick(corpus.reviews, ~review_test),
        corpus.gold,
        corpus.annotated,
    )
    parts = train_parts(held_back, words)
    model = Model(parts, words)
    pairs = measure_chat(corpus, words, parts)
    unread = {id(message) for message in corpus.gold[corpora.READ_WHEN_WRITING :]}
    return Results(
        sentiment=sentiment_tally(model, keep_sentiment(corpus.sentiment, sentiment_test)),
        left_out=leave_category_out(corpus, words) if transfer else {},
        aspects=aspect_result(model, _pick(corpus.reviews, review_test)),
        chat=chat_result(pairs),
        unread=chat_result([pair for pair in pairs if id(pair[0]) in unread]),
    )


def measure_chat(corpus: Corpus, words: Taxonomy, parts: Parts) -> list[tuple[Message, str, str]]:
    """Five-fold over the gold messages; annotated ones are always in training."""
    scanner = Scanner(words)
    fold = recipe.folds(len(corpus.gold), 5)
    pairs: list[tuple[Message, str, str]] = []
    for number in range(5):
        known = [*_pick(corpus.gold, fold != number), *corpus.annotated]
        chat, rule = recipe.train_conversation(
            scanner, known, corpora.own_messages(words), parts.scene_names
        )
        model = Model(replace(parts, chat=chat, scene_rule=rule), words)
        pairs += chat_pairs(model, _pick(corpus.gold, fold == number))
    return pairs


def leave_category_out(corpus: Corpus, words: Taxonomy) -> dict[str, float]:
    """Sentiment accuracy on each category by a head that never saw it."""
    some = corpus.sentiment
    grams = text_features(Scanner(words), some.texts, WIDE_BITS).grams
    found = {}
    for category in sorted(set(some.category.tolist())):
        test = some.category == category
        head = fit_wide(
            grams[~test],
            some.positive[~test] == 1,
            np.ones(int((~test).sum())),
            recipe.SENTIMENT_INVERSE,
        )
        right = (wide_scores(head, grams[test]) > 0) == (some.positive[test] == 1)
        found[category] = float(right.mean())
    return found


def plain_sentiment(corpus: Corpus) -> float:
    """Accuracy of the plain model on the same held-out fifth."""
    some = corpus.sentiment
    test = recipe.folds(len(some.texts), 5) == 0
    named = plain(
        keep_sentiment(some, ~test).texts, some.positive[~test], keep_sentiment(some, test).texts
    )
    return float((named == some.positive[test]).mean())


def plain_aspects(corpus: Corpus) -> Tally:
    """Presence of the taught aspects by the plain model, one binary model each."""
    test = recipe.folds(len(corpus.reviews), 5) == 0
    train, rest = _pick(corpus.reviews, ~test), _pick(corpus.reviews, test)
    known, wanted = recipe.true_aspects(train), recipe.true_aspects(rest)
    tally = Tally()
    for aspect in recipe.TAUGHT:
        named = plain([r.text for r in train], known[aspect], [r.text for r in rest])
        for yes, true in zip(named, wanted[aspect], strict=True):
            tally.add(frozenset([aspect] if yes else []), frozenset([aspect] if true else []))
    return tally


def plain_chat(corpus: Corpus) -> ChatResult:
    """Scene and emotion of the message alone by the plain model, five-fold over gold."""
    fold = recipe.folds(len(corpus.gold), 5)
    pairs: list[tuple[Message, str, str]] = []
    for number in range(5):
        train, test = _pick(corpus.gold, fold != number), _pick(corpus.gold, fold == number)
        texts, asked = [m.text for m in train], [m.text for m in test]
        scenes = plain(texts, np.array([m.scene for m in train]), asked)
        moods = plain(texts, np.array([m.emotion for m in train]), asked)
        pairs += [
            (m, str(scene), str(mood)) for m, scene, mood in zip(test, scenes, moods, strict=True)
        ]
    return chat_result(pairs)


def plain(
    texts: Sequence[str], wanted: NDArray[np.generic], asked: Sequence[str]
) -> NDArray[np.generic]:
    """Character TF-IDF and logistic regression: predicted labels of `asked`."""
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), min_df=2, max_features=200_000, sublinear_tf=True
    )
    known = vectorizer.fit_transform(texts)
    model = OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))
    found: NDArray[np.generic] = model.fit(known, wanted).predict(vectorizer.transform(asked))
    return found


def _pick(items: Sequence[T], keep: NDArray[np.bool_]) -> list[T]:
    return [item for item, kept in zip(items, keep, strict=True) if kept]


def table(results: Results, corpus: Corpus) -> str:
    """Lay out our figures beside the plain model's."""
    aspects, chat = plain_aspects(corpus), plain_chat(corpus)
    ours = results.chat
    rows = [
        ("情感 准确率", accuracy(results.sentiment), plain_sentiment(corpus)),
        ("方面 micro-F1", results.aspects.present.micro_f1(), aspects.micro_f1()),
        ("方面 macro-F1", results.aspects.present.macro_f1(), aspects.macro_f1()),
        ("方面×极性 micro-F1", results.aspects.polar.micro_f1(), None),
        ("任一负面 F1", results.aspects.any_negative.f1("any"), None),
        ("场景 可接受", ours.accepted, chat.accepted),
        ("场景 首选一致", ours.primary, chat.primary),
        ("情绪 一致", ours.emotion, chat.emotion),
        ("情绪 负面 F1", ours.negative.f1("negative"), chat.negative.f1("negative")),
        ("未读过的 场景 可接受", results.unread.accepted, None),
        ("未读过的 场景 首选一致", results.unread.primary, None),
        ("未读过的 情绪 一致", results.unread.emotion, None),
        ("未读过的 情绪 负面 F1", results.unread.negative.f1("negative"), None),
    ]
    lines = [f"{'':24}{'本模型':>8}{'基线':>8}"]
    for name, mine, other in rows:
        lines.append(f"{name:24}{mine:10.4f}" + (f"{other:10.4f}" if other is not None else ""))
    if results.left_out:
        lines.append(f"{'情感 留一类 平均':24}{np.mean(list(results.left_out.values())):10.4f}")
        lines += [f"  {name:22}{value:10.4f}" for name, value in results.left_out.items()]
    return "\n".join(lines)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    corpus = read_corpus(options.data)
    results = measure(corpus, taxonomy())
    sys.stdout.write(table(results, corpus) + "\n")


if __name__ == "__main__":
    main()
