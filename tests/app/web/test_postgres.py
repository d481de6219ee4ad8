"""The same pages over a real PostgreSQL: one setting, the same tests."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.app.web.test_browser import free_port

pytestmark = pytest.mark.xdist_group("pipeline")
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
ROOMS = ("test_accounts.py", "test_findings.py")


def as_postgres(*command):
    """Run one of PostgreSQL's programs; it refuses to run as root."""
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    program, *rest = command
    run = subprocess.run(
        [*who, str(BINARIES[-1] / program), *map(str, rest)],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module")
def database():
    """Start a PostgreSQL of our own and return its address."""
    assert BINARIES, "the tests need Debian's postgresql: make test installs it"
    # Not among pytest's folders: those are closed to the user that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="huisheng-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    port, data = free_port(), folder / "data"
    as_postgres("initdb", "-D", data, "-U", "huisheng", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    as_postgres("pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://huisheng@127.0.0.1:{port}/postgres"
    finally:
        as_postgres("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_the_rooms_pass_the_same_tests_on_postgresql(database, shop):
    here = Path(__file__).parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "HUISHENG_DATABASE_URL": database,
        "HUISHENG_TEST_SHOP": str(shop),
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
        + [str(here / name) for name in ROOMS],
        cwd=here.parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4_000:] + run.stderr[-2_000:]
    with psycopg.connect(database) as connection:
        (people,) = connection.execute("SELECT count(*) FROM accounts_user").fetchone()
    assert people > 0, "the tests left nothing in this PostgreSQL: they ran elsewhere"
