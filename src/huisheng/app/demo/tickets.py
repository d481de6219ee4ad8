"""Work orders: why each was opened, and every step it took."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from huisheng.app.demo.frame import (
    NEVER,
    Flags,
    Frame,
    Ints,
    Times,
    Words,
    chosen,
    either,
    later,
    spread,
)
from huisheng.app.demo.goods import read_yaml, words
from huisheng.app.demo.lines import Script
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.planted import Plot
from huisheng.app.demo.refunds import EXCHANGE, QUALITY, RETURN_REFUND, Refunds
from huisheng.app.demo.sheets import Sheet, instants, same, texts, yuan
from huisheng.app.demo.subjects import Setting
from huisheng.app.demo.wording import SCENES, SPECIALS, bank_of

SLOW_EXCHANGE_HOURS = 84.0
DUE_HOURS = {"P0": 24.0, "P1": 24.0, "P2": 48.0, "P3": 72.0}


@dataclass(frozen=True)
class Workflow:
    """One type of ticket: its first status, then each step with median hours and actor."""

    team: str
    priority: str
    dept: str
    first: str
    steps: tuple[tuple[str, float, str, bool], ...]


@dataclass(frozen=True)
class Opened:
    """Tickets of one type: rows of what they are about (-1: nothing), and when they opened.

    `note` is what the customer said or wants, one for each ticket.
    """

    type: str
    at: Times
    order: Ints
    refund: Ints
    talk: Ints
    note: Words


@cache
def workflows() -> Mapping[str, Workflow]:
    """Return how each type of ticket walks."""
    return {
        name: Workflow(
            row["team"],
            row["priority"],
            row["dept"],
            row["first"],
            tuple((s[0], float(s[1]), s[2], "notice" in s) for s in row["steps"]),
        )
        for name, row in read_yaml("workflows").items()
    }


def tickets_sheets(
    frame: Frame,
    setting: Setting,
    plot: Plot,
    parcels: Parcels,
    refunds: Refunds,
    script: Script,
    ratings: tuple[Ints, Times],
    talk_ids: Words,
) -> tuple[Sheet, Sheet]:
    """Return the `tickets` and `ticket_events` tables.

    `ratings` names the conversations with a bad rating and when it was given; `talk_ids` holds
    the id of each conversation, None for those without one.
    """
    dice = frame.dice(setting.shop.shop_id, "tickets")
    tickets: list[Sheet] = []
    events: list[Sheet] = []
    for opened in _openings(dice, setting, parcels, refunds, script, ratings):
        ticket, event = _walk(dice, frame, setting, plot, refunds, opened, talk_ids)
        tickets.append(ticket)
        events.append(event)
    return _stacked(tickets), _stacked(events)


def _openings(
    dice: np.random.Generator,
    setting: Setting,
    parcels: Parcels,
    refunds: Refunds,
    script: Script,
    ratings: tuple[Ints, Times],
) -> Iterator[Opened]:
    talks, bank = setting.talks, bank_of(setting.shop.kind)

    def notes(key: str, size: int) -> Words:
        found: Words = bank.sentences[bank.one_of(key, dice.random(size))]
        return either(np.char.find(found.astype(str), "{") >= 0, None, found)

    def of_refunds(kind: str, pool: Flags, key: str) -> Opened:
        rows = np.flatnonzero(pool)
        none = np.full(len(rows), -1)
        at = later(refunds.applied_at[rows], 0.05)
        return Opened(kind, at, refunds.order[rows], rows, none, notes(key, len(rows)))

    def of_talks(kind: str, rows: Ints, at: Times, key: str) -> Opened:
        order = np.where(talks.phase[rows] > 0, talks.order[rows], -1)
        return Opened(kind, at, order, talks.refund[rows], rows, notes(key, len(rows)))

    def about(scene: str, chance: float) -> Ints:
        return np.flatnonzero(
            (talks.scene == SCENES.index(scene)) & chosen(dice, chance, len(talks))
        )

    size = len(refunds)
    yield of_refunds("exchange", refunds.type == EXCHANGE, "ask.POST07")
    back = (refunds.type == RETURN_REFUND) & chosen(dice, 0.3, size)
    yield of_refunds("return_refund", back, "ask.POST06")
    issue = (refunds.cause == QUALITY) & chosen(dice, 0.35, size)
    yield of_refunds("product_issue", issue, "ask.POST04")
    for kind, scene, chance in (
        ("parts_resend", "POST09", 0.7),
        ("urge_shipping", "MID06", 0.6),
        ("logistics_exception", "MID08", 0.8),
        ("complaint", "POST16", 0.8),
        ("batch_payment", "POST14", 0.7),
        ("batch_payment", "POST10", 0.4),
        ("emergency", "POST19", 1.0),
        ("internal_complaint", "POST17", 0.6),
    ):
        rows = about(scene, chance)
        yield of_talks(kind, rows, script.ended_at[rows], f"ask.{scene}")
    coupon = np.flatnonzero(
        (talks.special == SPECIALS.index("dead_coupon"))
        & (talks.moan >= 0)
        & chosen(dice, 0.3, len(talks))
    )
    yield of_talks("internal_complaint", coupon, script.ended_at[coupon], "moan.M02")
    rows, at = ratings
    yield of_talks("rating_recovery", rows, later(at, 0.005), "moan.C03")


def _walk(
    dice: np.random.Generator,
    frame: Frame,
    setting: Setting,
    plot: Plot,
    refunds: Refunds,
    opened: Opened,
    talk_ids: Words,
) -> tuple[Sheet, Sheet]:
    flow = workflows()[opened.type]
    keep = np.flatnonzero(opened.at < frame.end)
    ident = words([f"{_CODES[opened.type]}{setting.shop.shop_id[:1]}{n:05d}" for n in keep])
    ident = ident + _suffix(opened, keep)
    times = [opened.at[keep]]
    for name, median, _, _ in flow.steps:
        hours = spread(dice, median, 0.5, len(keep))
        if name == "new_shipped" and plot.on("slow_exchange"):
            slow = times[-1] >= plot.since["slow_exchange"]
            hours = np.where(slow, spread(dice, SLOW_EXCHANGE_HOURS, 0.3, len(keep)), hours)
        times.append(frame.seen(later(times[-1], hours)))
    _follow_refund(opened, refunds, keep, times, frame)
    reached = np.column_stack(times)
    done = np.isnat(reached).argmax(axis=1)
    done = np.where(np.isnat(reached).any(axis=1), done, reached.shape[1]) - 1
    owner = setting.staff.agent_id[_owners(setting, opened, keep)]
    names = words([flow.first, *(step[0] for step in flow.steps)])
    actors = words(["system", *(step[2] for step in flow.steps)])
    finished = done == len(flow.steps)
    ticket: Sheet = {
        "ticket_no": texts(ident),
        "type": same(opened.type, len(keep)),
        "priority": same(flow.priority, len(keep)),
        "level": same("L2" if flow.priority < "P2" else "L1", len(keep)),
        "status": texts(names[done]),
        "order_no": _key(setting.baskets.order_no, opened.order[keep]),
        "refund_no": _key(refunds.refund_no, opened.refund[keep]),
        "conv_id": _key(talk_ids, opened.talk[keep]),
        "customer_key": _key(
            setting.buyers.ident, _buyers(setting, opened.order[keep], opened.talk[keep])
        ),
        "product_id": _key(
            setting.goods.product_id, _products(setting, opened.order[keep], opened.talk[keep])
        ),
        "responsible_dept": same(flow.dept, len(keep)),
        "owner": texts(owner),
        "team": same(flow.team, len(keep)),
        "created_at": instants(times[0]),
        "first_response_at": instants(times[1]),
        "due_at": instants(later(times[0], DUE_HOURS[flow.priority])),
        "paused_sec": pa.array(np.zeros(len(keep), dtype=np.int64)),
        "closed_at": instants(np.where(finished, times[-1], NEVER)),
        "reopened_count": pa.array(np.zeros(len(keep), dtype=np.int64)),
        "resolution_code": texts(either(finished, "solved", None)),
        "cost": yuan(dice.integers(0, 30, len(keep)) * 50),
        "channel": same("im", len(keep)),
        "content": texts(opened.note[keep]),
    }
    return ticket, _events(ident, reached, names, actors, owner, flow)


_CODES = {
    **{"rating_recovery": "RR", "exchange": "EX", "parts_resend": "PR", "return_refund": "TR"},
    **{"batch_payment": "BP", "complaint": "CP", "logistics_exception": "LE", "emergency": "EM"},
    **{"urge_shipping": "US", "product_issue": "PI", "internal_complaint": "IC"},
}


def _suffix(opened: Opened, keep: Ints) -> Words:
    """Return what keeps two lists of the same type apart: the moment of opening."""
    return words([f"{stamp % 10**7:07d}" for stamp in opened.at[keep].astype(np.int64)])


def _follow_refund(
    opened: Opened, refunds: Refunds, keep: Ints, times: list[Times], frame: Frame
) -> None:
    """Let the steps of a return or exchange agree with its refund, in place."""
    if opened.type not in {"exchange", "return_refund"}:
        return
    rows = opened.refund[keep]
    returned = 3 if opened.type == "exchange" else 2
    waits = [times[n + 1] - times[n] for n in range(returned, len(times) - 1)]
    sent = refunds.return_shipped_at if opened.type == "exchange" else refunds.return_signed_at
    times[returned] = sent[rows]
    for n in range(1, returned):
        times[n] = np.where(times[n] < times[returned], times[n], refunds.agreed_at[rows])
    for n, wait in enumerate(waits, start=returned):
        times[n + 1] = frame.seen(times[n] + wait)


def _owners(setting: Setting, opened: Opened, keep: Ints) -> Ints:
    """Return the after-sales agent who owns each ticket."""
    last = len(setting.staff.agent_id)
    first = last - len(setting.shop.aftersale_agents)
    return first + (opened.order[keep] + opened.talk[keep] + 7) % (last - first)


def _buyers(setting: Setting, order: Ints, talk: Ints) -> Ints:
    return np.where(talk >= 0, setting.talks.buyer[talk], setting.baskets.buyer[order])


def _products(setting: Setting, order: Ints, talk: Ints) -> Ints:
    return np.where(talk >= 0, setting.talks.product[talk], setting.baskets.product[order])


def _key(values: Words, rows: Ints) -> pa.Array:
    """Return the key of each row; empty for -1."""
    return texts(values[rows], rows < 0)


def _events(
    ident: Words, reached: Times, names: Words, actors: Words, owner: Words, flow: Workflow
) -> Sheet:
    """Return one event for each status reached, and one for each notice given."""
    row, step = np.nonzero(~np.isnat(reached))
    told = np.array([False, *(notice for *_, notice in flow.steps)])[step]
    row, step, notice = (
        np.concatenate([row, row[told]]),
        np.concatenate([step, step[told]]),
        np.repeat([False, True], [len(row), told.sum()]),
    )
    at = reached[row, step] + np.where(notice, 60, 0).astype("m8[s]")
    order = np.lexsort((notice, step, row))
    row, step, notice, at = row[order], step[order], notice[order], at[order]
    kind = either(step == 0, "created", "status_changed")
    role = either(notice, "system", actors[step])
    number = words(
        [
            f"{ticket}-{s}{'n' if n else ''}"
            for ticket, s, n in zip(ident[row], step, notice, strict=True)
        ]
    )
    return {
        "event_id": texts(number),
        "ticket_no": texts(ident[row]),
        "event_type": texts(either(notice, "customer_notified", kind)),
        "from_status": texts(names[np.maximum(step - 1, 0)], notice | (step == 0)),
        "to_status": texts(names[step], notice),
        "actor": texts(either(role == "agent", owner[row], role)),
        "actor_role": texts(role),
        "at": instants(at),
    }


def _stacked(sheets: list[Sheet]) -> Sheet:
    return {name: pa.concat_arrays([sheet[name] for sheet in sheets]) for name in sheets[0]}
