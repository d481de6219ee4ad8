"""Ask the permitted model about texts: masked ones alone, known answers first, never in a hurry."""

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.app.llm.answers import Answers, forget_answers
from huisheng.app.llm.asking import Asker, Patience
from huisheng.app.llm.ledger import Ledger
from huisheng.app.llm.permission import Permission, folder_of
from huisheng.app.llm.places import key_of, place_of
from huisheng.app.llm.questions import Answered, Verdict, body_of, read_answer
from huisheng.errors import HuishengError, UnavailableError
from huisheng.lake import Workspace
from huisheng.language import taxonomy
from huisheng.privacy import MaskKind, mask_column

Tell = Callable[[str], None]


@dataclass(slots=True)
class Reading:
    """What came of asking: verdicts by text, and why it ended early, empty where it did not."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    problem: str = ""


def read_texts(
    workspace: Workspace,
    permission: Permission,
    texts: Sequence[str],
    day: date,
    *,
    tell: Tell,
    patience: Patience | None = None,
) -> Reading:
    """Ask about distinct texts until all are answered, the budget is spent or the service fails.

    It never raises what a service or a network can cause: the reading says what went wrong, and so
    does the day's account.
    """
    reading = Reading()
    with _alone(workspace) as alone:
        if not alone:
            reading.problem = "另一次分析正在问语言模型，这次没有问。"
            return reading
        ledger = Ledger(workspace, permission, day)
        try:
            _read(workspace, permission, texts, ledger, reading, tell, patience or Patience())
        except HuishengError as exc:
            reading.problem = str(exc)
        except sqlite3.DatabaseError:
            forget_answers(workspace)
            reading.problem = "语言模型的答案缓存损坏，已删除，下次重新问。"
        ledger.tell(reading.problem)
    return reading


def _read(
    workspace: Workspace,
    permission: Permission,
    texts: Sequence[str],
    ledger: Ledger,
    reading: Reading,
    tell: Tell,
    patience: Patience,
) -> None:
    answers = Answers(workspace, permission.model)
    safe = _without_personal(texts)
    reading.verdicts.update(answers.known(safe))
    ledger.count(answered=len(reading.verdicts), withheld=len(texts) - len(safe))
    left = [text for text in safe if text not in reading.verdicts]
    if not left:
        return
    asker = Asker(place_of(permission.endpoint), key_of(workspace), ledger, patience)
    until = time.monotonic() + patience.whole_s
    failed = 0
    for start in range(0, len(left), patience.texts):
        if time.monotonic() > until:
            raise UnavailableError("问了太久，剩下的下次再问。")
        tell(f"问语言模型：{start:,} / {len(left):,} 条")
        try:
            answered = _asked(asker, permission.model, left[start : start + patience.texts])
        except UnavailableError as exc:
            failed += 1
            if exc.permanent or failed == patience.failures:
                raise
            continue
        failed = 0
        answers.keep(answered.verdicts)
        reading.verdicts.update(answered.verdicts)
        ledger.count(answered=len(answered.verdicts), dropped=answered.dropped)


def _asked(asker: Asker, model: str, texts: Sequence[str]) -> Answered:
    """Return what holds of the answer about some texts.

    Raises:
        UnavailableError: there is none, or it is no answer to what was asked.
    """
    words = taxonomy()
    said = asker.ask(body_of(model, texts, words, with_schema=asker.takes_schema))
    if said is None:
        said = asker.ask(body_of(model, texts, words, with_schema=False))
    answered = None if said is None else read_answer(said, texts, words)
    if answered is None:
        raise UnavailableError("语言模型的回答不是约定的 JSON。")
    return answered


def _without_personal(texts: Sequence[str]) -> list[str]:
    """Return the texts in which the detectors of masking find nothing more to hide."""
    column = pa.array(texts, pa.string())
    same = pc.equal(mask_column(column, MaskKind.FREE_TEXT), column)
    found: list[str] = column.filter(same).to_pylist()
    return found


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
