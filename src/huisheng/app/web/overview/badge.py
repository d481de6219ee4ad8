"""金牌客服 and the platform's own scores in words: how it stands, and how it will probably end."""

from dataclasses import dataclass

from huisheng.app.report import Document
from huisheng.app.report.amounts import amount_beside, count, limit, short_day
from huisheng.app.report.document import BadgeEntry, MonthEntry, ScoreTrack
from huisheng.app.report.drawing import Spark, spark
from huisheng.app.report.labels import Labels

LIKELY, UNLIKELY = 0.8, 0.2


@dataclass(frozen=True, slots=True)
class BadgeView:
    """One shop's way to the badge."""

    shop_id: str
    shop: str
    now: str
    held: bool | None
    month: str
    value: str
    basis: str
    chance: str
    kind: str
    advice: str
    percent: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One score of the platform's."""

    shop: str
    label: str
    value: str
    change: str
    read_on: str
    spark: Spark | None


def badge_views(document: Document) -> list[BadgeView]:
    """Put the badges into words."""
    labels = Labels(document)
    return [_badge(badge, labels.shop(badge["shop_id"])) for badge in document["charts"]["badges"]]


def _badge(badge: BadgeEntry, shop: str) -> BadgeView:
    month, before = badge["month"], badge["before"]
    held = before["reached"] if before["whole"] else None
    kind, chance = _chance(badge)
    return BadgeView(
        shop_id=badge["shop_id"],
        shop=shop,
        now=_now(before, badge["line"], held),
        held=held,
        month=_month_name(month["month"]),
        value=_share(month, badge["line"]),
        basis=f"{count(month['satisfied'])} / {count(month['rated'])}",
        chance=chance,
        kind=kind,
        advice=_advice(badge),
        percent="" if badge["probability"] is None else f"{badge['probability']:.0%}",
    )


def _now(before: MonthEntry, line: float, held: bool | None) -> str:
    name = _month_name(before["month"])
    if held is None:
        return f"{name}的数据不全，这个月有没有金牌标识算不出来"
    rated = f"{name}满意度 {_share(before, line)}（{count(before['rated'])} 个评价）"
    return f"{rated}，这个月{'应有' if held else '没有'}金牌标识"


def _chance(badge: BadgeEntry) -> tuple[str, str]:
    probability = badge["probability"]
    if probability is None:
        return "unknown", "评价太少，还看不出月底能不能达标"
    if badge["days_left"] == 0:
        month = _month_name(badge["month"]["month"])
        reached = badge["month"]["reached"]
        if not badge["month"]["whole"] and reached:
            return "unknown", f"{month}的数据不全，按已有的评价算是达标的"
        return (
            ("good", "达标，下个月有金牌标识") if reached else ("bad", "没达标，下个月没有金牌标识")
        )
    if probability >= LIKELY:
        return "good", "很可能达标"
    if probability <= UNLIKELY:
        return "bad", "很难达标"
    return "unknown", "不确定，要盯紧"


def _advice(badge: BadgeEntry) -> str:
    if badge["days_left"] == 0:
        return ""
    line = limit(badge["line"], "share")
    expected = count(badge["expected_ratings"])
    until = f"还有 {badge['days_left']} 天，照最近的进度月底共约 {expected} 个评价"
    if badge["month"]["rated"] < badge["least_ratings"]:
        short = badge["least_ratings"] - badge["month"]["rated"]
        until += f"，离 {badge['least_ratings']} 个有效评价还差 {short} 个"
    if badge["more_good"]:
        return f"{until}；再连续有 {count(badge['more_good'])} 个满意即达 {line}"
    if badge["slack"] is not None:
        return f"{until}；现在还容得下 {count(badge['slack'])} 个不满意"
    return until


def _share(month: MonthEntry, line: float) -> str:
    if not month["rated"]:
        return "无评价"
    return amount_beside(month["satisfied"] / month["rated"], line, "share")


def _month_name(month: str) -> str:
    return f"{int(month[5:])}月"


def score_views(document: Document) -> list[ScoreView]:
    """Put the tracked scores into words."""
    labels = Labels(document)
    return [_score(track, labels.shop(track["shop_id"])) for track in document["charts"]["scores"]]


def _score(track: ScoreTrack, shop: str) -> ScoreView:
    (day, value), *earlier = reversed(track["points"])
    moved = value - earlier[0][1] if earlier else 0.0
    return ScoreView(
        shop=shop,
        label=track["label"],
        value=f"{value:g}",
        change=f"{'▲' if moved > 0 else '▼'} {abs(moved):g}，较 {short_day(earlier[0][0])}"
        if moved
        else "",
        read_on=f"{short_day(day)}读数",
        spark=spark(
            {
                "metric": track["score_id"], "label": track["label"], "question": "",
                "unit": "score", "better": "higher", "shop_id": track["shop_id"],
                "value": value, "before": None, "threshold": None, "numerator": 0.0,
                "denominator": 0, "quality": "ok", "headroom": None,
                "trend": [(day, score) for day, score in track["points"]], "assumption": "",
            }
        ),
    )  # fmt: skip
