"""The measures that ship with the model: whole counts beside it, written by training."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from huisheng.errors import DefinitionError
from huisheng.language.licence.cells import Cells
from huisheng.language.licence.granting import Licence, Origin
from huisheng.language.taxonomy import Taxonomy, taxonomy

COUNTS_FILE = "measured.csv"
"""Counts of every head that training measures."""
RISK_COUNTS_FILE = "measured_risks.csv"
"""Counts of the risk rules on our own pairs of sentences."""
COLUMNS = ("head", "label", "hits", "alarms", "misses", "texts", "origin")

UPSET = "upset"
"""Any emotion above calm: what counts where somebody's buyers are said to be upset."""
HEADS = ("scene", "aspect", "polarity", "sentiment", "emotion", UPSET, "conversation", "risk")
"""What is measured. `polarity` is that of an aspect which both model and people named; a
`conversation` is judged as a whole."""
HEAD_NAMES = {
    "scene": "场景",
    "aspect": "方面",
    "polarity": "方面的极性",
    "sentiment": "情感",
    "emotion": "情绪",
    UPSET: "情绪不快",
    "conversation": "整段会话",
    "risk": "风险",
}
POLARITIES = {-1: "negative", 0: "neutral", 1: "positive"}


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of one label over `texts` held-out texts of weight 1."""

    head: str
    label: str
    hits: int
    alarms: int
    misses: int
    texts: int
    origin: Origin

    @property
    def licence(self) -> Licence:
        """Return the licence that follows."""
        quiet = self.texts - self.hits - self.alarms - self.misses
        cells = Cells.plain(self.hits, self.alarms, self.misses, quiet)
        return Licence(self.head, self.label, self.origin, cells)


def label_names(words: Taxonomy) -> Mapping[str, Mapping[str, str]]:
    """Return the Chinese name of every label by head and id, in the order of the taxonomy."""
    tones = {"positive": "正面", "negative": "负面", "neutral": "中性"}
    return {
        "scene": {scene.id: scene.label for scene in words.scenes.values()},
        "aspect": {aspect.id: aspect.label for aspect in words.aspects.values()},
        "polarity": {**tones, "neutral": "只是提到"},
        "sentiment": tones,
        "emotion": {emotion.id: emotion.label for emotion in words.emotions.values()},
        UPSET: {UPSET: "焦躁及以上"},
        "conversation": {"dissatisfied": "离开时不满意"},
        "risk": {risk.id: risk.label for risk in words.risks.values()},
    }


def written(counts: Iterable[Counted]) -> str:
    """Return counts as a CSV file."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in counts:
        numbers = (one.hits, one.alarms, one.misses, one.texts)
        writer.writerow((one.head, one.label, *numbers, one.origin.value))
    return target.getvalue()


def read_counts(name: str) -> tuple[Counted, ...]:
    """Read a file of counts that ships with the model.

    Raises:
        DefinitionError: it is missing, or a row cannot be what it claims to be.
    """
    source = files("huisheng.language") / "model" / name
    try:
        rows = list(csv.DictReader(io.StringIO(source.read_text("utf-8"))))
        return tuple(_counted(row) for row in rows)
    except (OSError, KeyError, ValueError, TypeError) as exc:
        raise DefinitionError(f"model/{name}", f"读不出来（{exc}），请重新安装") from exc


def _counted(row: Mapping[str, str]) -> Counted:
    hits, alarms, misses, texts = (int(row[name]) for name in COLUMNS[2:6])
    if min(hits, alarms, misses) < 0 or hits + alarms + misses > texts:
        raise ValueError(f"{row['head']} {row['label']} 的计数互相矛盾")
    return Counted(row["head"], row["label"], hits, alarms, misses, texts, Origin(row["origin"]))


class Licences:
    """The licence of every label: the shop's own measure where it decides, else the shipped one.

    The shop's own measure decides as soon as it has cases enough, and with fewer where it already
    shows that the label is below its limits. It is never pooled with the shipped one: that was
    taken on other shops' texts.

    Args:
        own: the shop's measures.
    """

    def __init__(self, own: Iterable[Licence] = ()) -> None:
        self._own = {(one.head, one.label): one for one in own}

    def of(self, head: str, label: str) -> Licence:
        """Return the licence of a label; of one that nobody measured, a refused one."""
        own = self._own.get((head, label))
        if own is not None and (own.is_enough or own.refutes):
            return own
        return _shipped().get((head, label), own or Licence(head, label))

    def every(self) -> tuple[Licence, ...]:
        """Return the licences of all labels of the taxonomy, head by head."""
        names = label_names(taxonomy())
        return tuple(self.of(head, label) for head in HEADS for label in names[head])


@cache
def _shipped() -> Mapping[tuple[str, str], Licence]:
    counts = (*read_counts(COUNTS_FILE), *read_counts(RISK_COUNTS_FILE))
    return MappingProxyType({(one.head, one.label): one.licence for one in counts})
