"""Run candidates in processes of their own and measure time, processor and peak memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

COMMAND = (sys.executable, "-c", "from huisheng.app.cli import main; main()")
"""`huisheng`, whether or not it is on the path."""
ROUNDS = 3
KIB = 1024
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """One finished process.

    Attributes:
        wall_s: from start to exit, interpreter start included.
        cpu_s: user and system time of the process and the children it waited for.
        peak_mb: largest resident set in MiB.
        said: the JSON object on the last line it printed; empty when there was none.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: Mapping[str, object]


def run(command: Sequence[str]) -> Measured:
    """Run a command to its end.

    The parent stays small: Linux counts the parent's memory at the fork into the child's peak.

    Raises:
        SystemExit: the command failed; what it wrote to stderr is shown.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}\n{output}")
    last = output.strip().rpartition("\n")[2]
    return Measured(
        wall_s,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * KIB / MIB,
        json.loads(last) if last.startswith("{") else {},
    )


def run_module(name: str, *arguments: object) -> Measured:
    """Run `python -m benchmarks.<name>` with arguments."""
    return run([sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)])


@contextmanager
def one_core() -> Iterator[None]:
    """Keep the processes that this thread starts on one core.

    Libraries that size their pools by the cores they may use then start one thread.
    """
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def interleaved(
    candidates: Mapping[str, Callable[[], Measured]], rounds: int = ROUNDS
) -> dict[str, list[Measured]]:
    """Run every candidate once a round, A B A B, so that a busy minute slows all of them."""
    found: dict[str, list[Measured]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            found[name].append(candidate())
    return found


def middle(runs: Sequence[Measured], value: Callable[[Measured], float]) -> float:
    """Return the median over runs."""
    return median(value(run) for run in runs)


def say(**facts: object) -> None:
    """Print what a child found, as the line that `run` reads."""
    print(json.dumps(facts, ensure_ascii=False))


def bytes_below(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
