"""Start the web application over one workspace: the pages, and the process that does the jobs."""

import errno
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from huisheng.errors import BadInputError
from huisheng.lake import open_workspace

SETTINGS = "huisheng.app.web.config"
WORKERS, THREADS = 2, 4
GRACE_S = 10
RESTART_S, LONGEST_RESTART_S = 1.0, 30.0
WATCHED_EVERY_S, ENDED_EVERY_S = 1.0, 0.1


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
    """Serve until told to stop; a request or a step under way has `GRACE_S` seconds to end.

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
    jobs = JobProcess()
    server.on_startup(jobs.start)
    try:
        server.serve()
    finally:
        jobs.stop()


def check_free(host: str, port: int) -> None:
    """Do nothing if a server may listen here; a second one would silently share the visitors.

    Raises:
        BadInputError: something listens already, or this machine has no such address.
    """
    where = f"{host}:{port}"
    try:
        (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except (OSError, OverflowError) as exc:
        if isinstance(exc, OSError) and exc.errno == errno.EADDRINUSE:
            raise BadInputError(
                where, "端口已被占用，也许另一个回声还开着", "请先关掉它，或用 --port 换一个端口"
            ) from exc
        raise BadInputError(
            where, f"不能在这里监听（{exc}）", "请用 --host、--port 换一个本机的地址或端口"
        ) from exc


class JobProcess:
    """The process that does the jobs, started again whenever it ends by itself."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="jobs", daemon=True)

    def start(self) -> None:
        """Start it; the environment is the one that `prepare` made."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, wait, and end it; whatever it was doing is resumed next time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        pause = RESTART_S
        while not self._stopping.is_set():
            lived = self._wait(_spawn())
            pause = RESTART_S if lived > LONGEST_RESTART_S else min(pause * 2, LONGEST_RESTART_S)
            self._stopping.wait(pause)

    def _wait(self, pid: int) -> float:
        """Wait until a process ends, or end it when the server stops; return how long it lived."""
        began = time.monotonic()
        while not self._stopping.wait(WATCHED_EVERY_S):
            if _has_ended(pid):
                return time.monotonic() - began
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_S
        while not _has_ended(pid):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(ENDED_EVERY_S)
        return time.monotonic() - began


def _spawn() -> int:
    """Start the process in a group of its own, so that Ctrl-C reaches the server alone.

    `subprocess` waits on a pipe that the server's own workers, forked meanwhile, would hold open.
    """
    words = [sys.executable, "-m", "huisheng.app.web.jobs.worker", "--parent", str(os.getpid())]
    return os.posix_spawn(sys.executable, words, os.environ, setpgroup=0)


def _has_ended(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid
