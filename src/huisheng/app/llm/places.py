"""Where a language model may be, and the key it asks for: said by who installs, not on a page."""

import os
from urllib.parse import SplitResult, urlsplit

from huisheng.errors import BadInputError
from huisheng.lake import Workspace

HOSTS, KEY = "HUISHENG_LLM_HOSTS", "HUISHENG_LLM_KEY"
_NO_KEY = f"没有密钥：环境变量 {KEY} 和 secrets/llm.key 都没有；不要密钥的服务可以不管"


def place_problem(endpoint: str) -> str:
    """Return why no words may go to an address, empty where they may.

    Words leave only for origins (`https://host:port`) listed in `HUISHENG_LLM_HOSTS`: the owner's
    switch alone opens nothing.
    """
    try:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        usable = bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        return "服务地址不是网址"
    listed = [one.strip().rstrip("/") for one in os.environ.get(HOSTS, "").split(",")]
    if usable and origin in listed:
        return ""
    return f"装机的人还没有在环境变量 {HOSTS} 里写明 {origin}，不会发出任何内容"


def place_of(endpoint: str) -> SplitResult:
    """Return where questions go.

    Raises:
        BadInputError: nothing may go there.
    """
    problem = place_problem(endpoint)
    if problem:
        raise BadInputError("语言模型", problem, "请联系装机的人，或换一个地址")
    parts = urlsplit(endpoint)
    return parts._replace(path=f"{parts.path.rstrip('/')}/chat/completions", query="", fragment="")


def key_of(workspace: Workspace) -> str:
    """Return the service's key: from the environment, else from `secrets/llm.key`; may be empty.

    Raises:
        BadInputError: the file is readable for other users.
    """
    if KEY in os.environ:
        return os.environ[KEY].strip()
    path = workspace.root / "secrets" / "llm.key"
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077:
        raise BadInputError(str(path), "密钥文件对其他用户可读", f"请执行 chmod 600 {path}")
    return path.read_text("utf-8").strip()


def key_problem(workspace: Workspace) -> str:
    """Return what is wrong with the key, empty where a service may take it."""
    try:
        return "" if key_of(workspace) else _NO_KEY
    except (BadInputError, ValueError, OSError) as exc:
        return str(exc)
