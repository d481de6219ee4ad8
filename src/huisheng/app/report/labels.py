"""Chinese names for the ids in a document; an id without a name stands for itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from huisheng.app.report.document import Document, FindingEntry, MetricEntry
from huisheng.records import all_tables

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
QUALITY = {
    "ok": "数据完整",
    "low_sample": "样本偏少",
    "partial_input": "输入不全",
    "no_data": "无数据",
}
PLATFORMS = {
    "taobao": "淘宝",
    "tmall": "天猫",
    "jd": "京东",
    "pdd": "拼多多",
    "douyin": "抖音",
    "kuaishou": "快手",
}
UNITS = {
    "share": "比率",
    "seconds": "秒",
    "hours": "小时",
    "yuan": "元",
    "count": "个",
    "score": "分",
}
COLUMNS = {
    "shop_id": "店铺",
    "table": "数据表",
    "metric": "指标",
    "id": "编号",
    "label": "名称",
    "rows": "行数",
    "start": "从",
    "end": "到",
    "days": "有数据的天数",
    "missing_days": "缺的天数",
    "version": "版本",
    "source": "依据",
    "assumption": "假设",
    "note": "说明",
    "unit": "单位",
    "question": "回答的问题",
    "status": "状态",
    "reason": "原因",
    "platform": "平台",
    "effective_from": "生效日",
}
_PROBLEMS = {
    "aspect": "抱怨",
    "scene": "咨询",
    "refund_reason": "退款原因",
    "metric": "指标",
    "step": "环节",
}
_VOLUMES = {"questions": "买家提问", "ratings": "服务评价"}
WHOLE_SHOP = "全店"


@dataclass(frozen=True, slots=True)
class Labels:
    """Looks up the names of one document."""

    document: Document

    def shop(self, shop_id: str) -> str:
        """Return a shop's name."""
        return self.document["names"]["shops"].get(shop_id, shop_id)

    def metric(self, metric_id: str) -> str:
        """Return a metric's name."""
        return self.document["names"]["metrics"].get(metric_id, metric_id)

    def unit(self, metric_id: str) -> str:
        """Return a metric's unit as its card or its note names it; empty where neither does."""
        for card in self.document["charts"]["cards"]:
            if card["metric"] == metric_id:
                return card["unit"]
        return self._noted(metric_id, "unit")

    def assumption(self, metric_id: str) -> str:
        """Return what a metric's version assumes."""
        return self._noted(metric_id, "assumption")

    def beside(self, entry: MetricEntry) -> str:
        """Return what a reader of this number must know: what it rests on, what was changed."""
        changed = self.document["method"].get("assumptions", [])
        is_changed = any(one["metric"] == entry["id"] for one in changed)
        told = is_changed or entry["quality"] == "partial_input"
        return self.assumption(entry["id"]) if told else ""

    def group(self, group: str) -> str:
        """Return the name of a product or an agent that a metric is broken down by."""
        names = self.document["names"]
        return names["products"].get(group, names["agents"].get(group, group))

    def department(self, department: str) -> str:
        """Return a department's name."""
        return self.document["names"]["departments"].get(department, department)

    def reason(self, reason: str) -> str:
        """Return why a case was left out, in Chinese."""
        return self.document["names"]["reasons"].get(reason, reason)

    def problem(self, finding: FindingEntry) -> str:
        """Return `抱怨：产品质量`."""
        kind, id_ = finding["problem"]["kind"], finding["problem"]["id"]
        names = self.document["names"]
        known: Mapping[str, Mapping[str, str]] = {
            "aspect": names["aspects"],
            "scene": names["scenes"],
            "metric": names["metrics"],
            # Runs made before steps had names are still shown.
            "step": names.get("steps", {}),
            "refund_reason": {r["id"]: r["label"] for r in self._refund_reasons()},
        }
        return f"{_PROBLEMS.get(kind, kind)}：{known.get(kind, {}).get(id_, id_)}"

    def where(self, finding: FindingEntry) -> list[tuple[str, str]]:
        """Return the segment as (dimension, value) names; empty for the whole shop."""
        dimensions = self.document["names"]["dimensions"]
        return [
            (dimensions.get(dimension, dimension), self.member(dimension, value))
            for dimension, value in finding["segment"].items()
        ]

    def place(self, finding: FindingEntry) -> str:
        """Return the segment in one line: `商品 云感记忆棉枕 · 省份 新疆`."""
        return " · ".join(f"{d} {v}" for d, v in self.where(finding)) or WHOLE_SHOP

    def member(self, dimension: str, value: str) -> str:
        """Return the name of one value of a dimension."""
        names = self.document["names"]
        if dimension == "hour" and value.isdecimal():
            return f"{int(value)}:00–{int(value) + 1}:00"
        known: Mapping[str, Mapping[str, str]] = {
            "product_id": names["products"],
            "agent_id": names["agents"],
            # Runs made before steps had names are still shown.
            "step": names.get("steps", {}),
        }
        return known.get(dimension, {}).get(value, value)

    def cell(self, column: str, value: str | int | None) -> str:
        """Return one cell of a free-form table; a missing value is said in words."""
        if value is None:
            return "未提供" if column == "rows" else "—"
        text = f"{value:,}" if isinstance(value, int) else value
        known: Mapping[str, Mapping[str, str]] = {
            "shop_id": self.document["names"]["shops"],
            "metric": self.document["names"]["metrics"],
            "id": self.document["names"]["metrics"],
            "table": {text: table_name(text)},
            "unit": UNITS,
            "platform": PLATFORMS,
        }
        return known.get(column, {}).get(text, text)

    def row_name(self, row: Mapping[str, str | int | None]) -> str:
        """Return what a row of a free-form table is about: its shop, table or metric."""
        about = [key for key in ("shop_id", "table", "metric", "id") if row.get(key) is not None]
        return " · ".join(self.cell(key, row[key]) for key in about)

    def row_text(self, row: Mapping[str, str | int | None]) -> str:
        """Return the rest of such a row: `行数 1,204；从 2026-07-01`."""
        rest = [key for key in row if key not in ("shop_id", "table", "metric", "id")]
        pairs = (f"{COLUMNS.get(key, key)} {self.cell(key, row[key])}" for key in rest)
        return "；".join(pair for pair in pairs if not pair.endswith(" "))

    def _noted(self, metric_id: str, key: str) -> str:
        for note in self.document["method"]["metric_notes"]:
            if note.get("metric", note.get("id")) == metric_id and note.get(key):
                return note[key]
        return ""

    def _refund_reasons(self) -> list[Mapping[str, str]]:
        return [
            {"id": row["id"], "label": row["label"]}
            for row in self.document["charts"]["refund_reasons"]
        ]


def table_name(table: str) -> str:
    """Return a canonical table's Chinese name, or the word itself."""
    tables = all_tables()
    return tables[table].label if table in tables else _VOLUMES.get(table, table)


def platform_name(platform: str | None) -> str:
    """Return a platform's Chinese name."""
    return "" if platform is None else PLATFORMS.get(platform, platform)
