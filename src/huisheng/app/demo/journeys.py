"""Parcels as canonical tables: one row a parcel, one row a scan."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huisheng.app.demo.canonical import return_numbers
from huisheng.app.demo.frame import NEVER, Frame, Ints, Times, Words, either, later
from huisheng.app.demo.goods import geography, words
from huisheng.app.demo.refunds import Refunds
from huisheng.app.demo.sheets import Sheet, instants, same, texts, yuan
from huisheng.app.demo.subjects import Setting

HUBS = {"广西": "南宁", "云南": "昆明", "贵州": "贵阳", "新疆": "乌鲁木齐"}


@dataclass(frozen=True)
class Scans:
    """Tracking events of outbound parcels as columns, by parcel and time."""

    tracking_no: Words
    order_no: Words
    carrier: Words
    seq: Ints
    at: Times
    state: Ints
    sub_state: Ints
    context: Words
    location: Words


def shipments_sheet(setting: Setting, refunds: Refunds) -> Sheet:
    """Return the `shipments` table: parcels out, then parcels back."""
    out, back = _sent(setting), _returned(setting, refunds)
    return {name: pa.concat_arrays([column, back[name]]) for name, column in out.items()}


def _sent(setting: Setting) -> Sheet:
    parcels, baskets, goods = setting.parcels, setting.baskets, setting.goods
    rows = np.flatnonzero(~np.isnat(parcels.shipped_at))
    status = words(["created"] * len(baskets))
    for name, times in (
        ("picked", parcels.picked_at),
        ("transit", parcels.arrived_at),
        ("delivering", parcels.delivering_at),
        ("signed", parcels.signed_at),
        ("returned", parcels.returned_at),
    ):
        status[~np.isnat(times)] = name
    weight = np.round(0.2 + goods.price_fen[baskets.product] % 4100 / 1000, 2)
    return {
        "tracking_no": texts(parcels.tracking_no[rows]),
        "carrier": texts(geography().carriers[parcels.carrier[rows]]),
        "order_no": texts(baskets.order_no[rows]),
        "direction": same("out", len(rows)),
        "warehouse": same(setting.shop.warehouse, len(rows)),
        "promised_ship_at": instants(parcels.promised_at[rows]),
        "shipped_at": instants(parcels.shipped_at[rows]),
        "picked_at": instants(parcels.picked_at[rows]),
        "delivering_at": instants(parcels.delivering_at[rows]),
        "signed_at": instants(parcels.signed_at[rows]),
        "returned_at": instants(parcels.returned_at[rows]),
        "expected_at": instants(parcels.expected_at[rows]),
        "status": texts(status[rows]),
        "weight": pa.array(weight[rows]),
        "cost": yuan(np.full(len(rows), 420)),
    }


def _returned(setting: Setting, refunds: Refunds) -> Sheet:
    rows = np.flatnonzero(~np.isnat(refunds.return_shipped_at))
    order, nothing = refunds.order[rows], instants(np.full(len(rows), NEVER))
    sent, signed = refunds.return_shipped_at[rows], refunds.return_signed_at[rows]
    arrived = ~np.isnat(signed)
    return {
        "tracking_no": texts(return_numbers(refunds)[rows]),
        "carrier": texts(geography().carriers[setting.parcels.carrier[order]]),
        "order_no": texts(setting.baskets.order_no[order]),
        "direction": same("return", len(rows)),
        "warehouse": same(setting.shop.warehouse, len(rows)),
        "promised_ship_at": nothing,
        "shipped_at": instants(sent),
        "picked_at": instants(np.where(arrived, later(sent, 3.0), NEVER)),
        "delivering_at": nothing,
        "signed_at": instants(signed),
        "returned_at": nothing,
        "expected_at": nothing,
        "status": texts(either(arrived, "signed", "transit")),
        "weight": pa.array(np.full(len(rows), 1.0)),
        "cost": yuan(np.full(len(rows), 800)),
    }


def scans_of(frame: Frame, setting: Setting) -> Scans:
    """Return the tracking events of one shop's outbound parcels."""
    parcels = setting.parcels
    province = setting.buyers.province[setting.baskets.buyer]
    city = setting.buyers.city[setting.baskets.buyer]
    hub = words([HUBS.get(name, name) for name in geography().provinces])[province]
    leaves = frame.seen(later(parcels.arrived_at, 5.0 + parcels.stall_hours))
    leaves = np.where(leaves < parcels.delivering_at, leaves, later(parcels.delivering_at, -4.0))
    home = words([setting.shop.warehouse[:2]])[np.zeros(len(city), dtype=np.int64)]
    stages = (  # time, place, state, sub-state, what the courier's system says
        (parcels.picked_at, home, 1, 103, "【{}】快件已揽收"),
        (later(parcels.picked_at, 4.0), home, 0, 1002, "【{}】快件离开转运中心，发往下一站"),
        (parcels.arrived_at, hub, 0, 1002, "【{}】快件到达转运中心"),
        (leaves, hub, 0, 1002, "【{}】快件离开转运中心"),
        (later(parcels.delivering_at, -2.0), city, 0, 1001, "【{}】快件到达营业点"),
        (parcels.delivering_at, city, 5, 0, "【{}】快递员正在派送，请保持电话畅通"),
        (parcels.signed_at, city, 3, 301, "【{}】快件已签收，感谢使用"),
        (parcels.returned_at, city, 4, 14, "【{}】收件人拒收，快件退回"),
    )
    times = frame.seen(np.column_stack([stage[0] for stage in stages]))
    row, stage = np.nonzero(~np.isnat(times))
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    seq = np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)])) + 1
    place = np.column_stack([part[1] for part in stages])[row, stage]
    said = words([part[4] for part in stages])[stage]
    return Scans(
        tracking_no=parcels.tracking_no[row],
        order_no=setting.baskets.order_no[row],
        carrier=geography().carriers[parcels.carrier[row]],
        seq=seq,
        at=times[row, stage],
        state=np.array([part[2] for part in stages])[stage],
        sub_state=np.array([part[3] for part in stages])[stage],
        context=words([text.format(name) for text, name in zip(said, place, strict=True)]),
        location=place,
    )


def scans_sheet(scans: Scans) -> Sheet:
    """Return the `shipment_events` table."""
    return {
        "tracking_no": texts(scans.tracking_no),
        "seq": pa.array(scans.seq),
        "time": instants(scans.at),
        "state": pa.array(scans.state),
        "sub_state": pa.array(scans.sub_state),
        "context": texts(scans.context),
        "location": texts(scans.location),
        "carrier": texts(scans.carrier),
    }
