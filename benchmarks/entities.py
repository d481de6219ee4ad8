"""How many messages a second entities are found in: `python -m benchmarks.entities [COUNT]`."""

import sys
import time
from datetime import datetime
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.sentences import agent_lines, buyer_lines
from huisheng.language import entities_of

COUNT, ROUNDS, SEED = 100_000, 3, 7
LETTERS = 25


def main() -> None:
    """Time half buyers' lines, half agents', cut to 25 characters, none of them read before."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    rng = np.random.default_rng(SEED)
    halves = buyer_lines(rng, count // 2), agent_lines(rng, count // 2)
    texts = pc.utf8_slice_codeunits(pa.concat_arrays(halves), 0, LETTERS)
    by_agent = pa.array(np.arange(len(texts)) >= len(halves[0]))
    said_at = pa.array([datetime.fromisoformat("2026-11-11 15:00")] * len(texts))
    entities_of(texts[:1], said_at[:1], by_agent[:1])
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        found = entities_of(texts, said_at, by_agent)
        spent.append(time.process_time() - started)
    letters = pc.mean(pc.utf8_length(texts)).as_py()
    held = len(pc.unique(found["item"])) / len(texts)
    print(
        f"{len(texts):,} texts of {letters:.1f} letters, {held:.0%} with an entity: "
        f"{len(texts) / median(spent):,.0f} texts/s of processor time"
    )


if __name__ == "__main__":
    main()
