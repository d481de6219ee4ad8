"""The page of the weekly letter."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.digest.forms import DigestForm
from huisheng.app.web.digest.keeping import (
    FIELDS,
    goes_elsewhere,
    keep_digest,
    need_posting,
    try_digest,
)
from huisheng.app.web.digest.letter import letter
from huisheng.app.web.digest.models import Digest
from huisheng.app.web.digest.posting import digest, has_password, of_shops
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError
from huisheng.errors import BadInputError, HuishengError


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponseBase:
    """Show and change where the letter goes; it goes out to people, so all shops' right is due."""
    need_posting(request)
    held = digest()
    if request.method == "GET":
        return _page(request, held, DigestForm(initial=_initial(held)))
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form, status=400)
    if goes_elsewhere(form.cleaned_data):
        form.add_error("password", "服务器、端口、加密方式或账号变了，请重新填密码")
        return _page(request, held, form, status=400)
    try:
        keep_digest(request, form)
    except OvertakenError:
        return _page(request, digest(), form, OVERTAKEN, status=409)
    return redirect("digest")


@require_POST
def try_it(request: Request) -> HttpResponseBase:
    """Send the letter once, now, to the recipients that are set."""
    need_posting(request)
    held = digest()
    try:
        sent = try_digest(request)
    except HuishengError as error:
        return _page(request, held, DigestForm(initial=_initial(held)), str(error), status=400)
    said = f"已发给 {sent} 人，请到邮箱里看"
    return _page(request, held, DigestForm(initial=_initial(held)), said=said)


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
