"""What is due to which channel, written down before it is sent; sent as jobs, tried again."""

import time
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from huisheng.app.steps import Step, Told
from huisheng.app.web.channels.keeping import robot_of
from huisheng.app.web.channels.models import Channel, Message, Subject
from huisheng.app.web.channels.sending import Robot, send
from huisheng.app.web.channels.wording import text_of
from huisheng.app.web.jobs.models import EVERY_SHOP, OPEN, Job, Kind, State
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.app.web.jobs.queue import enqueue
from huisheng.errors import BadInputError, HuishengError, UnavailableError
from huisheng.lake import Workspace

WAITS_S = (1.0, 4.0)
"""How long a job waits before it tries again; the next hour's job tries after that."""
MOST_ASKED = 6
STALE = timedelta(hours=20)
"""News of a morning is none the next day."""
MOST_FAILURES = 20


def schedule(now: datetime) -> None:
    """Ask for every message that is due and not yet sent."""
    for channel in Channel.objects.filter(is_on=True):
        for subject, mark, about in _due(channel, now):
            channel.messages.get_or_create(
                subject=subject, mark=mark, defaults={"about": about, "made_at": now}
            )
        waiting = channel.messages.filter(
            sent_at=None, asked__lt=MOST_ASKED, made_at__gt=now - STALE
        )
        for message in waiting:
            _ask(message)


def _ask(message: Message) -> None:
    """Make the job of a message, unless one is under way or another worker was quicker."""
    if Job.objects.filter(pk=message.job, state__in=OPEN).exists():
        return
    mine = Message.objects.filter(pk=message.pk, asked=message.asked)
    if mine.update(asked=message.asked + 1):
        job = enqueue(Kind.TELL, {"message": message.pk}, shop_id=EVERY_SHOP, by=None)
        Message.objects.filter(pk=message.pk).update(job=job.pk)


def _due(channel: Channel, now: datetime) -> list[tuple[Subject, str, list[int]]]:
    """Return subject, mark and jobs of what a channel should have been told by now."""
    here = timezone.localtime(now)
    week = here.isocalendar()
    due: list[tuple[Subject, str, list[int]]] = []
    if (here.weekday(), here.hour) >= (channel.weekday, channel.hour):
        due.append((Subject.WEEKLY, f"{week.year}-W{week.week:02d}", []))
    if here.hour >= channel.hour:
        due.append((Subject.MORNING, here.date().isoformat(), []))
    failed = _failed(channel, now)
    if failed:
        due.append((Subject.FAILURES, f"job-{failed[-1]}", failed))
    # What was due before the channel was there is old news.
    began = timezone.localtime(channel.made_at)
    return [
        (subject, mark, about)
        for subject, mark, about in due
        if subject in channel.subjects
        and (subject == Subject.FAILURES or _moment(channel, subject, here) >= began)
    ]


def _moment(channel: Channel, subject: Subject, here: datetime) -> datetime:
    """Return when this day's or week's message was due."""
    at = here.replace(hour=channel.hour, minute=0, second=0, microsecond=0)
    late = here.weekday() - channel.weekday if subject == Subject.WEEKLY else 0
    return at - timedelta(days=late)


def _failed(channel: Channel, now: datetime) -> list[int]:
    """Return the jobs that failed and of which nothing was written down for a channel yet."""
    told = {
        job
        for about in channel.messages.filter(subject=Subject.FAILURES).values_list("about")
        for job in about[0]
    }
    since = max(channel.made_at, now - STALE)
    jobs = Job.objects.filter(state=State.FAILED, ended_at__gt=since).exclude(kind=Kind.TELL)
    if channel.shops:
        # Those of nobody's shop in particular, as an analysis, concern everybody.
        jobs = jobs.filter(Q(shop_id__in=channel.shops) | Q(shop_id=""))
    ids = jobs.order_by("id").values_list("pk", flat=True)
    return [pk for pk in ids if pk not in told][:MOST_FAILURES]


def tell(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Do the job of one message.

    A process that dies between the robot's answer and the note of it sends a message twice; none
    is ever lost that way.

    Raises:
        BadInputError: there is nothing to tell of, or the address is gone.
        UnavailableError: the platform does not take it.
    """
    message = Message.objects.select_related("channel").filter(pk=job.payload["message"]).first()
    if message is None or message.sent_at is not None or not message.channel.is_on:
        return Outcome({"sent": False})
    channel = message.channel
    told(Step(f"写给「{channel.name}」"))
    try:
        text = text_of(channel, Subject(message.subject), message.about)
        _patiently(robot_of(channel), text, told)
    except HuishengError as error:
        note_result(channel, str(error))
        if isinstance(error, BadInputError | UnavailableError) and _is_final(error):
            Message.objects.filter(pk=message.pk).update(asked=MOST_ASKED)
        raise
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())
    note_result(channel, "", Subject(message.subject).label)
    return Outcome({"sent": True})


def _is_final(error: HuishengError) -> bool:
    return isinstance(error, UnavailableError) and error.permanent


def _patiently(robot: Robot, text: str, told: Told) -> None:
    for wait_s in WAITS_S:
        try:
            return send(robot, text)
        except UnavailableError as error:
            if error.permanent:
                raise
            told(Step(f"{error}稍等再试"))
            time.sleep(wait_s)
    return send(robot, text)


def note_result(channel: Channel, problem: str, what: str = "") -> None:
    """Keep how the last message to a channel fared."""
    at = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    said = f"{at} 没有发出：{problem}" if problem else f"{at} 已发出：{what}"
    Channel.objects.filter(pk=channel.pk).update(is_well=not problem, last_result=said[:300])
