"""Hand one message to a robot: to its platform's machine alone, within a time, no way round."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from huisheng.app.web.channels.models import Platform
from huisheng.app.web.channels.robots import ROBOTS, request_of, verdict_of
from huisheng.errors import BadInputError, UnavailableError

SECONDS = 10.0
MOST_ANSWERED = 64 * 1024
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "huisheng"}
_PIECE = 4096


@dataclass(frozen=True, slots=True)
class Robot:
    """Where one robot is, and what its messages are signed with, empty for not at all."""

    platform: Platform
    address: str
    secret: str


def place_problem(platform: Platform, address: str) -> str:
    """Return why nothing may be sent to an address, empty where it may."""
    try:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        named = parts.hostname
    except ValueError:
        return "不是网址"
    host = ROBOTS[platform].host
    if named and (origin == f"https://{host}" or origin in settings.ROBOT_HOSTS):
        return ""
    own = "别的由装机的人在 HUISHENG_ROBOT_HOSTS 里写明"
    return f"{platform.label}机器人的地址只能在 https://{host} 上；{own}"


def send(robot: Robot, text: str) -> None:
    """Send a text once.

    Raises:
        BadInputError: nothing may be sent to its address.
        UnavailableError: it was not taken; `permanent` says whether trying again can help.
    """
    problem = place_problem(robot.platform, robot.address)
    if problem:
        raise BadInputError("通知渠道", problem, "请从群机器人的设置里重新复制地址")
    place, body = request_of(robot.platform, robot.address, robot.secret, text, int(time.time()))
    try:
        status, content = _posted(urlsplit(place), body)
    except (OSError, http.client.HTTPException) as error:
        why = f"{robot.platform.label}没有回答（{type(error).__name__}）"
        raise UnavailableError(f"{why}，请检查网络后再试。") from error
    if status != http.HTTPStatus.OK:
        again = status >= 500 or status == http.HTTPStatus.TOO_MANY_REQUESTS
        why = "要求转到别的地址，没有照办" if 300 <= status < 400 else f"回答 {status}"
        raise UnavailableError(f"{robot.platform.label}{why}。请核对地址。", permanent=not again)
    verdict = verdict_of(robot.platform, content)
    if verdict.problem:
        told = f"{robot.platform.label}：{verdict.problem}。"
        raise UnavailableError(told, permanent=not verdict.again)


def _posted(place: SplitResult, body: bytes) -> tuple[int, bytes]:
    """Return status and beginning of the answer; no redirection is followed.

    Raises:
        OSError: there was none within the time.
    """
    until = time.monotonic() + SECONDS
    secret = place.scheme == "https"
    kind = http.client.HTTPSConnection if secret else http.client.HTTPConnection
    connection = kind(str(place.hostname), place.port, timeout=SECONDS)
    try:
        connection.request("POST", place._replace(scheme="", netloc="").geturl(), body, _HEADERS)
        answer = connection.getresponse()
        content = b""
        while piece := answer.read1(_PIECE):
            content += piece
            if time.monotonic() > until:
                raise TimeoutError
            if len(content) > MOST_ANSWERED:
                break
        return answer.status, content
    finally:
        connection.close()
