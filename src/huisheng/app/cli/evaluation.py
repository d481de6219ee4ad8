"""`huisheng evaluate`: measure the labels on people's judgements, and keep what was measured."""

import getpass
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from huisheng.app.cli.console import (
    DEFAULT_WORKSPACE,
    ShopOption,
    WorkspaceOption,
    console,
    one_known_shop,
    show_table,
    working,
)
from huisheng.app.evaluation import Evaluation, evaluate, refuse_foreign, sample, write_rows
from huisheng.app.licences import Measurement, keep, licences
from huisheng.errors import BadInputError
from huisheng.lake import Engine, open_engine, open_workspace, replace_bytes
from huisheng.language import MODEL_VERSION, licence, taxonomy
from huisheng.metrics import Facts, shop_platforms

DEFAULT_SAMPLE = 400


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate_labels)


def evaluate_labels(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="人工标注的文件")] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="抽一份待标注的文件写到这里")
    ] = None,
    size: Annotated[int, typer.Option("--sample", help="抽多少条", min=1)] = DEFAULT_SAMPLE,
    head: Annotated[
        list[str] | None, typer.Option("--head", help="只为这一类标签抽，可写多次；默认全部")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="换一个数就换一批", min=0)] = 0,
    keep_it: Annotated[
        bool, typer.Option("--license", help="把测得的结果留作本店的判断许可")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="由谁留下，默认当前用户名")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="把结果写成 JSON")] = None,
    shop: ShopOption = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """用人工标注量一量标签有多准：精确率、召回率、一致性，够不够格评价一个人。"""
    if (file is None) == (template is None):
        raise BadInputError("参数", "要么给出标注文件，要么用 --template 抽样", "二者选一")
    if template is not None:
        _draw(template, workspace, shop, size, seed, _heads(head))
        return
    if file is not None:
        found = _measured(file, out)
        if keep_it:
            _keep(found, file, workspace, shop, by or _user())


def _heads(asked: list[str] | None) -> tuple[str, ...]:
    unknown = [head for head in asked or () if head not in licence.JUDGED]
    if unknown:
        named = "、".join(f"{head}（{licence.HEAD_NAMES[head]}）" for head in licence.JUDGED)
        raise BadInputError("--head", f"没有「{unknown[0]}」这一类标签", f"可选：{named}")
    return tuple(asked or licence.JUDGED)


def _draw(
    template: Path, workspace: Path, shop: str | None, size: int, seed: int, heads: tuple[str, ...]
) -> None:
    engine, shop = _opened(workspace, shop)
    with working("抽样"):
        rows = list(sample(engine, shop, size, seed, heads))
        write_rows(template, rows)
    console.print(
        f"已抽出 {len(rows)} 条，写到 {template}。"
        "请在「标注人」与各标签列填好，再运行 huisheng evaluate 这个文件。",
        highlight=False,
        markup=False,
    )


def _measured(file: Path, out: Path | None) -> Evaluation:
    found = evaluate(file)
    if out is not None:
        content = json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False, indent=2)
        replace_bytes(out, f"{content}\n".encode())
    _show(found)
    return found


def _keep(found: Evaluation, file: Path, workspace: Path, shop: str | None, by: str) -> None:
    engine, shop = _opened(workspace, shop)
    refuse_foreign(engine, shop, file, found.annotations)
    one = Measurement(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        by=by,
        model=MODEL_VERSION,
        texts=len(found.annotations.texts),
        people=found.people,
        labels=found.measured.labels,
    )
    opened = open_workspace(workspace)
    keep(opened, shop, one)
    granted = sum(one.granted for one in licences(opened, shop).every())
    console.print(
        f"已留下。店铺 {shop} 现在有 {granted} 个标签可以用来评价一个人。", highlight=False
    )


def _user() -> str:
    """Return who runs the command; an account without a name has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "命令行"


def _opened(workspace: Path, shop: str | None) -> tuple[Engine, str]:
    engine = open_engine(open_workspace(workspace))
    facts = Facts(engine)
    chosen = one_known_shop(facts, shop) or next(iter(shop_platforms(facts)), None)
    if chosen is None:
        raise BadInputError(str(workspace), "还没有店铺的数据", "请先运行 huisheng import")
    return engine, chosen


def _show(found: Evaluation) -> None:
    console.print(
        f"{len(found.annotations.texts)} 条文字，{found.people} 人标注；模型 {MODEL_VERSION}"
        + (f"；还有 {found.annotations.unjudged} 行没有标" if found.annotations.unjudged else ""),
        highlight=False,
    )
    show_table(_labels_table(found.measured.labels))
    for head in found.measured.heads:
        _show_head(head)


def _labels_table(labels: Iterable[licence.Licence]) -> Table:
    names = licence.label_names(taxonomy())
    table = Table("标签", "名称", "人工标出", "精确率", "召回率", "κ", "人与人 κ", "判断许可")
    for one in labels:
        measures = (one.precision, one.recall, one.kappa, one.among_people)
        told = ["未测" if some is None else str(some) for some in measures]
        granted = "有" if one.granted else f"无：{'；'.join(one.why)}"
        name = f"{licence.HEAD_NAMES[one.head]} {names[one.head].get(one.label, one.label)}"
        table.add_row(one.label, name, f"{one.n:g}", *told, granted)
    return table


def _show_head(head: licence.HeadMeasure) -> None:
    told = [f"{head.texts} 条"]
    if head.kappa:
        told.append(f"模型与人工 κ {head.kappa}")
    if head.doubly:
        told.append(f"{head.doubly} 条有多人标注")
    if head.among_people:
        told.append(f"人与人 κ {head.among_people}")
    if head.calibration_error is not None:
        told.append(f"校准误差 {head.calibration_error:.3f}")
    console.print(f"{licence.HEAD_NAMES[head.head]}：{'，'.join(told)}", highlight=False)
    if head.confusion:
        names = licence.label_names(taxonomy())[head.head]
        labels = list(head.confusion)
        table = Table("人工＼模型", *(names.get(label, label) for label in labels))
        for true, named in head.confusion.items():
            table.add_row(names.get(true, true), *(str(named[label]) for label in labels))
        show_table(table)
