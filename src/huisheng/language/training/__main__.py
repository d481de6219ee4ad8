"""Train every head on a data folder and write the model file and its card.

Usage: python -m huisheng.language.training --data DIR --out DIR
"""

import argparse
import logging
from pathlib import Path

import numpy as np

from huisheng.language.modelfile import Parts, write_parts
from huisheng.language.scan import Scanner
from huisheng.language.scenes import NONE
from huisheng.language.taxonomy import taxonomy
from huisheng.language.training import corpora, recipe
from huisheng.language.training.fitting import WIDE_BITS
from huisheng.language.training.matrix import text_features

LOG = logging.getLogger("huisheng.language.training")


def train(data: Path) -> Parts:
    """Train all heads on the labelled sets in `data`."""
    words = taxonomy()
    scanner = Scanner(words)
    reviews = corpora.read_sentiment(data)
    own = [(text, polarity) for _, text, polarity in recipe.own_opinions(words) if polarity]
    texts = reviews.texts + [text for text, _ in own]
    positive = np.concatenate([reviews.positive == 1, [polarity > 0 for _, polarity in own]])
    weights = np.concatenate([np.ones(len(reviews.texts)), np.full(len(own), recipe.OWN_WEIGHT)])
    LOG.info("情感：%d 条", len(texts))
    sentiment = recipe.train_sentiment(
        text_features(scanner, texts, WIDE_BITS).grams, positive, weights
    )
    opinions = corpora.read_reviews(data)
    LOG.info("方面：%d 条", len(opinions))
    clauses = recipe.clause_data(scanner, words, opinions, recipe.short_moods(reviews))
    aspects, aspect_rule = recipe.train_aspects(clauses, opinions)
    LOG.info("方面：已训练")
    gold = corpora.read_gold(data)
    annotated = corpora.read_annotated(data, without=gold)
    names = (*words.scenes, NONE)
    always = corpora.own_messages(words)
    LOG.info("场景与情绪：%d 条", len(gold) + len(annotated) + len(always))
    held_out = recipe.held_out_chat(scanner, [*gold, *annotated], always, names)
    return Parts(
        sentiment=sentiment,
        aspects=aspects,
        chat=recipe.train_chat(scanner, [*gold, *annotated, *always], names),
        aspect_outputs=recipe.ASPECT_OUTPUTS,
        scene_names=names,
        emotion_names=recipe.EMOTIONS,
        text_cues=scanner.text_names,
        clause_cues=scanner.clause_names,
        aspect_rule=aspect_rule,
        scene_rule=recipe.train_choice(held_out, [*gold, *annotated], names),
    )


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    path = write_parts(train(options.data), options.out)
    LOG.info("已写入 %s，%.1f MB", path, path.stat().st_size / 1e6)


if __name__ == "__main__":
    main()
