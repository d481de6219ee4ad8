"""Risk signals by rule: sentence by sentence, with denial, question and hearsay taken back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.errors import DefinitionError
from huisheng.language.spelling import LONGEST_TEXT
from huisheng.language.taxonomy import Risk

_SENTENCE = re.compile(r"[^。！!；;\n?？]+[!！?？]*")
_QUOTED = re.compile(r"[“\"「][^”\"」]{0,40}[”\"」](?:是|会|怎么|什么|显示|这)")


_NOT_SCREENED = '[“"「İ]'
"""Quotes are cut out of a sentence, and this letter is two in lower case: only the rule may say."""
_ANCHOR = re.compile(r"(?<![\[\\])\^|(?<!\\)\$")
_NOT_PLAIN = re.compile(r"\\[^d]|\(\?[^:]|\[\^?[^\]]*[$^]")
_GAP = re.compile(r"\.\{\d+,\d*\}")
_FEWEST_SCREENED = 64
"""Compiling a screen costs more than asking the rule about fewer texts."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Patterns, exceptions, and a pattern that every text with a hit matches (None: any text)."""

    patterns: re.Pattern[str]
    unless: re.Pattern[str]
    screen: str | None


class RiskRules:
    """The taxonomy's risk rules, compiled.

    Raises:
        DefinitionError: a pattern is no regular expression.
    """

    def __init__(self, risks: Iterable[Risk]) -> None:
        self._rules = [_rule(risk) for risk in risks]

    def confirm(self, texts: pa.Array, suspects: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return bool[n, r]: which risks the texts really signal.

        Args:
            texts: n texts as written.
            suspects: bool[n, r] texts that hold a trigger word of each risk.
        """
        found = np.zeros_like(suspects)
        rows = np.flatnonzero(suspects.any(axis=1))
        some = texts.take(pa.array(rows))
        small = pc.utf8_lower(some)
        odd = pc.match_substring_regex(some, _NOT_SCREENED).to_numpy(zero_copy_only=False)
        for column, rule in enumerate(self._rules):
            place = _screened(rule, small, odd, np.flatnonzero(suspects[rows, column]))
            hits = [_signals(rule, text) for text in some.take(pa.array(place)).to_pylist()]
            found[rows[place], column] = hits
        return found


def _screened(
    rule: _Rule, texts: pa.Array, odd: NDArray[np.bool_], rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Leave out rows without a match, found by an automaton for all texts at once."""
    if rule.screen is None or len(rows) < _FEWEST_SCREENED:
        return rows
    try:
        likely = pc.match_substring_regex(texts.take(pa.array(rows)), rule.screen)
    except pa.ArrowInvalid:
        return rows
    asked: NDArray[np.bool_] = likely.to_numpy(zero_copy_only=False) | odd[rows]
    return rows[asked]


def _signals(rule: _Rule, text: str) -> bool:
    parts = (part.group() for part in _SENTENCE.finditer(text[:LONGEST_TEXT].lower()))
    return any(_hit(rule, _QUOTED.sub("", part)) for part in parts)


def _hit(rule: _Rule, sentence: str) -> bool:
    return bool(rule.patterns.search(sentence)) and not rule.unless.search(sentence)


def _joined(risk: Risk, patterns: Sequence[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns).lower() or r"(?!)")
    except re.error as exc:
        raise DefinitionError(f"taxonomy/risks.yaml 的 {risk.id}", f"正则写错了：{exc}") from exc


def _rule(risk: Risk) -> _Rule:
    patterns = _joined(risk, risk.patterns)
    return _Rule(patterns, _joined(risk, risk.unless), _screen(patterns.pattern))


def _screen(pattern: str) -> str | None:
    """Return a pattern, for RE2 and whole texts, that matches wherever this one does.

    A sentence is a stretch of its text, so what matches in one matches in the text once anchors
    are dropped. Gaps of any width make the automaton small, so fast.
    """
    if _NOT_PLAIN.search(pattern):
        return None
    return _GAP.sub(".*", _ANCHOR.sub("", pattern)).replace(r"\d", r"\p{Nd}")
