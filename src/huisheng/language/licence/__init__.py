"""Judge licence: how well each label agrees with people, and which may score a person."""

from huisheng.language.licence.cells import Cells, Part
from huisheng.language.licence.granting import ORIGINS, Licence, Origin
from huisheng.language.licence.intervals import Interval, cohen_kappa, wilson
from huisheng.language.licence.measuring import (
    JUDGED,
    SINGLE,
    Answer,
    HeadMeasure,
    Judgement,
    Measured,
    answer_of,
    measure,
)
from huisheng.language.licence.sampling import Drawn, draw
from huisheng.language.licence.shipped import (
    HEAD_NAMES,
    HEADS,
    POLARITIES,
    Licences,
    label_names,
)

__all__ = [
    "Answer",
    "Cells",
    "Drawn",
    "HEADS",
    "HEAD_NAMES",
    "HeadMeasure",
    "Interval",
    "JUDGED",
    "Judgement",
    "Licence",
    "Licences",
    "Measured",
    "ORIGINS",
    "Origin",
    "POLARITIES",
    "Part",
    "SINGLE",
    "answer_of",
    "cohen_kappa",
    "draw",
    "label_names",
    "measure",
    "wilson",
]
