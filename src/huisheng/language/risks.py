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
    patterns: re.Pattern[str]
    unless: re.Pattern[str]


class RiskRules:
    """The taxonomy's risk rules, compiled.

    Raises:
        DefinitionError: a pattern is no regular expression.
    """

    def __init__(self, risks: Iterable[Risk]) -> None:
        self._rules = {
            risk.id: _Rule(_joined(risk, risk.patterns), _joined(risk, risk.unless))
            for risk in risks
        }

    def confirm(self, text: str, risk: str) -> bool:
        """Whether a text that holds a trigger word of `risk` really signals it."""
        rule = self._rules[risk]
        parts = (part.group() for part in _SENTENCE.finditer(text[:LONGEST_TEXT].lower()))
        return any(_hit(rule, _QUOTED.sub("", part)) for part in parts)


def _hit(rule: _Rule, sentence: str) -> bool:
    return bool(rule.patterns.search(sentence)) and not rule.unless.search(sentence)


def _joined(risk: Risk, patterns: Sequence[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns).lower() or r"(?!)")
    except re.error as exc:
        raise DefinitionError(f"taxonomy/risks.yaml 的 {risk.id}", f"正则写错了：{exc}") from exc
