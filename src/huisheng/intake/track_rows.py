"""Parcel events and what they say of the parcel, out of tracks in the vocabulary of 快递100."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    extract,
    known,
    landed,
    matches,
    one_per,
    pick,
    recode,
    where,
)

STATES = (
    (r"^(10\d\d)$|^(0|在途.*|运输中|干线)$", "0"),
    (r"^1(0[1-3])?$|揽收|揽件", "1"),
    (r"^5(01)?$|派件|派送|投递中", "5"),
    (r"^3(0[1-4])?$|^(已|本人|代|快件已)?签收", "3"),
    (r"^14$|拒签|拒收", "14"),
    (r"^4(01)?$|退签|销单", "4"),
    (r"^6$|退回", "6"),
    (r"^7$|转投", "7"),
    (r"^2(\d\d)?$|疑难|异常", "2"),
)
"""Codes, sub-codes and words of a state to the code of the state (domain §3.10)."""

STATUS = (
    ("^0$", "transit"),
    ("^1$", "picked"),
    ("^5$", "delivering"),
    ("^3$", "signed"),
    ("^(4|6|14)$", "returned"),
    ("^7$", "transit"),
    ("^2$", "exception"),
)
_KNOWN_STATES = pa.array(["0", "1", "2", "3", "4", "5", "6", "7", "14"])
_BY_CONTEXT = (
    ("退回|退件", "6"),
    ("拒收|拒签", "14"),
    ("未签收|待签收|请.{0,6}签收", "5"),
    ("已.{0,12}签收|签收人|^签收|妥投", "3"),
    ("揽收|揽件|收取快件", "1"),
    ("派送|派件|投递", "5"),
    ("到达|离开|发往|运输|中转|已发出", "0"),
)
_SUB_STATE = r"^(?P<found>\d{3,4})$"


def track_rows(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return `shipment_events` and one row of `shipments` per parcel and order.

    A parcel of which the track names no order has no row in `shipments`, whose key has the order:
    its events tell all that is known, and meet the order's parcel by the tracking number.
    """
    number = pick(raw, "单号", "快递单号", "运单号", "物流单号", "nu")
    time = _sortable(pick(raw, "time", "时间", "ftime"))
    code = pick(raw, "statusCode", "状态码", "state", "状态", "status")
    context = pick(raw, "context", "节点描述", "context(节点描述)")
    state = _state(code, pick(raw, "status", "状态"), context)
    carrier = pick(raw, "公司编码", "快递公司", "物流公司", "com")
    events = landed(
        raw,
        tracking_no=number,
        time=time,
        state=state,
        sub_state=extract(code, _SUB_STATE, "found"),
        context=context,
        location=pick(raw, "location", "地点", "areaName", "areaname"),
        carrier=carrier,
    )
    order_no = pick(raw, "订单号", "订单编号", "平台订单号")
    return {
        "shipment_events": events,
        "shipments": _parcels(raw, events, order_no, pick(raw, "parcel_state")),
    }


def _parcels(
    raw: pa.Table, events: pa.Table, order_no: pa.Array, parcel_state: pa.Array
) -> pa.Table:
    time, state = events["time"].combine_chunks(), events["state"].combine_chunks()
    ended = recode(pc.coalesce(parcel_state, state), STATES)
    word = where(pc.is_valid(ended), recode(ended, STATUS))
    parcel = landed(
        raw,
        tracking_no=events["tracking_no"],
        carrier=events["carrier"],
        order_no=order_no,
        direction=constant(raw, "out"),
        picked_at=where(pc.equal(state, "1"), time),
        delivering_at=where(pc.equal(state, "5"), time),
        signed_at=where(pc.equal(state, "3"), time),
        returned_at=where(pc.is_in(state, value_set=pa.array(["4", "6", "14"])), time),
        status=pc.binary_join_element_wise(time, word, "|"),
    )
    both = pc.binary_join_element_wise(events["tracking_no"], order_no, "|")
    parcel = parcel.append_column("parcel", both)
    newest = {"signed_at", "returned_at", "status"}
    found = one_per(
        known(parcel, "parcel"),
        "parcel",
        least={"picked_at", "delivering_at"},
        greatest=newest,
    )
    at = found.column_names.index("status")
    status = pc.replace_substring_regex(found["status"], r"^.*\|", "")
    return found.set_column(at, "status", status).drop_columns(["parcel"])


def _state(code: pa.Array, word: pa.Array, context: pa.Array) -> pa.Array:
    return pc.coalesce(
        _known_state(recode(code, STATES)),
        _known_state(recode(word, STATES)),
        _known_state(recode(context, _BY_CONTEXT)),
    )


def _known_state(codes: pa.Array) -> pa.Array:
    return where(pc.is_in(codes, value_set=_KNOWN_STATES), codes)


def _sortable(times: pa.Array) -> pa.Array:
    """Return times in ISO form, so that text order is time order; others as they are."""
    plain = pc.replace_substring_regex(times, "[/年月]", "-")
    plain = pc.replace_substring_regex(pc.replace_substring(plain, "T", " "), "日", "")
    with_seconds = pc.if_else(matches(plain, r":\d{2}:\d{2}$"), plain, _plus(plain, ":00"))
    parsed = pc.strptime(with_seconds, format="%Y-%m-%d %H:%M:%S", unit="s", error_is_null=True)
    return pc.coalesce(pc.strftime(parsed, format="%Y-%m-%d %H:%M:%S"), times)


def _plus(texts: pa.Array, tail: str) -> pa.Array:
    return pc.binary_join_element_wise(texts, pa.scalar(tail), "")
