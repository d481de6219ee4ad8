"""Put batches of questions one after the other: alone, within the account, until it fails."""

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.app.llm.answers import forget_answers
from huisheng.app.llm.asking import Asker, Patience
from huisheng.app.llm.form import Answered
from huisheng.app.llm.ledger import Ledger
from huisheng.app.llm.permission import Permission, folder_of
from huisheng.app.llm.places import key_of, place_of
from huisheng.errors import HuishengError, UnavailableError
from huisheng.lake import Workspace
from huisheng.language import Taxonomy, taxonomy
from huisheng.privacy import MaskKind, mask_column

Tell = Callable[[str], None]
Item = TypeVar("Item")
Held = TypeVar("Held")
_Asked = TypeVar("_Asked", contravariant=True)


class Body(Protocol[_Asked]):
    """Says what is asked about some items."""

    def __call__(
        self, model: str, items: Sequence[_Asked], taxonomy: Taxonomy, /, *, with_schema: bool
    ) -> dict[str, object]:
        """Return the request."""


@dataclass(frozen=True, slots=True)
class Question(Generic[Item, Held]):
    """A kind of question.

    Attributes:
        body: says what is asked about some items.
        read: tells what holds of the answer about them, None where it is no answer at all.
    """

    body: Body[Item]
    read: Callable[[str, Sequence[Item], Taxonomy], Answered[Held] | None]


@dataclass(frozen=True, slots=True)
class Turns:
    """One who asks meanwhile, alone.

    Attributes:
        workspace: where answers are kept.
        permission: what an owner allowed.
        ledger: the day's account.
        patience: how long and how often.
        tell: hears of each batch.
    """

    workspace: Workspace
    permission: Permission
    ledger: Ledger
    patience: Patience
    tell: Tell

    def ask(
        self, question: Question[Item, Held], batches: Sequence[Sequence[Item]]
    ) -> Iterator[Answered[Held]]:
        """Yield what holds of the answers; a batch that nobody answers is passed over.

        Raises:
            UnavailableError: the time or the budget is spent, or the service fails in a row.
            BadInputError: nothing may go to the service's address, or its key is open to others.
        """
        if not batches:
            return
        place, key = place_of(self.permission.endpoint), key_of(self.workspace)
        asker = Asker(place, key, self.ledger, self.patience)
        until = time.monotonic() + self.patience.whole_s
        failed = done = 0
        whole = sum(map(len, batches))
        for batch in batches:
            if time.monotonic() > until:
                raise UnavailableError("问了太久，剩下的下次再问。")
            self.tell(f"问语言模型：{done:,} / {whole:,} 条")
            done += len(batch)
            try:
                answered = _asked(asker, question, self.permission.model, batch)
            except UnavailableError as exc:
                failed += 1
                if exc.permanent or failed == self.patience.failures:
                    raise
                continue
            failed = 0
            self.ledger.count(answered=len(answered.held), dropped=answered.dropped)
            yield answered


def take_turns(
    workspace: Workspace,
    permission: Permission,
    day: date,
    ask: Callable[[Turns], None],
    *,
    tell: Tell,
    patience: Patience | None = None,
) -> str:
    """Let somebody ask while nobody else does; return why it ended early, empty where it did not.

    It never raises what a service or a network can cause: that is said, and so in the account.
    """
    with _alone(workspace) as alone:
        if not alone:
            return "另一次分析正在问语言模型，这次没有问。"
        ledger = Ledger(workspace, permission, day)
        problem = ""
        try:
            ask(Turns(workspace, permission, ledger, patience or Patience(), tell))
        except HuishengError as exc:
            problem = str(exc)
        except sqlite3.DatabaseError:
            forget_answers(workspace)
            problem = "语言模型的答案缓存损坏，已删除，下次重新问。"
        ledger.tell(problem)
    return problem


def without_personal(texts: Sequence[str]) -> list[str]:
    """Return the texts in which the detectors of masking find nothing more to hide."""
    column = pa.array(texts, pa.string())
    same = pc.equal(mask_column(column, MaskKind.FREE_TEXT), column)
    found: list[str] = column.filter(same).to_pylist()
    return found


def _asked(
    asker: Asker, question: Question[Item, Held], model: str, items: Sequence[Item]
) -> Answered[Held]:
    """Return what holds of the answer about some items.

    Raises:
        UnavailableError: there is none, or it is no answer to what was asked.
    """
    words = taxonomy()
    said = asker.ask(question.body(model, items, words, with_schema=asker.takes_schema))
    if said is None:
        said = asker.ask(question.body(model, items, words, with_schema=False))
    answered = None if said is None else question.read(said, items, words)
    if answered is None:
        raise UnavailableError("语言模型的回答不是约定的 JSON。")
    return answered


@contextmanager
def _alone(workspace: Workspace) -> Iterator[bool]:
    """Tell whether nobody else asks meanwhile: two would spend the budget twice."""
    folder = folder_of(workspace)
    folder.mkdir(exist_ok=True)
    with (folder / "asking.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
