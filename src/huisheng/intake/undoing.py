"""Take imports back: the latest of a shop, or several that build on each other, all or nothing."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.errors import NotAllowedError
from huisheng.intake.batches import BATCHES
from huisheng.intake.quarantine import forget, reopen
from huisheng.intake.staging import staging
from huisheng.intake.written import Written
from huisheng.lake import Workspace, read_manifest, undo, writing
from huisheng.records import all_tables

LABELLED = {
    "messages": "msg_id",
    "reviews": "review_no",
    "session_ratings": "rating_id",
    "refunds": "refund_no",
    "disputes": "dispute_no",
    "tickets": "ticket_no",
    "survey_answers": "survey_id",
}
"""Tables whose rows labels speak of, with the column that labels name a row by."""

_OTHERS = "又被别的操作改过（网页上的修改、删除个人信息，或旧版本程序的导入），不能单独撤销。"


@dataclass(frozen=True, slots=True)
class Import:
    """A file's latest change to the lake.

    Attributes:
        file_hash: of the file.
        file: its name.
        shops: whose rows it held.
        written: what it did.
    """

    file_hash: str
    file: str
    shops: frozenset[str]
    written: Written

    @property
    def mark(self) -> str:
        """Return what names this very change: a file imported again makes another one."""
        return f"{self.file_hash}-{self.written.at}"

    def meets(self, other: "Import") -> bool:
        """Return whether both changed a table of one shop."""
        mine, theirs = ({edit.table for edit in each.written.edits} for each in (self, other))
        return bool(self.shops & other.shops and mine & theirs)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking imports back means.

    Attributes:
        imports: which, the latest first.
        tables: what changes, per table.
    """

    imports: tuple[Import, ...]
    tables: tuple[undo.Reversal, ...]


def import_of(file_hash: str, file: str, shops: Iterable[str], written: str) -> Import:
    """Return an import out of what its batch recorded."""
    return Import(file_hash, file, frozenset(shops), Written.read(written))


def undoable(workspace: Workspace) -> list[Import]:
    """Return the imports that recorded what they did, the earliest first."""
    columns = ["shop_id", "file", "file_hash", "written"]
    found: dict[str, Import] = {}
    for row in _batches(workspace, columns).to_pylist():
        if row["written"]:
            before = found.get(row["file_hash"])
            shops = (before.shops if before else frozenset()) | {row["shop_id"]}
            found[row["file_hash"]] = import_of(
                row["file_hash"], row["file"], shops, row["written"]
            )
    # Every import writes its batch, so the version that it found tells the order.
    return sorted(found.values(), key=_order)


def together(imports: Sequence[Import], file_hash: str) -> list[Import]:
    """Return an import with all later ones that must go with it, the earliest first."""
    chosen: list[Import] = []
    for each in imports:
        if each.file_hash == file_hash or any(each.meets(member) for member in chosen):
            chosen.append(each)
    return chosen


def plan_undo(workspace: Workspace, imports: Collection[Import]) -> Undoing:
    """Return what taking these imports back would change.

    Raises:
        NotAllowedError: it is not possible, and why.
    """
    ordered = sorted(imports, key=_order)
    _check_latest(workspace, ordered)
    changes: dict[str, list[undo.Reversal]] = {}
    for span in _spans(ordered):
        _check_own(workspace, span)
        changes.setdefault(span.table, []).append(undo.reversal(workspace, span))
    return Undoing(
        tuple(reversed(ordered)), tuple(_summed(name, parts) for name, parts in changes.items())
    )


def undo_imports(
    workspace: Workspace,
    marks: Collection[str],
    *,
    on_wait: Callable[[str], None] | None = None,
) -> Undoing | None:
    """Take imports back and publish once; None where they are gone already.

    Rows they inserted go, rows they changed return to what they were, with their batches, the
    labels of vanished rows and the rejected rows; the files can then be imported again as if new.

    Raises:
        NotAllowedError: it is not possible, and why; nothing has changed.
    """
    imports = [each for each in undoable(workspace) if each.mark in marks]
    if not imports:
        return None
    names = {edit.table for each in imports for edit in each.written.edits}
    with writing(workspace, [*names, BATCHES, "labels"], on_wait) as write:
        # Only now nobody else can change what the plan rests on.
        imports = [each for each in undoable(workspace) if each.mark in marks]
        plan = plan_undo(workspace, imports)
        for span in _spans(sorted(imports, key=_order)):
            undo.take_back(write, workspace, span)
        remaining = _batches_without(workspace, imports)
        shops = frozenset().union(*(each.shops for each in imports))
        write.delete(BATCHES, f"shop_id IN ({', '.join(map(_literal, sorted(shops)))})")
        with staging(workspace.lake / "staging", "undo") as stage:
            if remaining.num_rows:
                stage.write(BATCHES, remaining)
                stage.close()
                write.upsert(BATCHES, [stage.files[BATCHES]])
    tidy_quarantine(workspace, imports)
    return plan


def tidy_quarantine(workspace: Workspace, imports: Iterable[Import]) -> None:
    """Make rejected rows agree with imports that were taken back; doing it twice is harmless."""
    left = set(_batches(workspace, ["file_hash"])["file_hash"].to_pylist())
    for each in sorted(imports, key=_order, reverse=True):
        if each.file_hash not in left:
            forget(workspace.quarantine, each.file_hash)
        older = [hash_ for hash_ in each.written.superseded if hash_ in left]
        reopen(workspace.quarantine, older, each.shops)


def _check_latest(workspace: Workspace, chosen: Sequence[Import]) -> None:
    mine = {each.file_hash for each in chosen}
    others = [each for each in undoable(workspace) if each.file_hash not in mine]
    for member in chosen:
        for later in others:
            if _order(later) > _order(member) and later.meets(member):
                raise NotAllowedError(
                    f"之后导入的「{later.file}」改动了同样的数据，要撤销「{member.file}」，"
                    "请先撤销它，或一起撤销。"
                )


def _check_own(workspace: Workspace, span: undo.Span) -> None:
    if undo.changed_by_others(workspace, span):
        raise NotAllowedError(f"导入之后，「{all_tables()[span.table].label}」{_OTHERS}")


def _spans(ordered: Sequence[Import]) -> list[undo.Span]:
    """Return, per table and shop, the writes to take back, the earliest first."""
    edits: dict[tuple[str, str], list[undo.Edit]] = {}
    for each in ordered:
        for edit in each.written.edits:
            for shop in sorted(each.shops):
                edits.setdefault((edit.table, shop), []).append(edit)
    return [
        undo.Span(table, frozenset({shop}), tuple(some), LABELLED.get(table, ""))
        for (table, shop), some in sorted(edits.items())
    ]


def _summed(name: str, parts: Iterable[undo.Reversal]) -> undo.Reversal:
    listed = list(parts)
    return undo.Reversal(
        name,
        sum(part.vanishing for part in listed),
        sum(part.reverting for part in listed),
        sum(part.labels for part in listed),
        sum(part.judged for part in listed),
    )


def _batches_without(workspace: Workspace, imports: Collection[Import]) -> pa.Table:
    """Return the batches of the imports' shops as they were before these imports."""
    schema = all_tables()[BATCHES].schema
    now = _batches(workspace, schema.names)
    shops = frozenset().union(*(each.shops for each in imports))
    hashes = pa.array([each.file_hash for each in imports], pa.string())
    of_shops = pc.is_in(now["shop_id"], pa.array(sorted(shops), pa.string()))
    kept = [now.filter(pc.and_(of_shops, pc.invert(pc.is_in(now["file_hash"], hashes))))]
    for each in imports:
        if each.written.found is not None:
            then = undo.columns_at(workspace, BATCHES, each.written.found, schema.names)
            kept.append(then.filter(pc.equal(then["file_hash"], each.file_hash)))
    return pa.concat_tables(kept)


def _batches(workspace: Workspace, columns: list[str]) -> pa.Table:
    """Return columns of the batches as last published; an older release had fewer columns."""
    version = read_manifest(workspace.lake).versions.get(BATCHES)
    if version is None:
        schema = all_tables()[BATCHES].schema
        return pa.schema([schema.field(column) for column in columns]).empty_table()
    return undo.columns_at(workspace, BATCHES, version, columns)


def _literal(shop: str) -> str:
    return f"'{shop}'"


def _order(each: Import) -> int:
    return -1 if each.written.found is None else each.written.found
