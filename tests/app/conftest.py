"""A demo shop, imported, analysed and reported once, for every test that looks at results."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from huisheng.app.cli import main
from huisheng.app.demo import generate

COMMAND = [sys.executable, "-c", "from huisheng.app.cli import main; main()"]


def huisheng(*arguments, cwd=None, stdin=None):
    environment = {name: value for name, value in os.environ.items() if "HUISHENG" not in name}
    environment |= {"COLUMNS": "200"}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        input=stdin,
        env=environment,
        check=False,
    )


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """Return a folder with a demo shop's exports, its workspace, analysed, and its reports.

    The first worker that needs it builds it; each has a copy of its own, since the operational
    store lies inside.
    """
    if "HUISHENG_TEST_SHOP" in os.environ:
        return Path(os.environ["HUISHENG_TEST_SHOP"])
    folder = tmp_path_factory.mktemp("shop")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "alone")
    shared = tmp_path_factory.getbasetemp().parent / f"shop-{run}"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            _build(folder)
            shutil.copytree(folder, shared.with_suffix(".part"))
            shared.with_suffix(".part").rename(shared)
            return folder
    return Path(shutil.copytree(shared, folder, dirs_exist_ok=True))


def _build(folder):
    made = generate(folder / "exports", days=40, orders=2_500)
    workspace = folder / "ws"
    for one in made.shops[::2]:
        result = huisheng("import", one.folder, "--shop", one.shop_id, "--workspace", workspace)
        assert result.returncode == 0, result.stdout + result.stderr
    result = huisheng("analyze", "--workspace", workspace)
    assert result.returncode == 0, result.stderr
    for format_ in ("html", "json", "xlsx"):
        out = folder / f"report.{format_}"
        result = huisheng("report", "--format", format_, "--out", out, "--workspace", workspace)
        assert result.returncode == 0, result.stderr


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs the command line in this process: code, stdout, stderr."""

    def call(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["huisheng", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return call
