"""What is set of a shop: profile, departments, campaigns, working hours."""

from datetime import datetime

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from ninja import Query, Router

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import filled, settable_shop
from huisheng.app.web.api.schemas import settings as shapes
from huisheng.app.web.api.schemas.data import OfShop
from huisheng.app.web.settings import campaigns as calendar_of_campaigns
from huisheng.app.web.settings import changing, hours, models
from huisheng.app.web.settings.campaigns import Draft
from huisheng.app.web.settings.changing import Profile
from huisheng.app.web.settings.forms import CampaignForms
from huisheng.app.web.settings.hours import Written
from huisheng.app.web.settings.hours_views import calendar_set, known
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.promotions import Stretch, stretches
from huisheng.app.web.settings.shop_views import departments_of
from huisheng.app.web.settings.shops import Shop
from huisheng.errors import BadInputError, DefinitionError

router = Router(tags=["设置"])
LATEST = datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))


@router.get("/shop", response=shapes.ShopSet, summary="一家店的资料与各部门负责人")
def shop(request: Request, asked: Query[OfShop]) -> dict[str, object]:
    """Give what is said of a shop."""
    found = settable_shop(request, asked.shop_id)
    profile = models.ShopProfile.objects.filter(shop_id=found.id).first()
    return {
        "shop_id": found.id,
        "name": found.name,
        "platform": found.platform,
        "category": found.category,
        "channels": profile.channels if profile else [],
        "zone": library.workspace().zone,
        "version": profile.version if profile else 0,
        "landed": is_landed(found.id, changing.SHOPS),
        "departments": [
            {
                "id": row.id,
                "name": row.label,
                "owner": row.owner,
                "contact": row.contact,
                "version": row.version,
            }
            for row in departments_of(found.id)
        ],
    }


@router.put("/shop", response=shapes.Kept, summary="改店铺资料")
def keep_profile(request: Request, given: shapes.ProfileGiven) -> dict[str, object]:
    """Keep what is said of a shop."""
    found = settable_shop(request, given.shop_id)
    profile = Profile(
        given.name.strip(), given.platform, given.category.strip(), tuple(given.channels)
    )
    return _profile_kept(found, changing.keep_profile(request, found, profile, seen=given.version))


@router.put("/department", response=shapes.Kept, summary="改一个部门的负责人")
def keep_department(request: Request, given: shapes.DepartmentGiven) -> dict[str, object]:
    """Keep who speaks for a department; the data does not hold it."""
    found = settable_shop(request, given.shop_id)
    owner, contact, seen = given.owner.strip(), given.contact.strip(), given.version
    changing.keep_department(request, found.id, given.department, owner, contact, seen=seen)
    return {"version": seen + 1, "landed": True, "problem": ""}


@router.post("/landing", response=shapes.Landed, summary="把设置再写入数据一次")
def land_again(request: Request, given: OfShop) -> dict[str, object]:
    """Bring what is set into the lake once more."""
    problem = changing.land_again(settable_shop(request, given.shop_id).id)
    return {"landed": not problem, "problem": problem}


@router.get("/campaigns", response=list[shapes.CampaignShown], summary="一家店的活动日历")
def campaigns(request: Request, asked: Query[OfShop]) -> list[dict[str, object]]:
    """List the campaigns that are set of a shop, the earliest first."""
    found = settable_shop(request, asked.shop_id)
    rows = models.Campaign.objects.filter(shop_id=found.id)
    shown = [
        (stretches(one.windows, None), _draft(calendar_of_campaigns.draft_of(one)), one)
        for one in rows
    ]
    return [
        draft
        | {
            "windows": _windows(stretches(one.windows, one.ended_at)),
            "ended_at": one.ended_at,
            "version": one.version,
        }
        for _, draft, one in sorted(shown, key=lambda each: _begins(each[0], each[2]))
    ]


@router.get("/campaigns/offered", response=shapes.CampaignsOffered, summary="可以添加或收下的活动")
def offered(request: Request, asked: Query[OfShop]) -> dict[str, object]:
    """List the campaigns that could be set."""
    found = settable_shop(request, asked.shop_id)
    now = timezone.localtime()
    return {
        "known": [_draft(one) for one in calendar_of_campaigns.proposals(found.id, now)],
        "imported": [_draft(one) for one in calendar_of_campaigns.imported(found.id)],
    }


@router.put("/campaign", response=shapes.Kept, summary="添加或改一个活动（整个替换）")
def keep_campaign(request: Request, given: shapes.CampaignGiven) -> dict[str, object]:
    """Keep a campaign; version 0 is a new one."""
    found = settable_shop(request, given.shop_id)
    forms = CampaignForms(None, given.version, _form_of(given))
    if not forms.is_valid():
        for form in (forms.about, *forms.windows.forms):
            filled(form)
        raise BadInputError("windows", forms.problem, "请改正后重发")
    problem = changing.keep_campaign(request, found.id, forms.draft, seen=given.version)
    return _kept(given.version + 1 if given.version else 1, problem)


@router.post("/campaign/end", response=shapes.Kept, summary="提前结束一个活动，或恢复")
def end_campaign(request: Request, given: shapes.CampaignEnded) -> dict[str, object]:
    """End a campaign now, or let it run on."""
    found = settable_shop(request, given.shop_id)
    one = models.Campaign.objects.filter(shop_id=found.id, campaign_id=given.id).first()
    if one is None:
        raise Http404
    resumed = not given.ended
    problem = changing.end_campaign(request, one, resumed=resumed, seen=given.version)
    return _kept(given.version + 1, problem)


@router.post("/campaign/take", response=shapes.Kept, summary="收下导入资料里的一个活动")
def take_campaign(request: Request, given: shapes.CampaignNamed) -> dict[str, object]:
    """Make a campaign that only imports know one that is set here."""
    found = settable_shop(request, given.shop_id)
    return _kept(1, changing.take_campaign(request, found.id, given.id))


@router.get("/calendar", response=shapes.CalendarShown, summary="一家店的营业时间与假日")
def calendar(request: Request, asked: Query[OfShop]) -> dict[str, object]:
    """Give a shop's working hours."""
    found = settable_shop(request, asked.shop_id)
    written = known(found)
    return {
        "shop_id": found.id,
        "is_set": calendar_set(found) is not None,
        "week": {
            day: text.split(", ") if text else []
            for day, text in zip(hours.DAYS, written.week, strict=True)
        },
        "holidays": written.holidays.splitlines(),
        "extra_days": written.extra_days.splitlines(),
        "version": _profile_version(found),
        "landed": is_landed(found.id, changing.SHOPS),
    }


@router.put("/calendar", response=shapes.Kept, summary="改营业时间与假日（整个替换）")
def keep_calendar(request: Request, given: shapes.CalendarGiven) -> dict[str, object]:
    """Keep a shop's working hours."""
    found = settable_shop(request, given.shop_id)
    week = given.week.model_dump()
    written = Written(
        tuple(", ".join(week[day]) for day in hours.DAYS),
        "\n".join(given.holidays),
        "\n".join(given.extra_days),
    )
    try:
        problem = changing.keep_hours(request, found.id, written, seen=given.version)
    except DefinitionError as error:
        raise BadInputError("营业时间", error.problem, "请改正后重发") from error
    return _profile_kept(found, problem)


@router.post("/calendar/default", response=shapes.Kept, summary="撤销营业时间，恢复默认")
def forget_calendar(request: Request, given: shapes.OfVersion) -> dict[str, object]:
    """Go back to what is assumed without a calendar."""
    found = settable_shop(request, given.shop_id)
    return _profile_kept(found, changing.forget_hours(request, found.id, seen=given.version))


@router.get("/holidays", response=list[shapes.YearOffShown], summary="已公布的法定假日与调休")
def holidays(request: Request) -> list[dict[str, object]]:
    """List the public holidays that a calendar can be filled with."""
    request.access.need(Right.CHANGE_SETTINGS)
    return [
        {
            "year": one.year,
            "source": one.source,
            "holidays": list(one.off),
            "extra_days": list(one.work),
        }
        for one in hours.years_off().values()
    ]


def _form_of(given: shapes.CampaignGiven) -> QueryDict:
    """Return a campaign as the page's form sends it."""
    pairs: dict[str, str | int] = {
        "campaign_id": given.id,
        "name": given.name,
        "stack_mode": given.stack_mode,
        "price_protect_days": (
            "" if given.price_protect_days is None else given.price_protect_days
        ),
        "source": given.source,
        "version": given.version,
        "w-TOTAL_FORMS": len(given.windows),
        "w-INITIAL_FORMS": 0,
    }
    if given.assumed:
        pairs["assumed"] = "on"
    for number, window in enumerate(given.windows):
        pairs[f"w-{number}-phase"] = window.phase
        pairs[f"w-{number}-start"] = _local(window.start)
        pairs[f"w-{number}-end"] = _local(window.end)
    return QueryDict(urlencode(pairs))


def _local(text: str) -> str:
    """Return an instant as the local time that the form reads.

    Raises:
        BadInputError: there is no such instant.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError("windows", f"没有 {text} 这个时间", "请检查日期和时间") from error
    local = at if at.tzinfo is None else timezone.localtime(at)
    return local.strftime("%Y-%m-%dT%H:%M:%S")


def _draft(one: Draft) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "assumed": one.assumed,
        "source": one.source,
        "stack_mode": one.stack_mode,
        "price_protect_days": one.price_protect_days,
        "windows": _windows(one.windows),
    }


def _windows(found: tuple[Stretch, ...]) -> list[dict[str, object]]:
    return [{"phase": one.phase, "start": one.start, "end": one.end} for one in found]


def _begins(found: tuple[Stretch, ...], one: models.Campaign) -> tuple[datetime, str]:
    return (found[0].start if found else LATEST, one.campaign_id)


def _profile_version(found: Shop) -> int:
    profile = models.ShopProfile.objects.filter(shop_id=found.id).first()
    return profile.version if profile else 0


def _profile_kept(found: Shop, problem: str) -> dict[str, object]:
    return _kept(_profile_version(found), problem)


def _kept(version: int, problem: str) -> dict[str, object]:
    return {"version": version, "landed": not problem, "problem": problem}
