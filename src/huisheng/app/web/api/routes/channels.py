"""Group robots: listed, tried, switched, removed. Addresses are given on the page alone."""

from typing import Annotated

from ninja import Path, Router
from pydantic import BeforeValidator

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.schemas import channels as shapes
from huisheng.app.web.api.schemas.parts import LARGEST, whole
from huisheng.app.web.channels.changing import (
    held_channel,
    need_channels,
    remove_channel,
    switch_channel,
    try_channel,
)
from huisheng.app.web.channels.models import Channel
from huisheng.errors import BadInputError, NotAllowedError

router = Router(tags=["设置"])
ChannelId = Annotated[int, Path(ge=1, le=LARGEST), BeforeValidator(whole)]


@router.get("", response=list[shapes.ChannelShown], summary="通知渠道")
def channels(request: Request) -> list[Channel]:
    """List the robots, in the order in which they were added."""
    need_channels(request)
    return list(Channel.objects.all())


@router.post("/{channel_id}/try", response=shapes.ChannelTried, summary="试发一条消息")
def try_it(request: Request, channel_id: ChannelId) -> dict[str, bool]:
    """Send a robot a message to try it."""
    held = held_channel(request, channel_id)
    try:
        try_channel(request, held)
    except BadInputError as error:
        # Its address was given elsewhere; this request is as it should be.
        raise NotAllowedError(str(error)) from error
    return {"sent": True}


@router.post("/{channel_id}/switch", response=shapes.ChannelShown, summary="打开或关闭一个渠道")
def switch(request: Request, channel_id: ChannelId, given: shapes.ChannelSwitched) -> Channel:
    """Switch a robot on or off."""
    held = held_channel(request, channel_id)
    switch_channel(request, held, is_on=given.is_on, seen=given.version)
    held.refresh_from_db()
    return held


@router.delete("/{channel_id}", response=list[shapes.ChannelShown], summary="删除一个渠道")
def remove(request: Request, channel_id: ChannelId) -> list[Channel]:
    """Remove a robot; return those that are left."""
    remove_channel(request, held_channel(request, channel_id))
    return list(Channel.objects.all())
