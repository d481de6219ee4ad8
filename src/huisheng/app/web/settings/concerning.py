"""What a person writes about concerns, and what it would find before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from huisheng.app.analysis.labelling import texts_by_table
from huisheng.app.concerns import Ledger, ledger
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.errors import BadInputError
from huisheng.language import Book, Change, Concern, ConcernReader, taxonomy, turned
from huisheng.metrics import Facts, Window

LONGEST_LINES = 4_000
MOST_READ = 200_000
"""Texts that hold some word of the concern and are read for a preview."""
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """What a concern would find in a period: of `texts` those `found`, and some of them."""

    period: Window
    texts: int
    found: int
    shown: tuple[str, ...]


def book() -> Ledger:
    """Return the workspace's ledger of concerns."""
    return ledger(library.workspace())


def labelled_edition() -> int:
    """Return the edition that the current run was labelled by, 0 where it knew no concerns."""
    document = library.document()
    return int(document["versions"].get("concerns", "0")) if document else 0


def written_by(request: Request, act: str, concerns: Sequence[Concern], of: Sequence[str],
               why: str) -> Change:  # fmt: skip
    """Return a change as a person makes it now."""
    at = timezone.localtime().isoformat(timespec="seconds")
    return Change(act, tuple(concerns), tuple(of), request.user.name, at, why)


def concern_of(id_: str, given: dict[str, str]) -> Concern:
    """Return a concern as written into a form.

    Raises:
        BadInputError: a field is far too long.
    """
    for name, text in given.items():
        if len(text) > LONGEST_LINES:
            raise BadInputError("关注点", f"{name} 太长", f"最多 {LONGEST_LINES} 个字")
    return Concern(
        id=id_,
        label=given.get("label", "").strip(),
        aspect=given.get("aspect", ""),
        words=_lines(given.get("words", "")),
        examples=_lines(given.get("examples", "")),
        unlike=_lines(given.get("unlike", "")),
        categories=_lines(given.get("categories", "").replace("、", "\n").replace("，", "\n")),
    )


def parts_of(whole: Concern, ids: Sequence[str], labels: Sequence[str],
             words: Sequence[str]) -> list[Concern]:  # fmt: skip
    """Return the parts of a split: those that have a name, and the rest last."""
    given = [(label.strip(), text) for label, text in zip(labels, words, strict=True)]
    named = [(label, text) for label, text in given if label or text.strip()]
    parts = [
        Concern(id_, label, whole.aspect, _lines(text), categories=whole.categories)
        for id_, (label, text) in zip(ids, named, strict=False)
    ]
    rest = Concern(
        ids[len(parts)], f"{whole.label}（其余）", whole.aspect, categories=whole.categories
    )
    return [*parts, rest]


def preview(
    facts: Facts, shops: Sequence[str], period: Window, before: Book, change: Change
) -> Preview:
    """Return what the first concern of a change would find; categories are passed over.

    Raises:
        BadInputError: the change does not fit.
    """
    after = turned(before, change, taxonomy())
    wanted = after.live.index(change.concerns[0].id)
    reader = ConcernReader(after, taxonomy())
    texts = found = 0
    shown: dict[str, None] = {}
    for rows in texts_by_table(facts.engine).values():
        lately = rows.filter(rows.shop_id.isin(list(shops)) & period.holds(rows["at"]))
        suspects = lately.filter(lately.text.re_search(reader.raw_pattern))
        read = facts.engine.arrow(suspects.select("text").limit(MOST_READ))["text"]
        item, place = reader.read(read)
        hits = read.take(item[place == wanted])
        texts += facts.engine.arrow(lately.aggregate(count=lately.count()))["count"][0].as_py()
        found += len(hits)
        shown |= dict.fromkeys(hits.slice(0, 100).to_pylist())
    return Preview(period, texts, found, tuple(sorted(shown, key=len)[:MOST_SHOWN]))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
