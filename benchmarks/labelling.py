"""Labelling alone: all heads of huisheng beside one head of other tools, on one core."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median

from rich.table import Table

from benchmarks.measuring import Measured, interleaved, middle, one_core, run_module
from huisheng.language.modelfile import MODEL_FILE

OURS, SNOWNLP = "huisheng", "SnowNLP"
CANDIDATES = {
    OURS: (5, "labelling_huisheng", "messages.parquet", "parquet"),
    "huisheng, JSON lines in": (5, "labelling_huisheng", "messages.jsonl", "lines"),
    "huisheng label, JSON to JSON": (5, "labelling_command", "messages.jsonl", ""),
    "jieba + scikit-learn": (1, "labelling_jieba", "messages.parquet", "plain.pkl"),
    "jieba + fastText": (1, "labelling_words", "messages.parquet", "words.bin"),
    "fastText, letters and pairs": (1, "labelling_fasttext", "messages.parquet", "letters.bin"),
    "fastText, letters alone": (1, "labelling_fasttext", "messages.parquet", "lone-letters.bin"),
    SNOWNLP: (1, "labelling_snownlp", "sample.parquet", ""),
}
"""Heads each answers with, its module, its messages, and its model or the kind of file."""


@dataclass(frozen=True, slots=True)
class Task:
    """How many messages, how many of them for SnowNLP, how often, and where."""

    messages: int
    sample: int
    rounds: int
    work: Path


def measure(task: Task) -> dict[str, object]:
    """Make messages and models outside the timed part, run all in turns, return what was found."""
    made = run_module("labelling_data", task.work, task.messages, task.sample).said
    load = os.getloadavg()[0]
    with one_core():
        runs = interleaved(
            {name: lambda name=name: _run(task.work, name) for name in CANDIDATES}, task.rounds
        )
    texts = dict.fromkeys(CANDIDATES, task.messages) | {SNOWNLP: min(task.sample, task.messages)}
    model = files("huisheng.language").joinpath("model", MODEL_FILE)
    return {
        "messages": task.messages,
        "rounds": task.rounds,
        "made": dict(made),
        "sides": {name: _side(some, texts[name]) for name, some in runs.items()},
        "times_as_fast": {name: _times(runs, texts, name) for name in CANDIDATES},
        "model_mb": Path(str(model)).stat().st_size / 1e6,
        "load": {"before": load, "after": os.getloadavg()[0], "cores": os.cpu_count()},
    }


def _run(work: Path, name: str) -> Measured:
    _, module, messages, rest = CANDIDATES[name]
    more = work / rest if "." in rest else rest
    return run_module(module, time.monotonic(), work / messages, work / "labels", more)


def _side(runs: list[Measured], texts: int) -> dict[str, float]:
    facts = ("seconds", "cpu_s", "first_s", "first_cpu_s")
    middles = {fact: middle(runs, lambda run, fact=fact: run.said[fact]) for fact in facts}
    return {
        "texts": texts,
        "per_s": texts / middles["seconds"],
        "per_cpu_s": texts / middles["cpu_s"],
        "first_s": middles["first_s"],
        "first_cpu_s": middles["first_cpu_s"],
        "peak_mb": middle(runs, lambda run: run.peak_mb),
        "cores": max(run.said["cores"] for run in runs),
        "arrow_threads": max(run.said["arrow_threads"] for run in runs),
    }


def _times(
    runs: Mapping[str, list[Measured]], texts: Mapping[str, int], name: str
) -> dict[str, list[float]]:
    """Return, round by round and in ascending order, how many times as fast we are."""
    pairs = list(zip(runs[OURS], runs[name], strict=True))
    share = texts[OURS] / texts[name]
    return {
        fact: sorted(theirs.said[fact] / ours.said[fact] * share for ours, theirs in pairs)
        for fact in ("cpu_s", "seconds")
    }


def tables(found: Mapping) -> list[Table]:
    """Return what `measure` found, to print."""
    shown = Table(
        title=f"labelling: {found['messages']:,} distinct messages of "
        f"{found['made']['letters']:.0f} letters, from Parquet to Parquet on one core, "
        f"{found['rounds']} rounds",
        caption=_caption(found),
    )
    heads = (
        "", "heads", "texts", "texts/s", "texts/CPU s", "first label s", "peak MB",
        "ours over it, CPU (min–max)", "wall",
    )  # fmt: skip
    for head in heads:
        shown.add_column(head, justify="right" if head else "left")
    for name, side in found["sides"].items():
        cpu, wall = found["times_as_fast"][name].values()
        shown.add_row(
            name,
            f"{CANDIDATES[name][0]}",
            f"{side['texts']:,}",
            f"{side['per_s']:,.0f}",
            f"{side['per_cpu_s']:,.0f}",
            f"{side['first_s']:.2f}",
            f"{side['peak_mb']:,.0f}",
            f"{median(cpu):.2f}× ({cpu[0]:.2f}–{cpu[-1]:.2f})",
            f"{median(wall):.2f}×",
        )
    return [shown]


def _caption(found: Mapping) -> str:
    made, load = found["made"], found["load"]
    return (
        f"five heads: {made['scenes']} scenes, {made['aspects']} aspects with polarity, sentiment, "
        f"{made['emotions']} emotions, {made['risks']} risks, from a model of "
        f"{found['model_mb']:.1f} MB; one head: sentiment, learnt from {made['trained_on']} "
        "sentences of the taxonomy (SnowNLP brings its own); start-up is not in texts/s; load of "
        f"the {load['cores']} cores {load['before']:.1f} before, {load['after']:.1f} after"
    )
