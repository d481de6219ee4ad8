"""The counts of every head that training measures, from the tallies of its evaluation."""

from collections import Counter
from collections.abc import Iterator

from huisheng.language.licence import HEADS, Origin
from huisheng.language.licence.shipped import Counted
from huisheng.language.scenes import NONE
from huisheng.language.training.evaluation import Tally
from huisheng.language.training.leaderboard import Results


def measured(results: Results) -> tuple[Counted, ...]:
    """Return the counts of all labels that occurred, head by head; risks are counted apart."""
    of_head: dict[str, tuple[Tally, Origin]] = {
        "scene": (results.chat.scenes, Origin.PARTLY_READ),
        "aspect": (results.aspects.present, Origin.HELD_OUT),
        "polarity": (results.aspects.tones, Origin.HELD_OUT),
        "sentiment": (results.sentiment.tally, Origin.HELD_OUT),
        "emotion": (results.chat.emotions, Origin.PARTLY_READ),
        "upset": (_renamed(results.chat.negative, "upset"), Origin.PARTLY_READ),
        "conversation": (_renamed(results.talk.left, "dissatisfied"), Origin.PARTLY_READ),
    }
    return tuple(one for head in HEADS if head in of_head for one in _counted(head, *of_head[head]))


def _counted(head: str, tally: Tally, origin: Origin) -> Iterator[Counted]:
    for label in sorted({*tally.hits, *tally.alarms, *tally.misses}):
        counts = (tally.hits[label], tally.alarms[label], tally.misses[label])
        if label != NONE and any(counts):
            yield Counted(head, label, *counts, tally.texts, origin)


def _renamed(tally: Tally, label: str) -> Tally:
    """Return a tally of a single label under another name."""
    return Tally(
        hits=Counter({label: tally.hits.total()}),
        alarms=Counter({label: tally.alarms.total()}),
        misses=Counter({label: tally.misses.total()}),
        texts=tally.texts,
    )
