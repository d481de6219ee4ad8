"""实体: what `huisheng label --entities` finds in a sentence, by kind."""

from huisheng.language import all_entity_kinds
from huisheng.language.entities import Definition
from pages.markdown import code, page_of, table

SHOWN = 5


def page() -> str:
    """Return the page."""
    kinds = all_entity_kinds()
    return page_of(
        "实体",
        "`huisheng label --entities` 在每句话里找出下面这些，给出起止位置与换算后的值："
        "`low`、`high` 是数（单位见表），`value` 是别的值，时间给 `since`、`until`（当地时间，"
        "需要 `sent_at`）、精度 `precision` 和是否期限 `deadline`。承诺只在客服的话里找（`role`）。"
        "脱敏后的文字里订单号、运单号已遮住，不会再找到。自家所在的平台不是竞品，由看的人按编号剔除。",
        "例句都是自拟的，也是测试：「像而不是」的句子里一个也不许找到。",
        table(
            ("编号", "名称", "单位", "例子", "像而不是"),
            [_row(name, kind) for name, kind in kinds.items()],
        ),
    )


def _row(name: str, kind: Definition) -> tuple[str, ...]:
    unlike = (*kind.unlike_of_agents, *kind.unlike)
    return (
        code(name),
        kind.label,
        kind.unit or "—",
        "；".join(example.text for example in kind.examples[:SHOWN]),
        "；".join(unlike[:SHOWN]),
    )
