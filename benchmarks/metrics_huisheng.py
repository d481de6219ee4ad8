"""Candidate: the ten metrics through `huisheng.metrics.query`, each alone and all together."""

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import say
from benchmarks.metric_names import METRICS, WARM_UP, WINDOW_DAYS
from benchmarks.shop import OFFSET_US, last_days
from huisheng.lake import DuckDBEngine, open_engine, open_workspace
from huisheng.metrics import Facts, Window, query


class Stopwatch:
    """Seconds spent inside DuckDB; what is left of a query is Ibis and our own Python."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._running = False

    def timed(self, call: Callable, *arguments: object, **named: object) -> object:
        """Call, counting the time unless an outer call is being counted already."""
        if self._running:
            return call(*arguments, **named)
        self._running = True
        started = time.perf_counter()
        try:
            return call(*arguments, **named)
        finally:
            self.seconds += time.perf_counter() - started
            self._running = False


class Watched:
    """A DuckDB connection or relation whose calls are counted by a stopwatch."""

    def __init__(self, target: object, watch: Stopwatch) -> None:
        self._target, self._watch = target, watch

    def __getattr__(self, name: str) -> object:
        found = getattr(self._target, name)
        if not callable(found):
            return found
        return lambda *arguments, **named: self._call(found, *arguments, **named)

    def _call(self, found: Callable, *arguments: object, **named: object) -> object:
        result = self._watch.timed(found, *arguments, **named)
        foreign = type(result).__module__.partition(".")[0] in ("duckdb", "_duckdb")
        return Watched(result, self._watch) if foreign else result


def watch_engine(engine: DuckDBEngine) -> Stopwatch:
    """Count an engine's time inside DuckDB from now on."""
    watch = Stopwatch()
    backend = engine._connection
    backend.con = Watched(backend.con, watch)
    return watch


def main() -> None:
    """Print per metric: seconds, seconds inside DuckDB, seconds of the shop list, n and d."""
    # Ibis calls the name that DuckDB 2 deprecates; our stopwatch stands between the two.
    warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
    workspace = open_workspace(Path(sys.argv[1]))
    window = Window(*last_days(WINDOW_DAYS), OFFSET_US)
    engine = open_engine(workspace)
    watch = watch_engine(engine)
    query(Facts(engine), WARM_UP, window)
    found = {}
    for name in METRICS:
        facts = Facts(engine)
        inside, started = watch.seconds, time.perf_counter()
        _ = facts.shop_platforms
        listed = time.perf_counter()
        (value,) = query(facts, name, window)
        found[name] = {
            "seconds": time.perf_counter() - started,
            "duckdb": watch.seconds - inside,
            "shop_list": listed - started,
            "numerator": value.numerator,
            "denominator": value.denominator,
        }
    started = time.perf_counter()
    facts = Facts(engine, keeps_relations=True)
    for name in METRICS:
        query(facts, name, window)
    say(metrics=found, together=time.perf_counter() - started)


if __name__ == "__main__":
    main()
