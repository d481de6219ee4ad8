"""Read a list of people or of shifts out of a CSV or XLSX, telling every row that is wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from huisheng.app.web.settings.models import ROLES
from huisheng.app.web.settings.roster import Person
from huisheng.app.web.settings.shifts import Slot, read_cell
from huisheng.app.web.small_tables import read_table
from huisheng.errors import BadInputError

MOST_ROWS = 3000
LONGEST_CELL = 120
PEOPLE_HEADER = ("客服编号", "花名", "子账号", "角色", "客服组", "在职", "入职日期")
SHIFTS_HEADER = ("客服编号", "日期", "上班", "下班")
PEOPLE_EXAMPLE = ("小鹿", "小鹿", "主账号:小鹿", "人工客服", "售前组", "是", "2026-03-01")
SHIFTS_EXAMPLE = ("小鹿", "2026-11-23", "09:00", "18:00")
_ROLES = {
    **{label: id_ for id_, label in ROLES},
    **{id_: id_ for id_, _ in ROLES},
    **{"客服": "human"},
}
_YES = frozenset({"是", "在职", "1", "true", "y", "yes"})
_NO = frozenset({"否", "离职", "不在职", "0", "false", "n", "no"})

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken, with its number in the file and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: what can be taken, and what cannot."""

    people: tuple[Person, ...] = ()
    slots: tuple[Slot, ...] = ()
    wrong: tuple[Wrong, ...] = ()


def read_people(name: str, content: bytes, known: Mapping[str, Person]) -> Read:
    """Read a list of people.

    Args:
        name: the file's name, which says its format.
        content: the file.
        known: every account by id; where a cell is empty, what is known of the account stays.

    Raises:
        BadInputError: the file as a whole cannot be read.
    """
    people: list[Person] = []

    def take(cells: Cells) -> None:
        person = _person(cells, known)
        if any(other.agent_id == person.agent_id for other in people):
            raise BadInputError("客服编号", f"「{person.agent_id}」前面已经有了", "请只留一行")
        people.append(person)

    wrong = _each(read_table(name, content), PEOPLE_HEADER, take)
    return Read(people=tuple(people), wrong=wrong)


def read_shifts(name: str, content: bytes, agents: frozenset[str]) -> Read:
    """Read a list of shifts of known agents.

    Raises:
        BadInputError: the file as a whole cannot be read.
    """
    slots: list[Slot] = []

    def take(cells: Cells) -> None:
        agent_id = cells["客服编号"]
        if agent_id not in agents:
            raise BadInputError("客服编号", f"名单里没有「{agent_id}」", "请先在客服名单里添加")
        day = _day(cells["日期"])
        if day is None:
            raise BadInputError("日期", "没有写", "请写成 2026-11-23")
        slots.extend(read_cell(agent_id, day, f"{_clock(cells['上班'])}-{_clock(cells['下班'])}"))

    wrong = _each(read_table(name, content), SHIFTS_HEADER, take)
    return Read(slots=tuple(dict.fromkeys(slots)), wrong=wrong)


def _each(
    rows: Sequence[Sequence[str]], header: Sequence[str], take: Callable[[Cells], None]
) -> tuple[Wrong, ...]:
    found = [cell.strip() for cell in rows[0]] if rows else []
    absent = [name for name in header if name not in found]
    if header[0] not in found or (header is SHIFTS_HEADER and absent):
        raise BadInputError("表头", f"没有「{'、'.join(absent)}」列", "请用模板填写，列名不要改")
    if len(rows) > MOST_ROWS + 1:
        raise BadInputError("文件", f"超过 {MOST_ROWS} 行", "请拆成几份")
    wrong = []
    for number, row in enumerate(rows[1:], start=2):
        cells = dict.fromkeys(header, "") | dict(zip(found, (c.strip() for c in row), strict=False))
        if not any(cells.values()):
            continue
        try:
            take(cells)
        except BadInputError as exc:
            wrong.append(Wrong(number, str(exc)))
    return tuple(wrong)


def _person(cells: Cells, known: Mapping[str, Person]) -> Person:
    agent_id, role, active = cells["客服编号"], cells["角色"], cells["在职"].casefold()
    long = [name for name in PEOPLE_HEADER if len(cells[name]) > LONGEST_CELL]
    if not agent_id:
        raise BadInputError("客服编号", "没有写", "请补上")
    if long:
        raise BadInputError("、".join(long), "太长", f"请缩到 {LONGEST_CELL} 个字以内")
    if role and role not in _ROLES:
        raise BadInputError("角色", f"不认识「{role}」", "请写人工客服、主管、机器人或系统")
    if active and active not in _YES | _NO:
        raise BadInputError("在职", f"不认识「{active}」", "请写是或否")
    before = known.get(agent_id) or Person(agent_id, "", "", "human", "", True, None)
    return Person(
        agent_id,
        cells["花名"][:60] or before.display_name,
        cells["子账号"] or before.account,
        _ROLES[role] if role else before.role,
        cells["客服组"][:60] or before.group_name,
        active in _YES if active else before.active,
        _day(cells["入职日期"]) or before.joined_at,
        before.version,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-").partition(" ")[0]).date()
    except ValueError:
        found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", text)
        if found is None:
            raise BadInputError("日期", f"「{text[:20]}」看不懂", "请写成 2026-11-23") from None
        year, month, day = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise BadInputError("日期", f"没有 {text} 这一天", "请检查日期") from None


def _clock(text: str) -> str:
    """Return a time of day as `HH:MM`, seconds left out."""
    return re.sub(r"^(\d{1,2}:\d{2}):\d{2}$", r"\1", text)
