"""A real PostgreSQL for one test module, in a folder of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER = "postgres"


@dataclass
class Server:
    """A running PostgreSQL: its address, and how to restart it as an administrator would."""

    address: str
    restart: Callable[[], None]


@contextmanager
def postgres():
    """Yield an empty PostgreSQL."""
    bin_ = _programs()
    # PostgreSQL refuses to run as root.
    owner = {"user": USER, "group": USER} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="huisheng-pg-"))
    if owner:
        shutil.chown(folder, USER, USER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    commands = [
        [bin_ / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8"],
        [
            bin_ / "pg_ctl",
            "-D",
            folder / "data",
            "-w",
            "-l",
            folder / "log",
            "-o",
            options,
            "start",
        ],
    ]
    try:
        for command in commands:
            subprocess.run(
                command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **owner
            )

        def restart():
            again = [bin_ / "pg_ctl", "-D", folder / "data", "-w", "-m", "fast", "-l"]
            again += [folder / "log", "-o", options, "restart"]
            subprocess.run(
                again, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **owner
            )

        yield Server(f"postgres://{USER}@127.0.0.1:{port}/postgres", restart)
    finally:
        stop = [bin_ / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, cwd=folder, stdout=subprocess.DEVNULL, **owner)
        shutil.rmtree(folder, ignore_errors=True)


def _programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    assert found or named, "the tests need Debian's postgresql: make test installs it"
    return found[-1].parent if found else Path(named).parent
