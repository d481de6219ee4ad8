"""What goes to the platform, and money paid for it: disputes, complaints, work orders, payouts."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.app.demo.frame import (
    NEVER,
    Flags,
    Frame,
    Ints,
    Times,
    chosen,
    either,
    later,
    pick,
    spread,
)
from huisheng.app.demo.goods import words
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.refunds import Refunds
from huisheng.app.demo.sheets import Sheet, instants, texts, yuan
from huisheng.app.demo.subjects import Setting, fillers_of
from huisheng.app.demo.wording import bank_of, fill

KINDS = words(["dispute", "complaint", "work_order"])
INITIATORS = words(["consumer", "platform", "merchant"])
ORDERS = words(["普通", "营销预警", "提醒发货", "营商保预警", "无忧购"])
USUAL_CHANCE, LATE_CHANCE, STALLED_CHANCE = 0.005, 0.07, 0.05
PAYOUT_STATUS = words(["pending_approval", "pending_pay", "paid", "rejected", "pay_failed"])


def disputes_sheet(frame: Frame, setting: Setting, parcels: Parcels, refunds: Refunds) -> Sheet:
    """Return the `disputes` table, with the kinds that platforms do not count among them."""
    dice = frame.dice(setting.shop.shop_id, "disputes")
    baskets = setting.baskets
    late = parcels.late(baskets) & baskets.in_campaign
    chance = np.where(late, LATE_CHANCE, USUAL_CHANCE)
    chance = np.where(parcels.stalled(), STALLED_CHANCE, chance)
    base = np.where(late, parcels.promised_at, later(baskets.paid_at, 60.0))
    at = later(base, spread(dice, 30.0, 0.9, len(baskets)))
    by_order = np.flatnonzero(chosen(dice, chance, len(baskets)) & (at < frame.end))
    refused = ~np.isnat(refunds.rejected_at) & chosen(dice, 0.5, len(refunds))
    after_no = later(refunds.rejected_at, spread(dice, 10.0, 0.8, len(refunds)))
    by_refund = np.flatnonzero(refused & (after_no < frame.end))
    order = np.concatenate([by_order, refunds.order[by_refund]])
    refund = np.concatenate([np.full(len(by_order), -1), by_refund])
    launched = np.concatenate([at[by_order], after_no[by_refund]])
    return _rows(dice, frame, setting, (order, refund, launched), refunds, late[order])


def _rows(
    dice: np.random.Generator,
    frame: Frame,
    setting: Setting,
    found: tuple[Ints, Ints, Times],
    refunds: Refunds,
    late: Flags,
) -> Sheet:
    order, refund, launched = found
    size, bank = len(order), bank_of(setting.shop.kind)
    kind = np.where(refund >= 0, 0, pick(dice, np.array([42.0, 30, 28]), size))
    kind = np.where(late, pick(dice, np.array([45.0, 50, 5]), size), kind)
    initiator = np.where(kind == 0, pick(dice, np.array([78.0, 16, 6]), size), 0)
    order_type = ORDERS[pick(dice, np.array([38.0, 16, 26, 8, 12]), size)]
    luck = dice.random(size)
    said = np.where(
        late,
        bank.one_of("manner.complaint_late", luck),
        bank.one_of("manner.complaint", luck),
    )
    content = fill(bank, said, fillers_of(dice, setting, setting.about(order)))
    closed = frame.seen(later(launched, spread(dice, 52.0, 0.5, size)))
    withdrawn = chosen(dice, 0.22, size)
    ours = chosen(dice, np.where(late, 0.8, 0.45), size)
    judged = ~np.isnat(closed) & ~withdrawn & (kind < 2)
    return {
        "dispute_no": texts(words([f"DP{setting.shop.shop_id[:2]}{n:06d}" for n in range(size)])),
        "kind": texts(KINDS[kind]),
        "work_order_type": texts(order_type, kind != 2),
        "order_no": texts(setting.baskets.order_no[order]),
        "refund_no": texts(refunds.refund_no[refund], refund < 0),
        "initiator": texts(INITIATORS[initiator]),
        "is_proactive_member": pa.array((initiator == 1) & chosen(dice, 0.4, size)),
        "merchant_rejected_first": pa.array((refund >= 0) & (kind == 0)),
        "launched_at": instants(launched),
        "withdrawn_at": instants(np.where(withdrawn, closed, NEVER)),
        "closed_at": instants(closed),
        "verdict": texts(either(ours, "支持消费者", "支持商家"), ~judged),
        "duty_party": texts(either(ours, "商家责任", "无责任方"), ~judged),
        "weight": pa.array(np.where(chosen(dice, 0.08, size), 3, 1)),
        "content": texts(content),
    }


def compensations_sheet(frame: Frame, setting: Setting, tickets: Sheet) -> Sheet:
    """Return the `compensations` table: one payout for each batch-payment ticket with an order."""
    dice = frame.dice(setting.shop.shop_id, "payouts")
    mask = pc.and_(pc.equal(tickets["type"], "batch_payment"), tickets["order_no"].is_valid())
    rows = {name: tickets[name].filter(mask) for name in ("ticket_no", "order_no", "created_at")}
    size = len(rows["ticket_no"])
    applied = rows["created_at"].to_numpy(zero_copy_only=False).astype("M8[s]")
    approved = frame.seen(later(applied, spread(dice, 1.8, 0.5, size)))
    paid = frame.seen(later(approved, spread(dice, 5.5, 0.5, size)))
    status = np.where(np.isnat(paid), np.where(np.isnat(approved), 0, 1), 2)
    status = np.where(chosen(dice, 0.04, size), 3, status)
    refused = status == 3
    buyer = dice.integers(0, len(setting.buyers.ident), size)
    return {
        "comp_id": texts(words([f"CO{setting.shop.shop_id[:2]}{n:05d}" for n in range(size)])),
        "batch_id": texts(words([f"B{day}" for day in np.datetime_as_string(applied, unit="D")])),
        "ticket_no": rows["ticket_no"],
        "order_no": rows["order_no"],
        "kind": texts(words(["transfer"] * size)),
        "amount": yuan(dice.integers(2, 16, size) * 250),
        "payee_masked": texts(words([f"{name}**" for name in setting.buyers.surname[buyer]])),
        "reason": texts(words(["延迟发货补偿", "瑕疵补偿", "运费补偿"])[dice.integers(0, 3, size)]),
        "status": texts(PAYOUT_STATUS[status]),
        "applicant": texts(setting.staff.agent_id[-1 - np.arange(size) % 2]),
        "approver": texts(words(["主管"] * size), np.isnat(approved)),
        "applied_at": rows["created_at"],
        "approved_at": instants(approved),
        "paid_at": instants(np.where(refused, NEVER, paid)),
    }
