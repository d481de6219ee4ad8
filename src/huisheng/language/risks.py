"""Risk signals by rule: sentence by sentence, with denial, question and hearsay taken back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import compress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.errors import DefinitionError
from huisheng.language.spelling import LONGEST_TEXT, SIMPLER
from huisheng.language.taxonomy import Risk

_SENTENCE = re.compile(r"[^。！!；;\n?？]+[!！?？]*")
_QUOTED = re.compile(
    r"[“\"「『][^”\"」』]{0,40}[”\"」』](?=是|会|怎么|什么|显示|这|啥|管用|有用)"
    r"|(?:客服|你们|卖家|商家|店家|商品|评论|评价|别人|有人|同事|朋友|页面|详情|规则|上面|广告)"
    r"[^“\"「『”」』,，]{0,8}[“\"「『][^”\"」』]{0,40}[”\"」』]"
)
"""Words that are talked about, or that somebody else said."""
_HIT = "◆"
"""Stands for the word that makes the signal in the exceptions that look around it."""
_AROUND = 40
"""Letters before and after that word which exceptions read."""
_NAME = re.compile(r"\{([a-z_]+)\}")
_NOT_SCREENED = f'[“"「『İ{"".join(map(chr, SIMPLER))}]'
"""Quotes are cut out of a sentence, traditional letters are simplified, and one letter is two in
lower case: only the rule may say."""
_ANCHOR = re.compile(r"(?<![\[\\])\^|(?<!\\)\$")
_NOT_PLAIN = re.compile(r"\\[^d]|\(\?[^:]|\[\^?+[^\]]*[$^]")
_GAP = re.compile(r"(?:\.|\[\^[^\]]*\])\{\d+,\d*\}")
_FEWEST_SCREENED = 64
"""Compiling a screen costs more than asking the rule about fewer texts."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a text signals one risk.

    Attributes:
        patterns: what signals it.
        words: the word within a match that exceptions are about: the last trigger.
        like: what only looks like a signal; it takes back the words it touches.
        frames: what takes back the word that it holds as `_HIT`.
        screens: for each pattern, what every text with a match matches; None where not known.
    """

    patterns: tuple[re.Pattern[str], ...]
    words: re.Pattern[str]
    like: re.Pattern[str]
    frames: re.Pattern[str]
    screens: tuple[str | None, ...]


class RiskRules:
    """The taxonomy's risk rules, compiled.

    Args:
        risks: the rules.
        words: patterns by name, for `{name}` in the patterns of rules and of later words.

    Raises:
        DefinitionError: a pattern is no regular expression or names unknown words.
    """

    def __init__(self, risks: Iterable[Risk], words: Mapping[str, str]) -> None:
        known: dict[str, str] = {}
        for name, pattern in words.items():
            known[name] = _spelt_out(f"risk_words.yaml 的 {name}", pattern, known)
        self._rules = [_rule(risk, known) for risk in risks]

    @property
    def unscreened(self) -> tuple[int, ...]:
        """Places of the rules that are asked about every suspect, one by one."""
        return tuple(place for place, rule in enumerate(self._rules) if None in rule.screens)

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
            place = np.flatnonzero(suspects[rows, column])
            likely = _likely(rule, small, odd, place)
            place, likely = place[likely.any(axis=1)], likely[likely.any(axis=1)]
            asked = zip(some.take(pa.array(place)).to_pylist(), likely, strict=True)
            hits = [_signals(rule, text, compress(rule.patterns, own)) for text, own in asked]
            found[rows[place], column] = hits
        return found

    def words(self, text: str, place: int) -> str:
        """Return the words by which a text signals the risk at `place`; empty where it does not."""
        rule = self._rules[place]
        found = (_hit(rule, pattern, part) for pattern in rule.patterns for part in _parts(text))
        return next(filter(None, found), "")


def _likely(
    rule: _Rule, texts: pa.Array, odd: NDArray[np.bool_], rows: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return bool[row, pattern]: what may match, found by automata for all texts at once."""
    likely = np.ones((len(rows), len(rule.patterns)), dtype=bool)
    if len(rows) < _FEWEST_SCREENED:
        return likely
    some = texts.take(pa.array(rows))
    for column, screen in enumerate(rule.screens):
        if screen is not None:
            with suppress(pa.ArrowInvalid):
                matches = pc.match_substring_regex(some, screen)
                likely[:, column] = matches.to_numpy(zero_copy_only=False) | odd[rows]
    return likely


def _signals(rule: _Rule, text: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    parts = _parts(text)
    return any(_hit(rule, pattern, part) for pattern in patterns for part in parts)


def _parts(text: str) -> list[str]:
    """Return the sentences of a text, without what is only quoted."""
    small = text[:LONGEST_TEXT].lower().translate(SIMPLER)
    return [part.group() for part in _SENTENCE.finditer(_QUOTED.sub("", small))]


def _hit(rule: _Rule, pattern: re.Pattern[str], sentence: str) -> str:
    """Return the first match of a pattern that no exception takes back; empty where there is none.

    A pattern cannot match nothing: every risk asks for a trigger.
    """
    match = pattern.search(sentence)
    likes = [like.span() for like in rule.like.finditer(sentence)] if match else []
    while match:
        first, last = _word(rule, match)
        if not any(start < last and first < end for start, end in likes):
            before = sentence[max(0, first - _AROUND) : first]
            around = f"{before}{_HIT}{sentence[last : last + _AROUND]}"
            if not rule.frames.search(around):
                return match.group()
        match = pattern.search(sentence, max(last, match.start() + 1))
    return ""


def _word(rule: _Rule, match: re.Match[str]) -> tuple[int, int]:
    """Return where the last trigger within a match lies; the whole match where it holds none."""
    spans = [word.span() for word in rule.words.finditer(match.string, *match.span())]
    return spans[-1] if spans else match.span()


def _spelt_out(where: str, pattern: str, words: Mapping[str, str]) -> str:
    try:
        return _NAME.sub(lambda name: f"(?:{words[name[1]]})", pattern)
    except KeyError as exc:
        raise DefinitionError(f"taxonomy/{where}", f"没有叫 {exc} 的词表") from exc


def _joined(risk: Risk, patterns: Sequence[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns).lower() or r"(?!)")
    except re.error as exc:
        raise DefinitionError(f"taxonomy/risks.yaml 的 {risk.id}", f"正则写错了：{exc}") from exc


def _rule(risk: Risk, words: Mapping[str, str]) -> _Rule:
    where = f"risks.yaml 的 {risk.id}"
    patterns = [_spelt_out(where, pattern, words) for pattern in risk.patterns]
    unless = [_spelt_out(where, pattern, words) for pattern in risk.unless]
    return _Rule(
        patterns=tuple(_joined(risk, [pattern]) for pattern in patterns),
        words=_joined(risk, [re.escape(word) for word in risk.triggers]),
        like=_joined(risk, [pattern for pattern in unless if _HIT not in pattern]),
        frames=_joined(risk, [pattern for pattern in unless if _HIT in pattern]),
        screens=tuple(_screen(pattern.lower()) for pattern in patterns),
    )


def _screen(pattern: str) -> str | None:
    """Return a pattern, for RE2 and whole texts, that matches wherever this one does.

    A sentence is a stretch of its text, so what matches in one matches in the text once anchors
    are dropped. Gaps of any width make the automaton small, so fast.
    """
    if _NOT_PLAIN.search(pattern):
        return None
    return _GAP.sub(".*", _ANCHOR.sub("", pattern)).replace(r"\d", r"\p{Nd}")
