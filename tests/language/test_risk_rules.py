"""How risk rules read a sentence: what an exception takes back, and what it leaves."""

import numpy as np
import pyarrow as pa
import pytest

from huisheng.errors import DefinitionError
from huisheng.language import load_model, taxonomy
from huisheng.language.risks import RiskRules
from huisheng.language.taxonomy import Risk


def _risks(text: str) -> set[str]:
    return {risk["id"] for risk in load_model().label([text]).as_json(0)["risks"]}


def _rule(patterns: tuple[str, ...], unless: tuple[str, ...] = ()) -> Risk:
    return Risk("T1", "试", 1, ("冒烟", "漏电"), patterns, unless)


def _confirmed(rule: Risk, text: str, words: dict[str, str]) -> bool:
    found = RiskRules([rule], words).confirm(pa.array([text], pa.large_string()), np.ones((1, 1)))
    return bool(found[0, 0])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("没有冒烟", set()),
        ("没有冒烟，但是漏电了", {"R8"}),
        ("充电器冒烟了，会不会爆炸", {"R8"}),
        ("开關一碰就漏電", {"R8"}),
        ("客服说「不会冒烟」", set()),
        ("客服说「不会冒烟」，结果今天冒烟了", {"R8"}),
        ("我要等一星期再买", set()),
        ("低分子玻尿酸我要两盒", set()),
    ],
)
def test_an_exception_takes_back_one_word_only(text: str, wanted: set[str]) -> None:
    assert _risks(text) == wanted


def test_words_are_spelt_out_in_patterns_and_exceptions() -> None:
    words = {"smoke": "冒烟|冒黑烟", "never": "从没◆", "both": "{smoke}|漏电"}
    rule = _rule(("{both}",), ("{never}", "防漏电"))
    answers = [_confirmed(rule, text, words) for text in ("它冒烟", "从没冒烟", "防漏电", "漏电")]
    assert answers == [True, False, False, True]


def test_unknown_words_are_refused() -> None:
    with pytest.raises(DefinitionError, match="missing"):
        RiskRules([_rule(("{missing}",))], {})
    with pytest.raises(DefinitionError, match="later"):
        RiskRules([_rule(("漏电",))], {"early": "{later}", "later": "冒烟"})


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(DefinitionError, match="T1"):
        RiskRules([_rule(("(漏电",))], {})


def test_every_rule_is_screened_by_automata() -> None:
    words = taxonomy()
    rules = RiskRules(words.risks.values(), words.risk_words)
    assert rules.unscreened == ()
