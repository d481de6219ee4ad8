"""What a person changes in the settings: kept, written into the audit, brought into the lake.

Pages and programs alike come through here. What is kept stays kept where the lake cannot be
written at once: the functions about a shop return why, empty where the lake has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from huisheng.app.concerns import keep
from huisheng.app.report.labels import PLATFORMS
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right, Role
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.settings import campaigns, hours, models, roster, shifts
from huisheng.app.web.settings.assuming import assume, publish_all
from huisheng.app.web.settings.campaigns import Draft
from huisheng.app.web.settings.hours import Written
from huisheng.app.web.settings.landing import land
from huisheng.app.web.settings.roster import Person
from huisheng.app.web.settings.saving import OvertakenError, change
from huisheng.app.web.settings.sheets import SHEETS
from huisheng.app.web.settings.shifts import Days, Slot
from huisheng.app.web.settings.shops import CHANNELS, Shop, need_everywhere
from huisheng.errors import BadInputError, HuishengError, NotAllowedError
from huisheng.language import ACTS, Book, Change, taxonomy
from huisheng.metrics import all_assumptions

LONGEST_NOTE = 300
CAMPAIGNS, SHOPS, AGENTS = "campaigns", "shops", "agents"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is said of a shop."""

    name: str
    platform: str
    category: str
    channels: tuple[str, ...]


def land_again(shop_id: str) -> str:
    """Bring all that is set of a shop into the lake once more, where the lake lacks it."""
    weeks = models.ShiftWeek.objects.filter(shop_id=shop_id).values_list("monday", flat=True)
    return _landed(shop_id, [*SHEETS, *map(week_part, weeks)])


def keep_campaign(request: Request, shop_id: str, draft: Draft, *, seen: int) -> str:
    """Keep a campaign that was shown as version `seen`, 0 for a new one.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    campaigns.save(shop_id, draft, seen=seen)
    done = "改" if seen else "添加"
    note(request, Act.CHANGED, f"{done}活动「{draft.name}」（{len(draft.windows)} 段）", shop_id)
    return _landed(shop_id, [CAMPAIGNS])


def end_campaign(request: Request, one: models.Campaign, *, resumed: bool, seen: int) -> str:
    """End a campaign now, or let it run on.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    at = None if resumed else timezone.now().replace(microsecond=0)
    campaigns.end(one, at, seen=seen)
    done = "恢复" if resumed else "结束"
    note(request, Act.CHANGED, f"{done}活动「{one.name}」", one.shop_id)
    return _landed(one.shop_id, [CAMPAIGNS])


def take_campaign(request: Request, shop_id: str, campaign_id: str) -> str:
    """Make a campaign that only imports know one that is set here.

    Raises:
        Http404: imports know none of that id.
        OvertakenError: somebody has just done so.
    """
    draft = next((one for one in campaigns.imported(shop_id) if one.id == campaign_id), None)
    if draft is None or not draft.windows:
        raise Http404
    campaigns.take_over(shop_id, draft)
    note(request, Act.CHANGED, f"收下导入的活动「{draft.name}」", shop_id)
    return _landed(shop_id, [CAMPAIGNS])


def keep_hours(request: Request, shop_id: str, written: Written, *, seen: int) -> str:
    """Keep a shop's calendar.

    Raises:
        DefinitionError: it cannot be read.
        OvertakenError: another change came first; nothing is changed.
    """
    mapping, _ = hours.calendar_of(written, library.workspace().zone)
    return _keep_calendar(request, shop_id, mapping, seen, "改营业时间与假日")


def forget_hours(request: Request, shop_id: str, *, seen: int) -> str:
    """Go back to what is assumed without a calendar.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    return _keep_calendar(request, shop_id, None, seen, "撤销营业时间，恢复默认")


def keep_agents(request: Request, shop_id: str, people: Sequence[Person], did: str) -> str:
    """Keep accounts, each as the version that it carries, or none of them.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    roster.save_all(shop_id, people)
    note(request, Act.CHANGED, did, shop_id)
    return _landed(shop_id, [AGENTS])


def take_agents(request: Request, shop_id: str) -> str:
    """Make all accounts that only imports know ones that are set here.

    Raises:
        OvertakenError: somebody has just done so.
    """
    new = [person for person in roster.people_of(shop_id) if not person.version]
    return keep_agents(request, shop_id, new, f"收下导入的客服 {len(new)} 个")


def keep_week(request: Request, shop_id: str, monday: date, days: Days, *, seen: int) -> str:
    """Keep shifts of a week.

    Raises:
        BadInputError: one agent would work twice at once.
        OvertakenError: another change came first; nothing is changed.
    """
    shifts.set_days(shop_id, monday, days, seen=seen)
    note(request, Act.CHANGED, f"改 {monday.isoformat()} 那一周的排班", shop_id)
    return _landed(shop_id, [week_part(monday)])


def copy_week(request: Request, shop_id: str, monday: date, *, seen: int) -> str:
    """Write last week's shifts over a week, for everybody who is still there.

    Raises:
        BadInputError: there were none, or one agent would work twice at once.
        OvertakenError: another change came first; nothing is changed.
    """
    agents = [person.agent_id for person in roster.on_duty(shop_id)]
    days = shifts.copied(shop_id, monday, agents)
    if not any(days.values()):
        raise BadInputError("排班", "上一周没有排班，没有可以复制的", "请直接填写这一周")
    shifts.set_days(shop_id, monday, days, seen=seen)
    note(request, Act.CHANGED, f"把上一周的排班复制到 {monday.isoformat()}", shop_id)
    return _landed(shop_id, [week_part(monday)])


def keep_slots(
    request: Request, shop_id: str, slots: Sequence[Slot], seen: Mapping[str, int]
) -> str:
    """Keep the shifts of a file, all of its weeks or none; see `shifts.set_weeks`.

    Raises:
        BadInputError: one agent would work twice at once.
        OvertakenError: another change came first; nothing is changed.
    """
    shifts.set_weeks(shop_id, slots, seen)
    note(request, Act.CHANGED, f"从文件导入排班 {len(slots)} 班", shop_id)
    return _landed(shop_id, [week_part(date.fromisoformat(text)) for text in sorted(seen)])


def keep_profile(request: Request, shop: Shop, given: Profile, *, seen: int) -> str:
    """Keep what is said of a shop.

    Raises:
        BadInputError: it has no name.
        OvertakenError: another change came first; nothing is changed.
    """
    if not given.name:
        raise BadInputError("店铺资料", "名称不能空着", "请填写名称")
    values: dict[str, object] = {
        "name": given.name,
        "platform": given.platform if given.platform in PLATFORMS else shop.platform,
        "category": given.category,
        "channels": [one for one in CHANNELS if one in given.channels],
    }
    with transaction.atomic():
        change(models.ShopProfile, {"shop_id": shop.id}, seen, values)
    note(request, Act.CHANGED, f"改店铺资料：{given.name}", shop.id)
    return _landed(shop.id, [SHOPS])


def keep_department(
    request: Request, shop_id: str, department: str, owner: str, contact: str, *, seen: int
) -> None:
    """Keep who speaks for a department of a shop.

    Raises:
        Http404: there is no such department.
        OvertakenError: another change came first; nothing is changed.
    """
    if department not in taxonomy().departments:
        raise Http404
    key: dict[str, object] = {"shop_id": shop_id, "department": department}
    with transaction.atomic():
        change(models.Department, key, seen, {"owner": owner, "contact": contact})
    label = taxonomy().departments[department].label
    note(request, Act.CHANGED, f"改{label}部门的负责人", shop_id)


def change_assumption(
    request: Request, assumption_id: str, value: int | None, why: str, *, seen: int
) -> str:
    """Change an assumption, or return to its default where `value` is None, and publish it.

    Raises:
        PermissionDenied: the person does not set for every shop.
        Http404: there is no such assumption.
        BadInputError: the value is out of bounds, or nobody says why.
        OvertakenError: another change came first; nothing is changed.
    """
    need_everywhere(request)
    if assumption_id not in all_assumptions():
        raise Http404
    assume(assumption_id, value, why, by=request.user, seen=seen)
    declared = all_assumptions()[assumption_id][0]
    told = "恢复默认" if value is None else declared.told(value)
    note(request, Act.CHANGED, f"指标假设「{declared.label}」：{told}；{why}")
    return publish_again(request)


def change_concerns(request: Request, made: Change, *, seen: int) -> Book:
    """Write a change of the concerns down that was made looking at edition `seen`.

    Raises:
        PermissionDenied: the person does not set for every shop.
        BadInputError: the change does not fit, or nobody says why.
        OvertakenError: another change came first; nothing is changed.
    """
    need_everywhere(request)
    if not made.why:
        raise BadInputError("关注点", "没有写为什么", "请写一句，会留在改动记录里")
    try:
        book = keep(library.workspace(), made, seen=seen)
    except NotAllowedError as exc:
        raise OvertakenError from exc
    about = [book.defined[id_].label for id_ in (*made.of, *(one.id for one in made.concerns))]
    told = "、".join(dict.fromkeys(about))
    note(request, Act.CHANGED, f"{ACTS[made.act]}关注点「{told}」：{made.why}"[:LONGEST_NOTE])
    return book


def publish_again(request: Request) -> str:
    """Publish what is assumed; return why that cannot be done now, empty where it is done.

    Raises:
        PermissionDenied: the person does not set for every shop.
    """
    need_everywhere(request)
    try:
        publish_all()
    except (HuishengError, OSError) as exc:
        return f"已保存，但还没有写入工作区：{exc}"
    return ""


def owns_everything(request: Request) -> bool:
    """Return whether a person owns all shops and may change settings."""
    scope = request.access.scope(Membership.ALL_SHOPS)
    return scope is not None and scope.role is Role.OWNER and Right.CHANGE_SETTINGS in scope.rights


def week_part(monday: date) -> str:
    """Return how the landing calls a week of shifts."""
    return f"agent_shifts/{monday.isoformat()}"


def _keep_calendar(
    request: Request, shop_id: str, calendar: dict[str, object] | None, seen: int, did: str
) -> str:
    with transaction.atomic():
        change(models.ShopProfile, {"shop_id": shop_id}, seen, {"calendar": calendar})
    note(request, Act.CHANGED, did, shop_id)
    return _landed(shop_id, [SHOPS])


def _landed(shop_id: str, parts: Iterable[str]) -> str:
    problems = [land(shop_id, part).problem for part in parts]
    problem = next(filter(None, problems), "")
    return f"已保存，但还没有写入数据：{problem}" if problem else ""
