"""Measure the shipped model on a file of people's judgements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from huisheng.app.evaluation.judgements import Annotations, read_judgements
from huisheng.app.evaluation.population import found
from huisheng.app.evaluation.rows import read_rows
from huisheng.errors import BadInputError
from huisheng.lake import Engine
from huisheng.language import MODEL_VERSION, licence, load_model


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a file of judgements says of the model.

    Attributes:
        annotations: what people said.
        measured: how the model's labels compare.
    """

    annotations: Annotations
    measured: licence.Measured

    @property
    def people(self) -> int:
        """Return how many people judged."""
        return len({one.annotator for one in self.annotations.judgements})

    def as_json(self) -> dict[str, object]:
        """Return the evaluation for programs; it holds numbers, never a text."""
        return {
            "model": MODEL_VERSION,
            "texts": len(self.annotations.texts),
            "people": self.people,
            "unjudged": self.annotations.unjudged,
            "heads": [_head(one) for one in self.measured.heads],
            "labels": [one.as_json() for one in self.measured.labels],
        }


def evaluate(path: Path) -> Evaluation:
    """Measure the model on an annotation file; the order of its rows does not matter.

    Raises:
        BadInputError: the file contradicts the format; each wrong row is named.
    """
    annotations = read_judgements(path, read_rows(path))
    texts = annotations.texts
    labels = load_model().label([one.text for one in texts], [one.context for one in texts])
    answers = {one.id: licence.answer_of(labels, place) for place, one in enumerate(texts)}
    return Evaluation(annotations, licence.measure(annotations.judgements, answers))


def refuse_foreign(engine: Engine, shop: str, path: Path, annotations: Annotations) -> None:
    """Refuse a file whose texts are not the shop's own as they stand in the lake.

    Raises:
        BadInputError: it holds texts that are not there, or that were changed.
    """
    stored = found(engine, shop, [one.id for one in annotations.texts])
    unknown = [one for one in annotations.texts if one.id not in stored]
    changed = [
        one for one in annotations.texts if one.id in stored and stored[one.id].text != one.text
    ]
    told = [
        *(f"第 {one.row} 行：店铺 {shop} 里没有「{one.id}」" for one in unknown),
        *(f"第 {one.row} 行：「{one.id}」的文字与工作区里的不同" for one in changed),
    ]
    if told:
        more = f"；\n还有 {len(told) - 10} 行" if len(told) > 10 else ""
        raise BadInputError(
            str(path),
            "只有本店的文字才能用来授予许可\n" + "；\n".join(told[:10]) + more,
            "请用 huisheng evaluate --template 抽出的文件，编号与文字照原样留着",
        )


def _head(one: licence.HeadMeasure) -> dict[str, object]:
    error = one.calibration_error
    return {
        "head": one.head,
        "texts": one.texts,
        "people": len(one.people),
        "judged_by_several": one.doubly,
        "kappa": _interval(one.kappa),
        "kappa_among_people": _interval(one.among_people),
        "confusion": _plain(one.confusion),
        "calibration_error": None if error is None else round(error, 4),
        "calibration": [
            {
                "answers": round(some.answers, 2),
                "p": round(some.p, 4),
                "right": round(some.right, 4),
            }
            for some in one.bins
        ],
    }


def _interval(some: licence.Interval | None) -> Sequence[float] | None:
    return None if some is None else [round(x, 4) for x in (some.value, some.low, some.high)]


def _plain(confusion: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {true: dict(named) for true, named in confusion.items()}
