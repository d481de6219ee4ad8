"""Candidate: label messages with one head of fastText that reads letters."""

import sys
from collections.abc import Callable, Sequence

import fasttext
import numpy as np
import pyarrow as pa

from benchmarks.labelling_timing import Job, time_labels


def main() -> None:
    """Tell the sentiment of the messages of a job; its rest names the model."""
    time_fasttext(Job.of(sys.argv), list)


def time_fasttext(job: Job, pieces: Callable[[str], Sequence[str]]) -> None:
    """Time a model that was fitted on texts cut into such pieces."""
    model = fasttext.load_model(job.rest[0])

    def label(texts: pa.ChunkedArray) -> pa.Table:
        labels, chances = model.predict([line(pieces, text) for text in texts.to_pylist()])
        return pa.table({"label": [some[0] for some in labels], "p": np.concatenate(chances)})

    time_labels(job, label)


def line(pieces: Callable[[str], Sequence[str]], text: str) -> str:
    """Return a text as fastText reads it, with blanks between its pieces."""
    return " ".join(pieces(text))


if __name__ == "__main__":
    main()
