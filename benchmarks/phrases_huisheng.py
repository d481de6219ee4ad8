"""Candidate: count the phrases of buyers' lines with huisheng."""

import sys
import time

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.measuring import say
from huisheng.language import find_phrases


def main() -> None:
    """Read the lines of the file argv[1], and count in how many each phrase stands."""
    lines = pq.read_table(sys.argv[1])["line"]
    started = time.perf_counter()
    said = pc.value_counts(lines)
    times = said.field("counts").to_numpy()
    found = find_phrases(said.field("values"), times)
    lines_of = np.bincount(found.term, weights=times[found.item], minlength=len(found.terms))
    seconds = time.perf_counter() - started
    say(seconds=seconds, lines=len(lines), terms=len(found.terms), most=int(lines_of.max()))


if __name__ == "__main__":
    main()
