"""`huisheng serve`: the web application over one workspace."""

from pathlib import Path
from typing import Annotated

import typer

from huisheng.app.cli.console import DEFAULT_WORKSPACE, WorkspaceOption, console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    host: Annotated[str, typer.Option(help="监听的地址；默认只有本机能打开")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 8000,
) -> None:
    """打开网页版：总览、卡点、人员。第一位访客建立店主账号。"""
    show(workspace, host, port)


def show(workspace: Path, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        BadInputError: nothing can listen here, or there is no workspace to serve.
    """
    from huisheng.app import web

    web.check_free(host, port)
    console.print(f"在浏览器打开 http://{host}:{port} ，按 Ctrl-C 结束", highlight=False)
    web.serve(workspace, host, port)
