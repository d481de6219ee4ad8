"""A language model outside, asked about words the shipped one is not sure of: off by default."""

from huisheng.app.llm.answers import forget_answers
from huisheng.app.llm.asking import Patience
from huisheng.app.llm.ledger import Account, account
from huisheng.app.llm.permission import Permission, permitted, publish
from huisheng.app.llm.places import key_problem, place_problem
from huisheng.app.llm.questions import PROMPT_VERSION, Verdict
from huisheng.app.llm.reading import Reading, read_texts

__all__ = [
    "PROMPT_VERSION",
    "Account",
    "Patience",
    "Permission",
    "Reading",
    "Verdict",
    "account",
    "forget_answers",
    "key_problem",
    "permitted",
    "place_problem",
    "publish",
    "read_texts",
]
