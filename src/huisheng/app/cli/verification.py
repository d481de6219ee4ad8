"""`huisheng verify`: did the fix work?"""

import json
from pathlib import Path
from typing import Annotated

import typer
import yaml

from huisheng.app.assumptions import chosen
from huisheng.app.cli.console import (
    DEFAULT_WORKSPACE,
    JSON,
    TEXT,
    FormatOption,
    ShopOption,
    WorkspaceOption,
    console,
    one_known_shop,
)
from huisheng.errors import BadInputError
from huisheng.lake import open_engine, open_workspace
from huisheng.metrics import Facts

ENTRY = "#"
SHOWN_ENTRIES = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify_fix)


def verify_fix(
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN.yaml", help="验证计划；分析给出的计划写成 runs/plans.json#编号"
        ),
    ],
    fix_date: Annotated[
        str | None, typer.Option("--fix-date", help="从哪天起改进生效，补上计划里没有写的日期")
    ] = None,
    format_: FormatOption = TEXT,
    shop: ShopOption = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """按事先写好的计划判断改进是否有效。"""
    from huisheng.insight import parse_plan, verify

    written = _read(plan, workspace)
    if fix_date is not None:
        written = {**written, "fix_date": fix_date}
    elif written.get("fix_date", "") is None:
        raise BadInputError(
            plan, "还没有写改进从哪天起生效", "请用 --fix-date 2026-08-20 的样子给出"
        )
    declared = parse_plan(written)
    facts = _facts(workspace)
    verdict = verify(facts, declared, None, one_known_shop(facts, shop))
    if format_ == JSON:
        typer.echo(json.dumps(verdict.as_json(), ensure_ascii=False, allow_nan=False))
        return
    # The reason begins with the verdict.
    console.print(verdict.reason, markup=False, highlight=False, soft_wrap=True)


def _facts(root: Path) -> Facts:
    workspace = open_workspace(root)
    return Facts(open_engine(workspace), assumptions=chosen(workspace))


def _read(plan: str, workspace: Path) -> dict[str, object]:
    """Return a plan's content: a file's, or that of one entry of a file that lists several."""
    whole = _found(Path(plan), workspace)
    name, mark, entry = (plan, "", "") if whole else plan.rpartition(ENTRY)
    path = whole or (_found(Path(name), workspace) if mark else None)
    if path is None:
        raise BadInputError(name or plan, "没有这个计划文件", "请检查路径")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise BadInputError(str(path), f"不是有效的 YAML（{exc}）", "请检查缩进与冒号") from exc
    if isinstance(content, list):
        return _entry(name, content, entry)
    if not isinstance(content, dict):
        raise BadInputError(str(path), "计划应为若干「键: 值」", "请参照报告里给出的验证计划")
    return content


def _found(path: Path, workspace: Path) -> Path | None:
    return next((each for each in (path, workspace / path) if each.is_file()), None)


def _entry(file: str, plans: list[dict[str, object]], wanted: str) -> dict[str, object]:
    """Return the plan of one finding out of the plans that an analysis suggests."""
    for plan in plans:
        if wanted and plan.get("cause") == wanted:
            return plan
    listed = [f"{plan.get('cause')}（{plan.get('name')}）" for plan in plans[:SHOWN_ENTRIES]]
    problem = f"里没有编号为「{wanted}」的计划" if wanted else "里有多份计划"
    raise BadInputError(
        file, problem, f"请写成 {file}{ENTRY}编号，编号可以是：{'、'.join(listed) or '（还没有）'}"
    )
