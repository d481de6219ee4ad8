"""转人工率: of the conversations that a robot received, those that a human had to take over."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.relations.sessions import started_in
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation started in the window."""
    sessions = started_in(facts, window)
    kind = sessions.reception_type.fill_null("")
    reason = ibis.cases(
        (kind == "human", "human_only"),
        (~kind.isin(("robot", "mixed")), "reception_unknown"),
        else_=ibis.null("string"),
    )
    return sessions.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=sessions.conv_id,
        at=sessions.started_at,
        numerator=(kind == "mixed").cast("int64"),
        denominator=reason.isnull().cast("int64"),
        reason=reason,
    )


def _talk(
    conv: str, reception: str | None, at: str = "2026-08-01 10:00:00"
) -> dict[str, str | None]:
    return {"conv_id": conv, "reception_type": reception, "started_at": at}


METRIC = Metric(
    label="转人工率",
    question="机器人接待的会话里，有多少最后还是要人工？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    inputs=("conversations", "messages"),
    reasons={"human_only": "没有机器人参与", "reception_unknown": "不知道由谁接待"},
    versions=(Version("2022", "2022-07-01", "domain §1.5", cases),),
    proofs=(
        Proof(
            name="mixed over robot and mixed, by the conversation's start",
            rows={
                "conversations": (
                    _talk("a", "robot"),
                    _talk("b", "robot", "2026-08-01 00:00:00"),
                    _talk("c", "mixed", "2026-08-02 23:59:59"),
                    _talk("d", "human"),
                    _talk("e", None),
                    _talk("f", "mixed", "2026-08-03 00:00:00"),
                    _talk("g", "robot", "2026-07-31 23:59:59"),
                )
            },
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(
                numerator=1,
                denominator=3,
                value=1 / 3,
                excluded={"human_only": 1, "reception_unknown": 1},
                counted={"a": True, "c": True, "d": False},
            ),
        ),
        Proof(
            name="no robot, no rate",
            rows={"conversations": (_talk("d", "human"),)},
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
