"""The manifest: which version of every table belongs together, published by one rename."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from huisheng.errors import BadInputError
from huisheng.lake.durable import replace_bytes
from huisheng.lake.lock import held

LOCK = "~manifest"
"""Sorts after every table name, so it is always the last lock taken."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Table versions that were published together; `sequence` grows by one each time."""

    sequence: int
    versions: Mapping[str, int]


def read_manifest(lake: Path) -> Manifest:
    """Return the published manifest; an empty lake has sequence 0 and no tables.

    Raises:
        BadInputError: the file is damaged.
    """
    path = lake / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(int(content["sequence"]), MappingProxyType(dict(content["versions"])))
    except FileNotFoundError:
        return Manifest(0, MappingProxyType({}))
    except (ValueError, KeyError, TypeError) as exc:
        raise BadInputError(str(path), "数据湖清单已损坏", "请从备份恢复这个文件") from exc


def publish(lake: Path, changed: Mapping[str, int]) -> Manifest:
    """Make the `changed` table versions visible to readers, all at once."""
    with held(lake / "locks", [LOCK]):
        before = read_manifest(lake)
        after = Manifest(before.sequence + 1, {**before.versions, **changed})
        content = {"sequence": after.sequence, "versions": dict(sorted(after.versions.items()))}
        replace_bytes(lake / "manifest.json", json.dumps(content, indent=1).encode())
        return after
