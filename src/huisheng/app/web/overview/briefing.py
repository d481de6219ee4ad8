"""班前会 in words: three stuck points, what changed, promises due, one tip per agent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from huisheng.app.analysis import advice
from huisheng.app.report import Document
from huisheng.app.report.amounts import count, long_day, share
from huisheng.app.report.document import TipEntry
from huisheng.app.report.labels import Labels
from huisheng.app.web.overview.promises import Promise

ADVICE = {
    "resp_3min_rate": "先回一句「在的，我看一下」再查，别让买家空等",
    "ww_satisfaction": "结束前问一句「还有别的要帮您吗」，没解决的当场登记工单",
    "invite_rate": "问题解决后记得邀评，售后类由人工邀",
    "unreplied_rate": "下班前扫一遍没回的会话，转给接班的同事",
}
PRAISE = "做得比同组好，请分享怎么做的"
KINDS = {"improve": 0, "praise": 1, "steady": 2}


@dataclass(frozen=True, slots=True)
class TipView:
    """One agent's line."""

    agent: str
    kind: str
    numbers: str
    advice: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """One kind of promise."""

    shop: str
    label: str
    due: str
    late: str
    ids: tuple[str, ...]


def meeting_day(document: Document) -> date:
    """Return the day of the meeting: the one after the last full day of the data."""
    return date.fromisoformat(document["charts"]["last_day"]) + timedelta(days=1)


def day_name(document: Document) -> str:
    """Return the day of the meeting in words."""
    return long_day(meeting_day(document).isoformat())


def tip_views(document: Document) -> list[tuple[str, list[TipView]]]:
    """Return, per shop, one line per agent: those to talk to first."""
    labels = Labels(document)
    shops: dict[str, list[TipEntry]] = {}
    for tip in document["charts"]["tips"]:
        shops.setdefault(tip["shop_id"], []).append(tip)
    return [
        (
            labels.shop(shop_id),
            [
                _tip(tip, labels)
                for tip in sorted(tips, key=lambda tip: (KINDS[tip["kind"]], tip["agent_id"]))
            ],
        )
        for shop_id, tips in shops.items()
    ]


def _tip(tip: TipEntry, labels: Labels) -> TipView:
    gap, topic = tip["gap"], tip["topic"]
    told, numbers = [], []
    if gap is not None:
        told.append(ADVICE[gap["metric"]] if tip["kind"] == "improve" else PRAISE)
        numbers.append(
            f"{labels.metric(gap['metric'])} {share(gap['value'])}，"
            f"同店其他人 {share(gap['team'])}（{count(gap['cases'])} 例）"
        )
    if topic is not None and tip["kind"] != "improve":
        # An analysis of an earlier version may name a scene that is no longer advised on.
        told += [sentence for sentence in [advice().get(topic["scene"], "")] if sentence]
        upset = f"，{count(topic['upset'])} 个有情绪" if topic["upset"] else ""
        scene = labels.document["names"]["scenes"].get(topic["scene"], topic["scene"])
        notice = f"（{topic['notice']}）" if "notice" in topic else ""
        numbers.append(f"最近 7 天「{scene}」{count(topic['talks'])} 个会话{upset}{notice}")
    return TipView(
        labels.member("agent_id", tip["agent_id"]),
        tip["kind"],
        "；".join(numbers) or "最近 7 天的数字与同事没有可信的差别",
        "；".join(told) or "保持",
    )


def promise_views(promises: Iterable[Promise], document: Document) -> list[PromiseView]:
    """Put promises into words."""
    labels = Labels(document)
    return [
        PromiseView(
            labels.shop(promise.shop_id),
            promise.label,
            count(promise.due),
            count(promise.late) if promise.late else "",
            promise.ids,
        )
        for promise in promises
    ]
