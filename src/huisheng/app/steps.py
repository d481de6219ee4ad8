"""Importing and analysing, as the command line and the worker of the web application both do it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huisheng.intake import ImportReport, Progress, import_path
from huisheng.lake import Workspace
from huisheng.metrics import Window

if TYPE_CHECKING:
    from huisheng.app.report import Document


@dataclass(frozen=True, slots=True)
class Step:
    """How far something long has come.

    Attributes:
        text: what is being done, in Chinese.
        share: how much of it is done, 0–1; None where nobody knows.
        detail: a number that grows meanwhile, in Chinese; empty where there is none.
    """

    text: str
    share: float | None = None
    detail: str = ""


Told = Callable[[Step], None]
"""Hears of each step. What it raises ends the work; a file half read then leaves nothing behind."""


def now_us() -> int:
    """Return the present in UTC microseconds; below the application nobody asks the clock."""
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    shop_id: str | None,
    told: Told,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Import files, folders and archives; `shop_id` is the shop of rows that name none.

    Raises:
        BadInputError: the shop's id cannot be used.
        UnavailableError: the workspace's disk is full or cannot be written.
    """

    def show(state: Progress) -> None:
        share = state.done_bytes / state.total_bytes if state.total_bytes else None
        told(Step(f"{state.stage} {state.file}", share, f"{state.rows:,} 行"))

    def wait(table: str) -> None:
        told(Step(f"另一个导入正在写「{table}」，等它结束"))

    return import_path(
        workspace,
        paths,
        shop_id=shop_id,
        now_us=now_us(),
        dry_run=dry_run,
        progress=show,
        on_wait=wait,
    )


def analyze_facts(workspace: Workspace, period: Window | None, told: Told) -> "Document":
    """Label, compute and find, over the period given or the default one.

    Raises:
        BadInputError: there is nothing to analyse.
    """
    from huisheng.app.analysis import analyze

    return analyze(workspace, period, lambda text: told(Step(text)), now_us=now_us())
