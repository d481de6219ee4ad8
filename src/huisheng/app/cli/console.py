"""Where the command line writes, and the options that every command shares."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from huisheng.errors import BadInputError
from huisheng.metrics import Facts, shop_platforms

EXIT_BAD_INPUT, EXIT_UNAVAILABLE = 2, 3
MOST_COLUMNS = 10_000

console = Console()
errors = Console(stderr=True)

WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", envvar="HUISHENG_WORKSPACE", help="工作区目录"),
]
ShopOption = Annotated[str | None, typer.Option("--shop", help="店铺编号；只有一个店铺时可省略")]
FromOption = Annotated[str | None, typer.Option("--from", help="开始日期，如 2026-08-01")]
ToOption = Annotated[str | None, typer.Option("--to", help="结束日期（含）")]

TEXT, JSON = "text", "json"


def _text_or_json(value: str) -> str:
    if value not in (TEXT, JSON):
        raise BadInputError("--format", f"不认识「{value}」", f"可选：{TEXT}、{JSON}")
    return value


FormatOption = Annotated[
    str, typer.Option("--format", help=f"{TEXT} 或 {JSON}", callback=_text_or_json)
]

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


def known_shop(facts: Facts, shop: str | None) -> str | None:
    """Return the shop an option names, once it is known to have data.

    Raises:
        BadInputError: no such shop has data.
    """
    known = list(shop_platforms(facts))
    if shop is not None and shop not in known:
        names = "、".join(known) or "（还没有）"
        raise BadInputError("--shop", f"没有店铺「{shop}」", f"已有的店铺：{names}")
    return shop


def one_known_shop(facts: Facts, shop: str | None) -> str | None:
    """Return the shop an option names; None where the workspace has no more than one.

    Raises:
        BadInputError: no such shop has data, or there are several and none is named.
    """
    known = list(shop_platforms(facts))
    if shop is None and len(known) > 1:
        raise BadInputError(
            "--shop", "工作区里有多个店铺", f"请用 --shop 指定其中之一：{'、'.join(known)}"
        )
    return known_shop(facts, shop)


def show_table(table: Table) -> None:
    """Print a table whole: folded to a terminal's width, as wide as it is into a file or a pipe."""
    for column in table.columns:
        column.overflow = "fold"
    (console if console.is_terminal else Console(width=MOST_COLUMNS)).print(table)


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
