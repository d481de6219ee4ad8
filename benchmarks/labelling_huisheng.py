"""Candidate: label messages with every head of huisheng."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from benchmarks.labelling_timing import Job, read_parquet, time_labels
from huisheng.language import load_model


def main() -> None:
    """Label the messages of a job; its rest names the kind of file they are in."""
    job, model = Job.of(sys.argv), load_model()
    time_labels(job, lambda texts: model.label(texts).long(), READERS[job.rest[0]])


def read_lines(path: Path) -> pa.ChunkedArray:
    """Return the n messages of JSON lines, parsed as `huisheng label` does."""
    with path.open(encoding="utf-8") as lines:
        return pa.chunked_array([[json.loads(line)["text"] for line in lines]])


READERS: Mapping[str, Callable[[Path], pa.ChunkedArray]] = {
    "parquet": read_parquet,
    "lines": read_lines,
}


if __name__ == "__main__":
    main()
