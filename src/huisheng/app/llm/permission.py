"""Whether words may leave the house, whereto, and how many: said by the owner, kept in a file.

The settings page is the master; it publishes this file, so that the command line and the worker
obey the same switch. The key is not in it.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from huisheng.errors import BadInputError
from huisheng.lake import Workspace, replace_bytes


@dataclass(frozen=True, slots=True)
class Permission:
    """What an owner allowed.

    Attributes:
        endpoint: base address of an OpenAI-compatible service, such as `https://host/v1`.
        model: the model's name there.
        daily_requests: requests of one local day, failed ones included.
        daily_tokens: tokens of one local day, as the service counts them.
    """

    endpoint: str
    model: str
    daily_requests: int
    daily_tokens: int


def publish(workspace: Workspace, permission: Permission | None) -> None:
    """Write down what is allowed; None for nothing."""
    path = _path(workspace)
    if permission is None:
        path.unlink(missing_ok=True)
        return
    replace_bytes(path, json.dumps(asdict(permission), ensure_ascii=False).encode(), mode=0o600)


def permitted(workspace: Workspace) -> Permission | None:
    """Return what is allowed; None for nothing.

    Raises:
        BadInputError: the file is damaged.
    """
    path = _path(workspace)
    try:
        return Permission(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as exc:
        raise BadInputError(str(path), "读不懂", "请在「设置 → 语言模型」里重新打开") from exc


def folder_of(workspace: Workspace) -> Path:
    """Return where everything about the language model lies."""
    return workspace.root / "llm"


def _path(workspace: Workspace) -> Path:
    return folder_of(workspace) / "permission.json"
