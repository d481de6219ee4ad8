"""What the model says of a batch: one long table, or one JSON object per text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huisheng.language.aspects import AspectView

SCHEMA = pa.schema(
    [
        ("item", pa.int64()),
        ("head", pa.string()),
        ("label", pa.string()),
        ("value", pa.int8()),
        ("p", pa.float32()),
        ("source", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class HeadLabels:
    """All labels of one head for the distinct texts (or messages) of a batch.

    Attributes:
        head: scene, aspect, sentiment, emotion or risk.
        item: int64[k] distinct text of each label, ascending; best label first within a text.
        label: int64[k] index into `names`.
        value: int8[k] polarity, level, or 0.
        p: float32[k] probability.
        ruled: bool[k] whether a rule, not the model, said so.
        names: label ids.
        copies: int64[n] distinct text of each item of the batch.
    """

    head: str
    item: NDArray[np.int64]
    label: NDArray[np.int64]
    value: NDArray[np.int8]
    p: NDArray[np.float32]
    ruled: NDArray[np.bool_]
    names: Sequence[str]
    copies: NDArray[np.int64]
    _bounds: NDArray[np.int64] = field(init=False, repr=False)
    """int64[d + 1]: the labels of distinct text i are rows `_bounds[i]` to `_bounds[i + 1]`."""

    def __post_init__(self) -> None:
        distinct = int(self.copies.max(initial=-1)) + 1
        bounds = np.searchsorted(self.item, np.arange(distinct + 1))
        object.__setattr__(self, "_bounds", bounds)

    def spread(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (item of the batch, row of these arrays) for every label of every item."""
        starts = self._bounds[self.copies]
        counts = self._bounds[self.copies + 1] - starts
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        offset = np.arange(total) - np.repeat(ends - counts, counts)
        items = np.repeat(np.arange(len(self.copies)), counts)
        return items, np.repeat(starts, counts) + offset

    def rows_of(self, index: int) -> range:
        """Return the rows of one item of the batch."""
        item = self.copies[index]
        return range(int(self._bounds[item]), int(self._bounds[item + 1]))


def from_grid(
    head: str, found: AspectView, names: Sequence[str], copies: NDArray[np.int64]
) -> HeadLabels:
    """Return the labels that a grid [n, a] marks, likeliest first within a text."""
    item, label = np.divmod(np.flatnonzero(found.chosen), max(len(names), 1))
    p = found.p[item, label]
    order = np.lexsort((-p, item))
    item, label, p = item[order], label[order], p[order]
    value, ruled = found.polarity[item, label], found.ruled[item, label]
    return HeadLabels(head, item, label, value, p, ruled, names, copies)


def one_each(
    head: str,
    label: NDArray[np.int64],
    value: NDArray[np.int64],
    p: NDArray[np.float32],
    names: Sequence[str],
    copies: NDArray[np.int64],
) -> HeadLabels:
    """Return a head of which every text has exactly one label."""
    by_model = np.zeros(len(label), dtype=bool)
    return HeadLabels(
        head, np.arange(len(label)), label, value.astype(np.int8), p, by_model, names, copies
    )


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of a batch of n texts.

    Attributes:
        heads: one entry per head.
        positive_p: float32[n] chance that the text is positive.
        blamed_p: float32[n] chance that the text blames anything, however pleased it is as a whole.
        version: of the model.
    """

    heads: Sequence[HeadLabels]
    positive_p: NDArray[np.float32]
    blamed_p: NDArray[np.float32]
    version: str
    _by_name: dict[str, HeadLabels] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {head.head: head for head in self.heads})

    def long(self) -> pa.Table:
        """Return one row per label: item, head, label, value, p, source."""
        return pa.concat_tables([_long(head) for head in self.heads])

    def as_json(self, index: int) -> dict[str, object]:
        """Return one text's labels in the shape of `huisheng label` (without its id)."""
        sentiment = self._first("sentiment", index)
        emotion = self._first("emotion", index)
        return {
            "scenes": self._pairs("scene", index),
            "aspects": self._aspects(index),
            "sentiment": {
                "label": sentiment[0],
                "p": sentiment[2],
                "positive_p": round(float(self.positive_p[index]), 4),
            },
            "emotion": {"level": emotion[1], "p": emotion[2]},
            "risks": self._pairs("risk", index),
            "version": self.version,
        }

    def head(self, name: str) -> HeadLabels:
        """Return one head's labels."""
        return self._by_name[name]

    def _pairs(self, name: str, index: int) -> list[dict[str, object]]:
        head = self._by_name[name]
        return [
            {"id": head.names[head.label[row]], "p": _rounded(head, row)}
            for row in head.rows_of(index)
        ]

    def _aspects(self, index: int) -> list[dict[str, object]]:
        head = self._by_name["aspect"]
        return [
            {
                "id": head.names[head.label[row]],
                "polarity": int(head.value[row]),
                "p": _rounded(head, row),
            }
            for row in head.rows_of(index)
        ]

    def _first(self, name: str, index: int) -> tuple[str, int, float]:
        head = self._by_name[name]
        row = head.rows_of(index)[0]
        return head.names[head.label[row]], int(head.value[row]), _rounded(head, row)


def _rounded(head: HeadLabels, row: int) -> float:
    return round(float(head.p[row]), 4)


def _long(head: HeadLabels) -> pa.Table:
    items, rows = head.spread()
    names = pa.array(list(head.names), type=pa.string())
    sources = pa.array(["model", "rule"])
    size = len(rows)
    return pa.table(
        [
            pa.array(items, type=pa.int64()),
            pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), [head.head]).cast(
                pa.string()
            ),
            names.take(pa.array(head.label[rows])),
            pa.array(head.value[rows].astype(np.int8)),
            pa.array(head.p[rows].astype(np.float32)),
            sources.take(pa.array(head.ruled[rows].astype(np.int32))),
        ],
        schema=SCHEMA,
    )
