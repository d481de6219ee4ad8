"""Answers about the facts and the run of the day, worked out once per process and version.

Writing a question down for the engine costs more than the engine's answer; whoever asks the same
of the same data gets the answer that is there. Answers are shared: they must not be changed.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from huisheng.app.assumptions import chosen
from huisheng.app.web import library
from huisheng.lake import read_manifest

MOST = 400

Answer = TypeVar("Answer")

_answers: OrderedDict[Hashable, object] = OrderedDict()
_lock = threading.Lock()


def remembered(question: Hashable, work_out: Callable[[], Answer]) -> Answer:
    """Return the answer to a question about the published facts and the current run.

    `question` must name everything that the answer depends on besides those two and the chosen
    assumptions: above all whose eyes it is for.
    """
    place = library.workspace()
    versions = tuple(sorted(read_manifest(place.lake).versions.items()))
    assumed = tuple(sorted(chosen(place).items()))
    key = (str(place.root), versions, library.run_stamp(), assumed, question)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return cast(Answer, _answers[key])
    answer = work_out()
    with _lock:
        _answers[key] = answer
        while len(_answers) > MOST:
            _answers.popitem(last=False)
    return answer
