"""A made-up shop of any size: orders, parcels, refunds, disputes, conversations and messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.sentences import agent_lines, buyer_lines, drawn, joined

FIRST_DAY, DAYS = date(2026, 3, 1), 60
OFFSET_US = 8 * 3_600_000_000
SECOND_US = 1_000_000
DAY_S = 86_400
MESSAGES_A_PART = 1_000_000
MESSAGES_A_TALK = 8

ROLES = ("buyer", "agent", "robot_auto", "robot_assist", "system")
TYPES = ("text", "image", "card", "link")
REFUND_TYPES = ("refund_only", "return_refund", "exchange", "repair")
REASONS = ("质量问题", "功能故障", "破损", "描述不符", "不想要了", "七天无理由", "拍错", "其他")
DISPUTES = ("dispute", "complaint", "work_order")

Tables = Mapping[str, Mapping[str, pa.Array]]


@dataclass(frozen=True, slots=True)
class Size:
    """How large the shop is, in rows."""

    orders: int
    messages: int


def last_days(count: int) -> tuple[date, date]:
    """Return the first and last date of the shop's last `count` days."""
    end = FIRST_DAY + timedelta(days=DAYS - 1)
    return end - timedelta(days=count - 1), end


def parts(size: Size, seed: int = 1) -> Iterator[Tables]:
    """Yield the shop in stretches of days of at most a million messages, each table by columns.

    Columns have canonical names; instants are UTC microseconds and money is fen. The same
    arguments give the same shop.
    """
    count = max(1, -(-size.messages // MESSAGES_A_PART))
    days = DAYS / count
    for number in range(count):
        orders = size.orders * (number + 1) // count - size.orders * number // count
        messages = size.messages * (number + 1) // count - size.messages * number // count
        rng = np.random.default_rng((seed, number))
        first_s = (FIRST_DAY - date(1970, 1, 1)).days * DAY_S + int(number * days * DAY_S)
        part = _Part(rng, number, first_s, int(days * DAY_S), max(1, size.orders * 4 // 5))
        yield {**part.trade(orders), **part.chats(messages)}


@dataclass(frozen=True, slots=True)
class _Part:
    rng: np.random.Generator
    number: int
    first_s: int
    seconds: int
    customers: int

    def trade(self, count: int) -> Tables:
        """Return orders and what became of them."""
        rng = self.rng
        created = self._moments(count)
        paid = created + rng.integers(20, 1_800, count)
        shipped = paid + rng.integers(3_600, 2 * DAY_S, count)
        is_paid, is_shipped = rng.random(count) < 0.93, rng.random(count) < 0.97
        keys = self._ids("O", count)
        pay = rng.integers(1_000, 90_000, count)
        orders = {
            "order_no": keys,
            "customer_key": self._customers(count),
            "status": drawn(rng, ("已发货", "交易成功"), count),
            "total_amount": pa.array(pay + 500),
            "pay_amount": pa.array(pay),
            "created_at": instants(created),
            "paid_at": instants(paid, is_paid),
            "shipped_at": instants(shipped, is_paid & is_shipped & (rng.random(count) < 0.7)),
            "receiver_province": drawn(rng, ("浙江", "广东", "江苏", "北京", "四川"), count),
        }
        sent = np.flatnonzero(is_paid & is_shipped)
        signed = shipped + rng.integers(DAY_S, 5 * DAY_S, count)
        shipments = {
            "tracking_no": self._ids("T", len(sent)),
            "carrier": drawn(rng, ("顺丰", "圆通", "中通", "韵达"), len(sent)),
            "order_no": keys.take(pa.array(sent)),
            "direction": pa.array(["out"] * len(sent), pa.string()),
            "shipped_at": instants(shipped[sent]),
            "signed_at": instants(signed[sent], rng.random(len(sent)) < 0.92),
        }
        refunds = self._refunds(keys, paid, is_paid)
        return {
            "orders": orders,
            "shipments": shipments,
            "refunds": refunds,
            "disputes": self._disputes(keys, paid, is_paid),
        }

    def _refunds(self, keys: pa.Array, paid: np.ndarray, is_paid: np.ndarray) -> Mapping:
        rng = self.rng
        asked = np.flatnonzero(is_paid & (rng.random(len(paid)) < 0.12))
        asked = np.concatenate([asked, asked[rng.random(len(asked)) < 0.08]])
        count = len(asked)
        applied = paid[asked] + rng.integers(3_600, 15 * DAY_S, count)
        reason = drawn(rng, REASONS, count)
        first = pc.if_else(pa.array(rng.random(count) < 0.7), drawn(rng, REASONS, count), None)
        duty = pc.if_else(pa.array(rng.random(count) < 0.1), "买家责任", None)
        return {
            "refund_no": self._ids("R", count),
            "order_no": keys.take(pa.array(asked)),
            "type": drawn(rng, REFUND_TYPES, count),
            "first_reason_code": first,
            "reason_code": reason,
            "amount": pa.array(rng.integers(500, 50_000, count)),
            "duty_party": duty,
            "status": drawn(rng, ("success", "closed", "agreed"), count),
            "applied_at": instants(applied),
        }

    def _disputes(self, keys: pa.Array, paid: np.ndarray, is_paid: np.ndarray) -> Mapping:
        rng = self.rng
        asked = np.flatnonzero(is_paid & (rng.random(len(paid)) < 0.015))
        count = len(asked)
        rejected = pa.array(rng.random(count) < 0.5, mask=rng.random(count) < 0.5)
        member = pa.array(rng.random(count) < 0.1, mask=rng.random(count) < 0.5)
        return {
            "dispute_no": self._ids("D", count),
            "kind": drawn(rng, DISPUTES, count),
            "work_order_type": drawn(rng, ("普通", "提醒发货"), count),
            "order_no": keys.take(pa.array(asked)),
            "initiator": drawn(rng, ("consumer", "platform", "merchant"), count),
            "is_proactive_member": member,
            "merchant_rejected_first": rejected,
            "launched_at": instants(paid[asked] + rng.integers(DAY_S, 12 * DAY_S, count)),
        }

    def chats(self, count: int) -> Tables:
        """Return conversations and exactly `count` messages."""
        rng = self.rng
        talks = max(1, count // MESSAGES_A_TALK)
        lengths = 1 + rng.poisson(MESSAGES_A_TALK - 1, talks)
        lengths[-1] += max(0, count - lengths.sum())
        owner = np.repeat(np.arange(talks), lengths)[:count]
        started = self._moments(talks)
        conv = self._ids("C", talks)
        agents = joined("客服", pa.array(rng.integers(1, 40, talks)).cast(pa.string()))
        kind = drawn(rng, ("robot", "mixed", "human"), talks)
        conversations = {
            "conv_id": conv,
            "customer_key": self._customers(talks),
            "channel": pa.array(["im"] * talks),
            "started_at": instants(started),
            "reception_type": kind,
            "last_agent_id": agents,
        }
        used = int(owner[-1]) + 1 if count else 0
        return {
            "conversations": {
                name: column.slice(0, used) for name, column in conversations.items()
            },
            "messages": self._messages(owner, started, conv, agents),
        }

    def _messages(
        self, owner: np.ndarray, started: np.ndarray, conv: pa.Array, agents: pa.Array
    ) -> Mapping:
        rng, count = self.rng, len(owner)
        opens = np.flatnonzero(np.diff(owner, prepend=-1))
        role = rng.choice(len(ROLES), count, p=(0.5, 0.34, 0.11, 0.02, 0.03))
        role[opens] = 0
        # Most replies take seconds, some take long; a robot answers at once.
        gaps = np.ceil(rng.exponential(35, count)).astype(np.int64)
        gaps[rng.random(count) < 0.05] += rng.integers(60, 1_500)
        gaps[role == 2] = 1
        gaps[opens] = 0
        since = np.cumsum(gaps)
        sent = started[owner] + since - since[opens][owner]
        asks = pa.array(role == 0)
        plain = pa.array(rng.random(count) < 0.02)
        words = pc.if_else(asks, buyer_lines(rng, count), agent_lines(rng, count))
        words = pc.if_else(plain, drawn(rng, ("好的", "谢谢", "嗯"), count), words)
        human = pa.array((role == 1) | (role == 3))
        return {
            "msg_id": self._ids("M", count),
            "conv_id": conv.take(pa.array(owner)),
            "seq": pa.array(np.arange(count) - opens[owner] + 1),
            "sent_at": instants(sent),
            "role": pa.array(ROLES).take(pa.array(role)),
            "agent_id": pc.if_else(human, agents.take(pa.array(owner)), None),
            "type": pa.array(TYPES).take(
                pa.array(rng.choice(len(TYPES), count, p=(0.94, 0.03, 0.02, 0.01)))
            ),
            "text": words,
            "is_auto_reply": pa.array(
                (role == 2) & (rng.random(count) < 0.1), mask=rng.random(count) < 0.3
            ),
            "is_recalled": pa.array(rng.random(count) < 0.005, mask=rng.random(count) < 0.3),
        }

    def _moments(self, count: int) -> np.ndarray:
        """Return instants in seconds, in order, most of them by day."""
        days = self.rng.integers(0, max(1, self.seconds // DAY_S), count) * DAY_S
        hour = np.where(
            self.rng.random(count) < 0.9,
            self.rng.integers(8 * 3_600, 23 * 3_600, count),
            self.rng.integers(0, DAY_S, count),
        )
        local = self.first_s // DAY_S * DAY_S + days + hour
        return np.sort(local) - OFFSET_US // SECOND_US

    def _ids(self, letter: str, count: int) -> pa.Array:
        first = (self.number + 1) * 10**8
        return joined(letter, pa.array(np.arange(first, first + count)).cast(pa.string()))

    def _customers(self, count: int) -> pa.Array:
        known = joined("k", pa.array(self.rng.integers(self.customers, size=count)).cast("string"))
        return pc.if_else(pa.array(self.rng.random(count) < 0.95), known, "")


def instants(seconds: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """Return UTC microseconds, null where not known."""
    return pa.array(seconds * SECOND_US, mask=None if known is None else ~known)
