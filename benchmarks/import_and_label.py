"""Import and label: huisheng beside a script of pandas, jieba and scikit-learn."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from benchmarks.measuring import Measured, interleaved, middle, run_module

OURS, THEIRS = "huisheng", "pandas + jieba + scikit-learn"
AIM = 15.0


@dataclass(frozen=True, slots=True)
class Task:
    """How much to import, from which labelled sentences the plain models learn, and where."""

    messages: int
    reviews: int
    data: Path
    sentences: int
    rounds: int
    work: Path


def measure(task: Task) -> dict[str, object]:
    """Prepare outside the timed part, run both in turns, return what was found."""
    exports, models = task.work / "exports", task.work / "models.pkl"
    made = run_module("label_data", exports, task.messages, task.reviews)
    quality = run_module("label_training", task.data, models, task.sentences).said
    folders = (task.work / f"out-{number}" for number in range(2 * task.rounds))
    runs = interleaved(
        {
            OURS: lambda: run_module("label_huisheng", exports, next(folders)),
            THEIRS: lambda: run_module("label_pandas", exports, models, next(folders)),
        },
        task.rounds,
    )
    rows = task.messages + task.reviews
    sides = {name: _side(some, rows) for name, some in runs.items()}
    return {
        "rows": rows,
        "distinct_buyer_lines": made.said["distinct"],
        "sides": sides,
        "ratio": sides[OURS]["rows_per_s"] / sides[THEIRS]["rows_per_s"],
        "cpu_ratio": sides[THEIRS]["cpu_s"] / sides[OURS]["cpu_s"],
        "aim": AIM,
        "sentiment": dict(quality),
    }


def _side(runs: list[Measured], rows: int) -> dict[str, float]:
    import_s = middle(runs, lambda run: run.said["import_s"])
    label_s = middle(runs, lambda run: run.said["label_s"])
    total_s = middle(runs, lambda run: run.said["import_s"] + run.said["label_s"])
    return {
        "import_s": import_s,
        "label_s": label_s,
        "rows_per_s": rows / total_s,
        "texts": runs[0].said["texts"],
        "wall_s": middle(runs, lambda run: run.wall_s),
        "cpu_s": middle(runs, lambda run: run.cpu_s),
        "peak_mb": middle(runs, lambda run: run.peak_mb),
    }


def tables(found: Mapping) -> list[Table]:
    """Return what `measure` found, to print."""
    shown = Table(
        title=f"import_and_label: {found['rows']:,} rows, ratio {found['ratio']:.2f}× "
        f"(aim ≥ {found['aim']:.0f}×), in processor time {found['cpu_ratio']:.2f}×",
        caption=f"{found['distinct_buyer_lines']:.0%} of the buyers' lines are distinct; "
        + _quality(found["sentiment"]),
    )
    heads = ("", "import s", "label s", "rows/s", "texts labelled", "wall s", "CPU s", "peak MB")
    for head in heads:
        shown.add_column(head, justify="right" if head else "left")
    for name, side in found["sides"].items():
        shown.add_row(
            name,
            f"{side['import_s']:.2f}",
            f"{side['label_s']:.2f}",
            f"{side['rows_per_s']:,.0f}",
            f"{side['texts']:,}",
            f"{side['wall_s']:.2f}",
            f"{side['cpu_s']:.2f}",
            f"{side['peak_mb']:,.0f}",
        )
    return [shown]


def _quality(sentiment: Mapping) -> str:
    if "plain" not in sentiment:
        return "no labelled sentences found, so the plain models learnt from the taxonomy"
    return (
        f"sentiment accuracy on {sentiment['held_out']:,} held-out reviews, both fitted on the "
        f"same {sentiment['trained_on']}: huisheng {sentiment['huisheng']:.4f}, "
        f"{THEIRS} {sentiment['plain']:.4f}"
    )
