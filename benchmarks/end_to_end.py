"""From a merchant's files to a report, by the commands a user types."""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from benchmarks.landing import SHOP_ID
from benchmarks.measuring import MIB, bytes_below, run, run_module

COMMAND = (sys.executable, "-c", "from huisheng.app.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Task:
    """How large the shop is, and where."""

    orders: int
    messages: int
    work: Path


def measure(task: Task) -> dict[str, object]:
    """Write the files, then import, analyse and report, each in a process of its own."""
    exports, workspace = task.work / "files", task.work / "workspace"
    made = run_module("shop_files", exports, task.orders, task.messages)
    where = ("--workspace", str(workspace))
    report = task.work / "report.html"
    steps = {
        "import": ("import", str(exports), "--shop", SHOP_ID, *where),
        "analyze": ("analyze", *where),
        "report": ("report", "--out", str(report), *where),
    }
    found: dict[str, object] = {
        "orders": task.orders,
        "messages": task.messages,
        "rows": made.said["rows"],
        "file_mb": bytes_below(exports) / MIB,
        "steps": {},
    }
    for name, words in steps.items():
        ended = run((*COMMAND, *words))
        found["steps"][name] = {
            "wall_s": ended.wall_s,
            "cpu_s": ended.cpu_s,
            "peak_mb": ended.peak_mb,
            "workspace_mb": bytes_below(workspace) / MIB,
        }
    found["report_mb"] = report.stat().st_size / MIB
    shutil.rmtree(exports)
    return found


def tables(found: Mapping) -> list[Table]:
    """Return what `measure` found, to print."""
    steps = found["steps"]
    total_s = sum(step["wall_s"] for step in steps.values())
    shown = Table(
        title=f"end_to_end: {found['orders']:,} orders, {found['messages']:,} messages, "
        f"{found['rows']:,} rows, {found['file_mb']:,.0f} MB of files; {total_s:,.0f} s in all",
        caption=f"report: {found['report_mb']:.1f} MB",
    )
    for head in ("step", "wall s", "CPU s", "peak MB", "rows/s", "workspace MB after"):
        shown.add_column(head, justify="left" if head == "step" else "right")
    for name, step in steps.items():
        shown.add_row(
            name,
            f"{step['wall_s']:,.1f}",
            f"{step['cpu_s']:,.1f}",
            f"{step['peak_mb']:,.0f}",
            f"{found['rows'] / step['wall_s']:,.0f}",
            f"{step['workspace_mb']:,.0f}",
        )
    return [shown]
