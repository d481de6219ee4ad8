"""Risk signals by rule: sentence by sentence, with denial, question and hearsay taken back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huisheng.errors import DefinitionError
from huisheng.language.encoding import LONGEST_TEXT
from huisheng.language.taxonomy import Risk

_SENTENCE = re.compile(r"[^。！!；;\n?？]+[!！?？]*")
_QUOTED = re.compile(r"[“\"「][^”\"」]{0,40}[”\"」](?:是|会|怎么|什么|显示|这)")


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    triggers: tuple[str, ...]
    patterns: re.Pattern[str]
    unless: re.Pattern[str]


class RiskRules:
    """The taxonomy's risk rules, compiled.

    Raises:
        DefinitionError: a pattern is no regular expression.
    """

    def __init__(self, risks: Iterable[Risk]) -> None:
        self._rules = [
            _Rule(
                risk.id,
                tuple(word.lower() for word in risk.triggers),
                _joined(risk, risk.patterns),
                _joined(risk, risk.unless),
            )
            for risk in risks
        ]

    def of(self, text: str) -> list[str]:
        """Return the ids of all risks a text signals, in the order of the taxonomy."""
        plain = text[:LONGEST_TEXT].lower()
        rules = [rule for rule in self._rules if any(word in plain for word in rule.triggers)]
        if not rules:
            return []
        sentences = [_QUOTED.sub("", part.group()) for part in _SENTENCE.finditer(plain)]
        return [rule.id for rule in rules if any(_hit(rule, part) for part in sentences)]


def _hit(rule: _Rule, sentence: str) -> bool:
    return bool(rule.patterns.search(sentence)) and not rule.unless.search(sentence)


def _joined(risk: Risk, patterns: Sequence[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns).lower() or r"(?!)")
    except re.error as exc:
        raise DefinitionError(f"taxonomy/risks.yaml 的 {risk.id}", f"正则写错了：{exc}") from exc
