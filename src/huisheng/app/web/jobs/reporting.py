"""Keeps a job's lease while it is worked on, writes how far it is, and says when to stop."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, connections

from huisheng.app.steps import Step
from huisheng.app.web.jobs.models import Job
from huisheng.app.web.jobs.queue import LostError, renew, tell

TOLD_EVERY_S = 0.5
log = logging.getLogger("huisheng.jobs")


class CancelledError(Exception):
    """Somebody asked for the end of the job."""


class StoppedError(Exception):
    """The process was told to end; the job goes back."""


class Reporter:
    """Hears of each step of one job.

    Each step is a place where work may end: raising here leaves a file half read without a trace.
    """

    def __init__(self, job: Job, stopping: threading.Event) -> None:
        self._job = job
        self._stopping = stopping
        self._told_at = 0.0
        self._text = ""
        self.cancelled = threading.Event()
        self.lost = threading.Event()
        self._home = threading.get_ident()

    def __call__(self, step: Step) -> None:
        """Write a step down, twice a second at most.

        Raises:
            LostError: another process has the job.
            CancelledError: somebody asked for its end.
            StoppedError: the process must end.
        """
        now = time.monotonic()
        if now - self._told_at >= TOLD_EVERY_S or step.text != self._text:
            self._told_at, self._text = now, step.text
            self._write(step)
        if self.lost.is_set():
            raise LostError
        if self.cancelled.is_set():
            raise CancelledError
        if self._stopping.is_set():
            raise StoppedError

    def _write(self, step: Step) -> None:
        try:
            if tell(self._job, step.text, step.share, step.detail):
                self.cancelled.set()
        except (OperationalError, InterfaceError):
            # The work is worth more than the note about it; the lease says who may go on.
            log.warning("进度没有写下，稍后再试", exc_info=True)
            connection.close()
        finally:
            # A file is read ahead by a thread of the reader's own: it ends without a word, and
            # nobody else could close what it opened.
            if threading.get_ident() != self._home:
                connections.close_all()


@contextmanager
def holding(job: Job, lease: timedelta, reporter: Reporter) -> Iterator[None]:
    """Renew a job's lease from a thread until the block ends."""
    ended = threading.Event()
    thread = threading.Thread(
        target=_renewing, args=(job, lease, reporter, ended), name=f"lease-{job.pk}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renewing(job: Job, lease: timedelta, reporter: Reporter, ended: threading.Event) -> None:
    try:
        while not ended.wait(lease.total_seconds() / 3):
            try:
                if renew(job, lease):
                    reporter.cancelled.set()
            except LostError:
                reporter.lost.set()
                return
            except (OperationalError, InterfaceError):
                log.warning("租约没有续上，稍后再试", exc_info=True)
                connection.close()
    finally:
        connections.close_all()
