"""Find lines, gather them by conversation or record, and show one page of them, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis

from huisheng.app.web.voices.lines import (
    DAYS_AROUND,
    HUMAN_OR_ROBOT,
    KEYS,
    about_products,
    lines,
    texts_of,
    with_agents,
)
from huisheng.app.web.voices.part import Source, Stretch, labels_in, labels_on
from huisheng.app.web.voices.reach import Reach
from huisheng.app.web.voices.tags import Tag
from huisheng.metrics import Facts, day_of
from huisheng.metrics.window import DAY_US

PAGE = 50
LINES_OF_UNIT = 3
UNIT = ("shop_id", "table_name", "unit")
MOODS = {"negative": -1, "positive": 1}
ROLES = {"buyer": ("buyer",), "agent": HUMAN_OR_ROBOT, "": ("buyer", *HUMAN_OR_ROBOT)}
"""Whose lines are searched."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; an empty part narrows nothing.

    Attributes:
        reach: what the person may read.
        stretch: the shops asked about, and the days.
        words: stands literally in the line, letters of either case.
        tables: where to look.
        who: `buyer`, `agent` or empty for both.
        head, label: the line has this label.
        mood: `negative` or `positive`: the polarity of the label.
        products, agents: ids of which one must match.
    """

    reach: Reach
    stretch: Stretch
    tables: tuple[str, ...]
    words: str = ""
    who: str = ""
    head: str = ""
    label: str = ""
    mood: str = ""
    products: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A label that holds on a line; `p` is None for a person's judgement and a language model's."""

    tag: Tag
    p: float | None
    by_person: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is stored, masked."""

    source: Source
    unit: str
    conv_id: str | None
    order_no: str | None
    product_id: str | None
    at: int | None
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A conversation or record with its newest lines found; `count` is how many there are."""

    shop_id: str
    table: str
    id: str
    at: int | None
    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of units, and how many units and lines there are altogether."""

    units: tuple[Unit, ...]
    total: int
    total_lines: int


def find_lines(facts: Facts, question: Question) -> ibis.Table:
    """Return all lines that a question is about and the person asking may read."""
    stretch = question.stretch
    tables = [name for name in question.tables if facts.engine.shops(name) & set(stretch.shops)]
    # Asked for first: two small questions are written down faster than one large one.
    keys = facts.engine.arrow(_labelled(facts, question)) if question.head else None
    if keys is not None:
        labelled = set(keys["table_name"].unique().to_pylist())
        tables = [name for name in tables if name in labelled]
    said = lines(
        facts,
        stretch,
        tables or question.tables[:1],
        with_empty_messages=keys is not None and not question.words,
    )
    said = _readable(facts, question, said)
    if keys is not None:
        said = said.semi_join(ibis.memtable(keys), KEYS)
    else:
        said = said.filter(said.role.isin(ROLES[question.who]) & ~said.recalled)
    if question.words:
        said = said.filter(_holds(said.text, question.words))
    if question.products:
        said = about_products(facts, stretch, said, question.products)
    if question.agents:
        said = with_agents(facts, stretch, said, question.agents)
    return said


def one_page(facts: Facts, question: Question, page: int) -> Found:
    """Return page `page` (from 1) of what is found, newest first."""
    # Words are read of the lines shown alone: they are most of what is stored.
    placed = _placed(find_lines(facts, question).drop("text"), page)
    rows = facts.engine.arrow(placed).to_pylist()
    if not rows:
        return Found((), 0, 0)
    texts = texts_of(facts, ((_source(row), row["at"]) for row in rows))
    grouped: dict[int, list[dict[str, object]]] = {}
    for row in sorted(rows, key=lambda row: (row["rank"], -row["place"])):
        grouped.setdefault(row["rank"], []).append(row | {"text": texts[_source(row)]})
    units = tuple(_unit(found) for found in grouped.values())
    return Found(units, rows[0]["total"], rows[0]["total_lines"])


def products_of(
    facts: Facts, stretch: Stretch, units: Sequence[Unit]
) -> Mapping[tuple[str, str], str]:
    """Return the product of each (shop, conversation or order) on a page, where one is known."""
    found = [line for unit in units for line in unit.lines]
    talks = stretch.widened(DAYS_AROUND).rows(facts.table("conversations"))
    talked = sorted({line.conv_id for line in found if line.conv_id})
    rows = facts.engine.arrow(
        talks.filter(talks.conv_id.isin(talked)).select(
            "shop_id", "order_no", "product_id", key=talks.conv_id
        )
    ).to_pylist()
    orders = {line.order_no for line in found} | {row["order_no"] for row in rows}
    items = stretch.of_shops(facts.table("order_items"))
    items = items.filter(items.order_no.isin(sorted(order for order in orders if order)))
    first = items.group_by("shop_id", key=items.order_no).aggregate(
        product_id=items.product_id.min()
    )
    bought = {
        (row["shop_id"], row["key"]): row["product_id"]
        for row in facts.engine.arrow(first).to_pylist()
        if row["product_id"]
    }
    begun = {
        (row["shop_id"], row["key"]): row["product_id"]
        or bought.get((row["shop_id"], row["order_no"]), "")
        for row in rows
    }
    return bought | begun


def judged_labels(facts: Facts, found: Sequence[Line]) -> Mapping[Source, tuple[Judged, ...]]:
    """Return the labels that hold on some lines."""
    if not found:
        return {}
    offset = facts.offset_us
    dates = {day_of((line.at + offset) // DAY_US).isoformat() for line in found if line.at}
    labels: dict[Source, list[Judged]] = {}
    for row in labels_on(facts, [line.source for line in found], dates):
        tag = Tag(str(row["head"]), str(row["label"]), int(str(row["value"] or 0)))
        p, by_person = row["p"], row["source"] == "human"
        labels.setdefault(_source(row), []).append(
            Judged(tag, None if p is None or by_person else float(str(p)), by_person)
        )
    return {source: tuple(sorted(tags, key=_likely)) for source, tags in labels.items()}


def _likely(judged: Judged) -> tuple[str, float, str]:
    return judged.tag.head, -(judged.p or 0), judged.tag.label


def _readable(facts: Facts, question: Question, said: ibis.Table) -> ibis.Table:
    """Return what the person may read: of an agent's shops, just that agent's own talks."""
    asked = set(question.stretch.shops)
    parts = [said.filter(said.shop_id.isin([s for s in question.reach.whole if s in asked]))]
    for shop_id, agent_id in question.reach.own:
        if shop_id in asked and agent_id:
            in_shop = said.filter(said.shop_id == shop_id)
            parts.append(with_agents(facts, question.stretch, in_shop, [agent_id]))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _labelled(facts: Facts, question: Question) -> ibis.Table:
    labels = labels_in(facts, question.stretch, [question.head], question.label)
    if question.mood:
        labels = labels.filter(labels.value.sign() == MOODS[question.mood])
    return labels.select(KEYS)


def _holds(text: ibis.Value, words: str) -> ibis.Value:
    # Most words are Chinese; folding case costs as much as searching.
    if words.lower() == words.upper():
        return text.contains(words)
    return text.lower().contains(words.lower())


def _placed(said: ibis.Table, page: int) -> ibis.Table:
    """Return the newest lines of the units of one page, with everything's totals.

    Asked as one query: writing such a query down takes longer than answering it.
    """
    of_unit = [said[name] for name in UNIT]
    newest = [said["at"].desc(nulls_first=False), said.row_id.desc()]
    placed = said.mutate(
        unit_at=said["at"].max().over(group_by=of_unit),
        of_unit=said.count().over(group_by=of_unit),
        place=ibis.row_number().over(group_by=of_unit, order_by=newest),
        total_lines=said.count().over(),
    )
    by_time = [placed.unit_at.desc(nulls_first=False), *[placed[name] for name in UNIT]]
    ranked = placed.mutate(rank=ibis.dense_rank().over(order_by=by_time))
    ranked = ranked.mutate(total=ranked["rank"].max().over() + 1)
    first = PAGE * (page - 1)
    return ranked.filter(
        (ranked["rank"] >= first) & (ranked["rank"] < first + PAGE) & (ranked.place < LINES_OF_UNIT)
    )


def _unit(rows: Sequence[Mapping[str, object]]) -> Unit:
    found = tuple(line_of(row) for row in rows)
    shop_id, table, _ = found[0].source
    at = rows[0]["unit_at"]
    return Unit(
        shop_id,
        table,
        found[0].unit,
        None if at is None else int(str(at)),
        int(str(rows[0]["of_unit"])),
        found,
    )


def line_of(row: Mapping[str, object]) -> Line:
    """Return a row of the relation of lines as a record."""
    at = row["at"]
    return Line(
        source=_source(row),
        unit=str(row["unit"]),
        conv_id=_text(row["conv_id"]),
        order_no=_text(row["order_no"]),
        product_id=_text(row["product_id"]),
        at=None if at is None else int(str(at)),
        role=str(row["role"]),
        text=str(row["text"]),
    )


def _source(row: Mapping[str, object]) -> Source:
    return str(row["shop_id"]), str(row["table_name"]), str(row["row_id"])


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)
