"""The page of the weekly letter."""

from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.digest.forms import DigestForm
from huisheng.app.web.digest.letter import letter
from huisheng.app.web.digest.models import Digest
from huisheng.app.web.digest.posting import (
    ONLY,
    digest,
    has_password,
    keep_password,
    of_shops,
    send,
)
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, change
from huisheng.errors import BadInputError, HuishengError

FIELDS = (
    "is_on", "host", "port", "security", "username", "sender", "recipients", "weekday", "hour",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponseBase:
    """Show and change where the letter goes; it goes out to people, so all shops' right is due."""
    request.access.need(Right.CHANGE_SETTINGS, Membership.ALL_SHOPS)
    held = digest()
    if request.method == "GET":
        return _page(request, held, DigestForm(initial=_initial(held)))
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form, status=400)
    given = form.cleaned_data
    if _goes_elsewhere(held, given):
        form.add_error("password", "服务器、端口、加密方式或账号变了，请重新填密码")
        return _page(request, held, form, status=400)
    values: dict[str, object] = {name: given[name] for name in FIELDS}
    try:
        with transaction.atomic():
            change(Digest, {"pk": ONLY}, given["version"], values | {"changed_by": request.user})
    except OvertakenError:
        return _page(request, digest(), form, OVERTAKEN, status=409)
    if given["password"]:
        keep_password(given["password"])
    to = f"{len(given['recipients'])} 个收件人，{given['host']}:{given['port']}"
    note(request, Act.CHANGED, f"周报{'打开' if given['is_on'] else '关闭'}：{to}")
    return redirect("digest")


@require_POST
def try_it(request: Request) -> HttpResponseBase:
    """Send the letter once, now, to the recipients that are set."""
    request.access.need(Right.CHANGE_SETTINGS, Membership.ALL_SHOPS)
    held = digest()
    try:
        send(held, held.recipients, of_shops(held))
    except HuishengError as error:
        return _page(request, held, DigestForm(initial=_initial(held)), str(error), status=400)
    note(request, Act.EXPORTED, f"试发周报给 {len(held.recipients)} 个收件人")
    said = f"已发给 {len(held.recipients)} 人，请到邮箱里看"
    return _page(request, held, DigestForm(initial=_initial(held)), said=said)


def _goes_elsewhere(held: Digest, given: dict[str, object]) -> bool:
    """Return whether the kept password would be shown to a server it was not given for."""
    moved = any(
        getattr(held, name) != given[name] for name in ("host", "port", "security", "username")
    )
    return moved and has_password() and not given["password"]


def _initial(held: Digest) -> dict[str, object]:
    fields = {name: getattr(held, name) for name in FIELDS}
    return fields | {"recipients": "\n".join(held.recipients), "version": held.version}


def _page(
    request: Request,
    held: Digest,
    form: DigestForm,
    problem: str = "",
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponseBase:
    try:
        sample = letter(of_shops(held)).text
    except BadInputError:
        sample = ""
    context = {
        "form": form, "held": held, "problem": problem, "said": said, "sample": sample,
        "has_password": has_password(),
    }  # fmt: skip
    return render(request, "digest/page.html.j2", context, status=status)
