"""Write the messages that `labelling` labels, and fit the plain heads it times beside huisheng."""

import json
import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import fasttext
import jieba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.cutting import cut
from benchmarks.label_training import own_moods, plain_sentiment, plain_vectors
from benchmarks.labelling_fasttext import line
from benchmarks.measuring import say
from benchmarks.sentences import distinct_messages
from huisheng.language import taxonomy

BUCKETS = 2**18
"""Weights that pairs share: enough for a shop's pairs, few enough not to wait for memory."""


def main() -> None:
    """Write into the folder argv[1] argv[2] messages, of them a sample of argv[3], and models.

    The models learn sentiment from the sentences of the taxonomy.
    """
    folder, count, sample = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    texts = distinct_messages(np.random.default_rng(5), count)
    pq.write_table(pa.table({"text": texts}), folder / "messages.parquet")
    pq.write_table(pa.table({"text": texts[:sample]}), folder / "sample.parquet")
    _write_lines(texts, folder / "messages.jsonl")
    jieba.setLogLevel("ERROR")
    words = taxonomy()
    moods = own_moods(words)
    _fit_plain(*moods, folder / "plain.pkl")
    _fit_fasttext(*moods, cut, 2, folder / "words.bin")
    _fit_fasttext(*moods, list, 2, folder / "letters.bin")
    _fit_fasttext(*moods, list, 1, folder / "lone-letters.bin")
    say(
        letters=pc.mean(pc.utf8_length(texts)).as_py(),
        trained_on=len(moods[0]),
        scenes=len(words.scenes),
        aspects=len(words.aspects),
        emotions=len(words.emotions),
        risks=len(words.risks),
    )


def _write_lines(texts: pa.Array, path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for place, text in enumerate(texts.to_pylist()):
            lines.write(json.dumps({"id": place, "text": text}, ensure_ascii=False) + "\n")


def _fit_plain(texts: Sequence[str], positive: np.ndarray, path: Path) -> None:
    vectors = plain_vectors()
    rows = vectors.fit_transform(texts)
    with path.open("wb") as file:
        pickle.dump((vectors, plain_sentiment().fit(rows, positive)), file)


def _fit_fasttext(
    texts: Sequence[str],
    positive: np.ndarray,
    pieces: Callable[[str], Sequence[str]],
    longest: int,
    path: Path,
) -> None:
    """Fit fastText with its own defaults on pieces of texts and on as many together as given."""
    told = [f"__label__{p} {line(pieces, t)}\n" for t, p in zip(texts, positive, strict=True)]
    lines = path.with_suffix(".txt")
    lines.write_text("".join(told), "utf-8")
    buckets = BUCKETS if longest > 1 else 0
    model = fasttext.train_supervised(
        str(lines), wordNgrams=longest, bucket=buckets, thread=1, verbose=0
    )
    model.save_model(str(path))


if __name__ == "__main__":
    main()
