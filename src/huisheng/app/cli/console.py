"""Where the command line writes, and the options that every command shares."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from huisheng.errors import BadInputError

console = Console()
errors = Console(stderr=True)

WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", envvar="HUISHENG_WORKSPACE", help="工作区目录"),
]
ShopOption = Annotated[str | None, typer.Option("--shop", help="店铺编号；只有一个店铺时可省略")]
FromOption = Annotated[str | None, typer.Option("--from", help="开始日期，如 2026-08-01")]
ToOption = Annotated[str | None, typer.Option("--to", help="结束日期（含）")]

DEFAULT_WORKSPACE = Path("huisheng-workspace")


def day(text: str | None, option: str) -> date | None:
    """Return the date an option names.

    Raises:
        BadInputError: it is no date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise BadInputError(option, f"「{text}」不是日期", "请写成 2026-08-01 的样子") from exc


def now_us() -> int:
    """Return the present in UTC microseconds; below the application nobody asks the clock."""
    return int(datetime.now(UTC).timestamp() * 1_000_000)


@contextmanager
def working(description: str) -> Iterator[Progress]:
    """Show a spinner and a bar on the error stream while something long is under way."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        progress.add_task(description, total=None, detail="")
        yield progress
