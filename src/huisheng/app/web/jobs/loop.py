"""Take a job, do it, write down how it ended, take the next."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.transaction import atomic
from django.utils import timezone

from huisheng.app.web.jobs.models import Job, State
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.app.web.jobs.queue import LostError, claim, enqueue_analysis, finish, release
from huisheng.app.web.jobs.regular import do_regular
from huisheng.app.web.jobs.reporting import CancelledError, Reporter, StoppedError, holding
from huisheng.app.web.jobs.uploads import discard, sweep
from huisheng.app.web.jobs.watching import Watcher
from huisheng.app.web.jobs.work import run
from huisheng.errors import HuishengError
from huisheng.lake import open_workspace

IDLE_S = 1.0
SWEEP_EVERY_S = 3600.0
PATIENCE_S = 60.0
CANCELLED = "已按您的要求停下。停下之前读完的文件已经入库，其余的没有变化。"
BROKEN = "程序出错了，这是我们的缺陷；读完的文件已经入库，其余的没有变化。请把这一页报告给我们。"
log = logging.getLogger("huisheng.jobs")

Ending = Callable[[], None]
Unreachable = (OperationalError, InterfaceError)


def work(stopping: threading.Event, lease: timedelta) -> None:
    """Do jobs until told to stop; an idle process looks for work once a second."""
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    swept = time.monotonic() - SWEEP_EVERY_S
    watcher = Watcher()
    while not stopping.is_set():
        close_old_connections()
        try:
            watcher.look()
            if work_once(holder, lease, stopping):
                continue
            if time.monotonic() - swept >= SWEEP_EVERY_S:
                swept = time.monotonic()
                sweep(timezone.now())
                do_regular(timezone.now())
        except Unreachable:
            log.warning("任务库暂时连不上，稍后再试", exc_info=True)
            connection.close()
        stopping.wait(IDLE_S)


def work_once(holder: str, lease: timedelta, stopping: threading.Event) -> bool:
    """Do the oldest job that nobody holds; return whether there was one."""
    job = claim(holder, lease)
    if job is None:
        return False
    reporter = Reporter(job, stopping)
    try:
        with holding(job, lease, reporter):
            _patiently(_attempt(job, reporter))
    except LostError:
        log.warning("任务 %s 已由别的进程接手", job.pk)
    return True


def _attempt(job: Job, reporter: Reporter) -> Ending:
    """Do a job and return how to write down what came of it.

    Raises:
        LostError: another process has it.
    """
    try:
        outcome = run(open_workspace(settings.WORKSPACE), job, reporter)
    except LostError:
        raise
    except StoppedError:
        return lambda: release(job)
    except CancelledError:
        return lambda: finish(job, State.CANCELLED, error=CANCELLED)
    except HuishengError as exc:
        return _failing(job, str(exc))
    except OSError as exc:
        return _failing(job, f"系统拒绝了读写：{exc}。请检查磁盘空间与权限后重试。")
    except Exception:
        log.exception("任务 %s 出错", job.pk)
        return _failing(job, BROKEN)
    return lambda: _succeed(job, outcome)


def _failing(job: Job, error: str) -> Ending:
    return lambda: finish(job, State.FAILED, error=error)


def _succeed(job: Job, outcome: Outcome) -> None:
    result = dict(outcome.result)
    with atomic():
        if outcome.analyze:
            result["analysis"] = enqueue_analysis(job.user).pk
        finish(job, State.DONE, result=result, shop_id=outcome.shop_id)
    discard(outcome.spent)


def _patiently(ending: Ending) -> None:
    """Write an end down, however long the operational store takes to come back, within reason."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ending()
        except Unreachable:
            if time.monotonic() > until:
                raise
            log.warning("结果没有写下，稍后再试", exc_info=True)
            connection.close()
            time.sleep(IDLE_S)
