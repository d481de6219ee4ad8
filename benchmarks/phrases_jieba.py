"""Candidate: count the words and pairs of words of buyers' lines with jieba and a Counter."""

import sys
import time
from collections import Counter

import jieba
import pyarrow.parquet as pq

from benchmarks.measuring import say


def main() -> None:
    """Read the lines of the file argv[1], and count in how many each word and pair stands."""
    lines = pq.read_table(sys.argv[1])["line"].to_pylist()
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    for line, times in Counter(lines).items():
        words = [word for word in jieba.cut(line) if word.strip()]
        pairs = map("".join, zip(words, words[1:], strict=False))
        for term in {*words, *pairs}:
            counts[term] += times
    kept = {term: count for term, count in counts.items() if count >= 3 and len(term) > 1}
    seconds = time.perf_counter() - started
    say(seconds=seconds, lines=len(lines), terms=len(kept), most=max(kept.values()))


if __name__ == "__main__":
    main()
