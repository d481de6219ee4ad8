"""The addresses and secrets of robots, for the workspace's owner alone."""

import json
from pathlib import Path

from django.conf import settings

from huisheng.app.web.channels.models import Channel, Platform
from huisheng.app.web.channels.sending import Robot
from huisheng.errors import BadInputError
from huisheng.lake import replace_bytes


def keep(channel: Channel, address: str, secret: str) -> None:
    """Keep where a robot is."""
    content = json.dumps({"address": address, "secret": secret}).encode()
    replace_bytes(_place(channel.pk), content, mode=0o600)


def robot_of(channel: Channel) -> Robot:
    """Return where a robot is.

    Raises:
        BadInputError: its address is gone, as after moving a workspace without its secrets.
    """
    try:
        kept = json.loads(_place(channel.pk).read_text("utf-8"))
    except FileNotFoundError as error:
        remedy = "请在「设置 · 通知渠道」里重新填写"
        raise BadInputError(f"通知渠道「{channel.name}」", "没有保存地址", remedy) from error
    return Robot(Platform(channel.platform), kept["address"], kept["secret"])


def forget(channel_id: int) -> None:
    """Forget where a robot is."""
    _place(channel_id).unlink(missing_ok=True)


def _place(channel_id: int) -> Path:
    return Path(settings.WORKSPACE) / "secrets" / f"channel-{channel_id}.key"
