"""`huisheng init`, `import`, `analyze`, `report`: exports in, findings out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huisheng.app.cli.console import (
    DEFAULT_WORKSPACE,
    EXIT_BAD_INPUT,
    FromOption,
    ShopOption,
    ToOption,
    WorkspaceOption,
    console,
    errors,
    working,
)
from huisheng.app.cli.imported import show_import
from huisheng.app.cli.metrics import window_of
from huisheng.app.steps import Step, analyze_facts
from huisheng.app.steps import import_files as import_into
from huisheng.errors import BadInputError
from huisheng.intake import ImportReport
from huisheng.lake import Workspace, create_workspace, open_engine, open_workspace, replace_bytes

if TYPE_CHECKING:
    from huisheng.app.report import Document

FORMATS = ("html", "json", "xlsx")
SHOWN_FINDINGS = 12


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init")(init)
    app.command("import")(import_files)
    app.command("analyze")(analyze_shop)
    app.command("report")(report)


def init(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    zone: Annotated[str, typer.Option(help="店铺时区，建好后不能再改")] = "Asia/Shanghai",
) -> None:
    """新建工作区。"""
    made = create_workspace(workspace, zone)
    console.print(f"工作区已就绪：{made.root}（时区 {made.zone}）", highlight=False)


def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="文件、目录或 zip")],
    shop: ShopOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会发生什么，不写入")] = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """导入导出文件；同一文件导入两次不会重复。"""
    result = run_import(create_workspace(workspace), paths, shop, dry_run=dry_run)
    show_import(result)
    if not result.files:
        raise BadInputError(
            "、".join(map(str, paths)),
            "里面没有可以导入的文件",
            "请给出从平台导出的表格或聊天记录（CSV、XLSX、XLS、ODS、JSON、Parquet、TXT 或 ZIP）",
        )
    if result.errors:
        for file in result.errors:
            errors.print(
                file.error, style="bold red", markup=False, highlight=False, soft_wrap=True
            )
        if len(result.errors) < len(result.files):
            errors.print("其余文件已照常导入。", highlight=False)
        raise typer.Exit(EXIT_BAD_INPUT)


def run_import(
    workspace: Workspace, paths: list[Path], shop: str | None, *, dry_run: bool = False
) -> ImportReport:
    """Import with a progress bar."""
    with working("导入") as progress:
        task = progress.task_ids[0]

        def show(step: Step) -> None:
            progress.update(
                task,
                description=step.text,
                total=None if step.share is None else 1.0,
                completed=step.share or 0.0,
                detail=step.detail,
            )

        return import_into(workspace, paths, shop, show, dry_run=dry_run)


def analyze_shop(
    from_: FromOption = None,
    to: ToOption = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """打标签、算指标、找卡点。"""
    show_findings(run_analysis(open_workspace(workspace), from_, to))


def run_analysis(workspace: Workspace, from_: str | None, to: str | None) -> "Document":
    """Analyse with a progress line."""
    period = window_of(open_engine(workspace), from_, to) if from_ or to else None
    with working("分析") as progress:
        task = progress.task_ids[0]
        return analyze_facts(
            workspace, period, lambda step: progress.update(task, description=step.text)
        )


def show_findings(document: "Document") -> None:
    """Print the findings, best first."""
    period = document["period"]
    console.print(f"[bold]{period['start']} 至 {period['end']}[/bold]", highlight=False)
    if not document["findings"]:
        comparisons = document["method"]["comparisons"]
        console.print(f"没有发现超出偶然的卡点（共比较 {comparisons:,} 处）。", highlight=False)
    for number, finding in enumerate(document["findings"][:SHOWN_FINDINGS], start=1):
        department = document["names"]["departments"].get(finding["department"], "")
        console.print(f"{number:>2}. [{department}] {finding['title']}", markup=False)
        impact = finding["impact"]
        since = f"，自 {finding['since']} 起" if finding["since"] else ""
        paid = f"，多付 {impact['cny']:,.0f} 元" if impact["cny"] else ""
        console.print(
            f"    影响 {impact['affected']:.0f} 人{paid}{since}",
            highlight=False,
        )
        for evidence in finding["evidence"][:2]:
            console.print(f"    「{evidence['quote']}」", markup=False, style="dim")
    left = len(document["findings"]) - SHOWN_FINDINGS
    if left > 0:
        console.print(f"另有 {left} 条，见报告。", highlight=False)


def report(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")],
    format_: Annotated[str, typer.Option("--format", help="html、json 或 xlsx")] = "html",
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """把最近一次分析写成一个文件。"""
    write_report(open_workspace(workspace), format_, out)
    console.print(f"报告已写到 {out}", highlight=False)


def write_report(workspace: Workspace, format_: str, out: Path) -> None:
    """Render the current run into one file.

    Raises:
        BadInputError: the format is unknown, or the target cannot be a file.
    """
    if format_ not in FORMATS:
        raise BadInputError("--format", f"不认识「{format_}」", f"可选：{'、'.join(FORMATS)}")
    if out.is_dir():
        raise BadInputError(str(out), "这是一个目录", "请给出文件名")
    from huisheng.app.analysis import latest
    from huisheng.app.report import render_html, render_json, render_xlsx

    document = latest(workspace)
    content = {
        "html": lambda: render_html(document).encode(),
        "json": lambda: render_json(document),
        "xlsx": lambda: render_xlsx(document),
    }[format_]()
    replace_bytes(out, content)
