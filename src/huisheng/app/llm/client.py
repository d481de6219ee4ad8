"""Put one question to an OpenAI-compatible service: one request, one answer, within a time."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult

from huisheng.errors import UnavailableError

MOST_ANSWERED = 4 * 1024 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered.

    Attributes:
        status: of HTTP.
        content: the body, cut where it is too long.
        wait_s: seconds after which it wants to be asked again, None where it says nothing.
    """

    status: int
    content: bytes
    wait_s: float | None


def post(place: SplitResult, key: str, body: Mapping[str, object], seconds: float) -> Reply:
    """Send a body once; no redirection is followed.

    Raises:
        UnavailableError: nobody answered within the time.
    """
    secret = place.scheme == "https"
    kind = http.client.HTTPSConnection if secret else http.client.HTTPConnection
    connection = kind(str(place.hostname), place.port, timeout=seconds)
    headers = {"Content-Type": "application/json", "User-Agent": "huisheng"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        content = json.dumps(body, ensure_ascii=False).encode()
        connection.request("POST", place.path, content, headers)
        return _read(connection.getresponse(), time.monotonic() + seconds)
    except (OSError, http.client.HTTPException) as exc:
        why = "没有在规定时间内回答" if isinstance(exc, TimeoutError) else "连不上"
        raise UnavailableError(f"语言模型服务{why}（{type(exc).__name__}），请检查网络。") from exc
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, until: float) -> Reply:
    content = b""
    while piece := answer.read1(_PIECE):
        content += piece
        if time.monotonic() > until:
            raise TimeoutError
        if len(content) > MOST_ANSWERED:
            break
    return Reply(answer.status, content, _wait(answer.getheader("Retry-After")))


def _wait(said: str | None) -> float | None:
    """Return the seconds of a Retry-After header: a number, or a date (RFC 9110, 10.2.3)."""
    if said is None:
        return None
    if said.strip().isdecimal():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
