"""The judge licences that hold in a workspace: what each shop measured on its own sample.

One file per shop, a line per measurement, only ever added to: the last line of the present model
holds, the others are its history.
"""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path

from huisheng.errors import BadInputError
from huisheng.lake import Workspace, replace_bytes
from huisheng.language import MODEL_VERSION, licence

FOR_INFORMATION = "仅供参考，不作考核"
"""Said beside whatever scores a person by a label without a licence."""
_CELLS = ("hits", "alarms", "misses", "quiet")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement that a shop kept.

    Attributes:
        at: instant, ISO.
        by: who kept it.
        model: version of the labels measured.
        texts: how many were judged.
        people: how many judged them.
        labels: the licences that follow.
    """

    at: str
    by: str
    model: str
    texts: int
    people: int
    labels: tuple[licence.Licence, ...]


def path_of(workspace: Workspace, shop: str) -> Path:
    """Return where a shop's measurements are kept."""
    return workspace.root / "licences" / f"{shop}.jsonl"


def keep(workspace: Workspace, shop: str, one: Measurement) -> None:
    """Add a measurement to a shop's history; from now on it holds."""
    path = path_of(workspace, shop)
    before = path.read_bytes() if path.exists() else b""
    entry = {
        "at": one.at,
        "by": one.by,
        "model": one.model,
        "texts": one.texts,
        "people": one.people,
        "labels": [_entry(label) for label in one.labels],
    }
    line = json.dumps(entry, ensure_ascii=False, allow_nan=False)
    replace_bytes(path, before + line.encode() + b"\n")


def history(workspace: Workspace, shop: str) -> tuple[Measurement, ...]:
    """Return all measurements that a shop kept, the oldest first.

    Raises:
        BadInputError: the file was edited into something that cannot be used.
    """
    path = path_of(workspace, shop)
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return _read(path, stamp)


def licences(workspace: Workspace, shop: str) -> licence.Licences:
    """Return the licences that hold in a shop for the labels of the present model.

    Raises:
        BadInputError: the shop's file cannot be used.
    """
    own = [one for one in history(workspace, shop) if one.model == MODEL_VERSION]
    return licence.Licences(own[-1].labels if own else ())


@lru_cache(maxsize=32)
def _read(path: Path, stamp: int) -> tuple[Measurement, ...]:
    """Read the file as it was at `stamp`; every page asks, and it hardly ever changes."""
    try:
        lines = path.read_text("utf-8").splitlines()
        return tuple(_measurement(json.loads(line)) for line in lines if line.strip())
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as exc:
        raise BadInputError(
            str(path), "看不懂", "请从备份恢复，或删除它再用 huisheng evaluate --license 重新测量"
        ) from exc


def _entry(one: licence.Licence) -> dict[str, object]:
    cells = one.cells or licence.Cells.plain(0, 0, 0, 0)
    parts = {name: astuple(part) for name, part in zip(_CELLS, _parts(cells), strict=True)}
    among = astuple(one.among_people) if one.among_people else None
    return {"head": one.head, "label": one.label, **parts, "among_people": among}


def _parts(cells: licence.Cells) -> tuple[licence.Part, ...]:
    return cells.hits, cells.alarms, cells.misses, cells.quiet


def _measurement(entry: Mapping[str, object]) -> Measurement:
    labels = entry["labels"]
    if not isinstance(labels, list):
        raise TypeError("labels")
    return Measurement(
        at=str(entry["at"]),
        by=str(entry["by"]),
        model=str(entry["model"]),
        texts=int(str(entry["texts"])),
        people=int(str(entry["people"])),
        labels=tuple(_label(one) for one in labels),
    )


def _label(entry: Mapping[str, list[float]]) -> licence.Licence:
    parts = [licence.Part(*(float(value) for value in entry[name])) for name in _CELLS]
    among = entry["among_people"]
    return licence.Licence(
        str(entry["head"]),
        str(entry["label"]),
        licence.Origin.SHOP,
        licence.Cells(*parts),
        licence.Interval(*(float(value) for value in among)) if among else None,
    )
