"""Train every head on a data folder and write the model file and its card.

Usage: python -m huisheng.language.training --data DIR --out DIR
"""

import argparse
import logging
from pathlib import Path

from huisheng.language.modelfile import write_parts
from huisheng.language.taxonomy import taxonomy
from huisheng.language.training.assembling import read_corpus, train_parts
from huisheng.language.training.card import write_card
from huisheng.language.training.leaderboard import measure

LOG = logging.getLogger("huisheng.language.training")


def main() -> None:
    """Read the command line; measure on held-out parts, then train on everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    words = taxonomy()
    corpus = read_corpus(options.data)
    LOG.info("训练：用全部数据")
    path = write_parts(train_parts(corpus, words), options.out)
    LOG.info("已写入 %s，%.1f MB；评测：留出五分之一", path, path.stat().st_size / 1e6)
    card = write_card(measure(corpus, words), words, options.out)
    LOG.info("已写入 %s", card)


if __name__ == "__main__":
    main()
