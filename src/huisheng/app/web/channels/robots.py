"""What each platform's group robot is sent, and what its answers mean."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from huisheng.app.web.channels.models import Platform

MORE = "\n…（太长，其余请登录回声查看）"


@dataclass(frozen=True, slots=True)
class Robot:
    """One platform's robots.

    Attributes:
        host: the only machine of theirs.
        path: how their addresses begin.
        token: the query parameter that names a robot, empty where the path does.
        code: the answer's fields that say how it went, 0 for well.
        busy: codes after which trying again helps.
        most_bytes: longest text.
        signed: whether a robot may have a secret to sign with.
        body: text, secret and instant (s) to the address' further parameters and the body.
    """

    host: str
    path: str
    token: str
    code: tuple[str, ...]
    busy: frozenset[int]
    most_bytes: int
    signed: bool
    body: Callable[[str, str, int], tuple[dict[str, str], dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means: `problem` is empty where the robot took the message."""

    problem: str
    again: bool = False


def request_of(
    platform: Platform, address: str, secret: str, text: str, now_s: int
) -> tuple[str, bytes]:
    """Return where a message goes and what is sent there."""
    robot = ROBOTS[platform]
    more, body = robot.body(_cut(text, robot.most_bytes), secret, now_s)
    joint = "&" if urlsplit(address).query else "?"
    place = f"{address}{joint}{urlencode(more)}" if more else address
    return place, json.dumps(body, ensure_ascii=False).encode()


def verdict_of(platform: Platform, content: bytes) -> Verdict:
    """Return what a robot's answer means; one that is no such answer took nothing."""
    robot = ROBOTS[platform]
    try:
        said = json.loads(content)
    except ValueError:
        return Verdict("回答看不懂，地址可能不对")
    if not isinstance(said, Mapping):
        return Verdict("回答看不懂，地址可能不对")
    codes = [said[name] for name in robot.code if name in said]
    if codes and codes[0] == 0:
        return Verdict("")
    code = codes[0] if codes and type(codes[0]) is int else None
    if code in robot.busy:
        return Verdict(f"发得太快，平台限流（{code}）", again=True)
    return Verdict(f"平台没有收下（{code}）：请核对地址、加签密钥和关键词设置")


def address_problem(platform: Platform, address: str) -> str:
    """Return what is wrong with a robot's address, empty where nothing is."""
    robot = ROBOTS[platform]
    example = f"https://{robot.host}{robot.path}{f'?{robot.token}=…' if robot.token else '…'}"
    try:
        parts = urlsplit(address)
        named = parts.path.removeprefix(robot.path).strip("/") if not robot.token else ""
        token = parse_qs(parts.query).get(robot.token, [named])[0]
    except ValueError:
        return f"不是网址，应像 {example}"
    if not parts.path.startswith(robot.path) or not token:
        return f"不像{platform.label}机器人的地址，应像 {example}"
    return ""


def shown_address(address: str) -> str:
    """Return as much of an address as may be seen: whoever has all of it can write to the group."""
    return f"{urlsplit(address).hostname}/…{address[-4:]}"


def _dingtalk(text: str, secret: str, now_s: int) -> tuple[dict[str, str], dict[str, object]]:
    """See 钉钉开放平台 «自定义机器人安全设置»: signed with milliseconds, key and text as said."""
    body: dict[str, object] = {"msgtype": "text", "text": {"content": text}}
    if not secret:
        return {}, body
    stamp = str(now_s * 1000)
    return {"timestamp": stamp, "sign": _sign(secret, f"{stamp}\n{secret}")}, body


def _feishu(text: str, secret: str, now_s: int) -> tuple[dict[str, str], dict[str, object]]:
    """See 飞书开放平台 «自定义机器人使用指南»: what is signed is the key, of no text."""
    # Its texts know one tag, which calls people.
    content = {"text": text.replace("<", "＜").replace(">", "＞")}
    body: dict[str, object] = {"msg_type": "text", "content": content}
    if secret:
        body |= {"timestamp": str(now_s), "sign": _sign(f"{now_s}\n{secret}", "")}
    return {}, body


def _wecom(text: str, secret: str, now_s: int) -> tuple[dict[str, str], dict[str, object]]:
    """See 企业微信 «群机器人配置说明»."""
    return {}, {"msgtype": "text", "text": {"content": text}}


def _sign(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


def _cut(text: str, most_bytes: int) -> str:
    """Return a text that is short enough, whole lines of it."""
    if len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[: most_bytes - len(MORE.encode())].decode("utf-8", "ignore")
    return (kept.rpartition("\n")[0] or kept) + MORE


ROBOTS: Mapping[Platform, Robot] = {
    Platform.DINGTALK: Robot(
        "oapi.dingtalk.com", "/robot/send", "access_token", ("errcode",),
        frozenset({-1, 130101, 130102, 410100}), 18_000, True, _dingtalk,
    ),
    Platform.FEISHU: Robot(
        "open.feishu.cn", "/open-apis/bot/v2/hook/", "", ("code", "StatusCode"),
        frozenset({9499, 11232, 11233, 11247}), 18_000, True, _feishu,
    ),
    Platform.WECOM: Robot(
        "qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key", ("errcode",),
        frozenset({-1, 45009}), 2_000, False, _wecom,
    ),
}  # fmt: skip
