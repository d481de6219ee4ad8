"""Which lines of the audit somebody may read, found and summed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, Event
from huisheng.app.web.shell.wording import local_time
from huisheng.app.web.trail.forms import Wanted

WEEK = timedelta(days=7)
TOP_VIEWERS = 8
MOST_LINES = 200_000
"""A file of more lines than this would be read by nobody; one asks for fewer days."""
HEADINGS = ("时间", "谁", "登录名", "做了什么", "店铺", "内容", "地址")


@dataclass(frozen=True, slots=True)
class Viewer:
    """How much somebody looked at and took away in a week, and looked at in the week before."""

    user_id: int
    name: str
    looked: int
    exported: int
    before: int
    length: float
    before_at: float

    @property
    def title(self) -> str:
        """Return the bar in words."""
        week = f"查看 {self.looked} 次，导出 {self.exported} 次"
        return f"{self.name}：{week}，上一周查看 {self.before} 次"


def readable_events(access: Access) -> QuerySet[Event]:
    """Return the events somebody may read: of their shops; those of no shop if of all shops."""
    events = Event.objects.select_related("user")
    if access.may(Right.SEE_AUDIT, Membership.ALL_SHOPS):
        return events
    return events.filter(shop_id__in=own_shops(access))


def own_shops(access: Access) -> list[str]:
    """Return the shops that somebody is named to read the audit of."""
    return [shop_id for shop_id in access.scopes if access.may(Right.SEE_AUDIT, shop_id)]


def found_events(access: Access, wanted: Wanted, now: datetime) -> QuerySet[Event]:
    """Return the readable events that were asked for, the latest first."""
    events = readable_events(access)
    if wanted.days is not None:
        events = events.filter(at__gte=now - timedelta(days=wanted.days))
    if wanted.user is not None:
        events = events.filter(user_id=wanted.user)
    if wanted.act:
        events = events.filter(act=wanted.act)
    if wanted.shop_id:
        events = events.filter(shop_id=wanted.shop_id)
    if wanted.words:
        events = events.filter(Q(about__icontains=wanted.words) | Q(address=wanted.words))
    return events


def people_in(access: Access) -> dict[int, str]:
    """Return the names of those who appear in the readable events, by id."""
    users = readable_events(access).order_by().values_list("user_id", flat=True).distinct()
    named = User.objects.filter(pk__in=users).order_by("name").values_list("pk", "name")
    return dict(named)


def top_viewers(access: Access, now: datetime) -> list[Viewer]:
    """Return who looked at and took away most in the last seven days."""
    week = Q(at__gte=now - WEEK)
    rows = (
        readable_events(access)
        .filter(act__in=[Act.LOOKED, Act.EXPORTED], at__gte=now - 2 * WEEK, user__isnull=False)
        .order_by()
        .values("user_id", "user__name")
        .annotate(
            looked=Count("pk", filter=week & Q(act=Act.LOOKED)),
            exported=Count("pk", filter=week & Q(act=Act.EXPORTED)),
            before=Count("pk", filter=~week & Q(act=Act.LOOKED)),
        )
    )
    most = max((max(row["looked"], row["before"]) for row in rows), default=0) or 1
    viewers = [
        Viewer(
            row["user_id"],
            row["user__name"],
            row["looked"],
            row["exported"],
            row["before"],
            100 * row["looked"] / most,
            100 * row["before"] / most,
        )
        for row in rows
        if row["looked"] or row["exported"]
    ]
    return sorted(viewers, key=lambda one: (-one.looked, -one.exported, one.name))[:TOP_VIEWERS]


def lines_of(events: QuerySet[Event], shops: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Return events as lines of a file, below their headings."""
    yield HEADINGS
    for event in events[:MOST_LINES].iterator(chunk_size=2000):
        yield (
            local_time(event.at, "%Y-%m-%d %H:%M:%S"),
            event.user.name if event.user else "",
            event.user.username if event.user else "",
            Act(event.act).label,
            shops.get(event.shop_id, event.shop_id),
            event.about,
            event.address,
        )
