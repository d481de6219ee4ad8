"""Parcel tracks as the 快递100 interface answers them: JSON, events newest first."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.intake.connector import ROW, Connector, TextFormat
from huisheng.intake.track_rows import track_rows

_PARCEL = re.compile(r'"(?:nu|lastResult)"\s*:')
_EVENT = re.compile(r'"(?:context|data)"\s*:')
_EVENT_FIELDS = ("time", "context", "location", "areaName", "status", "statusCode")

Document = Mapping[str, object]


def recognises(head: str) -> bool:
    """Return whether a text looks like answers of 快递100, one or many."""
    return head.lstrip("\ufeff \r\n\t")[:1] in {"{", "["} and bool(
        _PARCEL.search(head) and _EVENT.search(head)
    )


def rows(pieces: Iterable[str]) -> Iterator[pa.Table]:
    """Yield one raw table with a row per event, the events of each parcel in order of time.

    Raises:
        BadInputError: the text is not JSON, nor JSON line by line.
    """
    events = [event for parcel in _parcels("".join(pieces)) for event in _events(parcel)]
    names = ("单号", "公司编码", "订单号", "parcel_state", *_EVENT_FIELDS)
    columns = {name: pa.array([event.get(name) for event in events], pa.string()) for name in names}
    yield pa.table({**columns, ROW: pa.array(range(1, len(events) + 1), pa.int64())})


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return parcel events and what they say of each parcel."""
    return track_rows(raw)


def _parcels(text: str) -> Iterator[Document]:
    for document in _documents(text.lstrip("\ufeff")):
        parcel = document.get("lastResult", document)
        if isinstance(parcel, dict):
            yield parcel


def _documents(text: str) -> list[Document]:
    try:
        found = json.loads(text)
    except ValueError:
        found = [_line(line) for line in text.splitlines() if line.strip()]
    return [document for document in _listed(found) if isinstance(document, dict)]


def _listed(found: object) -> list[object]:
    return found if isinstance(found, list) else [found]


def _line(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError as exc:
        raise BadInputError(
            "物流轨迹", "不是合法的 JSON", "请重新下载，或改为每行一个包裹的 JSON 再导入"
        ) from exc


def _events(parcel: Document) -> Iterator[dict[str, str]]:
    data = parcel.get("data")
    events = [event for event in _listed(data) if isinstance(event, dict)]
    own = {"单号": parcel.get("nu"), "公司编码": parcel.get("com"), "订单号": parcel.get("orderNo")}
    for event in reversed(events):
        fields = own | {"parcel_state": parcel.get("state")}
        fields |= {name: event.get(name) for name in _EVENT_FIELDS}
        fields["time"] = event.get("time") or event.get("ftime")
        yield {name: str(value) for name, value in fields.items() if value not in (None, "")}


CONNECTOR = Connector(
    label="物流轨迹 JSON（快递100 查询或推送结果）",
    platform="other",
    header=frozenset(),
    convert=convert,
    text=TextFormat(recognises=recognises, rows=rows),
)
