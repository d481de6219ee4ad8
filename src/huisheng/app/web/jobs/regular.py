"""What rooms ask to be done about once an hour, while nothing else waits."""

import logging
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger("huisheng.jobs")
_tasks: list[Callable[[datetime], None]] = []


def every_hour(task: Callable[[datetime], None]) -> None:
    """Have something done about once an hour; it should only ask for jobs."""
    _tasks.append(task)


def do_regular(now: datetime) -> None:
    """Do everything that is due; what fails is tried again the next time."""
    for task in _tasks:
        try:
            task(now)
        except Exception:
            log.exception("定时任务没有做成，下次再试")
