"""A list of people as rows: what each is worth, and whom the whole list would make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huisheng.app.web.accounts.editing import NewPerson
from huisheng.app.web.accounts.known import EVERY_SHOP, Places
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.narrowing import Place, problems_of
from huisheng.app.web.accounts.roles import Role
from huisheng.errors import BadInputError

HEADINGS = ("登录名", "姓名", "店铺", "角色", "部门", "客服账号", "快递")
NEEDED = HEADINGS[:4]
MOST_ROWS, MOST_LINES = 500, 5_000
_LONGEST = {"登录名": 150, "姓名": 60, "客服账号": 120, "快递": 60}
_ROLES = {**{role.label: role.value for role in Role}, **{role.value: role.value for role in Role}}
_FIELDS = {"department": "部门", "agent_id": "客服账号", "carrier": "快递"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: its number in the file, its cells, what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    place: Place
    problems: tuple[str, ...]


def cells_of(table: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Return the rows below the header as cells by heading; empty rows come out empty.

    Raises:
        BadInputError: a column is missing, there are no rows, or too many.
    """
    header = [cell.strip() for cell in table[0]] if table else []
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        raise BadInputError("表头", f"没有「{'」「'.join(lacking)}」这一列", "请用模板填写")
    places = {name: header.index(name) for name in HEADINGS if name in header}
    rows = [
        {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        for row in table[1:]
    ]
    filled = sum(any(row.values()) for row in rows)
    if len(rows) > MOST_LINES:
        raise BadInputError("文件", "空行太多", "请删掉多余的行后再上传")
    if not filled:
        raise BadInputError("文件", "只有表头，没有人", "请填写后再上传")
    if filled > MOST_ROWS:
        raise BadInputError("文件", f"有 {filled} 行，一次最多 {MOST_ROWS} 行", "请分几次上传")
    return rows


def judged(rows: Sequence[Mapping[str, str]], places: Places, taken: set[str]) -> list[Row]:
    """Return each filled row with what is wrong with it; `taken` are names in use."""
    found: list[Row] = []
    names: dict[str, str] = {}
    given: set[tuple[str, str]] = set()
    for number, cells in enumerate(rows, start=2):
        if not any(cells.values()):
            continue
        whole = dict.fromkeys(HEADINGS, "") | dict(cells)
        place, problems = _placed(whole, places)
        problems += _about_name(whole, names, taken)
        if (whole["登录名"], place.shop_id) in given:
            problems.append("同一个人在同一家店有两行，只能有一个角色")
        given.add((whole["登录名"], place.shop_id))
        found.append(Row(number, whole, place, tuple(problems)))
    return found


def people_in(rows: Sequence[Row]) -> list[NewPerson]:
    """Return the people of faultless rows; several rows of one login name are several places."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.cells["登录名"], []).append(row)
    return [
        NewPerson(username, own[0].cells["姓名"], tuple(row.place for row in own))
        for username, own in grouped.items()
    ]


def _placed(cells: Mapping[str, str], places: Places) -> tuple[Place, list[str]]:
    problems = [
        f"「{name}」太长，最多 {most} 个字"
        for name, most in _LONGEST.items()
        if len(cells[name]) > most
    ]
    shop_id = _id_of(cells["店铺"], {EVERY_SHOP: Membership.ALL_SHOPS}, places.shops)
    if shop_id is None:
        problems.append(
            f"没有「{cells['店铺']}」这家店，或不归您管" if cells["店铺"] else "没有填店铺"
        )
    role = _ROLES.get(cells["角色"])
    if role is None:
        known = "、".join(each.label for each in Role)
        problems.append(f"「角色」只能是 {known}")
    department = _id_of(cells["部门"], {}, places.departments)
    if cells["部门"] and department is None:
        known = "、".join(places.departments.values())
        problems.append(f"没有「{cells['部门']}」这个部门，只有 {known}")
    place = Place(
        shop_id or "", role or "", department or "", cells["客服账号"], cells["快递"]
    ).narrowed()
    if not problems:
        found = problems_of(place, places)
        problems = [f"{_FIELDS[field]}：{problem}" for field, problem in found.items()]
    return place, problems


def _about_name(cells: Mapping[str, str], names: dict[str, str], taken: set[str]) -> list[str]:
    username, name = cells["登录名"], cells["姓名"]
    if not username or not name:
        return ["没有填登录名" if not username else "没有填姓名"]
    if username in taken:
        return ["这个登录名已经有人用了"]
    if names.setdefault(username, name) != name:
        return [f"这个登录名在上面是「{names[username]}」，姓名不一样"]
    return []


def _id_of(text: str, more: Mapping[str, str], known: Mapping[str, str]) -> str | None:
    """Return the id that a cell names, by id or by name."""
    named = {name: id_ for id_, name in known.items()}
    found = more.get(text) or (text if text in known else named.get(text))
    return found if found in known else None
