"""Open the facts before the first visitor asks: that costs seconds on a large shop."""

import logging
import threading
from datetime import date

from huisheng.app.web import library
from huisheng.errors import HuishengError
from huisheng.metrics import Window

ASKED = (("first_resp_sec", "hour"), ("gmv", "product_id"))
"""A breakdown over conversations and one over orders: what they open, the others share."""

logger = logging.getLogger(__name__)


def warm_in_background() -> threading.Thread:
    """Begin to warm this process up; visitors do not wait for the end of it."""
    thread = threading.Thread(target=warm, name="warming", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    """Answer what the first pages will ask; a workspace that cannot be read is left to them."""
    from huisheng.app.web.measures import answers

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
    except (HuishengError, OSError) as exc:
        logger.info("not warmed up: %s", exc)
