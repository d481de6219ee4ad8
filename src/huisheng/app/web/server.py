"""Start the web application over one workspace."""

import os
from pathlib import Path

from huisheng.lake import open_workspace

SETTINGS = "huisheng.app.web.config"
WORKERS, THREADS = 2, 4
GRACE_S = 10


def prepare(workspace: Path) -> None:
    """Set Django up for a workspace and bring its operational store up to date.

    Raises:
        BadInputError: there is no workspace, or a newer version made it.
    """
    open_workspace(workspace)
    os.environ["HUISHENG_WORKSPACE"] = str(workspace.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def serve(workspace: Path, host: str, port: int) -> None:
    """Serve until told to stop; a request under way has `GRACE_S` seconds to end.

    Raises:
        BadInputError: there is no workspace, or a newer version made it.
    """
    prepare(workspace)
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "huisheng.app.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        workers_kill_timeout=GRACE_S,
        respawn_failed_workers=True,
        log_enabled=False,
    )
    server.serve()
