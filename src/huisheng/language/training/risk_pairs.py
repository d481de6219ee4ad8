"""Count how the risk rules fare on our own pairs of sentences, and write the counts.

Usage: python -m huisheng.language.training.risk_pairs --pairs FILE --out DIR
"""

import argparse
from pathlib import Path

import yaml

from huisheng.language.labeller import Model, load_model
from huisheng.language.licence import Origin
from huisheng.language.licence.shipped import RISK_COUNTS_FILE, Counted, written
from huisheng.language.taxonomy import taxonomy
from huisheng.language.training.evaluation import Tally

SAFETY = frozenset({"R8", "R9", "R13"})
"""They start the same emergency plan: which of them besides the right one is no error."""


def count_pairs(pairs: Path, model: Model) -> tuple[Counted, ...]:
    """Return the counts of every risk over both sentences of all pairs.

    Args:
        pairs: YAML list of `sign` with its risks in `risk`, `near` with its own in `but`, and
            in `also` what either may signal besides, which counts neither way.
        model: whose rules are asked.
    """
    wanted = [
        (pair[side], frozenset(pair.get(key, "").split()), frozenset(pair.get("also", "").split()))
        for pair in yaml.safe_load(pairs.read_text(encoding="utf-8"))
        for side, key in (("sign", "risk"), ("near", "but"))
    ]
    risks = model.label([text for text, *_ in wanted]).head("risk")
    tally = Tally()
    for place, (_, must, also) in enumerate(wanted):
        found = {risks.names[risks.label[row]] for row in risks.rows_of(place)}
        may = also | (SAFETY if must & SAFETY else frozenset())
        tally.add(frozenset(found - (may - must)), must)
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
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    counts = written(count_pairs(options.pairs, load_model()))
    (options.out / RISK_COUNTS_FILE).write_text(counts, encoding="utf-8")


if __name__ == "__main__":
    main()
