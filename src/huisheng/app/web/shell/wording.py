"""How pages write instants."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

_STEPS = ((timedelta(days=1), "天"), (timedelta(hours=1), "小时"), (timedelta(minutes=1), "分钟"))


def local_time(instant: datetime | int | None, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """Return an instant (aware, or UTC microseconds) on the shop's clock; `—` for none."""
    if instant is None:
        return "—"
    if isinstance(instant, int):
        instant = datetime.fromtimestamp(instant / 1_000_000, UTC)
    return timezone.localtime(instant).strftime(pattern)


def ago(instant: datetime) -> str:
    """Return `3 小时前`."""
    passed = timezone.now() - instant
    for step, name in _STEPS:
        if passed >= step:
            return f"{passed // step} {name}前"
    return "刚刚"
