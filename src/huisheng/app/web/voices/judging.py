"""Keep what people say of labels, and land it in the lake where it wins over the model.

The judgement is durable in the operational store first; landing repeats until it succeeds, and
landing twice changes nothing.
"""

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import IntegrityError, transaction
from django.utils import timezone

from huisheng.app.web.accounts.models import User
from huisheng.app.web.voices.models import Correction, Outcome, Verdict
from huisheng.app.web.voices.part import NO_LABEL, UNDATED, Part, Source
from huisheng.app.web.voices.tags import Tag
from huisheng.errors import UnavailableError
from huisheng.lake import Workspace, writing
from huisheng.metrics import Facts, day_of
from huisheng.metrics.window import DAY_US
from huisheng.records import all_tables

HUMAN = "human"
MODEL = ("model", "rule")
"""Sources of the shipped model, whose agreement with people is measured; no other model's."""
MOST_AT_ONCE = 10_000


class OvertakenError(Exception):
    """Somebody else judged the same head of the same line after the page was shown."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of one head of one line, on a page that had shown `seen` judgements."""

    source: Source
    said_at_us: int | None
    head: str
    before: frozenset[Tag]
    after: frozenset[Tag]
    model_said: frozenset[Tag]
    seen: int


def judgements_of(source: Source) -> list[Correction]:
    """Return what people have said of a line, latest first."""
    shop_id, table_name, row_id = source
    found = Correction.objects.filter(shop_id=shop_id, table_name=table_name, row_id=row_id)
    return list(found.select_related("user"))


def model_labels(facts: Facts, source: Source) -> frozenset[Tag]:
    """Return what the model and the rules say of a line, whatever people said."""
    shop_id, table_name, row_id = source
    part = Part(
        facts.engine,
        {
            "labels": lambda labels: labels.filter(
                (labels.shop_id == shop_id)
                & (labels.table_name == table_name)
                & (labels.row_id == row_id)
                & labels.source.isin(MODEL)
            )
        },
    )
    rows = facts.engine.arrow(Facts(part).relation("current_labels")).to_pylist()
    return frozenset(Tag(row["head"], row["label"], row["value"] or 0) for row in rows)


def judge(judgement: Judgement, by: User) -> Correction:
    """Record a judgement.

    Raises:
        OvertakenError: another judgement came first; nothing is changed.
    """
    shop_id, table_name, row_id = judgement.source
    same = {
        "shop_id": shop_id,
        "table_name": table_name,
        "row_id": row_id,
        "head": judgement.head,
    }
    try:
        with transaction.atomic():
            last = Correction.objects.filter(**same).order_by("-number").first()
            if (last.number if last else 0) != judgement.seen:
                raise OvertakenError
            # Versions order judgements, so a clock set back must not turn them around.
            after_last = last.at + timedelta(microseconds=1) if last else timezone.now()
            now = max(timezone.now(), after_last)
            Correction.objects.filter(**same, newest=True).update(newest=False)
            made = Correction.objects.create(
                **same,
                number=judgement.seen + 1,
                at=now,
                user=by,
                before=_pairs(judgement.before),
                after=_pairs(judgement.after),
                model_said=_pairs(judgement.model_said),
                agreed=judgement.after == judgement.model_said,
                version=now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
                said_at_us=judgement.said_at_us,
            )
            Verdict.objects.bulk_create(_verdicts(made, judgement.model_said, judgement.after))
    except IntegrityError as exc:
        raise OvertakenError from exc
    return made


def land(workspace: Workspace, offset_us: int) -> bool:
    """Land every judgement that has not landed yet; return False where the lake cannot be written.

    What could not be landed now is landed with the next judgement.
    """
    waiting = list(Correction.objects.filter(landed_at=None).order_by("id")[:MOST_AT_ONCE])
    if not waiting:
        return True
    staging = workspace.lake / "staging" / f"corrections-{uuid.uuid4().hex}.parquet"
    try:
        staging.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(label_rows(waiting, offset_us), staging, compression="zstd")
        with writing(workspace, ["labels"]) as write:
            write.upsert("labels", [staging])
    except (UnavailableError, OSError):
        return False
    finally:
        with suppress(OSError):
            staging.unlink()
    landed = [correction.pk for correction in waiting]
    Correction.objects.filter(pk__in=landed).update(landed_at=timezone.now())
    return True


def label_rows(corrections: Iterable[Correction], offset_us: int) -> pa.Table:
    """Return the lake's rows of some judgements: all labels that hold, or that none does."""
    schema = all_tables()["labels"].schema
    empty: dict[str, object] = dict.fromkeys(schema.names)
    rows = [
        empty
        | {
            "shop_id": correction.shop_id,
            "table_name": correction.table_name,
            "row_id": correction.row_id,
            "head": correction.head,
            "label": label,
            "value": value,
            "p": 1.0,
            "source": HUMAN,
            "version": correction.version,
            "at": correction.said_at_us,
            "source_file": "huisheng.voices",
            "source_row": correction.pk,
            "imported_at": _micros(correction.at),
            "local_date": _local_date(correction.said_at_us, offset_us),
        }
        for correction in corrections
        for label, value in correction.after or [(NO_LABEL[-1], 0)]
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def _local_date(at: int | None, offset_us: int) -> str:
    """Return the day that every label of the line has, so that they stay in one partition."""
    return UNDATED if at is None else day_of((at + offset_us) // DAY_US).isoformat()


def _micros(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000_000)


def _pairs(tags: Iterable[Tag]) -> list[list[object]]:
    return [[tag.label, tag.value] for tag in sorted(tags)]


def tags_of(head: str, pairs: Sequence[tuple[str, int]]) -> list[Tag]:
    """Return stored pairs as tags."""
    return [Tag(head, label, value) for label, value in pairs]


def _verdicts(
    correction: Correction, model_said: frozenset[Tag], after: frozenset[Tag]
) -> list[Verdict]:
    outcomes = (
        (Outcome.KEPT, model_said & after),
        (Outcome.REMOVED, model_said - after),
        (Outcome.ADDED, after - model_said),
    )
    return [
        Verdict(correction=correction, label=tag.label, value=tag.value, outcome=outcome)
        for outcome, tags in outcomes
        for tag in sorted(tags)
    ]
