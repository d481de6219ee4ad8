"""Workers for the tests: real processes over a workspace, and files for them to read."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

from huisheng.lake import open_engine, open_workspace

LEASE_S = 2
HELD = """
import sys
import django
django.setup()
from huisheng.app.web.jobs import reporting, worker

tell, at = reporting.tell, sys.argv.pop(1)

def telling(job, step, share, detail):
    asked = tell(job, step, share, detail)
    if step.startswith(at):
        print("here", flush=True)
        sys.stdin.readline()
        asked = tell(job, step, share, detail)
    return asked

reporting.tell = telling
worker.main()
"""


def orders(count, *, first=0, bad_every=0, shop=None):
    """Return a CSV of orders, the prices of some of them unreadable."""
    header = "order_no,status,pay_amount,created_at,paid_at" + (",shop_id" if shop else "")
    rows = [
        f"{first + n:012d},交易成功,{'很多' if bad_every and n % bad_every == 0 else 20 + n % 90},"
        f"2026-08-{1 + n % 28:02d} 10:{n % 60:02d}:00,2026-08-{1 + n % 28:02d} 11:00:00"
        + (f",{shop}" if shop else "")
        for n in range(count)
    ]
    return "\n".join([header, *rows, ""]).encode()


def upload_of(files):
    """Put files into an upload, as a browser would, and return its name."""
    from huisheng.app.web.jobs.uploads import folder_of, new_upload

    upload = new_upload()
    for name, content in files.items():
        (folder_of(upload) / name).write_bytes(content)
    return upload


def import_job(files, shop_id="shop-a", only=None, analyze=False):
    """Write an import job down."""
    from huisheng.app.web.jobs.models import Kind
    from huisheng.app.web.jobs.queue import enqueue

    order = {"upload": upload_of(files), "shop_id": shop_id, "only": only, "analyze": analyze}
    order["refused"] = []
    return enqueue(Kind.IMPORT, order, shop_id=shop_id, by=None)


def do_job():
    """Do the oldest job that waits, here and now; return whether there was one."""
    from huisheng.app.web.jobs.loop import work_once

    return work_once("test", timedelta(seconds=60), threading.Event())


def do_jobs():
    """Do every job that waits."""
    while do_job():
        pass


@contextmanager
def worker(place, database):
    """Run a worker process over a workspace and the operational store of the site."""
    with _running(place, database, ["-m", "huisheng.app.web.jobs.worker"]) as process:
        yield process


@contextmanager
def held_worker(place, database, step):
    """Run a worker that waits, its lease renewed, at a step of its job until told to go on."""
    with _running(
        place, database, ["-c", HELD, step], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"here\n", f"it never came to {step}"
        yield process
        process.stdin.close()
        process.stdout.close()


def go_on(process):
    """Let a held worker go on, and hold it nowhere any more."""
    process.stdin.close()


@contextmanager
def _running(place, database, program, **pipes):
    environment = os.environ | {
        "HUISHENG_WORKSPACE": str(place.root),
        "HUISHENG_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "huisheng.app.web.config",
    }
    command = [sys.executable, *program, "--lease", str(LEASE_S)]
    process = subprocess.Popen(command, env=environment, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(reached, seconds=240.0):
    """Wait until something is so, and return what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := reached():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def rows_of(place, table):
    """Return how many rows a table has."""
    return open_engine(open_workspace(place.root)).table(table).count().to_pyarrow().as_py()
