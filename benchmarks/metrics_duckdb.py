"""Candidate: the ten metrics as hand-written DuckDB SQL over the same Parquet files."""

import sys
import time
from importlib.resources import files
from pathlib import Path

import duckdb

from benchmarks.measuring import say
from benchmarks.metric_names import METRICS, WINDOW_DAYS
from benchmarks.shop import OFFSET_US, last_days
from huisheng.metrics import Window

TABLES = ("orders", "shipments", "refunds", "disputes", "conversations", "messages")
THREADS = 2


def main() -> None:
    """Print per metric: seconds, numerator and denominator."""
    lake = Path(sys.argv[1]) / "lake"
    connection = duckdb.connect(config={"threads": THREADS})
    for name in TABLES:
        connection.execute(
            f"CREATE VIEW {name} AS FROM read_parquet('{lake}/{name}/**/*.parquet', "
            "hive_partitioning = true, hive_types_autocast = false)"
        )
    reasons = files("huisheng.metrics") / "refund_reasons.csv"
    connection.execute(f"CREATE VIEW refund_reasons AS FROM read_csv('{reasons}')")
    connection.execute("SELECT sum(pay_amount_fen) FROM orders").fetchall()
    window = Window(*last_days(WINDOW_DAYS), OFFSET_US)
    span = {"start_us": window.start_us, "end_us": window.end_us}
    found = {}
    for name in METRICS:
        sql = (files("benchmarks") / "sql" / f"{name}.sql").read_text("utf-8")
        started = time.perf_counter()
        ((_, numerator, denominator),) = connection.execute(sql, span).fetchall()
        found[name] = {
            "seconds": time.perf_counter() - started,
            "numerator": float(numerator),
            "denominator": denominator,
        }
    say(metrics=found)


if __name__ == "__main__":
    main()
