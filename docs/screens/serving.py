"""Serve a copy of a demo workspace on a free port while the pictures are taken."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

STARTING_S = 120


@contextmanager
def served_copy(workspace: Path) -> Iterator[tuple[str, Path]]:
    """Yield the address of the application over a copy, and the folder of the copy.

    Raises:
        FileNotFoundError: there is no workspace.
        TimeoutError: the application did not start.
    """
    if not (workspace / "workspace.toml").exists():
        raise FileNotFoundError(f"{workspace}: make it with huisheng demo --no-serve")
    with TemporaryDirectory(prefix="huisheng-manual-") as folder:
        copy = Path(folder) / "workspace"
        shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("desk.sqlite3*"))
        port = _free_port()
        command = [
            str(Path(sys.executable).with_name("huisheng")),
            "serve",
            "--workspace",
            str(copy),
            "--port",
            str(port),
        ]
        log = Path(folder) / "serve.log"
        with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as server:
            try:
                yield _answering(f"http://127.0.0.1:{port}", server), Path(folder)
            finally:
                server.terminate()
                server.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(address: str, server: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + STARTING_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return address
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"{address} did not answer within {STARTING_S} s")
