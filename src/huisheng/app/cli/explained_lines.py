"""What `huisheng label --explain` adds to each answer: why each label, and how far to trust it."""

import json
from collections.abc import Callable, Iterator

from huisheng.app.spoken import turns_before
from huisheng.language import Reason, licence, load_model

Lines = list[tuple[int, str]]
Answers = Callable[[Lines], Iterator[dict[str, object]]]
TOLD = ("granted", "why", "precision", "recall", "kappa", "n", "origin")


def with_reasons(answers: Answers, holding: licence.Licences) -> Answers:
    """Return answers that also tell `explain`: a reason for every label, its licence with it.

    Args:
        answers: what each line is answered without them; refuses what is no line.
        holding: the licences that hold.
    """

    def told(lines: Lines) -> Iterator[dict[str, object]]:
        for (number, line), answer in zip(lines, answers(lines), strict=True):
            request = json.loads(line)
            context = turns_before(f"第 {number} 行", request.get("context") or [])
            reasons = load_model().explain(request["text"], context)
            yield {**answer, "explain": [_as_json(one, holding) for one in reasons]}

    return told


def _as_json(one: Reason, holding: licence.Licences) -> dict[str, object]:
    measured = holding.of(one.head, one.label).as_json()
    return {**one.as_json(), "licence": {name: measured[name] for name in TOLD}}
