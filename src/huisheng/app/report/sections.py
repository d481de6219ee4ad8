"""The parts of the page that tell what happened: summary, cards, stuck points, departments."""

from dataclasses import dataclass

from huisheng.app.report import drawing, phrases
from huisheng.app.report.amounts import (
    amount,
    amount_beside,
    count,
    days_between,
    limit,
    loss,
)
from huisheng.app.report.document import Card, Document, FindingEntry, Share
from huisheng.app.report.labels import QUALITY, WHOLE_SHOP, Labels, table_name
from huisheng.app.report.points import StuckPoint

QUOTES_SHOWN = 5
TOP_POINTS = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A buyer's words with the record they stand in."""

    text: str
    table: str
    id: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding in words."""

    id: str
    title: str
    department: str
    problem: str
    comparison: str
    counts: str
    certainty: str
    strength: str
    since: str
    affected: str
    cny: str
    mark: drawing.IntervalMark | None
    quotes: tuple[Quote, ...]
    quotes_left: int
    strategy: str
    verification: str


@dataclass(frozen=True, slots=True)
class PointView:
    """One stuck point: where it is, its best-ranked finding and its other facets."""

    rank: int
    anchor: str
    shop: str
    where: tuple[tuple[str, str], ...]
    affected: str
    cny: str
    first: FindingView
    facets: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """One headline metric in words."""

    metric: str
    shop_id: str
    label: str
    question: str
    value: str
    quality: str
    change: str
    before: str
    judged: str
    threshold: str
    reached: str
    headroom: str
    basis: str
    spark: drawing.Spark | None
    assumption: str


@dataclass(frozen=True, slots=True)
class DepartmentBar:
    """One department's part of the avoidable harm."""

    label: str
    length: str
    share: str
    affected: str
    cny: str
    title: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The report in one sentence, what to mend first, and the metrics short of their line."""

    sentence: str
    top: tuple[PointView, ...]
    below_line: str


def point_view(point: StuckPoint, document: Document, labels: Labels) -> PointView:
    """Put one stuck point into words."""
    first, *facets = (finding_view(finding, document, labels) for finding in point.findings)
    where = labels.where(point.first) or [("范围", WHOLE_SHOP)]
    return PointView(
        rank=point.rank,
        anchor=f"point-{point.rank}",
        shop=labels.shop(point.first["shop_id"]),
        where=tuple(where),
        affected=count(point.affected),
        cny=loss(point.cny),
        first=first,
        facets=tuple(facets),
    )


def finding_view(finding: FindingEntry, document: Document, labels: Labels) -> FindingView:
    """Put one finding into words."""
    scale = phrases.scale_of(finding, labels)
    period = document["period"]
    quotes = tuple(
        Quote(evidence["quote"], table_name(evidence["table"]), evidence["id"])
        for evidence in finding["evidence"]
    )
    return FindingView(
        id=finding["id"],
        title=finding["title"],
        department=labels.department(finding["department"]),
        problem="" if _is_the_place(finding) else labels.problem(finding),
        comparison=phrases.comparison(finding, scale),
        counts=phrases.counts(finding),
        certainty=phrases.certainty(finding, scale),
        strength=phrases.evidence_strength(finding),
        since=phrases.since(finding, period["end"]),
        affected=count(finding["impact"]["affected"]),
        cny=loss(finding["impact"]["cny"]),
        mark=drawing.interval(finding, scale),
        quotes=quotes[:QUOTES_SHOWN],
        quotes_left=max(0, len(quotes) - QUOTES_SHOWN),
        strategy=finding["strategy"],
        verification=phrases.verification(
            finding, scale, days_between(period["start"], period["end"])
        ),
    )


def _is_the_place(finding: FindingEntry) -> bool:
    return finding["problem"]["id"] in finding["segment"].values()


def lead(document: Document, points: list[StuckPoint], views: list[PointView]) -> Lead:
    """Say the whole report in one sentence."""
    missed = [card for card in document["charts"]["cards"] if phrases.met(card) is False]
    labels = Labels(document)
    return Lead(
        sentence=_sentence(document, points),
        top=tuple(views[:TOP_POINTS]),
        below_line=_below_line(missed, labels),
    )


def _below_line(missed: list[Card], labels: Labels) -> str:
    shops: dict[str, list[str]] = {}
    for card in missed:
        shops.setdefault(labels.shop(card["shop_id"]), []).append(card["label"])
    return "；".join(f"{shop}：{'、'.join(names)}" for shop, names in shops.items())


def _sentence(document: Document, points: list[StuckPoint]) -> str:
    comparisons = document["method"]["comparisons"]
    if not points and not comparisons:
        return "这一期的数据还不够做任何比较：没有结论，不等于没有问题。"
    if not points:
        return f"这一期没有查出卡点：一共比较了 {count(comparisons)} 组，没有一组的偏离超出偶然。"
    shops = len({point.first["shop_id"] for point in points})
    worst = max(document["charts"]["departments"], key=lambda share: share["share"], default=None)
    owner = f"，其中 {worst['share']:.1%} 的人次出在{worst['label']}" if worst else ""
    return (
        f"这一期在 {shops} 家店查出 {count(len(points))} 处卡点，"
        f"涉及 {count(sum(point.affected for point in points))} 人次、"
        f"{loss(sum(point.cny for point in points))}{owner}。"
    )


def card_view(card: Card) -> CardView:
    """Put one card into words."""
    reached = phrases.met(card)
    line = card["threshold"]
    return CardView(
        metric=card["metric"],
        shop_id=card["shop_id"],
        label=card["label"],
        question=card["question"],
        value=amount_beside(card["value"], line, card["unit"]),
        quality="" if card["quality"] == "ok" else QUALITY.get(card["quality"], card["quality"]),
        change=phrases.change(card),
        before="" if card["before"] is None else f"上期 {amount(card['before'], card['unit'])}",
        judged=phrases.judged(card),
        threshold="" if line is None else f"达标线 {limit(line, card['unit'])}",
        reached={True: "已到线", False: "没到线", None: ""}[reached],
        headroom=phrases.headroom(card),
        basis=phrases.basis(card),
        spark=drawing.spark(card),
        assumption=card["assumption"],
    )


def shop_cards(document: Document, labels: Labels) -> list[tuple[str, list[CardView]]]:
    """Return the cards shop by shop, in the document's order of shops."""
    cards = document["charts"]["cards"]
    by_shop = [
        (labels.shop(shop), [card_view(card) for card in cards if card["shop_id"] == shop])
        for shop in document["shops"]
    ]
    return [(shop, views) for shop, views in by_shop if views]


def department_bars(shares: list[Share]) -> list[DepartmentBar]:
    """Draw the departments' parts, largest first; empty where there is no harm at all."""
    if not any(share["share"] for share in shares):
        return []
    longest = max(share["share"] for share in shares)
    ordered = sorted(shares, key=lambda share: (-share["share"], share["department"]))
    return [
        DepartmentBar(
            label=share["label"],
            length=f"{100 * share['share'] / longest:.2f}",
            share=f"{share['share']:.1%}",
            affected=count(share["affected"]),
            cny=loss(share["cny"]),
            title=f"{share['label']}占 {share['share']:.1%}，{loss(share['cny'])}",
        )
        for share in ordered
    ]
