"""200 people at work in the back office: how long pages take while all of them click.

Each person waits about ten seconds, opens a page, and so on; the server runs as a merchant starts
it, over the demo shop. Signing in is done before anything is timed.
"""

import asyncio
import random
import re
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from benchmarks.measuring import COMMAND, run
from benchmarks.serving import Site, serving

ANSWER_SECONDS = 60.0
ADDRESSES: Mapping[str, int] = {
    "/": 20,
    "/findings/": 12,
    "/findings/{finding}": 10,
    "/metrics/": 8,
    "/metrics/resp_3min_rate?shop={shop}": 8,
    "/metrics/ww_satisfaction?shop={shop}&by=agent_id": 6,
    "/metrics/ww_satisfaction/records?shop={shop}": 5,
    "/voices/": 6,
    "/voices/words?q=发货": 6,
    "/voices/words?label=scene:MID06": 5,
    "/data/": 4,
    "/data/history": 3,
    "/briefing": 3,
    "/promotion?shop={shop}": 2,
    "/settings/": 2,
}
"""What people open, and how often of a hundred clicks."""


@dataclass(frozen=True, slots=True)
class Task:
    """How many people, for how long, thinking how long; `warm_s` is not counted."""

    people: int
    seconds: float
    think_s: float
    warm_s: float
    work: Path


@dataclass(slots=True)
class Timings:
    """Seconds per address pattern, and answers that were no page."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)


def measure(task: Task) -> dict[str, object]:
    """Make the demo, serve it, let people click, and return what their clicks took."""
    demo = task.work / "demo"
    run((*COMMAND, "demo", "--out", str(demo), "--no-serve"))
    return measure_workspace(task, demo / "workspace")


def measure_workspace(task: Task, workspace: Path) -> dict[str, object]:
    """Let people click in a workspace that is ready."""
    with serving(workspace) as site:
        timings = asyncio.run(_all(task, site, _addresses(site)))
    every = sorted(value for values in timings.taken.values() for value in values)
    return {
        "people": task.people,
        "think_s": task.think_s,
        "pages": len(every),
        "pages_a_second": len(every) / task.seconds,
        "p50_ms": 1000 * _quantile(every, 0.5),
        "p95_ms": 1000 * _quantile(every, 0.95),
        "p99_ms": 1000 * _quantile(every, 0.99),
        "refused": timings.refused,
        "by_page": {
            name: {
                "pages": len(values),
                "p50_ms": 1000 * _quantile(sorted(values), 0.5),
                "p95_ms": 1000 * _quantile(sorted(values), 0.95),
            }
            for name, values in sorted(timings.taken.items())
        },
    }


def tables(found: Mapping) -> list[Table]:
    """Return what `measure` found, to print."""
    title = (
        f"{found['people']} people, {found['think_s']:g} s between clicks: "
        f"{found['pages_a_second']:.1f} pages/s, p50 {found['p50_ms']:.0f} ms, "
        f"p95 {found['p95_ms']:.0f} ms, p99 {found['p99_ms']:.0f} ms, "
        f"refused {sum(found['refused'].values())}"
    )
    table = Table("page", "opened", "p50 ms", "p95 ms", title=title)
    for name, row in found["by_page"].items():
        table.add_row(name, str(row["pages"]), f"{row['p50_ms']:.0f}", f"{row['p95_ms']:.0f}")
    return [table]


async def _all(task: Task, site: Site, addresses: Mapping[str, str]) -> Timings:
    timings = Timings()
    begin = time.perf_counter() + task.warm_s
    end = begin + task.seconds
    people = [
        _person(task, site, addresses, (begin, end), timings, random.Random(number))
        for number in range(task.people)
    ]
    await asyncio.gather(*people)
    return timings


async def _person(
    task: Task,
    site: Site,
    addresses: Mapping[str, str],
    counted: tuple[float, float],
    timings: Timings,
    dice: random.Random,
) -> None:
    names, weights = list(ADDRESSES), list(ADDRESSES.values())
    await asyncio.sleep(dice.uniform(0, task.think_s))
    while time.perf_counter() < counted[1]:
        name = dice.choices(names, weights)[0]
        started = time.perf_counter()
        status = await _open(site, addresses[name])
        taken = time.perf_counter() - started
        if counted[0] <= started < counted[1]:
            if status == 200:
                timings.taken.setdefault(name, []).append(taken)
            else:
                timings.refused[status] = timings.refused.get(status, 0) + 1
        await asyncio.sleep(dice.uniform(0.5, 1.5) * task.think_s)


async def _open(site: Site, address: str) -> int:
    """Open a page as a browser does, on a connection of its own, and read it to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    path = urllib.parse.quote(address, safe="/?&=:%")
    lines = (
        f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{site.port}", f"Cookie: {site.cookies}",
        "Connection: close", "", "",
    )  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    answer = await asyncio.wait_for(reader.read(-1), ANSWER_SECONDS)
    writer.close()
    found = re.match(rb"HTTP/1\.1 (\d+)", answer)
    return int(found[1]) if found else 0


def _addresses(site: Site) -> dict[str, str]:
    page = site.page("/findings/")
    finding = re.search(r'/findings/([0-9a-f]{8,})"', page)
    shop = re.search(r"[?&]shop=([\w-]+)", site.page("/"))
    if finding is None or shop is None:
        raise SystemExit("the workspace has no stuck point or just one shop")
    return {name: name.format(finding=finding[1], shop=shop[1]) for name in ADDRESSES}


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")
