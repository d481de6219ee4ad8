"""What a person does with a channel that is there: pages and programs alike come through here.

Messages leave the house, so the right in all shops is due.
"""

from django.db import transaction
from django.http import Http404

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.channels import keeping
from huisheng.app.web.channels.models import Channel
from huisheng.app.web.channels.sending import send
from huisheng.app.web.channels.telling import note_result
from huisheng.app.web.channels.wording import try_text
from huisheng.app.web.settings.saving import change
from huisheng.errors import HuishengError


def need_channels(request: Request) -> None:
    """Refuse whoever may not say where messages go.

    Raises:
        PermissionDenied: they may not.
    """
    request.access.need(Right.CHANGE_SETTINGS, Membership.ALL_SHOPS)


def held_channel(request: Request, channel_id: int) -> Channel:
    """Return a channel.

    Raises:
        PermissionDenied: the person may not say where messages go.
        Http404: there is none.
    """
    need_channels(request)
    found = Channel.objects.filter(pk=channel_id).first()
    if found is None:
        raise Http404
    return found


def try_channel(request: Request, held: Channel) -> None:
    """Send a channel a message to try it, and note how it went.

    Raises:
        BadInputError: nothing may be sent to its address.
        UnavailableError: its platform did not take the message.
    """
    try:
        send(keeping.robot_of(held), try_text(held))
    except HuishengError as error:
        note_result(held, str(error))
        raise
    note_result(held, "", "测试消息")
    note(request, Act.EXPORTED, f"试发消息到通知渠道「{held.name}」")


def switch_channel(request: Request, held: Channel, *, is_on: bool, seen: int) -> None:
    """Switch a channel on or off.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    with transaction.atomic():
        change(Channel, {"pk": held.pk}, seen, {"is_on": is_on, "changed_by": request.user})
    note(request, Act.CHANGED, f"{'打开' if is_on else '关闭'}通知渠道「{held.name}」")


def remove_channel(request: Request, held: Channel) -> None:
    """Remove a channel and forget where it was."""
    channel_id = held.pk
    held.delete()
    keeping.forget(channel_id)
    note(request, Act.CHANGED, f"删除通知渠道「{held.name}」")
