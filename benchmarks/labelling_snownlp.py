"""Candidate: label messages with the sentiment of SnowNLP."""

import sys

import pyarrow as pa
from snownlp import SnowNLP

from benchmarks.labelling_timing import Job, time_labels


def main() -> None:
    """Tell the sentiment of the messages of a job."""
    time_labels(Job.of(sys.argv), label)


def label(texts: pa.ChunkedArray) -> pa.Table:
    """Return the chance that each text is positive."""
    return pa.table({"positive_p": [SnowNLP(text).sentiments for text in texts.to_pylist()]})


if __name__ == "__main__":
    main()
