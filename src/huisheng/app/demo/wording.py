"""The bank of sentences under `texts/`, and how sentences are chosen, filled and roughened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from huisheng.app.demo.frame import Flags, Floats, Ints, Words, chosen
from huisheng.app.demo.goods import read_yaml, words

SCENES = (
    *(f"PRE{n:02d}" for n in range(1, 30)),
    *(f"MID{n:02d}" for n in range(1, 15)),
    *(f"POST{n:02d}" for n in range(1, 21)),
    *(f"ANY{n:02d}" for n in range(1, 4)),
)
ASPECTS = (
    *(f"P{n:02d}" for n in range(1, 10)),
    *(f"C{n:02d}" for n in range(1, 6)),
    *(f"L{n:02d}" for n in range(1, 7)),
    *(f"A{n:02d}" for n in range(1, 6)),
    *(f"M{n:02d}" for n in range(1, 6)),
)
SPECIALS = (
    "faulty_sku",
    "stalled_carrier",
    "wrong_size_chart",
    "size_doubts",
    "slow_evening",
    "late_dispatch",
    "dead_coupon",
    "slow_exchange",
)
FILES = ("ask_pre", "ask_mid", "ask_post", "answers", "moans", "manners", "special", "reviews")
SLOTS = (
    *("product", "other", "size", "color", "price", "city", "height", "weight", "days", "part"),
    *("fault", "order_no", "carrier", "tracking", "agent", "date", "phone", "address", "person"),
)

Filler = Callable[[Ints], Words]
"""Gives one word for each of some rows."""


@dataclass(frozen=True)
class Ranges:
    """For each of some names, where its sentences lie in the bank: first and how many."""

    first: Ints
    count: Ints

    def draw(self, rows: Ints, chance: Floats) -> Ints:
        """Return a sentence for each of `rows`, by `chance` in 0..1; -1 where there is none."""
        at = self.first[rows] + (chance * self.count[rows]).astype(np.int64)
        return np.where(self.count[rows] > 0, at, -1)


@dataclass(frozen=True)
class Bank:
    """All sentences for one kind of goods.

    Attributes:
        sentences: with slots in braces.
        spans: first sentence and number of sentences of each key, as in `ask.PRE01`.
        has: which slots each sentence has, by slot.
    """

    sentences: Words
    spans: Mapping[str, tuple[int, int]]
    has: Mapping[str, Flags]

    def ranges(self, head: str, names: Sequence[str]) -> Ranges:
        """Return where the sentences of `head.name` lie, for each name."""
        found = [self.spans.get(f"{head}.{name}", (0, 0)) for name in names]
        return Ranges(np.array([lo for lo, _ in found]), np.array([n for _, n in found]))

    def by_scene(self, head: str, categories: Sequence[str]) -> Ranges:
        """Return where each scene's sentences lie, for one category of goods after the other.

        A category without sentences of its own shares those of its kind of goods.
        """
        names = [
            f"{scene}@{category}" if f"{head}.{scene}@{category}" in self.spans else scene
            for category in categories
            for scene in SCENES
        ]
        return self.ranges(head, names)

    def one_of(self, key: str, chance: Floats) -> Ints:
        """Return a sentence of `key` for each row."""
        first, count = self.spans[key]
        found: Ints = first + (chance * count).astype(np.int64)
        return found


@cache
def bank_of(kind: str) -> Bank:
    """Return the bank for "appliance" or "apparel"."""
    groups: dict[str, list[str]] = {}
    for file in FILES:
        for section, heads in read_yaml(file).items():
            if section in {"appliance", "apparel"} - {kind}:
                continue
            of_category = "" if section in {"shared", kind} else f"@{section}"
            for key, block in heads.items():
                groups.setdefault(key + of_category, []).extend(block.split("\n"))
    sentences: list[str] = []
    spans = {}
    for key, lines in groups.items():
        kept = [line.strip() for line in lines if line.strip()]
        spans[key] = (len(sentences), len(kept))
        sentences += kept
    has = {slot: np.array([f"{{{slot}}}" in text for text in sentences]) for slot in SLOTS}
    return Bank(words(sentences), spans, has)


@cache
def presale_weights(kind: str) -> Floats:
    """Return how often each of `SCENES` is asked about before buying."""
    weights = read_yaml("scenes")["presale"][kind]
    return np.array([weights.get(scene, 0.0) for scene in SCENES], dtype=np.float64)


def fill(bank: Bank, chosen_sentences: Ints, fillers: Mapping[str, Filler]) -> Words:
    """Return the sentences with their slots filled; `fillers` are called with row numbers."""
    out: Words = bank.sentences[chosen_sentences]
    for slot, filler in fillers.items():
        rows = np.flatnonzero(bank.has[slot][chosen_sentences])
        mark = f"{{{slot}}}"
        pairs = zip(out[rows], filler(rows), strict=True)
        out[rows] = words([text.replace(mark, value) for text, value in pairs])
    return out


def roughen(dice: np.random.Generator, texts: Words, rows: Ints) -> None:
    """Make the buyers' sentences at `rows` look typed by many hands, in place."""
    habits = read_yaml("habits")
    starts, ends = words(habits["starts"]), words(habits["ends"])
    head = rows[chosen(dice, 0.13, len(rows))]
    texts[head] = starts[dice.integers(0, len(starts), len(head))] + texts[head]
    tail = rows[chosen(dice, 0.34, len(rows))]
    texts[tail] = texts[tail] + ends[dice.integers(0, len(ends), len(tail))]
    swaps = [tuple(pair) for pair in habits["swaps"]]
    for old, new in swaps:
        some = rows[chosen(dice, 0.12, len(rows))]
        texts[some] = words([text.replace(old, new, 1) for text in texts[some]])
