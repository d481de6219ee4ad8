"""判断许可: what ships measured, label by label."""

from huisheng.language import licence, taxonomy
from huisheng.language.licence.granting import (
    LEAST_CASES,
    LEAST_KAPPA,
    LEAST_PRECISION,
    LEAST_RECALL,
)
from pages.markdown import code, page_of, table


def page() -> str:
    """Return the page."""
    names = licence.label_names(taxonomy())
    holding = licence.Licences()
    sections: list[str] = []
    for head in licence.HEADS:
        rows = [_row(name, holding.of(head, label)) for label, name in names[head].items()]
        headers = ("编号", "名称", "人工标出", "精确率", "召回率", "κ", "量自", "许可")
        sections += [f"## {licence.HEAD_NAMES[head]}", table(headers, rows)]
    return page_of(
        "判断许可",
        "随产品带的测量。有许可的标签才可以用来评价某个人，其余只供参考；"
        "店里可以自己量，见[手册](../manual/判断许可.md)。",
        f"限度：精确率下限 {LEAST_PRECISION:.2f}，召回率下限 {LEAST_RECALL:.2f}，"
        f"模型与人工各标出至少 {LEAST_CASES} 条，κ 至少 {LEAST_KAPPA:.2f}。",
        *sections,
    )


def _row(name: str, one: licence.Licence) -> tuple[str, ...]:
    measures = (one.precision, one.recall, one.kappa)
    return (
        code(one.label),
        name,
        f"{one.n:g}",
        *("未测" if some is None else str(some) for some in measures),
        licence.ORIGINS[one.origin],
        "有" if one.granted else "无",
    )
