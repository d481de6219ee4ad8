"""Scores read off the platform's pages and written down: they land as any import does."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date

from huisheng.app.analysis import SCORE_LABELS
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.overview.forms import ReadingForm
from huisheng.app.web.typed_in import land_rows
from huisheng.metrics import Facts

HEADER = ("shop_id", "taken_on", "score_id", "dimension", "score", "standards")
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """One score of one day; `target` is what the shop wants to reach, None where nobody said."""

    shop_id: str
    score_id: str
    label: str
    taken_on: str
    score: float
    target: float | None


def readings(facts: Facts, shops: list[str]) -> list[Reading]:
    """Return what was read off for some shops, the latest first."""
    rows = facts.table("platform_score_snapshots")
    held = rows.filter(rows.shop_id.isin(shops) & rows.score.notnull() & rows.taken_on.notnull())
    ordered = held.order_by(held.taken_on.desc(), "shop_id", "score_id").limit(SHOWN)
    columns = ("shop_id", "score_id", "taken_on", "score", "standards")
    return [
        Reading(
            row["shop_id"],
            row["score_id"],
            SCORE_LABELS.get(row["score_id"], row["score_id"]),
            row["taken_on"],
            float(row["score"]),
            _target(row["standards"]),
        )
        for row in facts.engine.arrow(ordered.select(*columns)).to_pylist()
    ]


def write_down(
    shop_id: str, score_id: str, taken_on: date, score: float, target: float | None
) -> None:
    """Land one reading; one of the same day and score takes its place.

    Raises:
        BadInputError: intake refuses it.
        UnavailableError: the workspace cannot be written.
    """
    standards = "" if target is None else json.dumps({"target": target})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    row = (shop_id, taken_on.isoformat(), score_id, "total", f"{score:g}", standards)
    writer.writerows([HEADER, row])
    land_rows(shop_id, "platform_score_snapshots（读数）.csv", out.getvalue(), "平台评分")


def keep_reading(request: Request, form: ReadingForm) -> Reading:
    """Land the reading of a valid form, and write it into the audit.

    Raises:
        PermissionDenied: the person may not import for its shop.
        BadInputError: intake refuses it.
        UnavailableError: the workspace cannot be written.
    """
    given = form.cleaned_data
    shop_id, score_id, day = given["shop"], given["score_id"], given["taken_on"]
    request.access.need(Right.IMPORT_DATA, shop_id)
    write_down(shop_id, score_id, day, given["score"], given["target"])
    note(request, Act.IMPORTED, f"平台评分 {score_id} {day} {given['score']:g}", shop_id)
    label = SCORE_LABELS[score_id]
    return Reading(shop_id, score_id, label, day.isoformat(), given["score"], given["target"])


def _target(standards: str | None) -> float | None:
    try:
        found = json.loads(standards or "{}")
    except ValueError:
        return None
    value = found.get("target") if isinstance(found, dict) else None
    return float(value) if isinstance(value, int | float) else None
