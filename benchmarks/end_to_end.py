"""From a merchant's files to a report, by the commands a user types, and the pages over it."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.table import Table

from benchmarks.landing import SHOP_ID
from benchmarks.measuring import COMMAND, MIB, bytes_below, run, run_module
from benchmarks.serving import Site, serving

ALL_DAYS = "start=2020-01-01&end=2035-12-31"
PAGES: Mapping[str, str] = {
    "overview": "/",
    "breakdown by agent": f"/metrics/resp_3min_rate?shop={SHOP_ID}&by=agent_id",
    "the same by hour": f"/metrics/resp_3min_rate?shop={SHOP_ID}&by=hour",
    "breakdown of a rate by carrier": f"/metrics/quality_refund_rate?shop={SHOP_ID}&by=carrier",
    "records of a metric": f"/metrics/resp_3min_rate/records?shop={SHOP_ID}",
    "voices": "/voices/",
    "search, 30 days": "/voices/words?q=发货",
    "search, all days": f"/voices/words?q=快递&{ALL_DAYS}",
    "search of a label, all days": f"/voices/words?label=scene:MID06&{ALL_DAYS}",
}
"""What is opened once nobody has asked it before, and then again, in this order."""
AGAIN = 5


@dataclass(frozen=True, slots=True)
class Task:
    """How large the shop is, and where."""

    orders: int
    messages: int
    work: Path


def measure(task: Task) -> dict[str, object]:
    """Write the files; import, analyse and report, each in a process of its own; open pages."""
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
    return found | {"pages": measure_pages(workspace)}


def measure_pages(workspace: Path) -> dict[str, dict[str, float]]:
    """Return the seconds every page of `PAGES` takes at first sight and afterwards, by name."""
    with serving(workspace) as site:
        return {name: _opened(site, path) for name, path in PAGES.items()}


def _opened(site: Site, path: str) -> dict[str, float]:
    taken = []
    for _ in range(1 + AGAIN):
        started = time.perf_counter()
        site.page(path)
        taken.append(time.perf_counter() - started)
    return {"first_s": taken[0], "again_s": median(taken[1:])}


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
    return [shown, pages_table(found["pages"])]


def pages_table(pages: Mapping[str, Mapping[str, float]]) -> Table:
    """Return what `measure_pages` found, to print."""
    shown = Table("page", "first s", "again s", title="end_to_end: pages, one person")
    for name, taken in pages.items():
        shown.add_row(name, f"{taken['first_s']:.2f}", f"{taken['again_s']:.3f}")
    return shown
