"""What each role is narrowed to, asked for and checked the same way in forms and in files."""

from dataclasses import dataclass

from huisheng.app.web.accounts.known import Places
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Role

SHOWN_AGENTS = 6
_BY_DEPARTMENT = (Role.DEPARTMENT, Role.SUPPLIER)


@dataclass(frozen=True, slots=True)
class Place:
    """A role in one shop and what it is narrowed to."""

    shop_id: str
    role: str
    department: str = ""
    agent_id: str = ""
    carrier: str = ""

    def narrowed(self) -> "Place":
        """Return the place without what its role is not narrowed by."""
        return Place(
            self.shop_id,
            self.role,
            self.department if self.role in _BY_DEPARTMENT else "",
            self.agent_id if self.role == Role.AGENT else "",
            self.carrier if self.role == Role.SUPPLIER else "",
        )


def place_of(member: Membership) -> Place:
    """Return a membership as a place."""
    return Place(member.shop_id, member.role, member.department, member.agent_id, member.carrier)


def problems_of(place: Place, places: Places) -> dict[str, str]:
    """Return what is wrong with a place, one sentence per field."""
    if place.role in _BY_DEPARTMENT and place.department not in places.departments:
        return {"department": "请选择部门"}
    if place.role == Role.AGENT:
        return _agent_problem(place, places.agents_in(place.shop_id))
    return {}


def _agent_problem(place: Place, known: dict[str, str]) -> dict[str, str]:
    if not place.agent_id:
        return {"agent_id": "请填写客服账号"}
    if known and place.agent_id not in known:
        some = "、".join(sorted(known)[:SHOWN_AGENTS])
        more = f" 等 {len(known)} 个" if len(known) > SHOWN_AGENTS else ""
        return {"agent_id": f"这家店没有这个客服账号。已知的有 {some}{more}"}
    return {}
