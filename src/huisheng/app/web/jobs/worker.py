"""The process that does the jobs, one at a time: `python -m huisheng.app.web.jobs.worker`.

It needs the environment that `huisheng.app.web.prepare` sets, and nothing else: it may be killed at
any time, and any number of them may run.
"""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta
from types import FrameType

LEASE_S = 30.0
WATCHED_EVERY_S = 1.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Work until told to stop."""
    parser = argparse.ArgumentParser(prog="huisheng.app.web.jobs.worker")
    parser.add_argument("--lease", type=float, default=LEASE_S, help="seconds a job is held")
    parser.add_argument("--parent", type=int, default=0, help="stop when this process is gone")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if given.parent:
        threading.Thread(target=_watch, args=(given.parent, stopping), daemon=True).start()
    import django

    django.setup()
    # Models can be imported only now.
    from huisheng.app.web.jobs.loop import work

    work(stopping, timedelta(seconds=given.lease))


def _watch(parent: int, stopping: threading.Event) -> None:
    """Stop when the server that started this process is gone, however it ended."""
    while not stopping.wait(WATCHED_EVERY_S):
        if os.getppid() != parent:
            stopping.set()


if __name__ == "__main__":
    main()
