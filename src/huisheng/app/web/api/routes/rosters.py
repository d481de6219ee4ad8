"""Who answers buyers, and when: accounts and shifts of a shop."""

from collections.abc import Sequence
from datetime import date

from ninja import Query, Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.routes.asking import filled, settable_shop, stretch
from huisheng.app.web.api.schemas import settings as shapes
from huisheng.app.web.api.schemas.data import OfShop
from huisheng.app.web.api.schemas.parts import A_PAGE, Page, pages_of
from huisheng.app.web.settings import changing, roster, shifts
from huisheng.app.web.settings.forms import AgentForm
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.roster import Person
from huisheng.app.web.settings.shifts import Slot
from huisheng.errors import BadInputError

router = Router(tags=["设置"])


@router.get("/agents", response=Page[shapes.AgentShown], summary="一家店的客服名单")
def agents(request: Request, asked: Query[shapes.AgentsAsked]) -> dict[str, object]:
    """List the accounts of a shop, those that only imports know as well."""
    found = roster.people_of(settable_shop(request, asked.shop_id).id)
    first = (asked.page - 1) * A_PAGE
    return {
        "rows": found[first : first + A_PAGE],
        "page": asked.page,
        "pages": pages_of(len(found)),
        "total": len(found),
    }


@router.put("/agents", response=shapes.Landed, summary="添加或改客服，全部成功或一个也不改")
def keep_agents(request: Request, given: shapes.AgentsGiven) -> dict[str, object]:
    """Keep accounts, each at the version last read: 0 where only imports know it, or nobody."""
    shop = settable_shop(request, given.shop_id)
    people = [_person(each) for each in given.agents]
    ids = [person.agent_id for person in people]
    if len(set(ids)) < len(ids):
        raise BadInputError("agents", "同一个客服编号出现了两次", "请只留一个")
    did = f"改客服 {ids[0]}" if len(ids) == 1 else f"成批改客服 {len(ids)} 个"
    return _landed(changing.keep_agents(request, shop.id, people, did))


@router.post("/agents/take", response=shapes.Landed, summary="收下导入资料里的全部客服")
def take_agents(request: Request, given: OfShop) -> dict[str, object]:
    """Make all accounts that only imports know ones that are set here."""
    return _landed(changing.take_agents(request, settable_shop(request, given.shop_id).id))


@router.get("/shifts", response=shapes.ShiftsShown, summary="一周的排班")
def week(request: Request, asked: Query[shapes.WeekAsked]) -> dict[str, object]:
    """Give the shifts that begin in the week of a day."""
    shop, monday = settable_shop(request, asked.shop_id), _monday(asked.week)
    days: dict[tuple[str, date], list[str]] = {}
    for slot in shifts.slots_of(shop.id, monday):
        days.setdefault((slot.agent_id, slot.day), []).append(slot.text)
    return {
        "shop_id": shop.id,
        "monday": monday,
        "version": shifts.week_version(shop.id, monday),
        "landed": is_landed(shop.id, changing.week_part(monday)),
        "days": [
            {"agent_id": agent_id, "day": day, "slots": slots}
            for (agent_id, day), slots in sorted(days.items())
        ],
    }


@router.put("/shifts", response=shapes.Kept, summary="改一周的排班，没有列出的人和日子不变")
def keep_week(request: Request, given: shapes.ShiftsGiven) -> dict[str, object]:
    """Keep shifts of a week."""
    shop, monday = settable_shop(request, given.shop_id), _monday(given.week)
    agents = {person.agent_id for person in roster.people_of(shop.id)}
    days: dict[tuple[str, date], Sequence[Slot]] = {}
    for each in given.days:
        if each.agent_id not in agents:
            raise BadInputError(
                "agent_id", f"名单里没有「{each.agent_id}」", "请先在客服名单里添加"
            )
        if not monday <= each.day < monday + shifts.WEEK:
            raise BadInputError("day", f"{each.day} 不在这一周", "请按周分开发")
        days[each.agent_id, each.day] = shifts.read_cell(
            each.agent_id, each.day, ", ".join(each.slots)
        )
    problem = changing.keep_week(request, shop.id, monday, days, seen=given.version)
    return _landed(problem) | {"version": given.version + 1}


@router.post("/shifts/copy", response=shapes.Kept, summary="把上一周的排班复制过来")
def copy_week(request: Request, given: shapes.WeekCopied) -> dict[str, object]:
    """Write last week's shifts over a week."""
    shop, monday = settable_shop(request, given.shop_id), _monday(given.week)
    problem = changing.copy_week(request, shop.id, monday, seen=given.version)
    return _landed(problem) | {"version": given.version + 1}


def _person(given: shapes.AgentGiven) -> Person:
    form = filled(AgentForm({**given.model_dump(exclude={"active"}), "active": given.active}))
    return Person(**form.cleaned_data)


def _monday(day: date) -> date:
    """Return the Monday of a day's week.

    Raises:
        UnknownNameError: nothing can have happened then.
    """
    first, _ = stretch(day, 1)
    return shifts.monday_of(first)


def _landed(problem: str) -> dict[str, object]:
    return {"landed": not problem, "problem": problem}
