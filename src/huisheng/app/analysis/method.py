"""Method notes: how the numbers were made, what they assume, and what could not be computed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from huisheng.app.assumptions import Choice
from huisheng.app.report.document import Method, MetricEntry
from huisheng.insight import CARE_CNY
from huisheng.language import MODEL_VERSION
from huisheng.metrics import all_assumptions, all_metrics
from huisheng.records import all_tables

NOTES = (
    "比率一律用分子之和除以分母之和，没有分母就没有数值，不会显示为 0。",
    "卡点按「暴露量」比较：投诉除以同一商品、快递、时段里的订单或会话，畅销品不会因为卖得多而排在前面。",
    "预期值取自同类目、同一周的其余订单或会话；商品之间本来就有的差异不算卡点。",
    "全部比较一起控制错误发现率不超过 5%；互相包含的分组只保留最能解释问题的一个。",
    "区间为 95%；每一句引用都逐字存在于所注明的记录中，由程序核对。",
    "文字在写入磁盘之前已经脱敏，买家只以不可逆的代号出现。",
)


def method(
    covered: list[dict[str, str | int | None]],
    entries: Iterable[MetricEntry],
    comparisons: int,
    chosen: Sequence[Choice] = (),
) -> Method:
    """Return the notes of one run."""
    held = {str(entry["table"]) for entry in covered}
    assumed = {one.id: one.value for one in chosen}
    valued = {entry["id"] for entry in entries if entry["value"] is not None}
    return {
        "notes": [
            *NOTES,
            f"排序时把「让一位买家少受一次烦扰」折算为 {CARE_CNY:g} 元，再加上多付的退款与补偿。",
        ],
        "metric_notes": [
            {
                "metric": name,
                "label": metric.label,
                "version": metric.versions[0].id,
                "unit": metric.unit.value,
                "source": metric.versions[0].source,
                "assumption": metric.told(metric.versions[0], assumed),
            }
            for name, metric in all_metrics().items()
        ],
        "coverage": covered,
        "model": {"version": MODEL_VERSION},
        "comparisons": comparisons,
        "assumptions": [_assumed(one) for one in chosen],
        "missing": [
            _missing(name, metric.label, metric.inputs, held)
            for name, metric in all_metrics().items()
            if name not in valued
        ],
    }


def _assumed(one: Choice) -> dict[str, str | int]:
    declared, metric_id, _ = all_assumptions()[one.id]
    return {
        **asdict(one),
        "metric": metric_id,
        "label": declared.label,
        "default": declared.default,
        "unit": declared.unit,
    }


def _missing(name: str, label: str, inputs: tuple[str, ...], held: set[str]) -> str:
    absent = [all_tables()[table].label for table in inputs if table not in held]
    why = f"缺少{'、'.join(absent)}" if absent else "期间内没有可以计入的记录（或缺少时间等字段）"
    return f"{label}（{name}）：{why}"
