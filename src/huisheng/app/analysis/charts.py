"""What a report draws besides cards and findings: rankings, heatmap, daily volumes."""

from collections.abc import Mapping

import ibis

from huisheng.app.report.document import Heatmap, Ranked
from huisheng.metrics import Facts, Window, day_of, local_day, local_hour

QUIET_SCENES = ("PRE01", "ANY02", "ANY03")
"""Greetings, thanks and spam say nothing about the shop."""


def heatmaps(facts: Facts, period: Window, names: Mapping[str, str]) -> list[Heatmap]:
    """Return, per shop, buyers' questions by weekday and hour, and those without a human reply."""
    rounds = facts.relation("rounds")
    rounds = rounds.filter(period.holds(rounds.started_at))
    offset = facts.offset_us
    timed = rounds.mutate(
        weekday=(local_day(rounds.started_at, offset) + 3) % 7,
        hour=local_hour(rounds.started_at, offset),
        missed=rounds.replied_at.isnull().cast("int64"),
    )
    counted = timed.group_by("shop_id", "weekday", "hour").aggregate(
        count=timed.count(), missed=timed.missed.sum()
    )
    maps: dict[str, Heatmap] = {}
    for row in facts.engine.arrow(counted).to_pylist():
        empty: Heatmap = {
            "label": names.get(row["shop_id"], row["shop_id"]),
            "counts": [[0] * 24 for _ in range(7)],
            "missed": [[0] * 24 for _ in range(7)],
        }
        heatmap = maps.setdefault(row["shop_id"], empty)
        heatmap["counts"][row["weekday"]][row["hour"]] = row["count"]
        heatmap["missed"][row["weekday"]][row["hour"]] = row["missed"]
    return [maps[shop_id] for shop_id in sorted(maps)]


def mention_ranking(
    facts: Facts, head: str, period: Window, before: Window, names: Mapping[str, str]
) -> dict[str, list[Ranked]]:
    """Return, per shop, how often scenes or aspects were mentioned: now, before, and negatively."""
    mentions = facts.relation("mentions")
    of_head = mentions.filter((mentions["head"] == head) & ~mentions.label.isin(QUIET_SCENES))
    counted = of_head.group_by("shop_id", "label").aggregate(
        count=period.holds(of_head["at"]).cast("int64").sum(),
        before=before.holds(of_head["at"]).cast("int64").sum(),
        negative=(period.holds(of_head["at"]) & (of_head.value < 0)).cast("int64").sum(),
    )
    return _ranked(facts.engine.arrow(counted).to_pylist(), names)


def refund_reason_ranking(facts: Facts, period: Window, before: Window) -> dict[str, list[Ranked]]:
    """Return, per shop, refunds applied for by first reason; quality reasons are negative."""
    refunds = facts.relation("first_refunds")
    refunds = refunds.filter(refunds.reason.notnull())
    inside = period.holds(refunds.applied_at)
    counted = refunds.group_by("shop_id", label=refunds.reason).aggregate(
        count=inside.cast("int64").sum(),
        before=before.holds(refunds.applied_at).cast("int64").sum(),
        negative=(inside & refunds.is_quality).cast("int64").sum(),
    )
    return _ranked(facts.engine.arrow(counted).to_pylist(), {})


def daily_volumes(facts: Facts, period: Window) -> dict[str, dict[str, list[tuple[str, int]]]]:
    """Return, per shop, paid orders, conversations and refund applications per local day."""
    sources = {
        "付款订单": (facts.relation("paid_orders"), "paid_at"),
        "会话": (facts.relation("sessions"), "started_at"),
        "退款申请": (facts.table("refunds"), "applied_at"),
    }
    shops: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for label, (table, column) in sources.items():
        for shop_id, days in _daily(facts, table, column, period).items():
            shops.setdefault(shop_id, {})[label] = days
    return shops


def _daily(
    facts: Facts, table: ibis.Table, column: str, period: Window
) -> dict[str, list[tuple[str, int]]]:
    inside = table.filter(period.holds(table[column]))
    day = local_day(inside[column], facts.offset_us)
    counted = inside.group_by("shop_id", day=day).aggregate(count=inside.count())
    shops: dict[str, dict[str, int]] = {}
    for row in facts.engine.arrow(counted).to_pylist():
        shops.setdefault(row["shop_id"], {})[day_of(row["day"]).isoformat()] = row["count"]
    days = [period.day(index).isoformat() for index in range(period.days)]
    return {
        shop_id: [(day, counts.get(day, 0)) for day in days] for shop_id, counts in shops.items()
    }


def _ranked(rows: list[dict[str, object]], names: Mapping[str, str]) -> dict[str, list[Ranked]]:
    shops: dict[str, list[Ranked]] = {}
    for row in rows:
        if row["count"] or row["before"]:
            shops.setdefault(str(row["shop_id"]), []).append(
                {
                    "id": str(row["label"]),
                    "label": names.get(str(row["label"]), str(row["label"])),
                    "count": int(str(row["count"] or 0)),
                    "before": int(str(row["before"] or 0)),
                    "negative": int(str(row["negative"] or 0)),
                }
            )
    for bars in shops.values():
        bars.sort(key=lambda bar: (-bar["count"], bar["id"]))
    return shops
