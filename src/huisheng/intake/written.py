"""What an import did to the lake, kept with its batch so that it can be taken back."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.lake import undo


@dataclass(frozen=True, slots=True)
class Written:
    """One import's change.

    Attributes:
        at: when, UTC microseconds.
        edits: the tables it changed, `import_batches` left out.
        found: version of `import_batches` that it found, None where there was none.
        superseded: files whose rejected rows it replaced.
    """

    at: int
    edits: tuple[undo.Edit, ...]
    found: int | None
    superseded: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return it as JSON."""
        tables = {edit.table: [edit.before, edit.after] for edit in self.edits}
        return json.dumps(
            {
                "at": self.at,
                "tables": tables,
                "found": self.found,
                "superseded": list(self.superseded),
            }
        )

    @classmethod
    def read(cls, text: str) -> "Written":
        """Return what `text` gave."""
        said = json.loads(text)
        edits = (undo.Edit(name, *versions) for name, versions in said["tables"].items())
        return cls(said["at"], tuple(edits), said["found"], tuple(said["superseded"]))


def edits_of(
    before: Mapping[str, int], after: Mapping[str, int], left_out: Collection[str]
) -> tuple[undo.Edit, ...]:
    """Return what a write did, by the versions published before and made by it."""
    names = sorted(set(after) - set(left_out))
    return tuple(undo.Edit(name, before.get(name), after[name]) for name in names)


def with_written(batches: pa.Table, known: Iterable[str], written: Written) -> pa.Table:
    """Return `import_batches` rows that tell of a change.

    A file that was imported before and changes nothing this time leaves its row as it is: what
    can be taken back is still its earlier change.
    """
    text = pa.repeat(written.text, batches.num_rows)
    if not written.edits:
        old = pc.is_in(batches["batch_id"], pa.array(sorted(known), pa.string()))
        text = pc.if_else(old, pa.scalar(None, pa.string()), text)
    at = batches.schema.get_field_index("written")
    return batches.set_column(at, batches.schema.field(at), text)
