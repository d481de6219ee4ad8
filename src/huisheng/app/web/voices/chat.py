"""Arrange one conversation as a chat: who stands where, and what is said of each buyer's line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huisheng.app.report.document import Names
from huisheng.app.web.shell.wording import local_time
from huisheng.app.web.voices.conversation import Conversation
from huisheng.app.web.voices.entities import Spoken, entity_spans
from huisheng.app.web.voices.lines import HUMAN_OR_ROBOT
from huisheng.app.web.voices.listing import Judged, Line
from huisheng.app.web.voices.marking import Piece, Span, found_in, marked
from huisheng.app.web.voices.orders import Row
from huisheng.app.web.voices.part import Source
from huisheng.app.web.voices.showing import WHO, Chip, chips, label_spans
from huisheng.app.web.voices.tags import Tag

NOT_SHOWN = {
    "image": "［图片］",
    "voice": "［语音］",
    "video": "［视频］",
    "card": "［卡片］",
    "link": "［链接］",
}
LATE_S = 180
"""Seconds a buyer waits before it is worth saying: the line of the 3-minute rate."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line of a chat; `side` is buyer, shop or middle; `day` is said where a day begins."""

    id: str
    side: str
    who: str
    kind: str
    day: str
    time: str
    waited: str
    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...]
    labelled: bool


def bubbles(
    talk: Conversation, labels: Mapping[Source, Sequence[Judged]], names: Names, words: str
) -> list[Bubble]:
    """Arrange the lines of a conversation; `words` are marked wherever they stand."""
    spans = label_spans(
        (source, str(line["text"]), judged.tag)
        for line in talk.lines
        for source in [_source(talk, line)]
        for judged in labels.get(source, ())
        if _worth_marking(judged.tag)
    )
    told = entity_spans([_spoken(line) for line in talk.lines])
    waits, days = _waits(talk.lines), _new_days(talk.lines)
    return [
        Bubble(
            id=str(line["msg_id"]),
            side=_side(line),
            who=_who(line, names),
            kind=str(line["type"] or "text"),
            day=day,
            time=local_time(_instant(line), "%H:%M:%S") if _instant(line) else "",
            waited=waited,
            pieces=_pieces(line, words, [*spans.get(_source(talk, line), []), *marks]),
            chips=chips(labels.get(_source(talk, line), ())),
            labelled=_source(talk, line) in labels,
        )
        for line, waited, day, marks in zip(talk.lines, waits, days, told, strict=True)
    ]


def as_lines(talk: Conversation) -> list[Line]:
    """Return the buyer's lines, to ask for their labels."""
    return [
        Line(
            source=_source(talk, line),
            unit=talk.conv_id,
            conv_id=talk.conv_id,
            order_no=None,
            product_id=None,
            at=_instant(line),
            role="buyer",
            text=str(line["text"]),
        )
        for line in talk.lines
        if line["role"] == "buyer" and line["text"]
    ]


def _spoken(line: Row) -> Spoken:
    return Spoken(str(line["text"] or ""), _instant(line), _side(line) == "shop")


def _pieces(line: Row, words: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    text = shown_text(line)
    # What stands for an image or a recalled line is not what the labels were given to.
    return marked(text, [*found_in(text, words), *(spans if text == line["text"] else ())])


def _new_days(lines: Sequence[Row]) -> list[str]:
    """Return the local date of each line that begins a day, empty text for the others."""
    days = [local_time(at, "%Y-%m-%d") if (at := _instant(line)) else "" for line in lines]
    last, found = "", []
    for day in days:
        found.append(day if day != last else "")
        last = day or last
    return found


def _waits(lines: Sequence[Row]) -> list[str]:
    """Return how long the buyer had waited for each line of the shop, empty where not long."""
    asked_at: int | None = None
    found: list[str] = []
    for line in lines:
        side, at = _side(line), _instant(line)
        waiting = side == "shop" and asked_at is not None and at is not None
        found.append(_waited((at or 0) - (asked_at or 0)) if waiting else "")
        if side == "buyer":
            asked_at = asked_at or at
        elif side == "shop":
            asked_at = None
    return found


def _worth_marking(tag: Tag) -> bool:
    """Sentiment and emotion are of the whole line; its causes are what is marked."""
    return tag.head in ("scene", "aspect", "risk") or (tag.head == "emotion" and tag.value > 1)


def _source(talk: Conversation, line: Row) -> Source:
    return talk.shop_id, "messages", str(line["msg_id"])


def _side(line: Row) -> str:
    if line["role"] == "buyer":
        return "buyer"
    return "shop" if line["role"] in HUMAN_OR_ROBOT else "middle"


def shown_text(line: Row) -> str:
    """Return the text of a line as it may be read: not what was recalled."""
    if line["is_recalled"] or line["type"] == "recall":
        return "撤回了一条消息"
    text = str(line["text"] or "")
    mark = NOT_SHOWN.get(str(line["type"]), "")
    if mark and not text.startswith(("［", "[")):
        return mark + text
    return text or "［空白］"


def _instant(line: Row) -> int | None:
    at = line["sent_at"]
    return None if at is None else int(str(at))


def _who(line: Row, names: Names) -> str:
    who = WHO.get(str(line["role"]), "未知")
    agent = str(line["agent_id"] or "")
    named = f"{who} {names['agents'].get(agent, agent)}" if agent else who
    return f"{named}（自动回复）" if line["is_auto_reply"] else named


def _waited(micros: int) -> str:
    seconds = micros // 1_000_000
    if seconds <= LATE_S:
        return ""
    return f"等了 {seconds // 60} 分钟" if seconds < 7200 else f"等了 {seconds // 3600} 小时"
