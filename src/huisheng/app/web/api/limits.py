"""How often somebody may ask: counted in the operational store, so by all processes together."""

import time
from dataclasses import dataclass

from django.db import transaction

from huisheng.app.web.api.models import Knocks

MINUTE_S = 60
QUARTER_S = 15 * MINUTE_S


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit in the present stretch, which ends in `seconds`."""

    limit: int
    used: int
    seconds: int

    @property
    def is_over(self) -> bool:
        """Return whether this request was one too many."""
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that tell a client (IETF draft ratelimit-headers-06)."""
        left = max(0, self.limit - self.used)
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self.seconds),
        }
        return told | ({"Retry-After": str(self.seconds)} if self.is_over else {})


def knock(key: str, limit: int, within_s: int) -> Allowance:
    """Count one request under a key; stretches of `within_s` seconds follow one another."""
    now = int(time.time())
    stretch = now // within_s
    with transaction.atomic():
        row, _ = Knocks.objects.select_for_update().get_or_create(
            key=key, defaults={"stretch": stretch}
        )
        if row.stretch != stretch:
            row.stretch, row.count = stretch, 0
        # A client that keeps knocking at a closed door need not be counted for ever.
        row.count = min(row.count, limit) + 1
        row.save()
    return Allowance(limit, row.count, (stretch + 1) * within_s - now)
