"""Which words of a line its label rests on, as far as the model can say.

A stretch of words decides a label when the model gives the label to that stretch alone. The
shortest such stretch is looked for in two steps: the clauses that suffice, then, within each, the
shortest beginning that suffices without its own beginning (sufficient input subsets, Carter et
al. 2019, one stretch per clause). A label that no clause carries alone rests on the whole line or
on the turns before it, and nothing is said.
"""

import re
from collections.abc import Iterable, Sequence

from huisheng.app.web.voices.tags import Tag
from huisheng.language import Model

CLAUSE = re.compile(r"[^，。！？；、,.!?;~～…\s]+")
SHORTEST = 2
"""Characters that can be a word."""
LONGEST_CLAUSE = 40
MOST_CLAUSES = 12
"""Of a line longer than this the first clauses alone are looked at."""

Ends = tuple[int, int]
Asked = tuple[str, Tag]


def deciding(model: Model, asked: Iterable[Asked]) -> dict[Asked, list[Ends]]:
    """Return the stretches (start, end) that decide each (text, label); none where unknown."""
    distinct = list(dict.fromkeys(asked))
    clauses = {text: _clauses(text) for text, _ in distinct}
    said = _Sayings(model)
    said.read(text[start:end] for text, cuts in clauses.items() for start, end in cuts)
    enough = [
        (ask, cut)
        for ask in distinct
        for cut in clauses[ask[0]]
        if said.holds(ask[0][cut[0] : cut[1]], ask[1])
    ]
    ends = _first(said, [[(ask, (s, stop)) for stop in _stops(s, e)] for ask, (s, e) in enough])
    starts = _first(said, [[(ask, (s, e)) for s in _begins(b, e)] for ask, (b, e) in ends])
    found: dict[Asked, list[Ends]] = {}
    for ask, cut in starts:
        found.setdefault(ask, []).append(cut)
    return found


class _Sayings:
    """What the model says of texts, each asked once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[str, frozenset[Tag]] = {}

    def read(self, texts: Iterable[str]) -> None:
        """Label the texts that are not known yet."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if not fresh:
            return
        labels = self._model.label(fresh).long()
        tags: list[set[Tag]] = [set() for _ in fresh]
        columns = (labels[name].to_pylist() for name in ("item", "head", "label", "value"))
        for item, head, label, value in zip(*columns, strict=True):
            tags[item].add(Tag(head, label, value))
        self._known |= {text: frozenset(found) for text, found in zip(fresh, tags, strict=True)}

    def holds(self, text: str, tag: Tag) -> bool:
        """Return whether a text that was read has a label."""
        return tag in self._known[text]


def _clauses(text: str) -> list[Ends]:
    cuts = [match.span() for match in CLAUSE.finditer(text)]
    return [(start, min(end, start + LONGEST_CLAUSE)) for start, end in cuts[:MOST_CLAUSES]]


def _stops(start: int, end: int) -> Sequence[int]:
    """Return where a beginning of a clause may stop, the nearest first; the whole clause last."""
    return range(min(start + SHORTEST, end), end + 1)


def _begins(start: int, end: int) -> Sequence[int]:
    """Return where the end of a stretch may begin, the nearest first; the whole stretch last."""
    return range(max(start, end - SHORTEST), start - 1, -1)


def _first(said: _Sayings, rows: list[list[tuple[Asked, Ends]]]) -> list[tuple[Asked, Ends]]:
    """Return of each row of candidates the first that suffices; the last always does."""
    said.read(ask[0][cut[0] : cut[1]] for row in rows for ask, cut in row)
    return [
        next((ask, cut) for ask, cut in row if said.holds(ask[0][cut[0] : cut[1]], ask[1]))
        for row in rows
    ]
