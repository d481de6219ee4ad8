"""Facts for many questions about one stretch of days, each thing computed once."""

from collections import OrderedDict
from types import MappingProxyType

import ibis
import pyarrow as pa

from huisheng.lake import Engine
from huisheng.metrics.assumption import Chosen
from huisheng.metrics.facts import CaseBuilder, Facts, Ready, nothing_ready
from huisheng.metrics.window import Window

RESIDENT_CASES_BYTES = 256 * 1024 * 1024


class WindowFacts(Facts):
    """Facts whose relations and cases stay in memory as long as this object does.

    Args:
        engine: where the tables are read.
        stretch: the days that windows asked about lie in; for others nothing is kept.
        resident_bytes: how much of the cases is kept; the least recently used go first.
        assumptions: what the workspace assumes otherwise than the definitions do.
        ready: gives a relation that was computed before from the same records.
    """

    def __init__(
        self,
        engine: Engine,
        stretch: Window,
        *,
        resident_bytes: int = RESIDENT_CASES_BYTES,
        assumptions: Chosen = MappingProxyType({}),
        ready: Ready = nothing_ready,
    ) -> None:
        super().__init__(engine, window=stretch, assumptions=assumptions, ready=ready)
        self.stretch = stretch
        self._resident_bytes = resident_bytes
        self._cases: OrderedDict[tuple[CaseBuilder, Window], tuple[ibis.Table, int]] = OrderedDict()

    def asked_about(self, window: Window) -> Facts:
        """Return these facts for a window within the stretch."""
        within = self.stretch.start <= window.start and window.end <= self.stretch.end
        return self if within else super().asked_about(window)

    def _stored(self, built: ibis.Table) -> ibis.Table:
        return ibis.memtable(self.engine.arrow(built))

    def cases(self, build: CaseBuilder, window: Window) -> ibis.Table:
        """Return the cases that a version builds for a window."""
        asked = self.asked_about(window)
        if asked is not self:
            return build(asked, window)
        key = (build, window)
        if key not in self._cases:
            self._keep(key, self.engine.arrow(build(asked, window)))
        self._cases.move_to_end(key)
        return self._cases[key][0]

    def _keep(self, key: tuple[CaseBuilder, Window], rows: pa.Table) -> None:
        self._cases[key] = (ibis.memtable(rows), rows.nbytes)
        while len(self._cases) > 1 and self._bytes_kept() > self._resident_bytes:
            self._cases.popitem(last=False)

    def _bytes_kept(self) -> int:
        return sum(size for _, size in self._cases.values())
