"""What somebody sets of the weekly letter: kept and written into the audit, or tried once.

The letter goes out to people, so the right for all shops is due. Pages and programs alike come
through here; a mail password is given on the page alone.
"""

from django.db import transaction

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.digest.forms import DigestForm
from huisheng.app.web.digest.models import Digest
from huisheng.app.web.digest.posting import (
    ONLY,
    digest,
    has_password,
    keep_password,
    of_shops,
    send,
)
from huisheng.app.web.settings.saving import change

FIELDS = (
    "is_on", "host", "port", "security", "username", "sender", "recipients", "weekday", "hour",
)  # fmt: skip


def need_posting(request: Request) -> None:
    """Refuse whoever may not say where the letter goes.

    Raises:
        PermissionDenied: they may not.
    """
    request.access.need(Right.CHANGE_SETTINGS, Membership.ALL_SHOPS)


def goes_elsewhere(given: dict[str, object]) -> bool:
    """Return whether the kept password would be shown to a server it was not given for."""
    held = digest()
    before = (held.host, held.port, held.security, held.username)
    after = tuple(given[name] for name in ("host", "port", "security", "username"))
    return before != after and has_password() and not given["password"]


def keep_digest(request: Request, form: DigestForm) -> None:
    """Keep what a valid form says, unless the password would go elsewhere; see `goes_elsewhere`.

    Raises:
        PermissionDenied: the person may not say where the letter goes.
        OvertakenError: another change came first; nothing is changed.
    """
    need_posting(request)
    given = form.cleaned_data
    values: dict[str, object] = {name: given[name] for name in FIELDS}
    with transaction.atomic():
        change(Digest, {"pk": ONLY}, given["version"], values | {"changed_by": request.user})
    if given["password"]:
        keep_password(given["password"])
    to = f"{len(given['recipients'])} 个收件人，{given['host']}:{given['port']}"
    note(request, Act.CHANGED, f"周报{'打开' if given['is_on'] else '关闭'}：{to}")


def try_digest(request: Request) -> int:
    """Send the letter once, now; return to how many it went.

    Raises:
        PermissionDenied: the person may not say where the letter goes.
        BadInputError: there is nothing to send, or nobody to send it to.
        UnavailableError: the mail server does not take it.
    """
    need_posting(request)
    held = digest()
    send(held, held.recipients, of_shops(held))
    note(request, Act.EXPORTED, f"试发周报给 {len(held.recipients)} 个收件人")
    return len(held.recipients)
