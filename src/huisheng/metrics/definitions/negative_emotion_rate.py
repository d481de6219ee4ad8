"""情绪异常会话率: conversations in which the buyer grew impatient, complained or raged (S1:181)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.relations.sessions import started_in
from huisheng.metrics.window import Window

IMPATIENT = 1


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation started in the window, by its worst emotion."""
    sessions = started_in(facts, window)
    joined = sessions.left_join(facts.relation("session_emotions"), ["shop_id", "conv_id"])
    level = joined.peak_level
    return joined.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=joined.conv_id,
        at=joined.started_at,
        numerator=(level >= IMPATIENT).fill_null(False).cast("int64"),
        denominator=level.notnull().cast("int64"),
        reason=ibis.ifelse(level.isnull(), "not_labelled", ibis.null("string")),
        peak_level=level,
    )


def _label(
    row: str, label: str, level: int, source: str = "model", head: str = "emotion"
) -> dict[str, str | int]:
    return {
        "table_name": "messages",
        "row_id": row,
        "head": head,
        "label": label,
        "value": level,
        "source": source,
        "version": "1",
    }


_CONVERSATIONS = tuple({"conv_id": conv, "started_at": "2026-08-01 10:00:00"} for conv in "abcdef")

METRIC = Metric(
    label="情绪异常会话率",
    question="有多少会话里，买家急了、抱怨了或者生气了？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("conversations", "messages", "labels"),
    labels={"upset": ("upset",)},
    reasons={"not_labelled": "会话还没有标注"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S1:181；domain §2.3",
            cases,
            assumption="人工标注优先于模型，模型优先于规则；会话取最严重的一句",
        ),
    ),
    proofs=(
        Proof(
            name="level 1 is enough, a person overrules the model, content and calm are none",
            rows={
                "conversations": _CONVERSATIONS,
                "messages": tuple(
                    {"msg_id": msg_id, "conv_id": msg_id[0], "role": "buyer"}
                    for msg_id in ("a1", "a2", "b1", "c1", "d1", "e1", "f1")
                ),
                "labels": (
                    _label("a1", "calm", 0),
                    _label("a2", "anxious", 1),
                    _label("b1", "angry", 3),
                    _label("b1", "calm", 0, "human"),
                    _label("c1", "positive", -1),
                    _label("d1", "POST06", 5, head="scene"),
                    _label("e1", "complaining", 2, "rule"),
                ),
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=2,
                denominator=5,
                value=0.4,
                excluded={"not_labelled": 1},
                counted={"a": True, "b": False, "e": True, "f": False},
            ),
        ),
        Proof(
            name="nothing labelled is no data, not calm",
            rows={"conversations": _CONVERSATIONS},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
