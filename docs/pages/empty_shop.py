"""A workspace without a single row: enough to ask definitions which columns they give."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis

from huisheng.lake import Engine, create_workspace, open_engine
from huisheng.metrics import Facts


class WatchedFacts(Facts):
    """Facts that note which relations a definition asks for itself."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._asked: set[str] = set()
        self._building = 0

    def relation(self, name: str) -> ibis.Table:
        """Return a relation; note its name unless another relation is asking."""
        if not self._building:
            self._asked.add(name)
        self._building += 1
        try:
            return super().relation(name)
        finally:
            self._building -= 1

    def take_asked(self) -> list[str]:
        """Return the names noted since the last call, sorted."""
        asked, self._asked = sorted(self._asked), set()
        return asked


@contextmanager
def empty_facts() -> Iterator[WatchedFacts]:
    """Yield facts over an empty workspace that lasts as long as the block."""
    with TemporaryDirectory() as folder:
        yield WatchedFacts(open_engine(create_workspace(Path(folder) / "empty")))
