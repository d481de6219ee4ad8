"""The workbook's sheets as plain tables, before any cell is written."""

from collections.abc import Iterator
from dataclasses import dataclass

from huisheng.app.report import phrases
from huisheng.app.report.amounts import count, days_between, limit, long_span
from huisheng.app.report.document import Card, Document, FindingEntry, MetricEntry
from huisheng.app.report.drawing import relative_change
from huisheng.app.report.labels import QUALITY, UNITS, Labels, platform_name, table_name
from huisheng.app.report.page import LicenceRow, build_page, licence_rows, quarantine
from huisheng.app.report.points import stuck_points

PLAIN, WHOLE, PERCENT, SMALL, MONEY, DECIMAL = "text", "whole", "percent", "small", "money", "dec"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with the number format it is shown in; None leaves the cell empty."""

    value: str | float | None
    format: str = PLAIN


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: lines above the table, headers with column widths in characters, rows."""

    name: str
    banner: tuple[str, ...]
    headers: tuple[tuple[str, float], ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return the six sheets of a report."""
    labels = Labels(document)
    return (
        _overview(document, labels),
        _points(document, labels),
        _evidence(document, labels),
        _metrics(document, labels),
        _rankings(document),
        _method(document, labels),
    )


def number_format(unit: str) -> str:
    """Return the format of a value in a metric's unit."""
    return {"share": PERCENT, "yuan": MONEY, "count": WHOLE}.get(unit, DECIMAL)


def _overview(document: Document, labels: Labels) -> Sheet:
    page = build_page(document)
    banner = (
        f"服务卡点报告：{'、'.join(page.shops)}",
        f"报告期 {page.period}　对比 {page.compared_with}　数据指纹 {page.data_hash_short}",
        page.lead.sentence,
    )
    headers = (
        ("店铺", 20.0), ("指标", 18.0), ("本期", 12.0), ("上期", 12.0), ("变化", 34.0),
        ("达标线", 10.0), ("是否到线", 10.0), ("离线多远", 40.0), ("分子", 13.0), ("分母", 12.0),
        ("单位", 8.0), ("数据", 10.0), ("假设", 44.0),
    )  # fmt: skip
    rows = tuple(_card(card, labels) for card in document["charts"]["cards"])
    return Sheet("概览", banner, headers, rows)


def _card(card: Card, labels: Labels) -> tuple[Cell, ...]:
    shown = number_format(card["unit"])
    line = card["threshold"]
    return (
        Cell(labels.shop(card["shop_id"])),
        Cell(card["label"]),
        Cell(card["value"], shown),
        Cell(card["before"], shown),
        Cell(phrases.change(card)),
        Cell("" if line is None else limit(line, card["unit"])),
        Cell({True: "到线", False: "没到线", None: ""}[phrases.met(card)]),
        Cell(phrases.headroom(card)),
        Cell(card["numerator"], _sum_format(card["unit"])),
        Cell(card["denominator"], WHOLE),
        Cell(UNITS.get(card["unit"], card["unit"])),
        Cell(QUALITY.get(card["quality"], card["quality"])),
        Cell(card["assumption"]),
    )


def _sum_format(unit: str) -> str:
    return {"share": WHOLE, "count": WHOLE, "yuan": MONEY}.get(unit, DECIMAL)


def _points(document: Document, labels: Labels) -> Sheet:
    headers = (
        ("名次", 6.0), ("卡点", 6.0), ("店铺", 18.0), ("标题", 46.0), ("责任部门", 12.0),
        ("位置", 32.0), ("问题", 22.0), ("实际", 10.0), ("应有", 10.0), ("一句话", 44.0),
        ("实际分子", 11.0), ("实际分母", 11.0), ("应有分子", 11.0), ("应有分母", 11.0),
        ("范围下端", 10.0), ("范围上端", 10.0), ("p", 11.0), ("q", 11.0), ("从何时起", 12.0),
        ("受影响人数", 11.0), ("可避免的损失（元）", 16.0), ("建议怎么做", 60.0),
        ("怎么知道治好了", 60.0), ("编号", 22.0),
    )  # fmt: skip
    points = {
        id(finding): point.rank
        for point in stuck_points(document["findings"])
        for finding in point.findings
    }
    rows = tuple(
        _finding(finding, rank, points[id(finding)], document, labels)
        for rank, finding in enumerate(document["findings"], start=1)
    )
    banner = (f"按该先治的顺序；一共比较了 {count(document['method']['comparisons'])} 组",)
    return Sheet("卡点", banner, headers, rows)


def _finding(
    finding: FindingEntry, rank: int, point: int, document: Document, labels: Labels
) -> tuple[Cell, ...]:
    scale = phrases.scale_of(finding, labels)
    is_metric = finding["problem"]["kind"] == "metric"
    shown = number_format(labels.unit(finding["problem"]["id"])) if is_metric else PERCENT
    observed, expected, period = finding["observed"], finding["expected"], document["period"]
    days = days_between(period["start"], period["end"])
    return (
        Cell(rank, WHOLE),
        Cell(point, WHOLE),
        Cell(labels.shop(finding["shop_id"])),
        Cell(finding["title"]),
        Cell(labels.department(finding["department"])),
        Cell(labels.place(finding)),
        Cell(labels.problem(finding)),
        Cell(observed["value"], shown),
        Cell(expected["value"], shown),
        Cell(phrases.comparison(finding, scale)),
        Cell(observed["numerator"], DECIMAL),
        Cell(observed["denominator"], DECIMAL),
        Cell(expected["numerator"], DECIMAL),
        Cell(expected["denominator"], DECIMAL),
        *(Cell(bound, shown) for bound in finding["interval"]),
        Cell(finding["p_value"], SMALL),
        Cell(finding["q_value"], SMALL),
        Cell(finding["since"] or ""),
        Cell(finding["impact"]["affected"], WHOLE),
        Cell(finding["impact"]["cny"] or None, MONEY),
        Cell(finding["strategy"]),
        Cell(phrases.verification(finding, scale, days)),
        Cell(finding["id"]),
    )


def _evidence(document: Document, labels: Labels) -> Sheet:
    headers = (
        ("名次", 6.0), ("标题", 46.0), ("店铺", 18.0), ("责任部门", 12.0), ("来源", 12.0),
        ("记录编号", 26.0), ("原话", 80.0), ("卡点编号", 22.0),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(rank, WHOLE),
            Cell(finding["title"]),
            Cell(labels.shop(finding["shop_id"])),
            Cell(labels.department(finding["department"])),
            Cell(table_name(evidence["table"])),
            Cell(evidence["id"]),
            Cell(evidence["quote"]),
            Cell(finding["id"]),
        )
        for rank, finding in enumerate(document["findings"], start=1)
        for evidence in finding["evidence"]
    )
    return Sheet("证据", ("买家原话，逐字出自所列记录（个人信息已遮盖）",), headers, rows)


def _metrics(document: Document, labels: Labels) -> Sheet:
    headers = (
        ("店铺", 20.0), ("平台", 8.0), ("指标", 20.0), ("细分", 20.0), ("版本", 10.0),
        ("值", 12.0), ("中位", 11.0), ("九成内", 11.0), ("分子", 13.0), ("分母", 12.0),
        ("单位", 8.0), ("从", 12.0), ("到", 12.0), ("数据", 10.0), ("没算进来的", 56.0),
        ("假设", 44.0), ("指标编号", 28.0),
    )  # fmt: skip
    rows = tuple(_metric(entry, labels) for entry in document["metrics"])
    return Sheet("指标", ("没有分母就没有值：空着不是 0",), headers, rows)


def _metric(entry: MetricEntry, labels: Labels) -> tuple[Cell, ...]:
    unit = labels.unit(entry["id"])
    shown = number_format(unit)
    excluded = (f"{labels.reason(why)} {count(n)}" for why, n in entry["excluded"].items())
    return (
        Cell(labels.shop(entry["shop_id"])),
        Cell(platform_name(entry["platform"])),
        Cell(labels.metric(entry["id"])),
        Cell(labels.group(entry.get("group", ""))),
        Cell(entry["version"]),
        Cell(entry["value"], shown),
        Cell(entry.get("p50"), shown),
        Cell(entry.get("p90"), shown),
        Cell(entry["numerator"], _sum_format(unit)),
        Cell(entry["denominator"], WHOLE),
        Cell(UNITS.get(unit, unit)),
        Cell(entry["window"]["start"]),
        Cell(entry["window"]["end"]),
        Cell(QUALITY.get(entry["quality"], entry["quality"])),
        Cell("；".join(excluded)),
        Cell(labels.beside(entry)),
        Cell(entry["id"]),
    )


def _rankings(document: Document) -> Sheet:
    headers = (
        ("排名", 12.0), ("名次", 6.0), ("名称", 26.0), ("本期", 11.0), ("上期", 11.0),
        ("较上期", 10.0), ("负面", 11.0), ("负面占比", 10.0), ("金额（元）", 14.0),
        ("金额占比", 10.0), ("编号", 18.0),
    )  # fmt: skip
    charts = document["charts"]
    ranked = tuple(
        (
            Cell(kind),
            Cell(rank, WHOLE),
            Cell(row["label"]),
            Cell(row["count"], WHOLE),
            Cell(row["before"], WHOLE),
            Cell(relative_change(row["count"], row["before"])),
            Cell(row["negative"], WHOLE),
            Cell(row["negative"] / row["count"] if row["count"] else None, PERCENT),
            Cell(None),
            Cell(None),
            Cell(row["id"]),
        )
        for kind, rows in (
            ("咨询场景", charts["scenes"]),
            ("评价方面", charts["aspects"]),
            ("退款原因", charts["refund_reasons"]),
        )
        for rank, row in enumerate(rows, start=1)
    )
    return Sheet("排名", ("数量、与上期比、其中负面",), headers, (*ranked, *_departments(document)))


def _departments(document: Document) -> Iterator[tuple[Cell, ...]]:
    for rank, share in enumerate(document["charts"]["departments"], start=1):
        yield (
            Cell("责任部门"),
            Cell(rank, WHOLE),
            Cell(share["label"]),
            Cell(share["affected"], WHOLE),
            *(Cell(None) for _ in range(4)),
            Cell(share["cny"] or None, MONEY),
            Cell(share["share"], PERCENT),
            Cell(share["department"]),
        )


def _method(document: Document, labels: Labels) -> Sheet:
    method = document["method"]
    rejected, reasons = quarantine(document)
    lines: list[tuple[str, str, str]] = [
        ("报告", "报告期", long_span(document["period"])),
        ("报告", "对比", long_span(document["compared_with"])),
        ("报告", "数据指纹", document["data_hash"]),
        ("报告", "比较组数", count(method["comparisons"])),
        *(("方法", "", note) for note in method["notes"]),
        *(("缺什么", "", line) for line in method["missing"]),
        ("隔离", "合计", f"{count(rejected)} 行"),
        *(("隔离", reason, f"{count(n)} 行") for reason, n in reasons.items()),
        *(("模型", name, value) for name, value in method["model"].items()),
        *(("版本", name, value) for name, value in document["versions"].items()),
        *(("判断有多准", row.name, _trust(row)) for row in licence_rows(document, labels)),
    ]
    for kind, rows in (("数据覆盖", method["coverage"]), ("指标口径", method["metric_notes"])):
        lines += [(kind, labels.row_name(row), labels.row_text(row)) for row in rows]
    headers = (("类别", 12.0), ("项目", 30.0), ("内容", 110.0))
    banner = ("「未提供」是没有导入，0 是导入了但没有记录",)
    return Sheet(
        "说明", banner, headers, tuple(tuple(Cell(text) for text in line) for line in lines)
    )


def _trust(row: LicenceRow) -> str:
    may = "可以评价某个人" if row.granted else f"只供参考，不能评价某个人（{row.why}）"
    measured = f"精确率 {row.precision}，召回率 {row.recall}，κ {row.kappa}"
    return f"{measured}；人工标出 {row.n} 条，量自{row.measured_on}；{may}"
