"""Send the letter: once a week where it is on, or one to try."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from huisheng.app.report import Document
from huisheng.app.steps import Step, Told
from huisheng.app.web import library
from huisheng.app.web.digest.letter import letter
from huisheng.app.web.digest.models import Digest, Security
from huisheng.app.web.jobs.models import Job, Kind
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.app.web.jobs.queue import enqueue
from huisheng.app.web.outside import connect_for_mail
from huisheng.app.web.seen import document_of
from huisheng.errors import BadInputError, UnavailableError
from huisheng.lake import Workspace, replace_bytes

SECONDS = 20


class _Mail(smtplib.SMTP):
    """Talks to machines outside alone."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect_for_mail(host, port, timeout)


class _SecretMail(smtplib.SMTP_SSL, _Mail):
    """The same, encrypted from the first byte."""


class _Backend(EmailBackend):
    """Django's way of sending, over connections of ours."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecretMail if self.use_ssl else _Mail


ONLY = 1


def digest() -> Digest:
    """Return the letter's settings; off where nobody set anything."""
    return Digest.objects.filter(pk=ONLY).first() or Digest(pk=ONLY, version=0)


def keep_password(password: str) -> None:
    """Keep the mail password for the workspace's owner alone."""
    replace_bytes(_secret(), password.encode(), mode=0o600)


def has_password() -> bool:
    """Return whether a password is kept."""
    return _secret().exists()


def _secret() -> Path:
    return Path(settings.WORKSPACE) / "secrets" / "smtp.key"


def schedule(now: datetime) -> None:
    """Ask for this week's letter once its hour has come."""
    here = timezone.localtime(now)
    week = f"{here.isocalendar().year}-W{here.isocalendar().week:02d}"
    due = (here.weekday(), here.hour)
    for held in Digest.objects.filter(pk=ONLY, is_on=True).exclude(last_week=week):
        if due >= (held.weekday, held.hour):
            # Marked first, so that two workers never both ask.
            marked = Digest.objects.filter(pk=ONLY).exclude(last_week=week).update(last_week=week)
            if marked:
                enqueue(Kind.DIGEST, {"week": week}, shop_id="*", by=None)


def post(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Do a digest job.

    Raises:
        BadInputError: there is nothing to send, or nobody to send it to.
        UnavailableError: the mail server does not take it.
    """
    held = digest()
    told(Step("写周报"))
    try:
        send(held, held.recipients, of_shops(held))
    except (BadInputError, UnavailableError) as error:
        Digest.objects.filter(pk=ONLY).update(last_result=f"没有发出：{error}"[:300])
        raise
    said = f"{timezone.localtime():%Y-%m-%d %H:%M} 已发给 {len(held.recipients)} 人"
    Digest.objects.filter(pk=ONLY).update(last_result=said)
    return Outcome({"recipients": len(held.recipients)})


def of_shops(held: Digest) -> Document:
    """Return the run as the letter tells it.

    Raises:
        BadInputError: there is no run yet.
    """
    document = library.document()
    if document is None:
        raise BadInputError("周报", "还没有分析结果", "请先导入数据并分析一次")
    return document_of(document, held.shops or document["shops"])


def send(held: Digest, recipients: Sequence[str], document: Document) -> None:
    """Send the letter about a run.

    Raises:
        BadInputError: nobody to send it to.
        UnavailableError: the mail server cannot be reached or refuses.
    """
    if not recipients or not held.host:
        raise BadInputError("周报", "没有填邮件服务器或收件人", "请在「设置 · 周报」里填好")
    written = letter(document)
    password = _secret().read_text("utf-8") if held.username and has_password() else ""
    backend = _Backend(
        host=held.host, port=held.port, username=held.username, password=password,
        use_tls=held.security == Security.STARTTLS, use_ssl=held.security == Security.SSL,
        timeout=SECONDS,
    )  # fmt: skip
    message = EmailMultiAlternatives(
        written.subject, written.text, held.sender, bcc=list(recipients), connection=backend
    )
    message.attach_alternative(written.html, "text/html")
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        why = f"邮件服务器 {held.host}:{held.port} 没有收下（{type(error).__name__}）"
        raise UnavailableError(f"{why}。请核对地址、端口、加密方式、账号和授权码。") from error
