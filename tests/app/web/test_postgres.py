"""The same pages over a real PostgreSQL: one setting, the same tests."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.app.web.postgres import postgres

pytestmark = pytest.mark.xdist_group("pipeline")
OWN = ("PYTEST_", "DJANGO_", "HUISHENG_")
"""What this process has set for itself."""
ROOMS = ("test_accounts.py", "test_findings.py")


@pytest.fixture(scope="module")
def database():
    with postgres() as address:
        yield address


def test_the_rooms_pass_the_same_tests_on_postgresql(database, shop):
    here = Path(__file__).parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(OWN)},
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
