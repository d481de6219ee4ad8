"""Open the facts before the first visitor asks: that costs seconds on a large shop."""

import logging
import threading
from datetime import date

from huisheng.app.web import library
from huisheng.errors import HuishengError
from huisheng.language import load_model
from huisheng.metrics import Window

ASKED = (("first_resp_sec", "hour"), ("gmv", "product_id"))
"""A breakdown over conversations and one over orders: what they open, the others share."""

SEARCHED = "发货"
"""What buyers of every shop say; the first search of a process opens what all others read."""

logger = logging.getLogger(__name__)


def warm_in_background() -> threading.Thread:
    """Begin to warm this process up; visitors do not wait for the end of it."""
    thread = threading.Thread(target=warm, name="warming", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    """Answer what the first pages will ask; a workspace that cannot be read is left to them."""
    # Models can be imported only once Django is set up.
    from huisheng.app.web.measures import answers
    from huisheng.app.web.voices.forms import AskForm
    from huisheng.app.web.voices.reach import Reach
    from huisheng.app.web.voices.views import searched

    document = library.document()
    if document is None:
        return
    try:
        with library.facts() as facts:
            offset_us = facts.offset_us
        first, last = (date.fromisoformat(document["period"][end]) for end in ("start", "end"))
        window = Window(first, last, offset_us)
        for metric_id, dimension in ASKED:
            answers.values(metric_id, window, window.before(), dimension)
        load_model()  # shows which words a label rests on
        form = AskForm({"q": SEARCHED})
        form.is_valid()
        searched(document, Reach(tuple(document["shops"])), form, page=1)
    except (HuishengError, OSError) as exc:
        logger.info("not warmed up: %s", exc)
