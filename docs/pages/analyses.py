"""卡点分析: what is searched, along which dimensions, who owns it and what is advised."""

from collections.abc import Mapping

from huisheng.insight import CARE_CNY, all_analyses, step_name, steps
from huisheng.insight.analyses import service_metrics
from huisheng.insight.exposure import Cut, Exposure
from huisheng.insight.owners import owners
from huisheng.language import taxonomy
from huisheng.metrics import DIMENSIONS, Facts, Window, all_metrics
from pages.markdown import bullets, code, page_of, table
from pages.metrics import SAMPLE_DAYS

DIMENSION_NAMES = {**{name: label for name, (label, _) in DIMENSIONS.items()}, "step": "步骤"}


def page(facts: Facts) -> str:
    """Return the page; `facts` need no rows."""
    window = Window(*SAMPLE_DAYS, facts.offset_us)
    problems = {kind: frozenset[str]() for kind in ("aspect", "scene", "metric")}
    described = [
        _analysis(name, each.label, each.expose(facts, window, problems))
        for name, each in all_analyses().items()
    ]
    return page_of(
        "卡点分析",
        "卡点是「某处的某个问题比同类多」：在暴露量（订单、会话、指标案例、工单步骤）里数出有问题的，"
        "与同类、同一周的其余部分相比，全部比较一起把错误发现率控制在 5% 以内。"
        "成为卡点还要达到预期的 1.5 倍，并且至少多出 4 例。"
        f"排序按可以避免的损失：多出来的人数乘以问题的权重，再乘 {CARE_CNY:g} 元，"
        "加上多付的退款与补偿。",
        *described,
        "## 谁负责",
        _owners(),
        "## 工单步骤的时限",
        "下列时限是本系统的建议；没有列出的步骤按 24 小时。",
        _steps(),
    )


def _analysis(name: str, label: str, exposures: tuple[Exposure, ...]) -> str:
    # An analysis of metrics has one exposure per shop and metric, so none in an empty workspace.
    units = [each.unit_label for each in exposures] or ["个指标案例"]
    cuts = [cut for each in exposures for cut in each.cuts] or list(service_metrics.CUTS)
    unit = "、".join(dict.fromkeys(units))
    return "\n\n".join(
        (
            f"## {name}",
            f"**{label}**：每一{unit}算一个单位，数其中有问题的。",
            bullets(dict.fromkeys(map(_cut, cuts))),
        )
    )


def _cut(cut: Cut) -> str:
    where = " × ".join(DIMENSION_NAMES[name] for name in cut.dimensions)
    within = (
        f"与同一{DIMENSION_NAMES[cut.within]}、同一周的其余部分比"
        if cut.within
        else "与同一周的其余部分比"
    )
    alone = "；没有同类就不比" if cut.strict else ""
    return f"按{where}，{within}{alone}"


def _owners() -> str:
    words = taxonomy()
    book = owners()
    labels: Mapping[str, Mapping[str, str]] = {
        "scene": {name: each.label for name, each in words.scenes.items()},
        "metric": {name: each.label for name, each in all_metrics().items()},
    }
    rows = [
        (
            kind,
            code(name),
            labels[key][name],
            words.departments[str(entry["department"])].label,
            str(entry["weight"]),
        )
        for key, kind in (("scene", "场景"), ("metric", "指标"))
        for name, entry in book[key].items()
    ]
    rows += [
        (
            "方面",
            code(name),
            each.label,
            words.departments[each.department].label,
            str(book["aspect"].get(name, {}).get("weight", 1)),
        )
        for name, each in words.aspects.items()
    ]
    return table(("类别", "编号", "名称", "责任部门", "权重"), rows)


def _steps() -> str:
    departments = taxonomy().departments
    return table(
        ("编号", "步骤", "小时", "责任部门"),
        [
            (code(id_), step_name(id_), f"{step.hours:g}", departments[step.department].label)
            for id_, step in steps().items()
        ],
    )
