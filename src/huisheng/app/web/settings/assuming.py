"""Assumptions of metrics: what holds, who changed it and why, and how it is published."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from huisheng.app.assumptions import Choice, choices, publish
from huisheng.app.web import library
from huisheng.app.web.accounts.models import User
from huisheng.app.web.settings.models import Assumption, AssumptionChange
from huisheng.app.web.settings.saving import change
from huisheng.errors import BadInputError
from huisheng.metrics import Assumption as Declared
from huisheng.metrics import all_assumptions


@dataclass(frozen=True, slots=True)
class Standing:
    """One assumption as the page shows it; `value` is what holds now."""

    declared: Declared
    metric_id: str
    metric: str
    value: int
    version: int
    history: tuple[AssumptionChange, ...]

    @property
    def is_changed(self) -> bool:
        """Return whether it differs from the default."""
        return self.value != self.declared.default


def standings() -> list[Standing]:
    """Return every assumption, those of one metric together."""
    rows = {row.assumption_id: row for row in Assumption.objects.all()}
    steps: dict[str, list[AssumptionChange]] = {}
    for step in AssumptionChange.objects.select_related("user"):
        steps.setdefault(step.assumption_id, []).append(step)
    found = []
    for id_, (declared, metric_id, label) in _declared().items():
        row = rows.get(id_)
        value = row.value if row is not None and row.value is not None else declared.default
        history = tuple(steps.get(id_, ()))
        version = row.version if row else 0
        found.append(Standing(declared, metric_id, label, int(value), version, history))
    return found


def assume(id_: str, value: int | None, why: str, *, by: User, seen: int) -> None:
    """Change an assumption, or return to its default where `value` is None; not yet published.

    Raises:
        BadInputError: the value is out of bounds, or nobody says why.
        OvertakenError: another change came first; nothing is changed.
    """
    declared, _, _ = _declared()[id_]
    if value is not None and not declared.allows(value):
        bounds = f"请填 {declared.told(declared.least)} 到 {declared.told(declared.most)} 的整数"
        raise BadInputError(declared.label, f"{declared.told(value)} 不在范围里", bounds)
    if value is not None and not why:
        raise BadInputError(declared.label, "没有写为什么改", "请写一句，会显示在用到它的数字旁")
    kept = None if value == declared.default else value
    with transaction.atomic():
        change(Assumption, {"assumption_id": id_}, seen, {"value": kept})
        AssumptionChange.objects.create(
            assumption_id=id_, value=kept, why=why or "恢复默认", user=by
        )


def publish_all() -> None:
    """Write what is assumed into the workspace, where every reader of facts looks."""
    publish(library.workspace(), _choices())


def is_published() -> bool:
    """Return whether what is set here is what the numbers use."""
    try:
        return sorted(choices(library.workspace()), key=_by_id) == sorted(_choices(), key=_by_id)
    except BadInputError:
        return False


def _choices() -> list[Choice]:
    zone = ZoneInfo(library.workspace().zone)
    found = []
    for one in standings():
        if one.is_changed and one.history:
            last = one.history[0]
            who = last.user.name if last.user else ""
            at = last.at.astimezone(zone).isoformat(timespec="seconds")
            found.append(Choice(one.declared.id, one.value, who, at, last.why))
    return found


def _by_id(choice: Choice) -> str:
    return choice.id


def _declared() -> dict[str, tuple[Declared, str, str]]:
    return {
        id_: (declared, metric_id, metric.label)
        for id_, (declared, metric_id, metric) in all_assumptions().items()
    }
