"""Read the labelled sets of a data folder; none of their sentences ever leaves the process."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huisheng.language.scenes import NONE, Turn
from huisheng.language.taxonomy import Taxonomy

MAKEUP_TO_ASPECT = {
    "包装": "L06",
    "成分": "P05",
    "尺寸": "P05",
    "气味": "P05",
    "服务": "C02",
    "功效": "P02",
    "使用体验": "P02",
    "价格": "P09",
    "物流": "L02",
    "真伪": "P06",
    "新鲜度": "P03",
}
"""Categories of the make-up reviews as ours; 整体 and 其他 name no aspect.

A smell comes from what a thing is made of, so 气味 joins 成分 and 尺寸 in P05; how using it feels
is P02 like its effect; whether it is genuine is whether it is what was described, P06.
"""
QUIET_WEIGHT = 0.3
"""Weight of annotated acknowledgements: half of a plain chat, a quarter of the gold messages."""
REVIEWS_PER_QUIET = 24
"""One review in so many teaches that reviews ask nothing."""
PRAISE_LETTERS, BLAME_LETTERS = 8, 80
"""Least letters of a pleased and of a displeased review that teaches it."""
READ_WHEN_WRITING = 300
"""Gold messages, from the first, that the author of the word patterns had read.

Only the rest measures scenes and emotions without that help; append new gold at the end.
"""
READ_LAPTOPS = 160
"""Laptop reviews, from the first annotated, that were read when cues were mended.

Only the rest measures a product kind that neither training nor anybody's cues have seen.
"""
ONE_TO_READERS = {"A01": "A02"}
"""Aspects that whoever annotated the laptop reviews was not asked to tell apart."""
TELLING = 6
"""Letters that a message has at most where it may be said in any conversation."""
_POLARITY = {"正面": 1, "中性": 0, "负面": -1}
_ROLES = {"买家": "buyer", "客服": "agent"}


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Reviews with a binary label and a shop category."""

    texts: list[str]
    positive: NDArray[np.int64]
    category: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Opinion:
    """One labelled opinion: where it stands (−1 unknown), category, polarity."""

    start: int
    category: str
    polarity: int


@dataclass(frozen=True, slots=True)
class Review:
    """A make-up review and its opinions."""

    text: str
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A buyer's message: None where a source does not say.

    `accepted` holds every scene a reader would accept; `weight` is for training. `beside_gold`
    marks a message from a conversation that holds a gold one, and `rated` one whose turns carry
    ratings: they teach, but not while these are measured.
    """

    text: str
    context: tuple[Turn, ...]
    scene: str | None
    emotion: str | None
    accepted: frozenset[str]
    emotions: frozenset[str]
    weight: float
    beside_gold: bool = False
    rated: bool = False


def read_sentiment(folder: Path) -> Sentiment:
    """Read `sentiment_reviews_10cats.csv`."""
    rows = list(_rows(folder / "sentiment_reviews_10cats.csv"))
    return Sentiment(
        [row["review"] for row in rows],
        np.array([int(row["label"]) for row in rows]),
        np.array([row["cat"] for row in rows]),
    )


def read_reviews(folder: Path) -> list[Review]:
    """Read `aspect_makeup_*.csv`."""
    opinions: dict[str, list[Opinion]] = defaultdict(list)
    for row in _rows(folder / "aspect_makeup_labels.csv"):
        start = row["O_start"].strip() or row["A_start"].strip()
        opinions[row["id"]].append(
            Opinion(
                int(start) if start.isdigit() else -1,
                row["Categories"],
                _POLARITY[row["Polarities"]],
            )
        )
    reviews = _rows(folder / "aspect_makeup_reviews.csv")
    return [Review(row["Reviews"], tuple(opinions[row["id"]])) for row in reviews]


def read_laptops(folder: Path) -> list[Review]:
    """Join our annotations of laptop reviews with their texts; categories are ids of aspects.

    No laptop review teaches anything. Of 130 that a second reader annotated as well, both agree
    with an F1 of 0.96.
    """
    opinions: dict[str, list[Opinion]] = {}
    source = files("huisheng.language.training") / "laptop_annotations.csv"
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        some = opinions.setdefault(row["id"], [])
        if row["aspect"]:
            some.append(Opinion(-1, row["aspect"], int(row["polarity"])))
    texts = {row["id"]: row["Reviews"] for row in _rows(folder / "reviews_laptop_unlabelled.csv")}
    return [Review(texts[name], tuple(some)) for name, some in opinions.items()]


def read_gold(folder: Path) -> list[Message]:
    """Read `scene_emotion_gold.jsonl`."""
    found = []
    with (folder / "scene_emotion_gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found.append(
                Message(
                    text=row["text"],
                    context=tuple(_turn(turn) for turn in row["context"]),
                    scene=row["primary"][0],
                    emotion=row["emotion"][0],
                    accepted=frozenset(row["accepted_scenes"]),
                    emotions=frozenset(row["emotion"]),
                    weight=1.0,
                )
            )
    return found


def read_annotated(folder: Path, without: Sequence[Message]) -> list[Message]:
    """Join our own annotations with the chats; texts that `without` holds are left out."""
    labels: dict[tuple[str, int], tuple[str, str]] = {}
    source = files("huisheng.language.training") / "annotations.csv"
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        labels[row["session_id"], int(row["buyer_turn"])] = (row["scene"], row["emotion"])
    known = {message.text for message in without if len(message.text) > TELLING}
    gold = {_fingerprint(message.text, message.context) for message in without}
    found = []
    rated = {session["session_id"] for session in rated_sessions(folder)}
    for session, turns in _sessions(folder):
        every = list(_buyer_turns(turns))
        beside = any(
            _fingerprint(text, context) in gold for text, context in every if _tells(text, context)
        )
        for turn, (text, context) in enumerate(every):
            if (session, turn) in labels and text not in known:
                scene, emotion = labels[session, turn]
                weight = QUIET_WEIGHT if scene == NONE and emotion == "calm" else 1.0
                one = _labelled(text, scene, emotion, context, weight)
                found.append(replace(one, beside_gold=beside, rated=session in rated))
    return found


def _tells(text: str, context: Sequence[Turn]) -> bool:
    """Whether a message is likely to stand in one conversation only."""
    return bool(context) or len(text) > TELLING


def _fingerprint(text: str, context: Sequence[Turn]) -> tuple[str, str]:
    return text, context[-1].text if context else ""


def own_messages(taxonomy: Taxonomy) -> list[Message]:
    """The taxonomy's own utterances and emotion examples."""
    found = [
        _labelled(text, scene.id, None, (), 1.0)
        for scene in taxonomy.scenes.values()
        for text in scene.utterances
    ]
    found += [
        _labelled(text, None, emotion.id, (), 1.0)
        for emotion in taxonomy.emotions.values()
        for text in emotion.examples
    ]
    return found


def unasking_messages() -> list[Message]:
    """Our own sentences that praise or deny a fault: they ask nothing, so no scene is theirs."""
    source = files("huisheng.language.training") / "unasking.txt"
    lines = source.read_text(encoding="utf-8").split("\n")
    return [_labelled(line, NONE, None, (), 1.0) for line in lines if line]


def quiet_reviews(reviews: Sentiment) -> list[Message]:
    """A sample of reviews that ask nothing: pleased ones, and long ones of either kind.

    Short displeased ones are left out, for a chat that complains sounds the same.
    """
    found = []
    for place, (text, positive) in enumerate(zip(reviews.texts, reviews.positive, strict=True)):
        least = PRAISE_LETTERS if positive else BLAME_LETTERS
        if place % REVIEWS_PER_QUIET == 0 and len(text) >= least:
            found.append(_labelled(text, NONE, None, (), QUIET_WEIGHT))
    return found


def _labelled(
    text: str, scene: str | None, emotion: str | None, context: tuple[Turn, ...], weight: float
) -> Message:
    return Message(
        text,
        context,
        scene,
        emotion,
        frozenset([scene] if scene else []),
        frozenset([emotion] if emotion else []),
        weight,
    )


def _turn(line: str) -> Turn:
    role, _, text = line.partition("：")
    return Turn(_ROLES[role], text)


def _sessions(folder: Path) -> Iterator[tuple[str, list[Turn]]]:
    """Yield the conversations of `jddc_chat.tsv` and of the rated sessions."""
    sessions: dict[str, list[Turn]] = defaultdict(list)
    with (folder / "jddc_chat.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            role = "agent" if row["waiter_send"] == "1" else "buyer"
            sessions[row["session_id"]].append(Turn(role, row["content"]))
    for session in rated_sessions(folder):
        for turn in session["turns"]:
            said = [Turn("buyer", turn["user"]), Turn("agent", turn["system"])]
            sessions[session["session_id"]] += said if turn["system"] else said[:1]
    yield from sessions.items()


def rated_sessions(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the sessions of `jddc_satisfaction_intent_sessions.jsonl` as they are written."""
    with (folder / "jddc_satisfaction_intent_sessions.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _buyer_turns(turns: Sequence[Turn]) -> Iterator[tuple[str, tuple[Turn, ...]]]:
    for place, turn in enumerate(turns):
        if turn.role == "buyer":
            yield turn.text, tuple(turns[max(0, place - 3) : place])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
