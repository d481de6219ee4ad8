"""`huisheng demo`: a made-up shop month, imported, analysed and reported."""

import dataclasses
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from huisheng.app.cli.console import console, working
from huisheng.app.cli.pipeline import run_analysis, run_import, show_findings, write_report
from huisheng.app.cli.serving import show
from huisheng.errors import BadInputError
from huisheng.lake import create_workspace, replace_bytes

MARK = ".huisheng-demo"
DEFAULT_FOLDER = Path("huisheng-demo")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    folder: Annotated[Path, typer.Option("--out", help="放在哪个目录，会先清空")] = DEFAULT_FOLDER,
    serve: Annotated[
        bool | None, typer.Option("--serve/--no-serve", help="结束后打开网页版")
    ] = None,
    port: Annotated[int, typer.Option(help="网页版的端口")] = 8000,
) -> None:
    """造一个月的店铺数据，走完整个流程，打印卡点，写出报告。"""
    from huisheng.app.demo import generate

    started = time.monotonic()
    _clear(folder)
    with working("生成演示店铺"):
        made = generate(folder / "exports")
    planted = [dataclasses.asdict(point) for point in made.planted]
    replace_bytes(
        folder / "planted.json",
        json.dumps(planted, ensure_ascii=False, indent=1, default=str).encode(),
    )
    workspace = create_workspace(folder / "workspace")
    rows = 0
    for shop in made.shops:
        result = run_import(workspace, [shop.folder], shop.shop_id)
        rows += result.rows_read
        for file in result.errors:
            raise BadInputError("演示数据", file.error, "这是程序的缺陷，请报告给我们")
    console.print(f"已导入 {len(made.shops)} 家店铺，{rows:,} 行", highlight=False)
    show_findings(run_analysis(workspace, None, None))
    for name in ("report.html", "report.json", "report.xlsx"):
        write_report(workspace, name.rpartition(".")[2], folder / name)
    seconds = time.monotonic() - started
    console.print(
        f"用时 {seconds:.0f} 秒。报告：{folder / 'report.html'}（另有 JSON 与 XLSX）；"
        f"埋下的卡点见 {folder / 'planted.json'}",
        highlight=False,
    )
    if sys.stdout.isatty() if serve is None else serve:
        show(workspace.root, "127.0.0.1", port)


def _clear(folder: Path) -> None:
    """Empty a folder that an earlier demo made, and no other.

    Raises:
        BadInputError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise BadInputError(
            str(folder), "目录里有别的文件，不会清空它", "请用 --out 指定一个空目录"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
