"""The pages of the channels."""

from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.channels import keeping
from huisheng.app.web.channels.changing import (
    held_channel,
    need_channels,
    remove_channel,
    switch_channel,
    try_channel,
)
from huisheng.app.web.channels.forms import ChannelForm
from huisheng.app.web.channels.models import Channel, Subject
from huisheng.app.web.channels.robots import shown_address
from huisheng.app.web.channels.wording import text_of
from huisheng.app.web.digest.posting import digest
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, change, seen_version
from huisheng.errors import BadInputError, HuishengError

MOST = 20
FIELDS = ("name", "platform", "subjects", "shops", "hour", "weekday", "is_on")
FULL = f"渠道最多 {MOST} 个，请先删掉不用的"


@require_GET
def page(request: Request) -> HttpResponseBase:
    """List the channels, the weekly letter first."""
    need_channels(request)
    return _listing(request)


@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponseBase:
    """Add a channel."""
    need_channels(request)
    first = {"hour": 8, "is_on": True, "version": 0, "subjects": [Subject.MORNING]}
    form = ChannelForm(_shops(), request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        if Channel.objects.count() >= MOST:
            return _form(request, None, form, FULL, status=400)
        given = form.cleaned_data
        with transaction.atomic():
            made = Channel.objects.create(
                **{name: given[name] for name in FIELDS},
                shown=shown_address(given["address"]),
                has_secret=bool(given["secret"]),
                changed_by=request.user,
            )
            keeping.keep(made, given["address"], given["secret"])
        note(request, Act.CHANGED, f"添加通知渠道「{made.name}」：{made.subjects_told}")
        return redirect("channels")
    return _form(request, None, form, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, channel_id: int) -> HttpResponseBase:
    """Change a channel."""
    held = held_channel(request, channel_id)
    initial = {name: getattr(held, name) for name in (*FIELDS, "version")}
    form = ChannelForm(
        _shops(),
        request.POST or None,
        kept=held.platform,
        kept_secret=held.has_secret,
        initial=initial,
    )
    if request.method == "GET":
        return _form(request, held, form)
    if not form.is_valid():
        return _form(request, held, form, status=400)
    given = form.cleaned_data
    values: dict[str, object] = {name: given[name] for name in FIELDS}
    try:
        with transaction.atomic():
            values |= _kept_elsewhere(held, given) | {"changed_by": request.user}
            change(Channel, {"pk": held.pk}, given["version"], values)
            _keep(held, given)
    except OvertakenError:
        return _form(request, held, form, OVERTAKEN, status=409)
    note(request, Act.CHANGED, f"修改通知渠道「{given['name']}」")
    return redirect("channels")


@require_POST
def try_it(request: Request, channel_id: int) -> HttpResponseBase:
    """Send a channel a message to try it."""
    held = held_channel(request, channel_id)
    try:
        try_channel(request, held)
    except HuishengError as error:
        return _listing(request, problem=f"「{held.name}」：{error}", status=400)
    return _listing(request, said=f"已发到「{held.name}」，请到群里看")


@require_POST
def switch(request: Request, channel_id: int) -> HttpResponseBase:
    """Switch a channel on or off."""
    held, is_on = held_channel(request, channel_id), request.POST.get("on") == "1"
    try:
        switch_channel(request, held, is_on=is_on, seen=seen_version(request))
    except OvertakenError:
        return _listing(request, problem=OVERTAKEN, status=409)
    return redirect("channels")


@require_POST
def remove(request: Request, channel_id: int) -> HttpResponseBase:
    """Remove a channel and forget where it was."""
    remove_channel(request, held_channel(request, channel_id))
    return redirect("channels")


def _kept_elsewhere(held: Channel, given: dict[str, object]) -> dict[str, object]:
    """Return what the row says of the address and secret after a change."""
    address = str(given["address"])
    if address:
        return {"shown": shown_address(address), "has_secret": bool(given["secret"])}
    kept = held.has_secret and not given["no_secret"]
    return {"has_secret": bool(given["secret"]) or kept}


def _keep(held: Channel, given: dict[str, object]) -> None:
    """Keep a new address or secret; an old secret is never signed with for a new address."""
    address, secret = str(given["address"]), str(given["secret"])
    if address:
        keeping.keep(held, address, secret)
    elif secret or given["no_secret"]:
        keeping.keep(held, keeping.robot_of(held).address, secret)


def _shops() -> dict[str, str]:
    document, names = library.document(), library.names()["shops"]
    return {shop: names.get(shop, shop) for shop in (document["shops"] if document else ())}


def _listing(
    request: Request, *, problem: str = "", said: str = "", status: int = 200
) -> HttpResponseBase:
    context = {
        "channels": list(Channel.objects.all()),
        "digest": digest(),
        "shop_names": _shops(),
        "problem": problem,
        "said": said,
    }
    return render(request, "channels/page.html.j2", context, status=status)


def _form(
    request: Request, held: Channel | None, form: ChannelForm, problem: str = "", status: int = 200
) -> HttpResponseBase:
    try:
        sample = text_of(held or Channel(shops=[]), Subject.MORNING)
    except BadInputError:
        sample = ""
    context = {"held": held, "form": form, "problem": problem, "sample": sample}
    return render(request, "channels/channel.html.j2", context, status=status)
