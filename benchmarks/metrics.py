"""Ten metrics: through Ibis, as hand-written DuckDB SQL and in pandas, equal and side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from pathlib import Path

from rich.table import Table

from benchmarks.measuring import Measured, interleaved, middle, run_module
from benchmarks.metric_names import METRICS, WINDOW_DAYS

OURS, SQL, PANDAS = "huisheng", "duckdb", "pandas"
AIMS = {SQL: 1.2, PANDAS: 8.0}


@dataclass(frozen=True, slots=True)
class Task:
    """How large the shop is, how often to run, and where."""

    orders: int
    messages: int
    rounds: int
    work: Path


def measure(task: Task) -> dict[str, object]:
    """Land a shop, run the three in turns, check that they agree, return what was found."""
    shop = task.work / "shop"
    run_module("metrics_data", shop, task.orders, task.messages)
    runs = interleaved(
        {name: (lambda n=name: run_module(f"metrics_{n}", shop)) for name in (OURS, SQL, PANDAS)},
        task.rounds,
    )
    rows = {name: _metric(name, runs) for name in METRICS}
    total = {
        key: sum(row[key] for row in rows.values())
        for key in ("huisheng_s", "inside_duckdb_s", "shop_list_s", "duckdb_s", "pandas_s")
    }
    processes = {
        name: {
            "wall_s": middle(some, lambda run: run.wall_s),
            "cpu_s": middle(some, lambda run: run.cpu_s),
            "peak_mb": middle(some, lambda run: run.peak_mb),
        }
        for name, some in runs.items()
    }
    return {
        "orders": task.orders,
        "messages": task.messages,
        "metrics": rows,
        "total": {**total, **_ratios(total)},
        "together_s": middle(runs[OURS], lambda run: run.said["together"]),
        "processes": processes,
        "aims": AIMS,
    }


def _metric(name: str, runs: Mapping[str, list[Measured]]) -> dict[str, float]:
    answers = {side: some[0].said["metrics"][name] for side, some in runs.items()}
    _check(name, answers)

    def took(side: str, key: str = "seconds") -> float:
        return middle(runs[side], lambda run: run.said["metrics"][name][key])

    row = {
        "numerator": answers[SQL]["numerator"],
        "denominator": answers[SQL]["denominator"],
        "huisheng_s": took(OURS),
        "inside_duckdb_s": took(OURS, "duckdb"),
        "shop_list_s": took(OURS, "shop_list"),
        "duckdb_s": took(SQL),
        "pandas_s": took(PANDAS),
    }
    return {**row, **_ratios(row)}


def _check(name: str, answers: Mapping[str, Mapping[str, float]]) -> None:
    ours = answers[OURS]
    for side, other in answers.items():
        same = ours["denominator"] == other["denominator"] and isclose(
            ours["numerator"], other["numerator"], rel_tol=1e-9
        )
        if not same:
            raise SystemExit(f"{name}: {OURS} says {ours}, {side} says {other}")


def _ratios(row: Mapping[str, float]) -> dict[str, float]:
    return {
        "over_sql": row["huisheng_s"] / row["duckdb_s"],
        "over_sql_without_ibis": row["inside_duckdb_s"] / row["duckdb_s"],
        "under_pandas": row["pandas_s"] / row["huisheng_s"],
    }


def tables(found: Mapping) -> list[Table]:
    """Return what `measure` found, to print."""
    total = found["total"]
    shown = Table(
        title=f"metrics: {found['orders']:,} orders, {found['messages']:,} messages, "
        f"{WINDOW_DAYS}-day window; {total['over_sql']:.2f}× hand SQL (aim ≤ {AIMS[SQL]}×), "
        f"pandas {total['under_pandas']:.2f}× ours (aim ≥ {AIMS[PANDAS]:.0f}×)",
        caption="numerators and denominators of the three are equal; "
        f"the ten asked of one Facts that keeps its relations: {found['together_s']:.2f} s",
    )
    heads = (
        "metric", "numerator", "denominator", "ours s", "in DuckDB", "shop list", "SQL s",
        "pandas s", "ours/SQL", "w/o Ibis", "pandas/ours",
    )  # fmt: skip
    for head in heads:
        shown.add_column(head, justify="left" if head == "metric" else "right")
    for name, row in found["metrics"].items():
        counts = (f"{row['numerator']:,.0f}", f"{row['denominator']:,}")
        shown.add_row(name, *counts, *_cells(row))
    shown.add_section()
    shown.add_row("all ten, each alone", "", "", *_cells(total))
    return [shown, _processes(found["processes"])]


def _cells(row: Mapping[str, float]) -> list[str]:
    seconds = ("huisheng_s", "inside_duckdb_s", "shop_list_s", "duckdb_s", "pandas_s")
    ratios = ("over_sql", "over_sql_without_ibis", "under_pandas")
    return [f"{row[key]:.3f}" for key in seconds] + [f"{row[key]:.2f}×" for key in ratios]


def _processes(processes: Mapping[str, Mapping[str, float]]) -> Table:
    shown = Table(title="metrics: whole processes (huisheng also asks the ten together)")
    for head in ("", "wall s", "CPU s", "peak MB"):
        shown.add_column(head, justify="right" if head else "left")
    for name, side in processes.items():
        shown.add_row(
            name, f"{side['wall_s']:.2f}", f"{side['cpu_s']:.2f}", f"{side['peak_mb']:,.0f}"
        )
    return shown
