"""Arrange lines for the pages: chips of labels, and the words that a label rests on marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huisheng.app.report.document import Names
from huisheng.app.web.voices.deciding import deciding
from huisheng.app.web.voices.judging import tags_of
from huisheng.app.web.voices.lines import TABLES
from huisheng.app.web.voices.listing import Judged, Line, Question, Unit
from huisheng.app.web.voices.marking import Piece, Span, found_in, marked
from huisheng.app.web.voices.models import Correction
from huisheng.app.web.voices.part import Source
from huisheng.app.web.voices.tags import HEADS, SHOWN, SINGLE, Tag, described, names_of
from huisheng.app.web.voices.wording import percent
from huisheng.language import load_model

WHO = {
    "buyer": "买家",
    "agent": "客服",
    "robot_auto": "机器人",
    "robot_assist": "客服（机器人代拟）",
    "system": "系统",
}
ORDER = {
    head: place for place, head in enumerate(("risk", "scene", "aspect", "concern", "emotion"))
}
SPARE = 2
"""Empty fields for labels that the model missed."""
Labels = Mapping[Source, Sequence[Judged]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A label beside a line; `sure` is its probability, or who said so."""

    head: str
    name: str
    sure: str
    tone: str
    asked: bool
    by_person: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its labels."""

    source: Source
    who: str
    at: int | None
    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A conversation or record in a list."""

    shop_id: str
    table: str
    id: str
    kind: str
    at: int | None
    product: str
    more: int
    lines: tuple[ShownLine, ...]


def shown_units(
    units: Sequence[Unit],
    labels: Labels,
    question: Question,
    products: Mapping[tuple[str, str], str],
    names: Names,
) -> list[ShownUnit]:
    """Arrange one page of a list: what was searched for, and what the label asked for rests on."""
    spans = label_spans(
        (line.source, line.text, judged.tag)
        for unit in units
        for line in unit.lines
        for judged in labels.get(line.source, ())
        if _is_asked(judged.tag, question)
    )
    return [
        ShownUnit(
            shop_id=unit.shop_id,
            table=unit.table,
            id=unit.id,
            kind=TABLES[unit.table],
            at=unit.at,
            product=_product(unit, products, names),
            more=unit.count - len(unit.lines),
            lines=tuple(_shown(line, labels, spans, question) for line in unit.lines),
        )
        for unit in units
    ]


def label_spans(asked: Iterable[tuple[Source, str, Tag]]) -> dict[Source, list[Span]]:
    """Return the words that labels rest on, by line."""
    listed = list(asked)
    ends = deciding(load_model(), [(text, tag) for _, text, tag in listed])
    spans: dict[Source, list[Span]] = {}
    for source, text, tag in listed:
        why = f"{SHOWN[tag.head]}：{tag.name}"
        found = [Span(start, end, why, tag.tone) for start, end in ends.get((text, tag), ())]
        spans.setdefault(source, []).extend(found)
    return spans


def chips(judged: Sequence[Judged], question: Question | None = None) -> tuple[Chip, ...]:
    """Return the labels worth showing, what cannot wait first."""
    told = [one for one in judged if not one.tag.is_quiet and one.tag.head in ORDER]
    told.sort(key=lambda one: (ORDER[one.tag.head], -(one.p or 0), one.tag.label))
    return tuple(
        Chip(
            one.tag.head,
            one.tag.name,
            _sure(one),
            one.tag.tone,
            question is not None and _is_asked(one.tag, question),
            one.by_person,
        )
        for one in told
    )


def _shown(
    line: Line, labels: Labels, spans: Mapping[Source, list[Span]], question: Question
) -> ShownLine:
    found = [*found_in(line.text, question.words), *spans.get(line.source, ())]
    return ShownLine(
        line.source,
        WHO.get(line.role, line.role),
        line.at,
        marked(line.text, found),
        chips(labels.get(line.source, ()), question),
    )


def _sure(judged: Judged) -> str:
    return "人工" if judged.by_person else percent(judged.p) or "语言模型"


def _is_asked(tag: Tag, question: Question) -> bool:
    return bool(question.head) and tag.head == question.head and question.label in ("", tag.label)


def product_of(unit: Unit, products: Mapping[tuple[str, str], str]) -> str:
    """Return the product a unit names, else that of its conversation, else that of its order."""
    line = unit.lines[0]
    linked = (products.get((unit.shop_id, key)) for key in (line.conv_id, line.order_no) if key)
    return line.product_id or next((product for product in linked if product), "")


def _product(unit: Unit, products: Mapping[tuple[str, str], str], names: Names) -> str:
    id_ = product_of(unit, products)
    return names["products"].get(id_, id_)


@dataclass(frozen=True, slots=True)
class HeadView:
    """One head of a line, ready to be judged.

    `slots` are the (label, value) of each field: those that hold, then empty ones; `options` are
    (id, name) of all labels; `seen` counts the judgements already made.
    """

    head: str
    name: str
    chips: tuple[str, ...]
    slots: tuple[tuple[str, int], ...]
    options: tuple[tuple[str, str], ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Step:
    """One judgement in words."""

    source: Source
    at: datetime
    by: str
    head: str
    before: str
    after: str
    agreed: bool
    changed: bool
    landed: bool


def head_views(judged: Sequence[Judged], steps: Sequence[Correction]) -> list[HeadView]:
    """Return all heads of a line."""
    views = []
    for head, name in HEADS.items():
        own = [one for one in judged if one.tag.head == head]
        empty = (("", 0),) * (0 if head in SINGLE and own else 1 if head in SINGLE else SPARE)
        views.append(
            HeadView(
                head,
                name,
                tuple(f"{one.tag.name} {_sure(one)}" for one in own),
                (*((one.tag.label, one.tag.value) for one in own), *empty),
                tuple(names_of(head).items()),
                sum(step.head == head for step in steps),
            )
        )
    return views


def history_steps(corrections: Iterable[Correction]) -> list[Step]:
    """Return judgements in words."""
    return [
        Step(
            source=(one.shop_id, one.table_name, one.row_id),
            at=one.at,
            by=one.user.name,
            head=SHOWN.get(one.head, one.head),
            before=described(tags_of(one.head, one.before)),
            after=described(tags_of(one.head, one.after)),
            agreed=one.agreed,
            changed=one.before != one.after,
            landed=one.landed_at is not None,
        )
        for one in corrections
    ]
