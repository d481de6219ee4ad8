"""指标: what each metric asks, counts and leaves out, and its worked examples."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import yaml

from huisheng.metrics import DIMENSIONS, Better, Metric, Rollup, Unit, Window, all_metrics
from huisheng.metrics.definition import Expected, Proof, Version
from huisheng.metrics.dimensions import available
from huisheng.records import all_tables
from pages.empty_shop import WatchedFacts
from pages.examples import given
from pages.markdown import bullets, code, page_of, table

UNITS = {
    Unit.SHARE: "比率（0 到 1，显示为百分比）",
    Unit.SECONDS: "秒",
    Unit.HOURS: "小时",
    Unit.YUAN: "元",
    Unit.COUNT: "次数",
    Unit.SCORE: "分",
}
SUFFIXES = {Unit.SECONDS: " 秒", Unit.HOURS: " 小时", Unit.YUAN: " 元", Unit.SCORE: " 分"}
DIRECTIONS = {
    Better.HIGHER: "越高越好",
    Better.LOWER: "越低越好",
    Better.NEITHER: "没有好坏之分",
}
ROLLUPS = {
    Rollup.RATIO: "分子之和除以分母之和",
    Rollup.MEAN: "案例的平均值，并给出中位数与第 90 百分位",
    Rollup.SUM: "案例之和",
    Rollup.PEAK: "一天二十四个小时里最大的一个",
}
QUALITIES = (
    ("ok", "数据完整"),
    ("low_sample", "分母低于最小样本，数值只供参考"),
    ("partial_input", "有案例依赖假设，见该版本的「假设」"),
    ("no_data", "没有分母，因此没有数值；不会显示为 0"),
)
PLATFORMS = {"douyin": "抖音", "pdd": "拼多多", "jd": "京东", "taobao": "淘宝", "tmall": "天猫"}
SAMPLE_DAYS = (date(2026, 8, 1), date(2026, 8, 31))
SOURCES = Path(__file__).parents[1] / "sources.yaml"
TAG = re.compile(r"(?:domain|FM|[SWGLM])(?=[\d ])(?:\d+)?")
LETTERS = ("G", "FM", "domain", "L", "M")


def page(facts: WatchedFacts) -> str:
    """Return the page; `facts` need no rows."""
    metrics = all_metrics()
    described = [_metric(name, metric, facts) for name, metric in metrics.items()]
    overview = table(
        ("编号", "名称", "单位", "方向", "门槛"),
        [
            (
                f"[{name}](#{name})",
                metric.label,
                UNITS[metric.unit].split("（")[0],
                DIRECTIONS[metric.better],
                _threshold(metric),
            )
            for name, metric in metrics.items()
        ],
    )
    return page_of(
        "指标",
        f"共 {len(metrics)} 个指标。每个指标只有一处定义：数值、剔除数与逐笔解释都出自同一批案例。"
        "`huisheng metrics show 编号` 给出同样的内容，`huisheng metrics query 编号` 计算它，"
        "`huisheng metrics explain 编号 案例` 说明一笔为什么计入或不计入。"
        "查询旧口径时写 `编号@版本`。",
        "## 数值的质量",
        table(("质量", "意思"), [(code(name), meaning) for name, meaning in QUALITIES]),
        "## 一览",
        overview,
        *described,
        "## 来源",
        "指标的「来源」写的是下列代号，冒号后是行号或小节。",
        _sources(metrics),
    )


def _metric(name: str, metric: Metric, facts: WatchedFacts) -> str:
    window = Window(*SAMPLE_DAYS, facts.offset_us)
    facts.take_asked()
    dimensions = available([each.cases(facts, window) for each in metric.versions][0])
    rows = [
        ("单位", UNITS[metric.unit]),
        ("方向", DIRECTIONS[metric.better]),
        ("汇总", ROLLUPS[metric.rollup]),
        ("门槛", _threshold(metric)),
        ("最小样本", _sample(metric)),
        ("平台", "、".join(PLATFORMS[name] for name in metric.platforms) or "全部"),
        ("用到的表", _inputs(metric)),
        ("用到的关系", "、".join(f"[{r}](relations.md#{r})" for r in facts.take_asked()) or "无"),
        ("可拆分维度", "、".join(f"{code(d)} {DIMENSIONS[d][0]}" for d in dimensions)),
    ]
    parts = (
        f"## {name}",
        f"**{metric.label}**：{metric.question}",
        table(("项目", "内容"), rows),
        "口径：",
        bullets(_version(version) for version in metric.versions),
        "不计入的案例：" if metric.reasons else "",
        bullets(f"{code(reason)} {sentence}" for reason, sentence in metric.reasons.items()),
        "算例：",
        "\n".join(_proof(number, metric, proof) for number, proof in enumerate(metric.proofs, 1)),
    )
    return "\n\n".join(part for part in parts if part)


def _threshold(metric: Metric) -> str:
    return "无" if metric.threshold is None else _value(metric.threshold, metric.unit)


def _sample(metric: Metric) -> str:
    by_product = metric.product_min_sample
    extra = f"；按商品拆分时，分母低于 {by_product} 的不评估" if by_product else ""
    return f"{metric.min_sample}{extra}"


def _inputs(metric: Metric) -> str:
    tables = all_tables()
    return "、".join(f"[{tables[name].label}](tables.md#{name})" for name in metric.inputs)


def _version(version: Version) -> str:
    assumed = f"假设：{version.assumption}。" if version.assumption else "没有附加假设。"
    return (
        f"{code(version.id)}，自 {version.effective_from} 起生效，来源 {version.source}。{assumed}"
    )


def _proof(number: int, metric: Metric, proof: Proof) -> str:
    version = proof.version or metric.versions[0].id
    start, end = proof.window
    lines = [
        f"{number}. 日期 {start} 至 {end}，口径 {code(version)}。",
        *(f"   - 给出 {sentence}" for sentence in given(proof.rows)),
        f"   - 算出 {_expected(metric, proof.expect)}",
    ]
    return "\n".join(lines)


def _expected(metric: Metric, expect: Expected) -> str:
    return "；".join(_expectations(metric, expect)) + "。"


def _expectations(metric: Metric, expect: Expected) -> Iterator[str]:
    if expect.numerator is not None:
        yield f"分子 {expect.numerator:.6g}"
    if expect.denominator is not None:
        yield f"分母 {expect.denominator}"
    if expect.value is not None:
        yield f"数值 {_value(expect.value, metric.unit)}"
    if expect.no_value:
        yield "没有数值"
    if expect.quality is not None:
        yield f"质量 {code(expect.quality)}"
    for reason, count in (expect.excluded or {}).items():
        yield f"不计 {count} 例：{metric.reasons.get(reason, reason)}"
    for case, counted in expect.counted.items():
        yield f"{code(case)} {'计入' if counted else '不计入'}"


def _value(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{value * 100:.4g}%"
    return f"{value:.6g}{SUFFIXES.get(unit, '')}"


def _sources(metrics: Mapping[str, Metric]) -> str:
    known = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))
    cited = {
        _key(match.strip())
        for metric in metrics.values()
        for version in metric.versions
        for match in TAG.findall(_spelled_out(version.source))
    }
    return bullets(f"{code(tag)} {known[tag]}" for tag in sorted(cited, key=_natural))


def _spelled_out(source: str) -> str:
    """Return a source with ranges written out: W2–W4 is W2 W3 W4."""
    return re.sub(
        r"W(\d+)–W(\d+)",
        lambda m: " ".join(f"W{n}" for n in range(int(m[1]), int(m[2]) + 1)),
        source,
    )


def _key(tag: str) -> str:
    return next((letter for letter in LETTERS if tag.startswith(letter)), tag)


def _natural(tag: str) -> tuple[str, int]:
    letters = tag.rstrip("0123456789")
    return letters, int(tag[len(letters) :] or 0)
