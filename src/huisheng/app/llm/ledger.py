"""What was spent on one local day, and how the last question fared; it outlives the process."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from huisheng.app.llm.permission import Permission, folder_of
from huisheng.errors import UnavailableError
from huisheng.lake import Workspace, replace_bytes


@dataclass(frozen=True, slots=True)
class Account:
    """One day's account.

    Attributes:
        day: the local date, ISO.
        requests: requests sent, failed ones included.
        tokens: tokens, as the service counted them, or estimated where it did not.
        answered: texts with an answer that holds, cached ones included.
        dropped: answers that were refused: unknown labels, invented quotes.
        withheld: texts that were not sent, for something personal was found in them.
        problem: the last error in words, empty after a success.
    """

    day: str
    requests: int = 0
    tokens: int = 0
    answered: int = 0
    dropped: int = 0
    withheld: int = 0
    problem: str = ""


class Ledger:
    """The account of one day, written down after each change.

    Args:
        workspace: where it is kept; one process at a time writes there.
        permission: the day's limits.
        day: the local date.
    """

    def __init__(self, workspace: Workspace, permission: Permission, day: date) -> None:
        self._path = _path(workspace)
        self._permission = permission
        self.account = account(workspace, day)

    def book(self, *, requests: int = 0, tokens: int = 0) -> None:
        """Add what a request costs."""
        held = self.account
        self._keep(replace(held, requests=held.requests + requests, tokens=held.tokens + tokens))

    def count(self, *, answered: int = 0, dropped: int = 0, withheld: int = 0) -> None:
        """Add what became of texts."""
        held = self.account
        self._keep(
            replace(
                held,
                answered=held.answered + answered,
                dropped=held.dropped + dropped,
                withheld=held.withheld + withheld,
            )
        )

    def tell(self, problem: str) -> None:
        """Write down the last error, or that there is none."""
        if problem != self.account.problem:
            self._keep(replace(self.account, problem=problem))

    def check(self) -> None:
        """Check that another request may be sent.

        Raises:
            UnavailableError: the day's requests or tokens are used up.
        """
        held, limit = self.account, self._permission
        if held.requests >= limit.daily_requests:
            raise UnavailableError(f"今天的 {limit.daily_requests:,} 次请求已用完，明天再问。")
        if held.tokens >= limit.daily_tokens:
            raise UnavailableError(f"今天的 {limit.daily_tokens:,} 个 token 已用完，明天再问。")

    def _keep(self, held: Account) -> None:
        self.account = held
        replace_bytes(self._path, json.dumps(asdict(held), ensure_ascii=False).encode())


def account(workspace: Workspace, day: date) -> Account:
    """Return the account of a day: a new one where the last is of another day.

    The last error is told until a question goes well. A damaged file is a new account that says so.
    """
    today = Account(day.isoformat())
    try:
        held = Account(**json.loads(_path(workspace).read_text("utf-8")))
    except FileNotFoundError:
        return today
    except (ValueError, TypeError):
        return replace(today, problem="用量记录损坏，已重新开始计数。")
    return held if held.day == today.day else replace(today, problem=held.problem)


def _path(workspace: Workspace) -> Path:
    return folder_of(workspace) / "account.json"
