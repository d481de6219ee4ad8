"""Measure a model's answers against people's judgements of the same texts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import fsum

from huisheng.language.labels import Labels
from huisheng.language.licence.cells import Cells, Part
from huisheng.language.licence.granting import Licence, Origin
from huisheng.language.licence.intervals import Interval, cohen_kappa
from huisheng.language.licence.shipped import HEADS, POLARITIES, UPSET
from huisheng.language.moods import LEVELS

SINGLE = ("sentiment", "emotion")
"""Heads that give every text exactly one label."""
JUDGED = ("scene", "aspect", "sentiment", "emotion", "risk")
"""Heads that people judge; the polarity of an aspect is judged with the aspect."""
BINS = 10

Said = Mapping[str, Mapping[str, int]]
"""Labels by head, each with its value: the polarity of an aspect, elsewhere 0."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says of one text.

    Attributes:
        item: the text's id.
        annotator: who.
        weight: texts of the shop that this one stands for: 1 / its chance of being drawn.
        said: all labels of every head that was judged; a head left out was not.
    """

    item: str
    annotator: str
    weight: float
    said: Said


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says of one text: labels as in `Said`, and the probability of each."""

    said: Said
    p: Mapping[tuple[str, str], float]


def answer_of(labels: Labels, place: int) -> Answer:
    """Return the answer that a batch of labels holds for one of its texts."""
    said: dict[str, dict[str, int]] = {}
    p: dict[tuple[str, str], float] = {}
    for name in JUDGED:
        head = labels.head(name)
        rows = head.rows_of(place)
        values = head.value if name == "aspect" else [0] * len(head.label)
        said[name] = {head.names[head.label[row]]: int(values[row]) for row in rows}
        p |= {(name, head.names[head.label[row]]): float(head.p[row]) for row in rows}
    return Answer(said, p)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same probability: mean probability, and share that was right."""

    answers: float
    p: float
    right: float


@dataclass(frozen=True, slots=True)
class HeadMeasure:
    """How a whole head fared.

    Attributes:
        head: its id.
        texts: how many were judged.
        people: names of those who judged.
        doubly: texts that two or more judged.
        kappa: of the model with people, over all labels; None for heads of many labels a text.
        among_people: the same of people with each other.
        confusion: judgements by what people said, then what the model said; only single labels.
        bins: answers by probability, of 0 to 0.1 first; empty ones are left out.
    """

    head: str
    texts: int
    people: tuple[str, ...]
    doubly: int
    kappa: Interval | None
    among_people: Interval | None
    confusion: Mapping[str, Mapping[str, int]]
    bins: tuple[Bin, ...]

    @property
    def calibration_error(self) -> float | None:
        """Return the mean gap between probability and accuracy over bins (Naeini 2015)."""
        total = fsum(one.answers for one in self.bins)
        if not total:
            return None
        return fsum(one.answers * abs(one.p - one.right) for one in self.bins) / total


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything measured on one sample."""

    heads: tuple[HeadMeasure, ...]
    labels: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """One person's and the model's labels of one head of one text."""

    item: str
    annotator: str
    weight: float
    share: float
    people: Mapping[str, int]
    model: Mapping[str, int]
    p: Mapping[tuple[str, str], float]


def measure(judgements: Iterable[Judgement], answers: Mapping[str, Answer]) -> Measured:
    """Measure every head that anybody judged; the order of the judgements does not matter.

    Several people's judgements of a text share its weight, so it counts once.

    Args:
        judgements: at most one of each person and text.
        answers: the model's, by text.
    """
    ordered = sorted(judgements, key=lambda one: (one.item, one.annotator))
    pairs = {head: _pairs(head, ordered, answers) for head in JUDGED}
    pairs["polarity"] = list(_toned(pairs["aspect"]))
    pairs[UPSET] = [_upset(one) for one in pairs["emotion"]]
    judged = [head for head in HEADS if pairs.get(head)]
    heads = tuple(_head(head, pairs[head]) for head in judged)
    labels = tuple(one for head in judged for one in _labels(head, pairs[head]))
    return Measured(heads, labels)


def _pairs(
    head: str, judgements: Sequence[Judgement], answers: Mapping[str, Answer]
) -> list[_Pair]:
    judged = [one for one in judgements if head in one.said]
    judges: dict[str, int] = defaultdict(int)
    for one in judged:
        judges[one.item] += 1
    return [
        _Pair(
            one.item,
            one.annotator,
            one.weight,
            1 / judges[one.item],
            one.said[head],
            answers[one.item].said[head],
            answers[one.item].p,
        )
        for one in judged
    ]


def _toned(pairs: Iterable[_Pair]) -> Iterator[_Pair]:
    """Yield every aspect that both named as a text of its own, labelled by its polarity."""
    for one in pairs:
        for aspect in sorted(one.people.keys() & one.model.keys()):
            tones = [{POLARITIES[side[aspect]]: 0} for side in (one.people, one.model)]
            item = f"{one.item} {aspect}"
            yield _Pair(item, one.annotator, one.weight, one.share, tones[0], tones[1], {})


def _upset(one: _Pair) -> _Pair:
    """Return a judgement of an emotion as one of whether the buyer is upset at all."""
    people, model = (
        {UPSET: 0} if any(LEVELS[emotion] > 0 for emotion in side) else {}
        for side in (one.people, one.model)
    )
    return replace(one, people=people, model=model, p={})


def _labels(head: str, pairs: Sequence[_Pair]) -> Iterator[Licence]:
    twice = _twice(pairs)
    for label in sorted({label for one in pairs for label in (*one.people, *one.model)}):
        cells: dict[tuple[bool, bool], list[tuple[float, float]]] = defaultdict(list)
        for one in pairs:
            cells[label in one.people, label in one.model].append((one.weight, one.share))
        parts = [Part.of(cells[key]) for key in _CELLS]
        among = _among(twice, ("", label), partial(_named, label))
        yield Licence(head, label, Origin.SHOP, Cells(*parts), among)


_CELLS = ((True, True), (False, True), (True, False), (False, False))
"""Whether people and the model named a label: hits, alarms, misses, quiet."""


def _head(head: str, pairs: Sequence[_Pair]) -> HeadMeasure:
    twice = _twice(pairs)
    names: list[str] = []
    confusion: dict[str, dict[str, int]] = {}
    if head in (*SINGLE, "polarity"):
        names = sorted({label for one in pairs for label in (*one.people, *one.model)})
        confusion = {true: dict.fromkeys(names, 0) for true in names}
        for one in pairs:
            confusion[_only(one.people)][_only(one.model)] += 1
    return HeadMeasure(
        head=head,
        texts=len({one.item for one in pairs}),
        people=tuple(sorted({one.annotator for one in pairs})),
        doubly=len(twice),
        kappa=_kappa_of_single(names, pairs),
        among_people=_among(twice, names, lambda one: _only(one.people)) if names else None,
        confusion=confusion,
        bins=tuple(_bins(head, pairs)) if head != "risk" else (),
    )


def _named(label: str, one: _Pair) -> str:
    return label if label in one.people else ""


def _only(labels: Mapping[str, int]) -> str:
    return next(iter(labels))


def _kappa_of_single(names: Sequence[str], pairs: Sequence[_Pair]) -> Interval | None:
    if not names:
        return None
    table: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in pairs:
        table[_only(one.people), _only(one.model)].append(one.weight * one.share)
    whole = Part.of((one.weight, one.share) for one in pairs)
    return cohen_kappa([[fsum(table[a, b]) for b in names] for a in names], whole.size)


def _twice(pairs: Sequence[_Pair]) -> list[list[_Pair]]:
    """Return the judgements of every text that several people judged, by name of the person."""
    by_item: dict[str, list[_Pair]] = defaultdict(list)
    for one in pairs:
        by_item[one.item].append(one)
    return [some for some in by_item.values() if len(some) > 1]


def _among(
    twice: Sequence[Sequence[_Pair]], answers: Sequence[str], said: Callable[[_Pair], str]
) -> Interval | None:
    """Return Cohen's κ of people: of two who judged the same texts, or pooled over all pairs."""
    table: dict[tuple[str, str], list[float]] = defaultdict(list)
    for judges in twice:
        couples = list(combinations(judges, 2))
        for one, other in couples:
            table[said(one), said(other)].append(1 / len(couples))
    return cohen_kappa([[fsum(table[a, b]) for b in answers] for a in answers])


def _bins(head: str, pairs: Sequence[_Pair]) -> Iterator[Bin]:
    found: list[list[tuple[float, float, bool]]] = [[] for _ in range(BINS)]
    for one in pairs:
        for label in one.model:
            p = one.p.get((head, label))
            if p is not None:
                right = label in one.people
                found[min(int(p * BINS), BINS - 1)].append((one.weight * one.share, p, right))
    for some in found:
        if some:
            total = fsum(weight for weight, *_ in some)
            yield Bin(
                total,
                fsum(weight * p for weight, p, _ in some) / total,
                fsum(weight for weight, _, right in some if right) / total,
            )
