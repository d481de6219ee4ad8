"""机器人解决率: what the robot received and really settled (S3:6; published by us)."""

import ibis

from huisheng.metrics.assumption import Assumption
from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import HOUR_US, Window

REPEAT = Assumption(
    "robot_repeat_hours",
    "机器人接待后多久内又来问，算没有解决",
    default=24,
    least=1,
    most=168,
    unit=" 小时",
    source="S3:6 没有写口径，24 小时是本系统公布的",
)
BAD_STARS = 2
SMALL_TALK = ("PRE01", "ANY01", "ANY02", "ANY03")
"""Scenes that two conversations may share without being about the same matter."""


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation that a robot received, started in the window."""
    sessions = facts.relation("sessions")
    received = sessions.filter(
        window.holds(sessions.started_at)
        & sessions.reception_type.isin(("robot", "mixed")).fill_null(False)
    )
    joined = received.left_join(_bad_ratings(facts), ["shop_id", "conv_id"]).drop(
        "shop_id_right", "conv_id_right"
    )
    joined = joined.left_join(_came_back(facts, sessions), ["shop_id", "conv_id"])
    transferred = (joined.reception_type == "mixed") | (joined.transfer_count.fill_null(0) > 0)
    reason = ibis.cases(
        (transferred, "transferred"),
        (joined.bad.fill_null(False), "bad_rating"),
        (joined.came_back.fill_null(False), "asked_again"),
        else_=ibis.null("string"),
    )
    return joined.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "channel",
        "reception_type",
        case_id=joined.conv_id,
        at=joined.started_at,
        numerator=reason.isnull().cast("int64"),
        denominator=ibis.literal(1, "int64"),
        reason=reason,
    )


def _bad_ratings(facts: Facts) -> ibis.Table:
    ratings = facts.relation("rating_stars")
    bad = ratings.filter((ratings.stars <= BAD_STARS) & (ratings.conv_id.fill_null("") != ""))
    return bad.select("shop_id", "conv_id").distinct().mutate(bad=ibis.literal(True))


def _came_back(facts: Facts, sessions: ibis.Table) -> ibis.Table:
    """Return conversations after which the customer asked about the same within 24 h.

    Two conversations are about the same when they share a scene, or when either has none.
    """
    known = sessions.filter(sessions.customer_key.fill_null("") != "")
    first = known.select("shop_id", "customer_key", "conv_id", "started_at")
    later = known.select("shop_id", "customer_key", later_conv="conv_id", later_at="started_at")
    repeat_us = facts.assumed(REPEAT) * HOUR_US
    pairs = first.inner_join(later, ["shop_id", "customer_key"])
    pairs = pairs.filter(
        (pairs.later_at > pairs.started_at) & (pairs.later_at <= pairs.started_at + repeat_us)
    )
    pairs = pairs.select("shop_id", "conv_id", "later_conv")
    scenes = facts.relation("session_scenes")
    scenes = scenes.filter(~scenes.scene.isin(SMALL_TALK)).select("shop_id", "conv_id", "scene")
    labelled = scenes.select("shop_id", "conv_id").distinct()
    silent = pairs.anti_join(labelled, ["shop_id", "conv_id"])
    silent_later = pairs.anti_join(labelled.rename(later_conv="conv_id"), ["shop_id", "later_conv"])
    asked = pairs.inner_join(scenes, ["shop_id", "conv_id"])
    shared = asked.select("shop_id", "conv_id", "later_conv", "scene").semi_join(
        scenes.rename(later_conv="conv_id"), ["shop_id", "later_conv", "scene"]
    )
    returns = ibis.union(
        *(part.select("shop_id", "conv_id") for part in (silent, silent_later, shared)),
        distinct=True,
    )
    return returns.mutate(came_back=ibis.literal(True))


def _talk(
    conv: str, customer: str, reception: str, at: str = "2026-08-01 10:00:00", transfers: int = 0
) -> dict[str, str | int]:
    return {
        "conv_id": conv,
        "customer_key": customer,
        "reception_type": reception,
        "started_at": at,
        "transfer_count": transfers,
    }


def _label(conv: str, scene: str) -> dict[str, str]:
    return {
        "table_name": "conversations",
        "row_id": conv,
        "head": "scene",
        "label": scene,
        "source": "model",
        "version": "1",
    }


METRIC = Metric(
    label="机器人解决率",
    question="机器人接待的会话，有多少它自己真正解决了？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=0.6,
    inputs=("conversations", "messages", "session_ratings", "labels"),
    labels={"scene": ()},
    assumptions=(REPEAT,),
    reasons={
        "transferred": "转给了人工",
        "bad_rating": "评价不满意",
        "asked_again": "24 小时内又来问同一件事",
    },
    versions=(
        Version(
            "2026",
            "2026-01-01",
            "S3:6；domain §1.5",
            cases,
            assumption="来源没有公式，这是本系统的定义；没有标注的会话，24 小时内再来就算没解决",
        ),
    ),
    proofs=(
        Proof(
            name="transferred, badly rated or asked again is not settled; another matter is",
            rows={
                "conversations": (
                    _talk("ok", "a", "robot"),
                    _talk("mixed", "b", "mixed"),
                    _talk("passed", "c", "robot", transfers=1),
                    _talk("rated", "d", "robot"),
                    _talk("again1", "e", "robot"),
                    _talk("again2", "e", "human", "2026-08-02 10:00:00"),
                    _talk("other1", "f", "robot"),
                    _talk("other2", "f", "human", "2026-08-01 11:00:00"),
                    _talk("late1", "g", "robot"),
                    _talk("late2", "g", "human", "2026-08-02 10:00:01"),
                    _talk("mute1", "h", "robot"),
                    _talk("mute2", "h", "human", "2026-08-01 11:00:00"),
                    _talk("human", "i", "human"),
                ),
                "session_ratings": (
                    {
                        "rating_id": "1",
                        "conv_id": "rated",
                        "level": "不满意",
                        "subject": "robot",
                        "rated_at": "2026-08-01 10:05:00",
                    },
                    {
                        "rating_id": "2",
                        "conv_id": "ok",
                        "level": "一般",
                        "rated_at": "2026-08-01 10:05:00",
                    },
                ),
                "labels": (
                    _label("again1", "MID07"),
                    _label("again2", "MID07"),
                    _label("other1", "MID07"),
                    _label("other1", "PRE01"),
                    _label("other2", "POST06"),
                    _label("other2", "PRE01"),
                    _label("late1", "MID07"),
                    _label("late2", "MID07"),
                ),
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=3,
                denominator=8,
                value=0.375,
                excluded={"asked_again": 2, "bad_rating": 1, "transferred": 2},
                counted={"ok": True, "other1": True, "late1": True},
            ),
        ),
        Proof(
            name="no robot, no rate",
            rows={"conversations": (_talk("human", "i", "human"),)},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
