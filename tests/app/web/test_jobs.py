"""Long work: done once, whoever dies meanwhile, and ended when somebody asks."""

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from huisheng.lake import create_workspace
from tests.app.web.postgres import postgres
from tests.app.web.working import (
    do_job,
    do_jobs,
    go_on,
    held_worker,
    import_job,
    orders,
    rows_of,
    until,
    worker,
)

MANY = 20_000
CLAIMING = """
import os, sys, time
import django
django.setup()
from django.db import connection
from huisheng.app.web.jobs.queue import claim
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
while (job := claim(sys.argv[1])) is not None:
    print(job.pk, flush=True)
    time.sleep(0.02)
"""
FILLING = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from huisheng.app.web.jobs.models import Job, Kind
from huisheng.app.web.jobs.queue import enqueue
for _ in range(120):
    enqueue(Kind.ANALYZE, {}, by=None)
"""


@pytest.fixture
def place(visitor, tmp_path):
    """Return an empty workspace that the site serves for the length of a test."""
    made = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=made.root):
        yield made


def again(job):
    job.refresh_from_db()
    return job


def ended(job):
    return lambda: not again(job).is_open


def test_an_import_survives_a_kill_and_lands_every_row_once(place, database):
    job = import_job({"orders_1.csv": orders(500), "orders_2.csv": orders(MANY, first=10**6)})
    with held_worker(place, database, "读取 orders_2.csv") as first:
        first.kill()
        first.wait()
    assert again(job).state == "running"
    assert rows_of(place, "orders") == 500
    with worker(place, database):
        until(ended(job))
    assert (job.state, job.attempts, job.error) == ("done", 2, "")
    first_file, second_file = job.result["files"]
    assert (first_file["inserted"], first_file["unchanged"]) == (0, 500)
    assert second_file["inserted"] == MANY
    assert rows_of(place, "orders") == 500 + MANY
    assert list((place.root / "uploads").iterdir()) == []


def test_a_stopped_worker_gives_its_job_back_at_once(place, database):
    job = import_job({"orders.csv": orders(MANY)})
    with held_worker(place, database, "读取 orders.csv") as first:
        first.send_signal(signal.SIGTERM)
        go_on(first)
        assert first.wait(timeout=30) == 0
    assert (again(job).state, job.holder, job.returns) == ("queued", "", 1)
    assert rows_of(place, "orders") == 0
    do_jobs()
    assert again(job).state == "done"
    assert rows_of(place, "orders") == MANY


def test_a_cancelled_import_leaves_nothing_of_the_file_it_was_reading(place, database):
    from huisheng.app.web.jobs.queue import cancel

    job = import_job({"orders_1.csv": orders(500), "orders_2.csv": orders(MANY, first=10**6)})
    with held_worker(place, database, "读取 orders_2.csv") as held:
        cancel(job)
        go_on(held)
        until(ended(job))
    assert job.state == "cancelled"
    assert "已按您的要求停下" in job.error
    assert rows_of(place, "orders") == 500


def test_a_waiting_job_is_cancelled_at_once_and_never_begun(place):
    from huisheng.app.web.jobs.queue import cancel

    job = import_job({"orders.csv": orders(3)})
    cancel(job)
    do_jobs()
    assert (again(job).state, job.attempts) == ("cancelled", 0)
    assert rows_of(place, "orders") == 0


def test_a_job_is_held_as_long_as_its_lease_and_then_lost(place):
    from huisheng.app.web.jobs.models import State
    from huisheng.app.web.jobs.queue import LostError, claim, finish, renew

    made = import_job({"orders.csv": orders(3)})
    first = claim("first", timedelta(seconds=60))
    assert first.pk == made.pk
    assert claim("second") is None
    renew(first, timedelta(seconds=-1))
    second = claim("second")
    assert (second.pk, second.attempts) == (made.pk, 2)
    with pytest.raises(LostError):
        finish(first, State.DONE)
    with pytest.raises(LostError):
        renew(first)
    finish(second, State.DONE)
    assert again(made).state == "done"


def test_a_job_that_kills_whoever_does_it_is_given_up(place):
    from huisheng.app.web.jobs.queue import MOST_DEATHS, claim

    job = import_job({"orders.csv": orders(3)})
    for _ in range(MOST_DEATHS):
        assert claim("doomed", timedelta(seconds=-1)) is not None
    assert claim("doomed") is None
    assert again(job).state == "failed"
    assert "意外中止" in job.error


def test_what_cannot_be_done_says_why(place):
    job = import_job({})
    do_jobs()
    assert (again(job).state, job.result) == ("failed", None)
    assert "请重新上传" in job.error
    nothing = import_job({"photo.png": b"\x89PNG"})
    do_jobs()
    assert "没有可以导入的" in again(nothing).error


def test_an_analysis_follows_once_however_many_imports_wait(place):
    from huisheng.app.web.jobs.models import Job

    imports = [import_job({"orders.csv": orders(3, first=n)}, analyze=True) for n in range(0, 6, 3)]
    for _ in imports:
        assert do_job()
    analyses = Job.objects.filter(kind="analyze")
    assert len(analyses) == 1
    assert {again(job).result["analysis"] for job in imports} == {analyses[0].pk}
    same = import_job({"orders.csv": orders(3)}, analyze=True)
    analyses.delete()
    do_jobs()
    assert "analysis" not in again(same).result


def test_old_uploads_are_swept_and_wanted_ones_are_not(place):
    from django.utils import timezone

    from huisheng.app.web.jobs.uploads import KEPT, folder_of, sweep

    job = import_job({"orders.csv": orders(3)})
    wanted = folder_of(job.payload["upload"])
    forgotten = folder_of("0123456789abcdef")
    forgotten.mkdir()
    sweep(timezone.now())
    assert forgotten.exists()
    sweep(timezone.now() + KEPT + timedelta(minutes=1))
    assert wanted.exists()
    assert not forgotten.exists()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_two_workers_never_take_one_job(kind, tmp_path):
    workspace = create_workspace(tmp_path / "ws")
    if kind == "sqlite":
        _race(workspace, f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    else:
        with postgres() as running:
            _race(workspace, running.address)


def _race(workspace, database):
    environment = os.environ | {
        "HUISHENG_WORKSPACE": str(workspace.root),
        "HUISHENG_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "huisheng.app.web.config",
    }
    subprocess.run([sys.executable, "-c", FILLING], env=environment, check=True, timeout=120)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMING, name],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("one", "two")
    ]  # fmt: skip
    assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * 2
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    taken = [racer.communicate(timeout=120)[0].split() for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    assert sorted(map(int, taken[0] + taken[1])) == list(range(1, 121))
    assert all(taken), "both must have had a chance"


def test_the_server_keeps_a_worker_alive_and_takes_it_along(tmp_path):
    workspace = create_workspace(tmp_path / "ws")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from huisheng.app.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--workspace", str(workspace.root)]
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        first = until(lambda: _workers_of(server.pid))[0]
        os.kill(first, signal.SIGKILL)
        second = until(lambda: [pid for pid in _workers_of(server.pid) if pid != first])[0]
        server.terminate()
        server.wait(timeout=60)
        until(lambda: not Path(f"/proc/{second}").exists(), seconds=20)
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize(
    ("host", "said"),
    [("127.0.0.1", "端口已被占用"), ("192.0.2.7", "不能在这里监听"), ("没有.invalid", "不能在")],
)
def test_a_second_server_or_a_foreign_address_is_refused(tmp_path, run, host, said):
    """Servers set their sockets to be shared, so two would answer in turn."""
    workspace = create_workspace(tmp_path / "ws")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, shown, error = run(
            "serve", "--workspace", workspace.root, "--host", host, "--port", port
        )
    assert (code, shown) == (2, "")
    assert f"{host}:{port}" in error
    assert said in error.replace("\n", "")


def test_a_worker_ends_when_its_server_is_gone(tmp_path, database):
    environment = os.environ | {
        "HUISHENG_WORKSPACE": str(create_workspace(tmp_path / "ws").root),
        "HUISHENG_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "huisheng.app.web.config",
    }
    command = [sys.executable, "-m", "huisheng.app.web.jobs.worker", "--parent", "1"]
    orphan = subprocess.Popen(command, env=environment)
    try:
        assert orphan.wait(timeout=60) == 0
    finally:
        orphan.kill()


def test_no_connection_outlives_the_thread_that_told_a_step(place, monkeypatch):
    """Arrow reads a file ahead in a thread of its own, and tells how far it came from there."""
    from django.db.backends.signals import connection_created

    from huisheng.app.web.jobs import reporting

    opened = []

    def note(connection, **_):
        opened.append((threading.get_ident(), connection))

    monkeypatch.setattr(reporting, "TOLD_EVERY_S", 0)
    connection_created.connect(note)
    try:
        import_job({"orders.csv": orders(MANY)})
        do_jobs()
    finally:
        connection_created.disconnect(note)
    foreign = [connection for thread, connection in opened if thread != threading.get_ident()]
    assert foreign
    assert [each.connection for each in foreign] == [None] * len(foreign)


def _workers_of(pid):
    """Return the living worker processes that a server started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            parent, state = (entry / "stat").read_text().rpartition(")")[2].split()[1::-1]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if "huisheng.app.web.jobs.worker" in words and int(parent) == pid and state != "Z":
            found.append(int(entry.name))
    return found
