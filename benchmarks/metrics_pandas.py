"""Candidate: the ten metrics in pandas over the same Parquet files."""

import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path

import pandas as pd

from benchmarks.measuring import say
from benchmarks.metric_names import METRICS, WINDOW_DAYS
from benchmarks.shop import OFFSET_US, last_days
from huisheng.metrics import Window

CONV, ORDER = ["shop_id", "conv_id"], ["shop_id", "order_no"]
SPEAKERS = ("buyer", "agent", "robot_assist", "robot_auto")
SPOKEN = ("text", "image", "voice", "video", "link")
DAY_US, HOUR_US, CAP_US = 86_400_000_000, 3_600_000_000, 600_000_000

Read = Callable[[str, list[str]], pd.DataFrame]
Answer = tuple[float, int]


def spoken(read: Read) -> pd.DataFrame:
    """Return spoken lines in order, with asks and asks_more."""
    columns = ["seq", "sent_at", "role", "type", "text", "is_recalled", "is_auto_reply"]
    lines = read("messages", [*CONV, *columns])
    kept = (
        lines.role.isin(SPEAKERS)
        & lines.type.fillna("text").isin(SPOKEN)
        & lines.is_recalled.ne(True)
        & lines.is_auto_reply.ne(True)
    )
    lines = lines[kept].sort_values([*CONV, "sent_at", "seq"])
    lines["asks"] = lines.role == "buyer"
    polite = lines.text.str.strip().isin(("谢谢", "好的", "嗯"))
    lines["asks_more"] = lines.asks & ~polite
    return lines


def rounds(read: Read) -> pd.DataFrame:
    """Return rounds: conversation, started_at, reply_us, closed_by, in_hours."""
    lines = spoken(read)
    same = lines.conv_id == lines.conv_id.shift()
    before = lines.asks.shift().where(same)
    turns = lines[(before.isna() & lines.asks) | (before.notna() & (lines.asks != before))].copy()
    follows = turns.conv_id == turns.conv_id.shift(-1)
    turns["reply_us"] = (turns.sent_at.shift(-1) - turns.sent_at).where(follows)
    turns["closed_by"] = turns.role.shift(-1).where(follows)
    last = lines[lines.asks_more].groupby(CONV, sort=False).sent_at.max().rename("asked_last")
    turns = turns[turns.asks].join(last, on=CONV)
    turns = turns[turns.reply_us.notna() | (turns.asked_last >= turns.sent_at)]
    hour = (turns.sent_at + OFFSET_US) % DAY_US // HOUR_US
    return turns.assign(started_at=turns.sent_at, in_hours=hour.between(8, 22))


def answered_by_human(read: Read, window: Window) -> pd.DataFrame:
    """Return the rounds in window and hours that no full robot closed."""
    some = inside(rounds(read), "started_at", window)
    return some[some.in_hours & (some.closed_by != "robot_auto")]


def resp_3min_rate(read: Read, window: Window) -> Answer:
    """Rounds answered within 180 s."""
    some = answered_by_human(read, window)
    return float((some.reply_us <= 180_000_000).sum()), len(some)


def ww_avg_human_resp_sec(read: Read, window: Window) -> Answer:
    """Seconds waited, a miss costing 600."""
    some = answered_by_human(read, window)
    return float(some.reply_us.fillna(CAP_US).clip(upper=CAP_US).sum() / 1e6), len(some)


def avg_resp_sec(read: Read, window: Window) -> Answer:
    """Seconds waited in answered rounds."""
    some = answered_by_human(read, window).dropna(subset="reply_us")
    return float(some.reply_us.sum() / 1e6), len(some)


def first_resp_sec(read: Read, window: Window) -> Answer:
    """Seconds waited in each conversation's first human round."""
    human = rounds(read)
    first = human[human.closed_by != "robot_auto"].drop_duplicates(CONV)
    first = inside(first, "started_at", window)
    first = first[first.in_hours & first.reply_us.notna()]
    return float(first.reply_us.sum() / 1e6), len(first)


def unreplied_rate(read: Read, window: Window) -> Answer:
    """Conversations whose last question nobody answered."""
    talks = inside(read("conversations", [*CONV, "started_at"]), "started_at", window)
    lines = spoken(read).merge(talks[CONV], on=CONV)
    groups = [lines[mask].groupby(CONV).sent_at for mask in (lines.asks, ~lines.asks)]
    frame = pd.concat(
        [
            groups[0].min().rename("asked_first"),
            groups[1].max().rename("replied_last"),
            lines[lines.asks_more].groupby(CONV).sent_at.max().rename("asked_last"),
        ],
        axis=1,
    )
    missed = frame.asked_last > frame.replied_last.fillna(0)
    asked = missed | (frame.asked_first < frame.replied_last)
    return float(missed.sum()), int(asked.sum())


def transfer_human_rate(read: Read, window: Window) -> Answer:
    """Conversations a robot had to hand over."""
    talks = inside(
        read("conversations", [*CONV, "started_at", "reception_type"]), "started_at", window
    )
    counts = talks.reception_type.value_counts()
    return float(counts["mixed"]), int(counts["mixed"] + counts["robot"])


def inquiry_conversion_rate(read: Read, window: Window) -> Answer:
    """Days of customers who asked, and then paid."""
    who = ["shop_id", "customer_key"]
    talks = read("conversations", [*who, "started_at"])
    talks = talks[talks.customer_key.fillna("") != ""]
    talks["day"] = (talks.started_at + OFFSET_US) // DAY_US
    days = talks.groupby([*who, "day"], as_index=False).started_at.min()
    days = inside(days, "started_at", window)
    orders = read("orders", [*who, "paid_at"]).dropna(subset="paid_at")
    near = days.merge(orders, on=who)
    before = (near.paid_at < near.started_at) & (near.paid_at >= near.started_at - 15 * DAY_US)
    ends = (near.day + 3) * DAY_US - OFFSET_US
    after = (near.paid_at >= near.started_at) & (near.paid_at < ends)
    seen = near.assign(before=before, after=after).groupby([*who, "day"])[["before", "after"]]
    joined = days.join(seen.any(), on=[*who, "day"])
    asks = joined.before.ne(True)
    return float((asks & joined.after.eq(True)).sum()), int(asks.sum())


def first_quality_refund_rate(read: Read, window: Window) -> Answer:
    """Paid orders first refunded for quality after they were signed for."""
    paid = inside(read("orders", [*ORDER, "paid_at"]), "paid_at", window)
    names = ["type", "first_reason_code", "first_seen_reason_code", "reason_code", "duty_party"]
    refunds = read("refunds", [*ORDER, *names, "applied_at"])
    with (files("huisheng.metrics") / "refund_reasons.csv").open(encoding="utf-8") as file:
        known = pd.read_csv(file)
    reason = refunds.first_reason_code.fillna(refunds.first_seen_reason_code)
    quality = reason.fillna(refunds.reason_code).isin(known.code[known.is_quality])
    assessed = refunds.type.fillna("refund_only").isin(("refund_only", "return_refund"))
    mine = ~refunds.duty_party.isin(("消费者责任", "买家责任"))
    refunds = refunds[quality & assessed & mine].merge(paid, on=ORDER)
    parcels = read("shipments", [*ORDER, "direction", "signed_at"])
    parcels = parcels[parcels.direction.fillna("out") == "out"]
    signed = parcels.groupby(ORDER).signed_at.min()
    joined = refunds.join(signed, on=ORDER)
    counted = joined[joined.applied_at >= joined.signed_at].drop_duplicates(ORDER)
    return float(len(counted)), len(paid)


def platform_help_rate(read: Read, window: Window) -> Answer:
    """Requests for help per paid order."""
    names = ["kind", "work_order_type", "initiator"]
    flags = ["is_proactive_member", "merchant_rejected_first"]
    asked = inside(
        read("disputes", ["shop_id", *names, *flags, "launched_at"]), "launched_at", window
    )
    by_buyer = asked.initiator.fillna("consumer") == "consumer"
    by_platform = (asked.initiator == "platform") & asked.merchant_rejected_first.eq(True)
    dispute = (asked.kind == "dispute") & asked.is_proactive_member.ne(True)
    counted = (
        (asked.kind == "complaint")
        | ((asked.kind == "work_order") & asked.work_order_type.isin(("普通", "普通工单")))
        | (dispute & (by_buyer | by_platform))
    )
    paid = inside(read("orders", ["shop_id", "paid_at"]), "paid_at", window)
    return float(counted.sum()), len(paid)


def return_exchange_rate(read: Read, window: Window) -> Answer:
    """Shipped orders that were to be returned or exchanged."""
    orders = inside(read("orders", [*ORDER, "paid_at", "shipped_at"]), "paid_at", window)
    parcels = read("shipments", [*ORDER, "direction", "shipped_at"])
    parcels = parcels[parcels.direction.fillna("out") == "out"]
    sent = parcels.groupby(ORDER).shipped_at.min().rename("sent_at")
    orders = orders.join(sent, on=ORDER)
    shipped = orders[orders.shipped_at.fillna(orders.sent_at).notna()]
    refunds = read("refunds", [*ORDER, "type"])
    refunds = refunds[refunds.type.isin(("return_refund", "exchange"))][ORDER].drop_duplicates()
    return float(len(shipped.merge(refunds, on=ORDER))), len(shipped)


def inside(frame: pd.DataFrame, column: str, window: Window) -> pd.DataFrame:
    """Return the rows whose instant lies in the window."""
    return frame[(frame[column] >= window.start_us) & (frame[column] < window.end_us)]


def _read(lake: Path, name: str, columns: list[str]) -> pd.DataFrame:
    return pd.read_parquet(lake / name, columns=columns)


def main() -> None:
    """Print per metric: seconds, numerator and denominator."""
    read = partial(_read, Path(sys.argv[1]) / "lake")
    window = Window(*last_days(WINDOW_DAYS), OFFSET_US)
    read("orders", ["pay_amount_fen"])
    found = {}
    for name in METRICS:
        started = time.perf_counter()
        numerator, denominator = METRIC_FUNCTIONS[name](read, window)
        found[name] = {
            "seconds": time.perf_counter() - started,
            "numerator": numerator,
            "denominator": denominator,
        }
    say(metrics=found)


METRIC_FUNCTIONS = {
    function.__name__: function
    for function in (
        resp_3min_rate,
        ww_avg_human_resp_sec,
        first_resp_sec,
        avg_resp_sec,
        inquiry_conversion_rate,
        first_quality_refund_rate,
        platform_help_rate,
        return_exchange_rate,
        unreplied_rate,
        transfer_human_rate,
    )
}

if __name__ == "__main__":
    main()
