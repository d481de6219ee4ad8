"""Text cut into pieces, some of them marked; nothing here is markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text, and why they are marked."""

    start: int
    end: int
    why: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `why` is empty where it is not marked."""

    text: str
    why: str = ""
    tone: str = ""


def found_in(text: str, words: str) -> list[Span]:
    """Return where words stand literally in a text, letters of either case."""
    if not words:
        return []
    hits = re.finditer(re.escape(words), text, re.IGNORECASE)
    return [Span(hit.start(), hit.end(), f"搜索「{words}」", "found") for hit in hits]


def marked(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Cut a text at the ends of its spans; what several cover is marked with all their reasons.

    The tone is that of the first span given.
    """
    kept = [span for span in spans if span.start < span.end]
    cuts = sorted({0, len(text), *(span.start for span in kept), *(span.end for span in kept)})
    pieces: list[Piece] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        over = [span for span in kept if span.start <= start and end <= span.end]
        why = "、".join(dict.fromkeys(span.why for span in over))
        pieces.append(Piece(text[start:end], why, over[0].tone if over else ""))
    return tuple(pieces)
