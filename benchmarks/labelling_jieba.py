"""Candidate: label messages with jieba and one head of scikit-learn."""

import pickle
import sys
from pathlib import Path

import jieba
import pyarrow as pa

from benchmarks.labelling_timing import Job, time_labels


def main() -> None:
    """Tell the sentiment of the messages of a job; its rest names the fitted vectors and head."""
    job = Job.of(sys.argv)
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    with Path(job.rest[0]).open("rb") as file:
        vectors, head = pickle.load(file)

    def label(texts: pa.ChunkedArray) -> pa.Table:
        chances = head.predict_proba(vectors.transform(texts.to_pylist()))
        return pa.table({"positive_p": chances[:, 1]})

    time_labels(job, label)


if __name__ == "__main__":
    main()
