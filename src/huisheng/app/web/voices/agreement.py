"""How often people agree with the model, by head and by label."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from huisheng.app.web.voices.models import Correction, Outcome, Verdict
from huisheng.app.web.voices.tags import HEADS, Tag
from huisheng.language import licence

ENOUGH = 30
"""Judgements below which a share is no measure yet."""
MOST_LABELS = 40


@dataclass(frozen=True, slots=True)
class HeadAgreement:
    """Judged lines of one head, and on how many the model was right in full."""

    head: str
    judged: int
    agreed: int

    @property
    def name(self) -> str:
        """Return the head's Chinese name."""
        return HEADS[self.head]

    @property
    def share(self) -> float | None:
        """Return the share agreed with; None where nobody judged."""
        return self.agreed / self.judged if self.judged else None

    @property
    def is_little(self) -> bool:
        """Return whether there are too few judgements to rely on."""
        return self.judged < ENOUGH


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """What people said of one label: `kept` and `removed` of the model's, `added` by people."""

    tag: Tag
    kept: int
    removed: int
    added: int

    @property
    def head(self) -> str:
        """Return the head's Chinese name."""
        return HEADS[self.tag.head]

    @property
    def precision(self) -> licence.Interval | None:
        """Return the share of the model's labels that people kept."""
        return self._cells.precision

    @property
    def recall(self) -> licence.Interval | None:
        """Return the share of people's labels that the model had given."""
        return self._cells.recall

    @property
    def _cells(self) -> licence.Cells:
        return licence.Cells.plain(self.kept, self.removed, self.added, 0)


def by_head(shops: Sequence[str]) -> list[HeadAgreement]:
    """Return the agreement of every head in some shops; the newest judgement of a line counts."""
    newest = Correction.objects.filter(newest=True, shop_id__in=shops)
    counts = {
        row["head"]: row
        for row in newest.order_by()
        .values("head")
        .annotate(judged=Count("id"), right=Count("id", filter=Q(agreed=True)))
    }
    empty = {"judged": 0, "right": 0}
    found = [(head, counts.get(head, empty)) for head in HEADS]
    return [HeadAgreement(head, row["judged"], row["right"]) for head, row in found]


def by_label(shops: Sequence[str]) -> list[LabelAgreement]:
    """Return the labels judged most often."""
    verdicts = Verdict.objects.filter(correction__newest=True, correction__shop_id__in=shops)
    rows = (
        verdicts.values("correction__head", "label", "value")
        .annotate(
            seen=Count("id"),
            kept=Count("id", filter=Q(outcome=Outcome.KEPT)),
            removed=Count("id", filter=Q(outcome=Outcome.REMOVED)),
            added=Count("id", filter=Q(outcome=Outcome.ADDED)),
        )
        .order_by("-seen", "correction__head", "label", "value")[:MOST_LABELS]
    )
    return [
        LabelAgreement(
            Tag(row["correction__head"], row["label"], row["value"]),
            row["kept"],
            row["removed"],
            row["added"],
        )
        for row in rows
    ]
