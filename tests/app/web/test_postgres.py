"""The same pages over a real PostgreSQL: one setting, the same tests."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.app.web.postgres import postgres

OWN = ("PYTEST_", "DJANGO_", "HUISHENG_")
"""What this process has set for itself."""
ELSEWHERE = frozenset(
    {"test_postgres.py", "test_browser.py", "test_api_fuzz.py", "test_api_parity.py"}
)
"""Files that start servers and stores of their own, or read no store."""


@pytest.fixture(scope="module")
def server():
    with postgres() as running:
        yield running


def test_the_rooms_pass_the_same_tests_on_postgresql(server, shop):
    here = Path(__file__).parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(OWN)},
        "HUISHENG_DATABASE_URL": server.address,
        "HUISHENG_TEST_SHOP": str(shop),
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
        + [str(file) for file in sorted(here.glob("test_*.py")) if file.name not in ELSEWHERE],
        cwd=here.parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4_000:] + run.stderr[-2_000:]
    with psycopg.connect(server.address) as connection:
        (moved,) = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    assert moved > 0, "the tests left nothing in this PostgreSQL: they ran elsewhere"


def test_a_restart_under_load_is_survived(server, shop, tmp_path):
    """While PostgreSQL restarts, pages say so (503) or wait; afterwards all answer again."""
    workspace = tmp_path / "ws"
    shutil.copytree(shop / "ws", workspace, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    with served(workspace, HUISHENG_DATABASE_URL=server.address) as address:
        seen = []
        stop = threading.Event()

        def visit():
            while not stop.is_set():
                seen.append(status_of(f"{address}/sign-in"))

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        try:
            time.sleep(1)
            server.restart()
            time.sleep(1)
            before = len(seen)
            time.sleep(2)
        finally:
            stop.set()
            for visitor in visitors:
                visitor.join()
        assert seen[before:]
        assert set(seen[before:]) == {200}
        assert set(seen) <= {200, 503}


@contextmanager
def served(workspace, **setting):
    """Run `huisheng serve` and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {n: v for n, v in os.environ.items() if not n.startswith(OWN)} | setting
    command = [sys.executable, "-c", "from huisheng.app.cli import main; main()", "serve"]
    command += ["--workspace", str(workspace), "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 90
            while status_of(f"http://127.0.0.1:{port}/healthz") != 200:
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
