"""Measure performance ratios in one run and print them: `python -m benchmarks --help`."""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import end_to_end, import_and_label, labelling, metrics, pages, phrases
from benchmarks.shop import MESSAGES_A_PART

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("import_and_label", "labelling", "metrics", "phrases", "pages", "end_to_end")
WIDTH = 150
SIZES = (
    ("lines", 150_000, "import_and_label: chat lines, at most a million"),
    ("reviews", 10_000, "import_and_label: reviews"),
    ("label-messages", 100_000, "labelling: distinct messages"),
    ("snownlp-messages", 2_000, "labelling: how many of them SnowNLP is given"),
    ("metric-orders", 100_000, "metrics: orders of the made-up shop"),
    ("metric-messages", 1_000_000, "metrics: messages of the made-up shop"),
    ("phrase-lines", 1_000_000, "phrases: buyers' lines"),
    ("orders", 1_000_000, "end_to_end: orders of the made-up shop"),
    ("messages", 10_000_000, "end_to_end: messages of the made-up shop"),
    ("people", 200, "pages: people at work at the same time"),
    ("seconds", 60, "pages: how long they are timed"),
)
SENTENCES, ALL_SENTENCES = 8_000, 10**9
"""Labelled sentences the plain models learn from, without and with --full."""


def main() -> None:
    """Run the chosen benchmarks, print their tables, and write what was found as JSON."""
    arguments = _parser().parse_args()
    chosen = arguments.only or (NAMES if arguments.full else NAMES[:-1])
    console = Console(width=WIDTH)
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="huisheng-bench-", dir=arguments.work) as folder:
        for name in chosen:
            work = Path(folder) / name
            work.mkdir()
            module, task = _task(name, arguments, work)
            found[name] = module.measure(task)
            for table in module.tables(found[name]):
                console.print(table)
            shutil.rmtree(work)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")


def _task(name: str, given: argparse.Namespace, work: Path) -> tuple:
    if name == "import_and_label":
        sentences = ALL_SENTENCES if given.full else SENTENCES
        sizes = (min(given.lines, MESSAGES_A_PART), given.reviews)
        task = import_and_label.Task(*sizes, given.data, sentences, given.rounds, work)
        return import_and_label, task
    if name == "labelling":
        sizes = (given.label_messages, given.snownlp_messages)
        return labelling, labelling.Task(*sizes, given.rounds, work)
    if name == "metrics":
        sizes = (given.metric_orders, given.metric_messages)
        return metrics, metrics.Task(*sizes, given.rounds, work)
    if name == "phrases":
        return phrases, phrases.Task(given.phrase_lines, given.rounds, work)
    if name == "pages":
        return pages, pages.Task(given.people, given.seconds, 10.0, 20.0, work)
    return end_to_end, end_to_end.Task(given.orders, given.messages, work)


def _known(name: str) -> str:
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"no benchmark {name}, there are {', '.join(NAMES)}")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "only",
        nargs="*",
        type=_known,
        metavar="NAME",
        help=f"which of {', '.join(NAMES)} (default: all but the last)",
    )
    parser.add_argument("--full", action="store_true", help="also end_to_end; all training data")
    for option, size, meaning in SIZES:
        parser.add_argument(f"--{option}", type=int, default=size, help=f"{meaning} ({size:,})")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each candidate")
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT.parent / "shared" / "data",
        help="folder of labelled sentences; without it the plain models learn from the taxonomy",
    )
    parser.add_argument("--work", type=Path, help="where to make the scratch folder")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser


if __name__ == "__main__":
    main()
