"""What channels are told, in words: numbers and titles alone, nobody's words and no names."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from huisheng.app.report import Document
from huisheng.app.report.page import build_page
from huisheng.app.scoring import PERSON
from huisheng.app.web import library
from huisheng.app.web.channels.models import Channel, Subject
from huisheng.app.web.digest.letter import letter
from huisheng.app.web.jobs.models import EVERY_SHOP, Job
from huisheng.app.web.overview import briefing
from huisheng.app.web.overview.badge import badge_views
from huisheng.app.web.overview.last_day import last_day
from huisheng.app.web.overview.views import BRIEF_POINTS, promises_due
from huisheng.app.web.seen import document_of
from huisheng.errors import BadInputError


def text_of(channel: Channel, subject: Subject, about: Sequence[int] = ()) -> str:
    """Return what a channel is told.

    Args:
        channel: to whom; its shops narrow what is said.
        subject: of what.
        about: ids of the jobs that failed.

    Raises:
        BadInputError: there is no run to tell of yet.
    """
    if subject == Subject.FAILURES:
        return _failures(about)
    document = library.document()
    if document is None:
        raise BadInputError("通知渠道", "还没有分析结果", "请先导入数据并分析一次")
    seen = _unnamed(document_of(document, channel.shops or document["shops"]))
    return _morning(seen) if subject == Subject.MORNING else _weekly(seen)


def _unnamed(document: Document) -> Document:
    """Leave out what is found of a single person: a group is no place to read of it."""
    findings = [one for one in document["findings"] if PERSON not in one["segment"]]
    return {**document, "findings": findings}


def try_text(channel: Channel) -> str:
    """Return the text of a message to try a channel with."""
    return f"回声：这是一条测试消息，「{channel.name}」已经接通。会收到：{channel.subjects_told}。"


def _weekly(document: Document) -> str:
    written = letter(document)
    return f"{written.subject}\n\n{written.text}"


def _morning(document: Document) -> str:
    due = promises_due(briefing.meeting_day(document), document["shops"])
    context = {
        "day": briefing.day_name(document),
        "points": build_page(document).points[:BRIEF_POINTS],
        "last_day": last_day(document),
        "badges": badge_views(document),
        "promises": briefing.promise_views(due, document),
    }
    return render_to_string("channels/morning.txt.j2", context)


def _failures(about: Sequence[int]) -> str:
    names = library.names()["shops"]
    lines = [
        {"job": job, "shop": names.get(job.shop_id, job.shop_id)}
        for job in Job.objects.filter(pk__in=about).order_by("id")
    ]
    return render_to_string("channels/failures.txt.j2", {"lines": lines, "every": EVERY_SHOP})
