"""有效接待人数: receptions in which the customer said more than hello, and was no advertiser."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

SPAM = "ANY03"


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer, local day and agent who answered them."""
    receptions = facts.relation("receptions")
    receptions = receptions.filter(window.holds(receptions["at"]))
    scenes = facts.relation("session_scenes")
    spam = scenes.filter(scenes.scene == SPAM).select("shop_id", "conv_id").distinct()
    joined = receptions.left_join(spam.mutate(spam=ibis.literal(True)), ["shop_id", "conv_id"])
    reason = ibis.cases(
        (joined.spam.fill_null(False), "advertising"),
        (~joined.substantive, "greeting_only"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return joined.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "partial",
        case_id=joined.reception,
        at=joined["at"],
        numerator=inside,
        denominator=inside,
        reason=reason,
    )


def _talk(conv: str, *texts: str) -> tuple[dict[str, str], ...]:
    asked = tuple(
        {
            "msg_id": f"{conv}{n}",
            "conv_id": conv,
            "sent_at": "2026-08-01 09:00:00",
            "role": "buyer",
            "text": text,
        }
        for n, text in enumerate(texts)
    )
    answer = {
        "msg_id": f"{conv}-answer",
        "conv_id": conv,
        "sent_at": "2026-08-01 09:00:10",
        "role": "agent",
        "agent_id": "x",
    }
    return (*asked, answer)


METRIC = Metric(
    label="有效接待人数",
    question="去掉只打招呼的和发广告的，客服真正接待了多少顾客？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    inputs=("messages", "conversations", "labels"),
    labels={"scene": (SPAM,)},
    reasons={"advertising": "广告或骚扰", "greeting_only": "只有招呼、道谢或链接"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W58；G28",
            cases,
            assumption="按客服与日计；没有数据可辨认内部账号，未剔除",
        ),
    ),
    proofs=(
        Proof(
            name="greetings and advertisers are received, but not validly",
            rows={
                "messages": (
                    *_talk("a", "在吗", "这款有货吗"),
                    *_talk("b", "在吗？", "好的"),
                    *_talk("c", "代运营了解一下"),
                ),
                "labels": (
                    {
                        "table_name": "messages",
                        "row_id": "c0",
                        "head": "scene",
                        "label": "ANY03",
                        "source": "rule",
                        "version": "1",
                    },
                ),
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=1,
                denominator=1,
                quality="partial_input",
                excluded={"advertising": 1, "greeting_only": 1},
                counted={"a|2026-08-01|x": True, "b|2026-08-01|x": False},
            ),
        ),
    ),
)
