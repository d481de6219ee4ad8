"""Ask a service politely: within the day's budget, not too fast, again after a while, then not."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult

from huisheng.app.llm.client import Reply, post
from huisheng.app.llm.ledger import Ledger
from huisheng.errors import UnavailableError

_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_NO_SCHEMA = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_LETTERS_PER_TOKEN = 1.5
_SAID: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "密钥不对",
    HTTPStatus.FORBIDDEN: "密钥没有权限",
    HTTPStatus.NOT_FOUND: "没有这个地址或模型",
    HTTPStatus.TOO_MANY_REQUESTS: "嫌问得太快",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often somebody asks.

    Attributes:
        timeout_s: seconds that one answer may take.
        attempts: requests per question.
        first_wait_s: seconds before the second attempt; twice as many before each later one.
        longest_wait_s: a service that wants more is not asked again today.
        failures: questions in a row without an answer after which nothing more is asked.
        apart_s: seconds from one request to the next.
        texts: texts in one question.
        whole_s: seconds that one analysis asks at most.
    """

    timeout_s: float = 30.0
    attempts: int = 3
    first_wait_s: float = 2.0
    longest_wait_s: float = 60.0
    failures: int = 2
    apart_s: float = 1.0
    texts: int = 20
    whole_s: float = 300.0


class Asker:
    """Somebody who asks one service.

    Args:
        place: where questions go.
        key: the service's key, empty for none.
        ledger: the day's account, which every request is booked in before it is sent.
        patience: how long and how often.
    """

    def __init__(self, place: SplitResult, key: str, ledger: Ledger, patience: Patience) -> None:
        self._place, self._key = place, key
        self._ledger, self._patience = ledger, patience
        self._asked_at = float("-inf")
        self.takes_schema = True

    def ask(self, body: Mapping[str, object]) -> str | None:
        """Return what the model says; None where the service does not take a schema.

        Raises:
            UnavailableError: there is no answer; `permanent` where asking on cannot help today.
        """
        wait = self._patience.first_wait_s
        for attempt in range(self._patience.attempts):
            last = attempt == self._patience.attempts - 1
            try:
                reply = self._posted(body)
            except UnavailableError:
                if last:
                    raise
                time.sleep(wait)
            else:
                if reply.status == HTTPStatus.OK:
                    return self._words(reply)
                if reply.status in _NO_SCHEMA and "response_format" in body:
                    self.takes_schema = False
                    return None
                self._refuse(reply, last=last)
                time.sleep(wait if reply.wait_s is None else reply.wait_s)
            wait *= 2
        raise AssertionError("the last attempt returns or raises")

    def _posted(self, body: Mapping[str, object]) -> Reply:
        self._budgeted()
        time.sleep(max(0.0, self._asked_at + self._patience.apart_s - time.monotonic()))
        self._asked_at = time.monotonic()
        self._ledger.book(requests=1)
        return post(self._place, self._key, body, self._patience.timeout_s)

    def _budgeted(self) -> None:
        try:
            self._ledger.check()
        except UnavailableError as exc:
            raise UnavailableError(str(exc), permanent=True) from exc

    def _refuse(self, reply: Reply, *, last: bool) -> None:
        """Raise unless the service may be asked again soon."""
        said = _SAID.get(reply.status, "出错")
        again = reply.status in _AGAIN or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        patient = (reply.wait_s or 0.0) <= self._patience.longest_wait_s
        if not again or not patient or last:
            told = f"语言模型服务{said}（HTTP {reply.status}）。"
            raise UnavailableError(told, permanent=not (again and patient))

    def _words(self, reply: Reply) -> str:
        try:
            answer = json.loads(reply.content)
            words = answer["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError) as exc:
            self._ledger.book(tokens=_estimated(reply.content))
            raise UnavailableError("语言模型服务的回答不是约定的格式。") from exc
        usage = answer.get("usage")
        tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
        counted = isinstance(tokens, int) and not isinstance(tokens, bool) and tokens >= 0
        self._ledger.book(tokens=int(tokens or 0) if counted else _estimated(reply.content))
        return words if isinstance(words, str) else ""


def _estimated(content: bytes) -> int:
    """Return about how many tokens a body has, for services that do not count."""
    return round(len(content.decode("utf-8", "replace")) / _LETTERS_PER_TOKEN)
