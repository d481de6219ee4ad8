"""One writer per table: operating-system file locks, taken in one fixed order."""

import fcntl
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def held(
    folder: Path, names: Iterable[str], on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the locks `names`, waiting for whoever holds them; `on_wait(name)` is told once each.

    The kernel drops a lock when its process dies, so a `kill -9` never leaves one behind. The
    order is alphabetical for everybody, so two writers cannot wait for each other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for name in sorted(set(names)):
            file = stack.enter_context((folder / f"{name}.lock").open("a+"))
            _acquire(file, name, on_wait)
        yield


def _acquire(file: TextIO, name: str, on_wait: Callable[[str], None] | None) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if on_wait is not None:
            on_wait(name)
        fcntl.flock(file, fcntl.LOCK_EX)
