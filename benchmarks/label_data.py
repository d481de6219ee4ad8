"""Write the chat lines and reviews that are imported and labelled."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from benchmarks.landing import file_table
from benchmarks.measuring import say
from benchmarks.sentences import joined, reviews
from benchmarks.shop import DAYS, FIRST_DAY, OFFSET_US, Size, instants, parts
from huisheng.metrics import Window
from huisheng.records import all_tables


def main() -> None:
    """Write messages.csv and reviews.csv of argv[2] and argv[3] rows into the folder argv[1]."""
    folder, lines, opinions = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True)
    (shop,) = parts(Size(1, lines))
    tables = {"messages": shop["messages"], "reviews": _reviews(opinions)}
    for name, columns in tables.items():
        pyarrow.csv.write_csv(file_table(all_tables()[name], columns), folder / f"{name}.csv")
    messages = shop["messages"]
    buyers = messages["text"].filter(pa.compute.equal(messages["role"], "buyer"))
    say(distinct=len(buyers.unique()) / len(buyers))


def _reviews(count: int) -> dict[str, pa.Array]:
    rng = np.random.default_rng(2)
    first_s = Window(FIRST_DAY, FIRST_DAY, OFFSET_US).start_us // 1_000_000
    return {
        "review_no": joined("V", pa.array(np.arange(count)).cast(pa.string())),
        "score_product": pa.array(rng.integers(1, 6, count)),
        "content": reviews(rng, count),
        "created_at": instants(first_s + np.sort(rng.integers(0, DAYS * 86_400, count))),
    }


if __name__ == "__main__":
    main()
