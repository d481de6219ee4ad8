"""`huisheng verify`: did the fix work?"""

import json
from pathlib import Path
from typing import Annotated

import typer
import yaml

from huisheng.app.cli.console import DEFAULT_WORKSPACE, ShopOption, WorkspaceOption, console
from huisheng.errors import BadInputError
from huisheng.insight import parse_plan, verify
from huisheng.lake import open_engine, open_workspace
from huisheng.metrics import Facts

VERDICTS = {"worked": "有效", "not_worked": "无效", "inconclusive": "还不能下结论"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify_fix)


def verify_fix(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.yaml", help="验证计划")],
    format_: Annotated[str, typer.Option("--format", help="text 或 json")] = "text",
    shop: ShopOption = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """按事先写好的计划判断改进是否有效。"""
    declared = parse_plan(_read(plan))
    facts = Facts(open_engine(open_workspace(workspace)))
    verdict = verify(facts, declared, None, shop)
    if format_ == "json":
        typer.echo(json.dumps(verdict.as_json(), ensure_ascii=False, allow_nan=False))
        return
    console.print(
        f"[bold]{VERDICTS[verdict.verdict.value]}[/bold]：{verdict.reason}", highlight=False
    )


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        raise BadInputError(str(path), "没有这个计划文件", "请检查路径")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise BadInputError(str(path), f"不是有效的 YAML（{exc}）", "请检查缩进与冒号") from exc
    if not isinstance(content, dict):
        raise BadInputError(str(path), "计划应为若干「键: 值」", "请参照报告里给出的验证计划")
    return content
