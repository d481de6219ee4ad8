"""Count how risks fare on our own pairs of sentences, and write the counts.

Usage: python -m huisheng.language.training.risk_pairs --out DIR
"""

import argparse
from pathlib import Path

from huisheng.language.dangers import DANGERS
from huisheng.language.labeller import Model, load_model
from huisheng.language.licence import Origin
from huisheng.language.licence.shipped import RISK_COUNTS_FILE, Counted, written
from huisheng.language.taxonomy import taxonomy
from huisheng.language.training.dangers import read_pairs
from huisheng.language.training.evaluation import Tally


def count_pairs(model: Model) -> tuple[Counted, ...]:
    """Return the counts of every risk over both sentences of all pairs."""
    sentences = read_pairs()
    risks = model.label([one.text for one in sentences]).head("risk")
    tally = Tally()
    for place, one in enumerate(sentences):
        found = {risks.names[risks.label[row]] for row in risks.rows_of(place)}
        may = one.may | (frozenset(DANGERS) if one.must & set(DANGERS) else frozenset())
        tally.add(frozenset(found - (may - one.must)), one.must)
    return tuple(
        Counted(
            "risk",
            risk,
            tally.hits[risk],
            tally.alarms[risk],
            tally.misses[risk],
            tally.texts,
            Origin.OWN_SENTENCES,
        )
        for risk in taxonomy().risks
    )


def main() -> None:
    """Read the command line; count and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    counts = written(count_pairs(load_model()))
    (options.out / RISK_COUNTS_FILE).write_text(counts, encoding="utf-8")


if __name__ == "__main__":
    main()
