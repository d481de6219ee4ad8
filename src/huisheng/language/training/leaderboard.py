"""Measure every head on every labelled set beside a plain linear model, on fixed splits.

Sentiment and aspects: one fifth held out (fold 0 of five, seed 0), sentiment again leaving each
category out, aspects again on laptop reviews, which teach nothing. Scenes, emotion and
conversations: five-fold. The plain model is character TF-IDF with logistic regression on the same
training texts. The word patterns were written after reading the first gold messages and the first
laptop reviews; the rows of unread ones leave those out.

Usage: python -m huisheng.language.training.leaderboard --data DIR
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from huisheng.language.dissatisfaction import Dissatisfaction, judge_conversations
from huisheng.language.labeller import Model
from huisheng.language.modelfile import Parts
from huisheng.language.scan import Scanner
from huisheng.language.taxonomy import Taxonomy, taxonomy
from huisheng.language.training import conversations, corpora, feelings, plain, recipe
from huisheng.language.training.assembling import (
    Corpus,
    keep_sentiment,
    quiet_and_own,
    read_corpus,
    train_parts,
)
from huisheng.language.training.corpora import Message
from huisheng.language.training.evaluation import (
    AspectResult,
    ChatResult,
    ElsewhereResult,
    SentimentResult,
    TalkResult,
    accuracy,
    aspect_result,
    chat_pairs,
    chat_result,
    common_macro_f1,
    elsewhere_result,
    named_aspects,
    sentiment_result,
    talk_result,
)
from huisheng.language.training.fitting import fit_wide, wide_scores
from huisheng.language.training.matrix import wide_features

T = TypeVar("T")
Pairs = list[tuple[Message, str, str]]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Results:
    """All held-out results of one recipe."""

    sentiment: SentimentResult
    left_out: dict[str, float]
    aspects: AspectResult
    elsewhere: ElsewhereResult
    chat: ChatResult
    unread: ChatResult
    talk: TalkResult


def measure(corpus: Corpus, words: Taxonomy, *, transfer: bool = True) -> Results:
    """Train on part of the corpus, measure on the rest."""
    sentiment_test = recipe.folds(len(corpus.sentiment.texts), FOLDS) == 0
    review_test = recipe.folds(len(corpus.reviews), FOLDS) == 0
    held_back = replace(
        corpus,
        sentiment=keep_sentiment(corpus.sentiment, ~sentiment_test),
        reviews=pick(corpus.reviews, ~review_test),
        annotated=[message for message in corpus.annotated if not message.rated],
    )
    parts = train_parts(held_back, words)
    model = Model(parts, words)
    pairs = measure_chat(corpus, words, parts)
    return Results(
        sentiment=sentiment_result(model, keep_sentiment(corpus.sentiment, sentiment_test)),
        left_out=leave_category_out(corpus, words) if transfer else {},
        aspects=aspect_result(model, pick(corpus.reviews, review_test)),
        elsewhere=elsewhere_result(named_aspects(model, corpus.laptops), corpus.laptops),
        chat=chat_result(pairs),
        unread=chat_result(unread(corpus, pairs)),
        talk=talk_result(corpus.talks, measure_talk(corpus, words, parts)),
    )


def unread(corpus: Corpus, pairs: Pairs) -> Pairs:
    """Keep the messages that nobody read who wrote the patterns."""
    kept = {id(message) for message in corpus.gold[corpora.READ_WHEN_WRITING :]}
    return [pair for pair in pairs if id(pair[0]) in kept]


def measure_chat(corpus: Corpus, words: Taxonomy, parts: Parts) -> Pairs:
    """Five-fold over the gold messages; annotations of other conversations always teach."""
    scanner = Scanner(words)
    fold = recipe.folds(len(corpus.gold), FOLDS)
    pairs: Pairs = []
    for number in range(FOLDS):
        apart = [message for message in corpus.annotated if not message.beside_gold]
        known = [*pick(corpus.gold, fold != number), *apart]
        chat, rule = recipe.train_conversation(
            scanner, known, quiet_and_own(corpus, words), parts.scene_names
        )
        model = Model(replace(parts, chat=chat, scene_rule=rule), words)
        pairs += chat_pairs(model, pick(corpus.gold, fold == number))
    return pairs


def measure_talk(
    corpus: Corpus, words: Taxonomy, parts: Parts
) -> list[tuple[NDArray[np.int64], Dissatisfaction]]:
    """Five-fold over the conversations."""
    fold = recipe.folds(len(corpus.talks), FOLDS)
    found = []
    for number in range(FOLDS):
        rule = conversations.train_talk(pick(corpus.talks, fold != number), Model(parts, words))
        model = Model(replace(parts, talk=rule), words)
        owner, role, texts = conversations.columns(pick(corpus.talks, fold == number))
        judged = judge_conversations(owner, role, texts, model)
        found.append((np.flatnonzero(fold == number), judged))
    return found


def leave_category_out(corpus: Corpus, words: Taxonomy) -> dict[str, float]:
    """Sentiment accuracy on each category by a head that never saw it."""
    some = feelings.gather(corpus.sentiment, corpus.reviews, words)
    grams = wide_features(some.texts)
    category = corpus.sentiment.category
    found = {}
    for name in sorted(set(category.tolist())):
        test = np.zeros(len(some.texts), dtype=bool)
        test[: some.labelled] = category == name
        head = fit_wide(
            grams[~test], some.positive[~test], some.weights[~test], recipe.SENTIMENT_INVERSE
        )
        right = (wide_scores(head, grams[test]) > 0) == some.positive[test]
        found[name] = float(right.mean())
    return found


def pick(items: Sequence[T], keep: NDArray[np.bool_]) -> list[T]:
    """Return the marked items."""
    return [item for item, kept in zip(items, keep, strict=True) if kept]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `size` is given where the figure is a share of so many."""

    name: str
    ours: float
    plain: float
    size: int | None = None

    def __str__(self) -> str:
        mark = "" if self.ours > self.plain else "  ← 不及基线"
        return f"{_wide(self.name, 30)}{self.ours:9.4f}{self.plain:9.4f}  {self._interval()}{mark}"

    def _interval(self) -> str:
        if self.size is None:
            return ""
        hits = round(self.ours * self.size)
        bounds = binomtest(hits, self.size).proportion_ci(method="wilson")
        return f"{bounds.low:.3f}–{bounds.high:.3f}（n={self.size}）"


def _wide(text: str, width: int) -> str:
    """Pad to a width on screen, where a Chinese letter takes two places."""
    return text + " " * max(1, width - sum(2 if letter > "\u2e80" else 1 for letter in text))


def rows(results: Results, corpus: Corpus) -> Iterator[Row]:
    """Yield every figure beside the plain model's."""
    yield from _sentiment_rows(results, corpus)
    other, named = plain.aspects(corpus)
    yield from _aspect_rows(results.aspects, other)
    yield from _elsewhere_rows(results.elsewhere, elsewhere_result(named, corpus.laptops))
    pairs = plain.chat(corpus)
    yield from _chat_rows("", results.chat, chat_result(pairs), len(pairs))
    left = unread(corpus, pairs)
    yield from _chat_rows("未读过的 ", results.unread, chat_result(left), len(left))
    yield from _talk_rows(results.talk, plain.talks(corpus))


def _sentiment_rows(results: Results, corpus: Corpus) -> Iterator[Row]:
    ours, other = results.sentiment, plain.sentiment(corpus)
    size = ours.tally.hits.total() + ours.tally.misses.total()
    yield Row("情感 准确率", accuracy(ours.tally), other.accuracy, size)
    yield Row("情感 最有把握的八成", ours.sure, other.sure, round(size * 0.8))
    yield Row("情感 1−校准误差", 1 - ours.calibration, 1 - other.calibration)
    if results.left_out:
        left_out = plain.leave_category_out(corpus)
        yield Row("情感 留一类 平均", _mean(results.left_out), _mean(left_out))
        for name, value in results.left_out.items():
            count = int((corpus.sentiment.category == name).sum())
            yield Row(f"  {name}", value, left_out[name], count)


def _mean(by_name: dict[str, float]) -> float:
    return float(np.mean(list(by_name.values())))


def _aspect_rows(ours: AspectResult, other: AspectResult) -> Iterator[Row]:
    yield Row("方面 micro-F1", ours.present.micro_f1(), other.present.micro_f1())
    yield Row("方面 macro-F1", ours.present.macro_f1(), other.present.macro_f1())
    yield Row("方面×极性 micro-F1", ours.polar.micro_f1(), other.polar.micro_f1())
    yield Row("方面×极性 macro-F1", ours.polar.macro_f1(), other.polar.macro_f1())
    yield Row("极性 三分 macro-F1", ours.tones.macro_f1(), other.tones.macro_f1())
    yield Row("任一负面 F1", ours.blamed.f1("any"), other.blamed.f1("any"))


def _elsewhere_rows(ours: ElsewhereResult, other: ElsewhereResult) -> Iterator[Row]:
    pairs = (("", ours.every, other.every), ("未读过的 ", ours.unread, other.unread))
    for which, mine, plainly in pairs:
        yield Row(f"{which}新品类 方面 micro-F1", mine.micro_f1(), plainly.micro_f1())
        yield Row(f"{which}新品类 方面 macro-F1", common_macro_f1(mine), common_macro_f1(plainly))


def _chat_rows(which: str, ours: ChatResult, other: ChatResult, size: int) -> Iterator[Row]:
    yield Row(f"{which}场景 首个可接受", ours.accepted, other.accepted, size)
    yield Row(f"{which}场景 与首选一致", ours.primary, other.primary, size)
    yield Row(f"{which}情绪 一致", ours.emotion, other.emotion, size)
    yield Row(f"{which}情绪 负面 F1", ours.negative.f1("negative"), other.negative.f1("negative"))


def _talk_rows(ours: TalkResult, other: TalkResult) -> Iterator[Row]:
    yield Row("不满 单轮 AUC", ours.turn, other.turn)
    yield Row("不满 会话 满意度 AUC", ours.judged[0], other.judged[0])
    yield Row("不满 会话 任务完成 AUC", ours.judged[1], other.judged[1])
    yield Row("不满 会话 沟通有效 AUC", ours.judged[2], other.judged[2])
    yield Row("不满 评过分的会话 AUC", ours.session, other.session)


def table(results: Results, corpus: Corpus) -> str:
    """Lay out our figures beside the plain model's."""
    head = f"{_wide('', 30)}{_wide('   本模型', 11)}{_wide('基线', 8)}95% 区间"
    return "\n".join([head, *map(str, rows(results, corpus))])


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
