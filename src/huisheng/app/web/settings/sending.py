"""What a preview sends back to be kept: signed, so that it is what the preview showed."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core import signing

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.settings.roster import Person
from huisheng.app.web.settings.shifts import Slot
from huisheng.app.web.small_tables import MOST_BYTES
from huisheng.errors import BadInputError

LONGEST_SECONDS = 3600
_PEOPLE, _SLOTS = "settings.people", "settings.slots"


def uploaded(request: Request) -> tuple[str, bytes]:
    """Return the name and content of the file of a form.

    Raises:
        BadInputError: there is none, or it is too large.
    """
    file = request.FILES.get("file")
    if file is None:
        raise BadInputError("文件", "没有选择", "请选择一个 CSV 或 XLSX")
    name = str(file.name)
    if (file.size or 0) > MOST_BYTES:
        raise BadInputError(name, f"超过 {MOST_BYTES >> 20} MB", "请拆成几份")
    return name, file.read()


def packed_people(shop_id: str, people: Iterable[Person]) -> str:
    """Return people of a shop as signed text."""
    rows = [
        (
            p.agent_id, p.display_name, p.account, p.role, p.group_name, p.active,
            p.joined_at.isoformat() if p.joined_at else None, p.version,
        )
        for p in people
    ]  # fmt: skip
    return signing.dumps([shop_id, rows], salt=_PEOPLE, compress=True)


def unpacked_people(shop_id: str, packed: str) -> list[Person]:
    """Return the people that a preview of a shop showed.

    Raises:
        BadSignature: it is not from a preview of this shop, or an hour old.
    """
    (rows,) = _loaded(shop_id, packed, _PEOPLE)
    return [
        Person(
            agent_id,
            display_name,
            account,
            role,
            group_name,
            active,
            date.fromisoformat(joined_at) if joined_at else None,
            version,
        )
        for agent_id, display_name, account, role, group_name, active, joined_at, version in rows
    ]


def packed_slots(shop_id: str, slots: Iterable[Slot], versions: dict[str, int]) -> str:
    """Return shifts of a shop as signed text, with the version of every week (ISO Monday)."""
    rows = [(s.agent_id, s.start.isoformat(), s.end.isoformat()) for s in slots]
    return signing.dumps([shop_id, rows, versions], salt=_SLOTS, compress=True)


def unpacked_slots(shop_id: str, packed: str) -> tuple[list[Slot], dict[str, int]]:
    """Return the shifts and the versions of their weeks that a preview of a shop showed.

    Raises:
        BadSignature: it is not from a preview of this shop, or an hour old.
    """
    rows, versions = _loaded(shop_id, packed, _SLOTS)
    slots = [Slot(a, datetime.fromisoformat(s), datetime.fromisoformat(e)) for a, s, e in rows]
    return slots, versions


def _loaded(shop_id: str, packed: str, salt: str) -> list:  # type: ignore[type-arg]
    found = signing.loads(packed, salt=salt, max_age=LONGEST_SECONDS)
    if found[0] != shop_id:
        raise signing.BadSignature("of another shop")
    rest: list = found[1:]  # type: ignore[type-arg]
    return rest
