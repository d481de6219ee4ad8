"""What this workspace assumes otherwise than the published definitions, and who said so.

The settings page is the master; it publishes a file in the workspace, so that the command line and
the worker compute the same numbers as the pages.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from huisheng.errors import BadInputError
from huisheng.lake import Workspace, replace_bytes
from huisheng.metrics import Chosen, all_assumptions

_COMMENT = "# 由「设置 → 指标假设」写入，请在那里修改；删掉这个文件即全部恢复默认。\n"


@dataclass(frozen=True, slots=True)
class Choice:
    """One assumption that somebody changed: the value, by whom, when (ISO), and why."""

    id: str
    value: int
    by: str
    at: str
    why: str


def path_of(workspace: Workspace) -> Path:
    """Return where the choices are published."""
    return workspace.root / "metrics" / "assumptions.yaml"


def publish(workspace: Workspace, choices: Iterable[Choice]) -> None:
    """Write down what is assumed; without any choice the defaults hold."""
    entries = [asdict(choice) for choice in sorted(choices, key=lambda choice: choice.id)]
    path = path_of(workspace)
    path.parent.mkdir(exist_ok=True)
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False)
    replace_bytes(path, (_COMMENT + text).encode())


def choices(workspace: Workspace) -> tuple[Choice, ...]:
    """Return what is assumed otherwise than by default, in order of id.

    An assumption that this version of the program does not have is passed over: nothing uses it.

    Raises:
        BadInputError: the file was edited into something that cannot be used.
    """
    path = path_of(workspace)
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return _read(path, stamp)


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> tuple[Choice, ...]:
    """Read the file as it was at `stamp`; every page asks, and it hardly ever changes."""
    try:
        found = [Choice(**entry) for entry in yaml.safe_load(path.read_text("utf-8")) or []]
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, OSError) as exc:
        raise _broken(path, "看不懂") from exc
    known = [choice for choice in found if choice.id in all_assumptions()]
    for choice in known:
        one, _, _ = all_assumptions()[choice.id]
        if not isinstance(choice.value, int) or not one.allows(choice.value):
            raise _broken(path, f"「{one.label}」应是 {one.least} 到 {one.most} 的整数")
    return tuple(known)


def chosen(workspace: Workspace) -> Chosen:
    """Return the values that are assumed otherwise than by default.

    Raises:
        BadInputError: the file was edited into something that cannot be used.
    """
    return {choice.id: choice.value for choice in choices(workspace)}


def _broken(path: Path, problem: str) -> BadInputError:
    return BadInputError(str(path), problem, "请在「设置 → 指标假设」里重新保存，或删除这个文件")
