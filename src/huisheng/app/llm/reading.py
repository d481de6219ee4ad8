"""Ask the permitted model about texts: masked ones alone, known answers first, never in a hurry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from huisheng.app.llm.answers import Answers
from huisheng.app.llm.asking import Patience
from huisheng.app.llm.permission import Permission
from huisheng.app.llm.questions import Verdict, body_of, read_answer
from huisheng.app.llm.turns import Question, Tell, Turns, take_turns, without_personal
from huisheng.lake import Workspace

_LABELS = Question(body_of, read_answer)


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

    def ask(turns: Turns) -> None:
        _read(turns, texts, reading)

    reading.problem = take_turns(workspace, permission, day, ask, tell=tell, patience=patience)
    return reading


def _read(turns: Turns, texts: Sequence[str], reading: Reading) -> None:
    answers = Answers(turns.workspace, turns.permission.model)
    safe = without_personal(texts)
    reading.verdicts.update(answers.known(safe))
    turns.ledger.count(answered=len(reading.verdicts), withheld=len(texts) - len(safe))
    left = [text for text in safe if text not in reading.verdicts]
    size = turns.patience.texts
    batches = [left[start : start + size] for start in range(0, len(left), size)]
    for answered in turns.ask(_LABELS, batches):
        answers.keep(answered.held)
        reading.verdicts.update(answered.held)
