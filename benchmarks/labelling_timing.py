"""Time one candidate of `labelling`: its first label, then a whole file of messages."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measuring import say

FIRST = "请问这个什么时候发货，已经等了五天了，再不发就退款"


@dataclass(frozen=True, slots=True)
class Job:
    """What a candidate is told on its command line.

    Attributes:
        started: `time.monotonic()` of the parent when it started the candidate.
        messages: Parquet file with a column `text` of n messages, or JSON lines with that field.
        out: Parquet file that the labels are written into.
        rest: what else the candidate asks for.
    """

    started: float
    messages: Path
    out: Path
    rest: list[str]

    @classmethod
    def of(cls, arguments: list[str]) -> "Job":
        """Read a command line."""
        return cls(float(arguments[1]), Path(arguments[2]), Path(arguments[3]), arguments[4:])


def read_parquet(path: Path) -> pa.ChunkedArray:
    """Return n messages."""
    return pq.read_table(path)["text"]


def write_parquet(labels: pa.Table, path: Path) -> None:
    """Write labels, one a row."""
    pq.write_table(labels, path, compression="zstd")


def time_labels(
    job: Job,
    label: Callable[[pa.ChunkedArray], pa.Table],
    read: Callable[[Path], pa.ChunkedArray] = read_parquet,
) -> None:
    """Label one message, then all of a file into another, and say how long each took."""
    label(pa.chunked_array([[FIRST]]))
    time_files(job, lambda: write_parquet(label(read(job.messages)), job.out))


def time_files(job: Job, answer: Callable[[], None]) -> None:
    """Say when the candidate was ready (now), and how long it takes to answer a file."""
    first_s, first_cpu_s = time.monotonic() - job.started, time.process_time()
    wall, cpu = time.perf_counter(), time.process_time()
    answer()
    seconds, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    say(
        first_s=first_s,
        first_cpu_s=first_cpu_s,
        seconds=seconds,
        cpu_s=cpu_s,
        cores=len(os.sched_getaffinity(0)),
        arrow_threads=pa.cpu_count(),
    )
