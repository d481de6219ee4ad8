"""`huisheng metrics`: the catalogue, values, and why a case is in or out."""

import dataclasses
import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from huisheng.app.assumptions import chosen
from huisheng.app.cli.console import (
    DEFAULT_WORKSPACE,
    JSON,
    TEXT,
    FormatOption,
    FromOption,
    ShopOption,
    ToOption,
    WorkspaceOption,
    console,
    day,
    known_shop,
    one_known_shop,
    show_table,
)
from huisheng.app.cli.wording import explained, headroom_sentence, shown
from huisheng.app.licences import licences
from huisheng.app.scoring import metric_notice
from huisheng.app.shops import one_shop
from huisheng.errors import BadInputError
from huisheng.lake import Engine, open_engine, open_workspace
from huisheng.metrics import (
    Facts,
    Metric,
    MetricValue,
    Unit,
    Window,
    all_metrics,
    explain,
    find,
    headroom,
    query,
)

app = typer.Typer(no_args_is_help=True, help="指标：目录、数值、逐条解释、距离达标还差多少。")

MetricArgument = Annotated[str, typer.Argument(metavar="ID", help="指标编号，可带 @版本")]


@app.command("list")
def list_metrics(format_: FormatOption = TEXT) -> None:
    """列出全部指标。"""
    if format_ == JSON:
        _print_json([_described(name, metric) for name, metric in all_metrics().items()])
        return
    table = Table("编号", "名称", "问题", "版本")
    for name, metric in all_metrics().items():
        table.add_row(name, metric.label, metric.question, "、".join(v.id for v in metric.versions))
    show_table(table)


@app.command()
def show(metric_id: MetricArgument, format_: FormatOption = TEXT) -> None:
    """说明一个指标：口径、排除、版本、假设。"""
    name, metric, _ = find(metric_id)
    described = _described(name, metric)
    if format_ == JSON:
        _print_json(described)
        return
    console.print(f"[bold]{metric.label}[/bold]（{name}）", highlight=False)
    console.print(metric.question, highlight=False)
    for version in metric.versions:
        console.print(f"版本 {version.id}，自 {version.effective_from}，来源：{version.source}")
        if version.assumption:
            console.print(f"  假设：{version.assumption}", highlight=False)
    for reason, sentence in metric.reasons.items():
        console.print(f"  排除 {reason}：{sentence}", highlight=False)


@app.command("query")
def query_metric(
    metric_id: MetricArgument,
    from_: FromOption = None,
    to: ToOption = None,
    by: Annotated[str | None, typer.Option("--by", help="拆分维度")] = None,
    format_: FormatOption = TEXT,
    shop: ShopOption = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """计算一个指标。"""
    engine = _engine(workspace)
    facts = _facts(engine, workspace)
    shop = known_shop(facts, shop)
    values = query(facts, metric_id, window_of(engine, from_, to), by)
    values = [value for value in values if shop in (None, value.shop_id)]
    _, metric, _ = find(metric_id)
    opened = open_workspace(workspace)
    notices = {
        shop_id: metric_notice(metric, by, licences(opened, shop_id))
        for shop_id in dict.fromkeys(value.shop_id for value in values)
    }
    if format_ == JSON:
        _print_json([_with_dimension(value, by, notices[value.shop_id]) for value in values])
        return
    table = Table("店铺", *([by] if by else []), metric.label, "分子", "分母", "质量", "排除")
    for value in values:
        excluded = "；".join(f"{metric.reasons.get(r, r)} {n}" for r, n in value.excluded.items())
        group = [value.group or ""] if by else []
        table.add_row(
            value.shop_id, *group, shown(value.value, metric.unit), f"{value.numerator:g}",
            str(value.denominator), value.quality, excluded,
        )  # fmt: skip
    show_table(table)
    for notice in dict.fromkeys(filter(None, notices.values())):
        console.print(notice, markup=False, highlight=False, soft_wrap=True)


@app.command("explain")
def explain_case(
    metric_id: MetricArgument,
    case: Annotated[str, typer.Argument(metavar="CASE", help="订单号、退款编号、会话编号等")],
    from_: FromOption = None,
    to: ToOption = None,
    format_: FormatOption = JSON,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """说明一笔订单或一个案例为什么计入或不计入。"""
    engine = _engine(workspace)
    window = window_of(engine, from_, to) if from_ or to else None
    found = explained(explain(_facts(engine, workspace), metric_id, case, window), engine.offset_us)
    if format_ == JSON:
        _print_json(dataclasses.asdict(found))
        return
    console.print(found.sentence, markup=False, highlight=False, soft_wrap=True)
    for name, value in found.facts.items():
        if value is not None:
            console.print(f"  {name}：{value}", markup=False, highlight=False, soft_wrap=True)


@app.command("headroom")
def headroom_of(
    metric_id: MetricArgument,
    threshold: Annotated[float | None, typer.Option(help="门槛，默认取指标自带的")] = None,
    from_: FromOption = None,
    to: ToOption = None,
    shop: ShopOption = None,
    format_: FormatOption = JSON,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """还差多少个满意（或少多少个不满意）就达标。"""
    engine = _engine(workspace)
    name, metric, _ = find(metric_id)
    line = _threshold(name, metric, threshold)
    window = window_of(engine, from_, to)
    facts = _facts(engine, workspace)
    value = one_shop(query(facts, metric_id, window), one_known_shop(facts, shop))
    room = headroom(int(value.numerator), value.denominator, Fraction(str(line)), metric.better)
    if format_ == TEXT:
        console.print(headroom_sentence(metric, value, line, room), highlight=False, soft_wrap=True)
        return
    _print_json(
        {
            "value": value.value,
            "threshold": line,
            "more_good": room.more_good,
            "fewer_bad": room.fewer_bad,
            "slack": room.slack,
            "by": window.end.isoformat(),
            "shop_id": value.shop_id,
            "numerator": value.numerator,
            "denominator": value.denominator,
        }
    )


def _threshold(name: str, metric: Metric, asked: float | None) -> float:
    line = metric.threshold if asked is None else asked
    if metric.unit is not Unit.SHARE:
        raise BadInputError(f"指标 {name}", "不是比率，没有差多少个的说法", "请换一个比率指标")
    if line is None:
        raise BadInputError(f"指标 {name}", "没有自带门槛", "请用 --threshold 给出 0 到 1 的数")
    if not 0 <= line <= 1:
        raise BadInputError("--threshold", f"{line:g} 不在 0 到 1 之间", "95% 请写成 0.95")
    return line


def window_of(engine: Engine, from_: str | None, to: str | None) -> Window:
    """Return the window two options name; what is missing comes from the data.

    Raises:
        BadInputError: an option is no date, the end lies before the start, or there is no data.
    """
    start, end = day(from_, "--from"), day(to, "--to")
    if start is None or end is None:
        from huisheng.app.analysis import data_span, default_period

        period = default_period(data_span(engine))
        start, end = start or period.start, end or period.end
    if end < start:
        raise BadInputError("--to", f"{end} 早于 {start}", "请把结束日期改到开始日期之后")
    return Window(start, end, engine.offset_us)


def _engine(workspace: Path) -> Engine:
    return open_engine(open_workspace(workspace))


def _facts(engine: Engine, workspace: Path) -> Facts:
    return Facts(engine, assumptions=chosen(open_workspace(workspace)))


def _with_dimension(value: MetricValue, by: str | None, notice: str) -> dict[str, object]:
    from huisheng.app.analysis import metric_entry

    entry: dict[str, object] = {**metric_entry(value)}
    if by is not None:
        entry[by] = value.group
    if notice:
        entry["notice"] = notice
    return entry


def _described(name: str, metric: Metric) -> dict[str, object]:
    return {
        "id": name,
        "label": metric.label,
        "question": metric.question,
        "unit": metric.unit.value,
        "better": metric.better.value,
        "threshold": metric.threshold,
        "inputs": list(metric.inputs),
        "reasons": dict(metric.reasons),
        "versions": [
            {
                "id": version.id,
                "effective_from": version.effective_from,
                "source": version.source,
                "assumption": version.assumption,
            }
            for version in metric.versions
        ],
    }


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
