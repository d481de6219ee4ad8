"""Phrases of buyers' lines: huisheng beside jieba and a Counter, both over distinct texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.table import Table

from benchmarks.measuring import Measured, interleaved, middle, run_module
from benchmarks.sentences import buyer_lines

OURS, THEIRS = "huisheng", "jieba + Counter"
AIM_S_A_MILLION = 60.0


@dataclass(frozen=True, slots=True)
class Task:
    """How many lines, how often, and where."""

    lines: int
    rounds: int
    work: Path


def measure(task: Task) -> dict[str, object]:
    """Make the lines outside the timed part, run both in turns, return what was found."""
    path = task.work / "lines.parquet"
    lines = buyer_lines(np.random.default_rng(3), task.lines)
    pq.write_table(pa.table({"line": lines}), path)
    runs = interleaved(
        {
            OURS: lambda: run_module("phrases_huisheng", path),
            THEIRS: lambda: run_module("phrases_jieba", path),
        },
        task.rounds,
    )
    sides = {name: _side(some) for name, some in runs.items()}
    return {
        "lines": task.lines,
        "distinct": len(lines.unique()) / task.lines,
        "sides": sides,
        "ratio": sides[THEIRS]["seconds"] / sides[OURS]["seconds"],
        "s_a_million": sides[OURS]["seconds"] * 1_000_000 / task.lines,
        "aim_s_a_million": AIM_S_A_MILLION,
    }


def _side(runs: list[Measured]) -> dict[str, float]:
    return {
        "seconds": middle(runs, lambda run: run.said["seconds"]),
        "terms": runs[0].said["terms"],
        "cpu_s": middle(runs, lambda run: run.cpu_s),
        "peak_mb": middle(runs, lambda run: run.peak_mb),
    }


def tables(found: Mapping) -> list[Table]:
    """Return what `measure` found, to print."""
    shown = Table(
        title=f"phrases: {found['lines']:,} buyers' lines, ratio {found['ratio']:.1f}×; "
        f"{found['s_a_million']:.1f} s a million (aim ≤ {found['aim_s_a_million']:.0f} s)",
        caption=f"{found['distinct']:.0%} of the lines are distinct; words and pairs of words "
        "are jieba's, phrases of up to eight letters huisheng's",
    )
    for head in ("", "s", "terms", "CPU s", "peak MB"):
        shown.add_column(head, justify="right" if head else "left")
    for name, side in found["sides"].items():
        shown.add_row(
            name,
            f"{side['seconds']:.2f}",
            f"{side['terms']:,}",
            f"{side['cpu_s']:.2f}",
            f"{side['peak_mb']:,.0f}",
        )
    return [shown]
