"""赠品关注度: conversations before sale that ask about gifts (domain §1.7)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.relations.sessions import started_in
from huisheng.metrics.window import Window

GIFTS = "PRE20"


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation before sale started in the window, 1 if it asks of gifts.

    A conversation that was about a purchase in progress or made is left out, gifts or not.
    """
    sessions = started_in(facts, window)
    phases = facts.relation("session_phases")
    scenes = facts.relation("session_scenes")
    asking = scenes.filter(scenes.scene == GIFTS).select(
        "shop_id", "conv_id", asks=ibis.literal(True)
    )
    known = sessions.inner_join(phases, ["shop_id", "conv_id"])
    joined = known.left_join(asking, ["shop_id", "conv_id"])
    before = joined.phase == "pre"
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
        numerator=(before & joined.asks.fill_null(False)).cast("int64"),
        denominator=before.cast("int64"),
        reason=ibis.ifelse(before, ibis.null("string"), "not_before_sale"),
    )


def _scene(conv: str, scene: str) -> dict[str, str]:
    return {
        "table_name": "conversations",
        "row_id": conv,
        "head": "scene",
        "label": scene,
        "source": "model",
        "version": "1",
    }


METRIC = Metric(
    label="赠品关注度",
    question="买之前来问的会话里，有多少问到赠品？",
    unit=Unit.SHARE,
    better=Better.NEITHER,
    rollup=Rollup.RATIO,
    inputs=("conversations", "messages", "labels"),
    labels={"scene": (GIFTS,)},
    reasons={"not_before_sale": "不是售前会话"},
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S0；domain §1.7",
            cases,
            assumption="问到赠品指场景「赠品咨询」；会话里说到售中或售后的事，就不算售前；"
            "按商品看时，以会话进店咨询的商品为准",
        ),
    ),
    proofs=(
        Proof(
            name="gift questions over conversations before sale; after-sale ones are out",
            rows={
                "conversations": tuple(
                    {"conv_id": conv, "product_id": "p", "started_at": "2026-08-15 12:00:00"}
                    for conv in "abcd"
                ),
                "labels": (
                    _scene("a", GIFTS),
                    _scene("a", "PRE16"),
                    _scene("b", "PRE16"),
                    _scene("c", GIFTS),
                    _scene("c", "POST06"),
                    _scene("d", "PRE01"),
                ),
            },
            window=("2026-08-15", "2026-08-15"),
            expect=Expected(
                numerator=1,
                denominator=2,
                value=0.5,
                excluded={"not_before_sale": 2},
                counted={"a": True, "c": False},
            ),
        ),
    ),
)
