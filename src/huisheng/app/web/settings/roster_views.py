"""The list of who answers, one account of it, and lists taken from files."""

from collections import Counter

from django.core import signing
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.defused import csv_answer
from huisheng.app.web.settings import bulk, changing, roster
from huisheng.app.web.settings.forms import AgentForm
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.models import ROLES
from huisheng.app.web.settings.paging import page_of
from huisheng.app.web.settings.roster import Person
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError
from huisheng.app.web.settings.sending import packed_people, unpacked_people, uploaded
from huisheng.app.web.settings.shops import Shop, shop_asked, shops_of
from huisheng.errors import BadInputError

STALE = "预览放得太久，或不是在这里做的，请重新上传。"


@require_GET
def page(request: Request) -> HttpResponseBase:
    """List the accounts of a shop."""
    return _page(request, "", 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request) -> HttpResponseBase:
    """Add an account, or change one."""
    shop = _shop(request)
    wanted = request.GET.get("agent", "")
    known = {person.agent_id: person for person in roster.people_of(shop.id)}
    person = known.get(wanted)
    if wanted and person is None:
        raise Http404
    form = AgentForm(request.POST or None, initial=_initial(person))
    problem = ""
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        if person is not None:
            given["agent_id"] = person.agent_id
        if person is None and given["agent_id"] in known:
            problem = "这个编号已经在名单里，请直接修改它。"
        else:
            did, people = f"改客服 {given['display_name'] or given['agent_id']}", [Person(**given)]
            try:
                told = changing.keep_agents(request, shop.id, people, did)
                return _landed(request, shop, told)
            except OvertakenError:
                problem = OVERTAKEN
    context = {"shop": shop, "form": form, "person": person, "problem": problem}
    return render(request, "settings/agent.html.j2", context, status=409 if problem else 200)


@require_POST
def take_over(request: Request) -> HttpResponseBase:
    """Make all accounts that only imports know ones that are set here."""
    shop = _shop(request)
    try:
        problem = changing.take_agents(request, shop.id)
    except OvertakenError:
        return _page(request, OVERTAKEN, 409)
    return _landed(request, shop, problem)


@require_POST
def preview(request: Request) -> HttpResponseBase:
    """Show what a file would change, row by row; nothing is changed yet."""
    shop = _shop(request)
    now = {person.agent_id: person for person in roster.people_of(shop.id)}
    try:
        name, content = uploaded(request)
        read = bulk.read_people(name, content, now)
    except BadInputError as exc:
        return _page(request, str(exc), 400)
    lines = [(person, _difference(now.get(person.agent_id), person)) for person in read.people]
    context = {
        "shop": shop,
        "file": name,
        "lines": lines,
        "wrong": read.wrong,
        "roles": dict(ROLES),
        "packed": packed_people(shop.id, read.people),
    }
    return render(request, "settings/agents_preview.html.j2", context)


@require_POST
def take_file(request: Request) -> HttpResponseBase:
    """Keep what a preview showed."""
    shop = _shop(request)
    try:
        people = unpacked_people(shop.id, request.POST.get("packed", ""))
    except signing.BadSignature:
        return _page(request, STALE, 400)
    try:
        did = f"从文件导入客服 {len(people)} 个"
        problem = changing.keep_agents(request, shop.id, people, did)
    except OvertakenError:
        return _page(request, OVERTAKEN, 409)
    return _landed(request, shop, problem)


@require_GET
def template(request: Request) -> HttpResponseBase:
    """Give the template for a list of people."""
    shops_of(request)
    return csv_answer("客服名单.csv", [bulk.PEOPLE_HEADER, bulk.PEOPLE_EXAMPLE])


def _landed(request: Request, shop: Shop, problem: str) -> HttpResponseBase:
    if problem:
        return _page(request, problem, 503)
    return redirect(f"{reverse('settings-agents')}?shop={shop.id}")


def _page(request: Request, problem: str, status: int) -> HttpResponseBase:
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        return render(request, "settings/nothing.html.j2")
    people = roster.people_of(shop.id)
    groups = Counter(p.group_name for p in people if p.active)
    group = request.GET.get("group", "")
    shown = [p for p in people if not group or p.group_name == group]
    context = {
        "shops": shops,
        "shop": shop,
        "page": page_of(request, shown),
        "groups": sorted(groups.items()),
        "group": group,
        "unset": sum(not p.version for p in people),
        "roles": dict(ROLES),
        "landed": is_landed(shop.id, changing.AGENTS),
        "problem": problem,
        "header": bulk.PEOPLE_HEADER,
    }
    return render(request, "settings/agents.html.j2", context, status=status)


def _initial(person: Person | None) -> dict[str, object]:
    if person is None:
        return {"version": 0, "active": True, "role": "human"}
    fields = ("agent_id", "display_name", "account", "role", "group_name", "active", "joined_at")
    values = (
        person.agent_id,
        person.display_name,
        person.account,
        person.role,
        person.group_name,
        person.active,
        person.joined_at,
    )
    return {"version": person.version, **dict(zip(fields, values, strict=True))}


def _difference(before: Person | None, after: Person) -> str:
    """Return what a row changes, in words."""
    if before is None:
        return "新增"
    sides = (
        ("花名", before.display_name, after.display_name),
        ("子账号", before.account, after.account),
        ("角色", dict(ROLES).get(before.role, before.role), dict(ROLES)[after.role]),
        ("组", before.group_name, after.group_name or roster.UNGROUPED),
        ("在职", "是" if before.active else "否", "是" if after.active else "否"),
    )
    told = [f"{name} {old or '空'} → {new or '空'}" for name, old, new in sides if old != new]
    return "；".join(told) or "没有变化"


def _shop(request: Request) -> Shop:
    shop = shop_asked(request, shops_of(request))
    if shop is None:
        raise Http404
    return shop
