"""May a number score a person? Only where every label it rests on has a judge licence."""

from collections.abc import Iterable, Mapping

from huisheng.app.licences import FOR_INFORMATION
from huisheng.language import licence, taxonomy
from huisheng.metrics import Metric

PERSON = "agent_id"
"""The dimension whose groups are people."""

Labels = Mapping[str, Iterable[str]]
"""Labels by head; none named means all of the head."""


def metric_notice(metric: Metric, by: str | None, holding: licence.Licences) -> str:
    """Return what must stand beside a metric that is broken down; nothing where it may score."""
    return notice(metric.labels, holding) if by == PERSON else ""


def notice(labels: Labels, holding: licence.Licences) -> str:
    """Return what must stand beside a judgement of a person; nothing where all have a licence."""
    names = licence.label_names(taxonomy())
    refused = [
        f"{licence.HEAD_NAMES.get(head, '')}「{names.get(head, {}).get(label, label)}」"
        for head, wanted in labels.items()
        for label in (list(wanted) or names[head])
        if not holding.of(head, label).granted
    ]
    if not refused:
        return ""
    told = "、".join(refused[:4]) + (f" 等 {len(refused)} 个" if len(refused) > 4 else "")
    return (
        f"{FOR_INFORMATION}：{told}还没有判断许可，"
        "可用 huisheng evaluate 抽样标注，在本店量过再定。"
    )
