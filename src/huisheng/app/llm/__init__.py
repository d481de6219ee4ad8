"""A language model outside, asked about words that are in doubt or have no name: off by default."""

from huisheng.app.llm.answers import GroupName, forget_answers, suggested_names
from huisheng.app.llm.asking import Patience
from huisheng.app.llm.group_names import Group, name_groups
from huisheng.app.llm.ledger import Account, account
from huisheng.app.llm.permission import Permission, permitted, publish
from huisheng.app.llm.places import key_problem, place_problem
from huisheng.app.llm.questions import PROMPT_VERSION, Verdict
from huisheng.app.llm.reading import Reading, read_texts

__all__ = [
    "PROMPT_VERSION",
    "Account",
    "Group",
    "GroupName",
    "Patience",
    "Permission",
    "Reading",
    "Verdict",
    "account",
    "forget_answers",
    "key_problem",
    "name_groups",
    "permitted",
    "place_problem",
    "publish",
    "read_texts",
    "suggested_names",
]
