"""The room's front page, a shop's own data, its departments, and the switch of language models."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.llm import Permission
from huisheng.app.report.labels import PLATFORMS
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, Event
from huisheng.app.web.settings import changing, models, roster, shifts
from huisheng.app.web.settings.assuming import standings
from huisheng.app.web.settings.campaigns import campaigns_of, imported
from huisheng.app.web.settings.changing import Profile
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.promotions import countdown
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, seen_version
from huisheng.app.web.settings.shops import CHANNELS, Shop, shop_asked, shops_of
from huisheng.app.web.settings.switching import (
    allow_model,
    forbid_model,
    may_use_language_model,
    standing,
)
from huisheng.errors import BadInputError
from huisheng.language import taxonomy

LATELY = 8


@dataclass(frozen=True, slots=True)
class Card:
    """One part of the settings: what holds now, and what should still be done."""

    title: str
    address: str
    now: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """Who speaks for a department."""

    id: str
    label: str
    owner: str
    contact: str
    version: int


@require_GET
def front(request: Request) -> HttpResponseBase:
    """Show what is set of a shop, and what is not."""
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        return render(request, "settings/nothing.html.j2")
    mine = Event.objects.filter(act=Act.CHANGED, shop_id=shop.id).select_related("user")
    context = {
        "shops": shops,
        "shop": shop,
        "count": countdown(campaigns_of(shop.id), timezone.localtime()),
        "cards": [*_cards(shop), *_elsewhere(request)],
        "changes": mine[:LATELY],
    }
    return render(request, "settings/front.html.j2", context)


@require_http_methods(["GET", "POST"])
def shop_page(request: Request) -> HttpResponseBase:
    """Show and keep a shop's name, platform, category, channels and departments."""
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        return render(request, "settings/nothing.html.j2")
    problem = ""
    if request.method == "POST":
        is_shop = request.POST.get("what") == "shop"
        try:
            problem = _keep_shop(request, shop) if is_shop else _keep_department(request, shop)
        except OvertakenError:
            problem = OVERTAKEN
        except BadInputError as exc:
            problem = str(exc)
        if not problem:
            return redirect(f"{reverse('settings-shop')}?{urlencode({'shop': shop.id})}")
    profile = models.ShopProfile.objects.filter(shop_id=shop.id).first()
    context = {
        "shops": shops,
        "shop": shop,
        "platforms": PLATFORMS if shop.platform in PLATFORMS else {"": "不清楚", **PLATFORMS},
        "zone": library.workspace().zone,
        "channels": CHANNELS,
        "chosen_channels": profile.channels if profile else [],
        "version": profile.version if profile else 0,
        "departments": departments_of(shop.id),
        "landed": is_landed(shop.id, "shops"),
        "problem": problem,
    }
    return render(request, "settings/shop.html.j2", context, status=409 if problem else 200)


@require_POST
def again(request: Request) -> HttpResponseBase:
    """Write what is set of a shop once more, where the lake was not given it."""
    shop = shop_asked(request, shops_of(request))
    if shop is None:
        raise Http404
    changing.land_again(shop.id)
    return redirect(f"{reverse('settings')}?{urlencode({'shop': shop.id})}")


@require_http_methods(["GET", "POST"])
def model_page(request: Request) -> HttpResponseBase:
    """Show whether words may go to a language model; an owner may say so, with a reason."""
    request.access.need(Right.CHANGE_SETTINGS)
    owner = changing.owns_everything(request)
    problem = ""
    if request.method == "POST":
        if not owner:
            raise PermissionDenied
        try:
            _switch(request)
        except OvertakenError:
            problem = OVERTAKEN
        except BadInputError as exc:
            problem = str(exc)
        if not problem:
            return redirect("settings-model")
    context = {
        "standing": standing(),
        "may_change": owner,
        "given": request.POST,
        "problem": problem,
    }
    return render(request, "settings/model.html.j2", context, status=400 if problem else 200)


def _switch(request: Request) -> None:
    given, seen = request.POST, seen_version(request)
    why = given.get("why", "").strip()[:300]
    if given.get("on") != "1":
        forbid_model(request, why, seen)
        return
    permission = Permission(
        endpoint=given.get("endpoint", "").strip()[:300],
        model=given.get("model", "").strip()[:100],
        daily_requests=_count(given.get("daily_requests", "")),
        daily_tokens=_count(given.get("daily_tokens", "")),
    )
    allow_model(request, permission, why, seen)


def _count(said: str) -> int:
    """Return the number a field says, 0 where it says none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def _keep_shop(request: Request, shop: Shop) -> str:
    given = Profile(
        request.POST.get("name", "").strip()[:60],
        request.POST.get("platform", ""),
        request.POST.get("category", "").strip()[:60],
        tuple(request.POST.getlist("channels")),
    )
    return changing.keep_profile(request, shop, given, seen=seen_version(request))


def _keep_department(request: Request, shop: Shop) -> str:
    changing.keep_department(
        request,
        shop.id,
        request.POST.get("department", ""),
        request.POST.get("owner", "").strip()[:60],
        request.POST.get("contact", "").strip()[:120],
        seen=seen_version(request),
    )
    return ""


def departments_of(shop_id: str) -> list[DepartmentRow]:
    """Return who speaks for each department of a shop, as far as anybody said."""
    known = {row.department: row for row in models.Department.objects.filter(shop_id=shop_id)}
    return [
        DepartmentRow(id_, department.label, row.owner, row.contact, row.version)
        if (row := known.get(id_))
        else DepartmentRow(id_, department.label, "", "", 0)
        for id_, department in taxonomy().departments.items()
    ]


def _elsewhere(request: Request) -> list[Card]:
    """Return the rooms in which the rest is set, for those who may enter them."""
    everywhere = Membership.ALL_SHOPS
    rooms = (
        ("digest", Right.CHANGE_SETTINGS, everywhere, "周报", "每周一封邮件，只有数字和标题"),
        ("channels", Right.CHANGE_SETTINGS, everywhere, "通知渠道", "钉钉、飞书、企业微信群机器人"),
        ("people", Right.MANAGE_PEOPLE, None, "人员与角色", "账号、店铺权限、两步验证"),
        ("audit", Right.SEE_AUDIT, None, "审计", "谁看过、改过、导出过什么"),
        ("privacy", Right.HANDLE_PRIVACY, None, "隐私", "保存多久、买家要求的导出与删除"),
    )
    return [
        Card(title, reverse(name), now)
        for name, right, shop_id, title, now in rooms
        if request.access.may(right, shop_id)
    ]


def _cards(shop: Shop) -> list[Card]:
    asked = urlencode({"shop": shop.id})

    def address(name: str) -> str:
        return f"{reverse(name)}?{asked}"

    mine, offered = campaigns_of(shop.id), imported(shop.id)
    people = roster.people_of(shop.id)
    active = [person for person in people if person.active and person.role != "robot"]
    unset = sum(not person.version for person in people)
    monday = shifts.monday_of(timezone.localdate())
    slots = shifts.slots_of(shop.id, monday)
    with library.facts() as facts:
        hours = shop.id in facts.calendars
    changed = sum(one.is_changed for one in standings())
    return [
        Card(
            "活动日历",
            address("settings-campaigns"),
            f"{len(mine)} 个活动",
            f"导入的资料里还有 {len(offered)} 个没有收下" if offered else "",
        ),
        Card(
            "营业时间",
            address("settings-calendar"),
            "已设" if hours else "默认：周一至周五 09:00–18:00",
            "" if hours else "设一次，投诉处理时间才准",
        ),
        Card(
            "客服名单",
            address("settings-agents"),
            f"{len(active)} 位在职客服",
            f"{unset} 个账号只在导入的资料里" if unset else "",
        ),
        Card(
            "排班",
            address("settings-shifts"),
            f"本周 {len(slots)} 班" if slots else "本周还没有排班",
        ),
        Card(
            "指标假设",
            reverse("settings-assumptions"),
            f"{changed} 项与默认不同" if changed else "全部是默认值",
        ),
        Card("店铺与部门", address("settings-shop"), f"{shop.name} {shop.platform_name}"),
        Card(
            "语言模型",
            reverse("settings-model"),
            "已允许" if may_use_language_model() else "关闭，不联网",
        ),
    ]
