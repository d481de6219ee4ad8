"""The key that signs sessions and forms, kept in the workspace for its owner alone."""

import secrets
from pathlib import Path

from huisheng.errors import BadInputError
from huisheng.lake import replace_bytes

KEY_BYTES = 50


def secret_key(workspace: Path) -> str:
    """Return the workspace's key, making it on first use.

    Without a workspace nothing is ever served: tools that only read the settings get a key that
    nobody else knows.

    Raises:
        BadInputError: the file is readable for other users.
    """
    if not (workspace / "workspace.toml").exists():
        return secrets.token_urlsafe(KEY_BYTES)
    path = workspace / "secrets" / "web.key"
    if not path.exists():
        replace_bytes(path, secrets.token_urlsafe(KEY_BYTES).encode(), mode=0o600)
    if path.stat().st_mode & 0o077:
        raise BadInputError(str(path), "密钥文件对其他用户可读", f"请执行 chmod 600 {path}")
    return path.read_text("ascii")
