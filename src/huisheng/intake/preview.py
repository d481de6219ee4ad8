"""A file nobody knows, as a person must see it to say what its columns mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.intake.cells import unwrapped
from huisheng.intake.connector import ROW
from huisheng.intake.connectors_found import all_connectors
from huisheng.intake.importing import headers_of
from huisheng.intake.mapping import SavedMappings, parse_mapping, propose
from huisheng.intake.personal import looks_personal
from huisheng.intake.quarantine import masked_cells
from huisheng.intake.reading.opening import open_file
from huisheng.intake.reading.sheet import Sheet
from huisheng.intake.recognition import Recogniser
from huisheng.intake.sources import Source, find_sources
from huisheng.lake import Workspace
from huisheng.records import all_tables

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The first sheet of a file that needs a column mapping.

    Attributes:
        file: the file's name.
        sheet: the worksheet, empty for a file that has none.
        header: normalised names of its columns.
        rows: its first rows, masked, in the order of `header`; None for an empty cell.
        tables: the mapping saved or proposed: table → canonical column → columns of the file, the
            first with a value wins.
        ignored: columns that the mapping leaves out.
        personal: columns that are never stored as they are.
        complete: whether the mapping is enough to import the file.
    """

    file: str
    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    tables: Mapping[str, Mapping[str, tuple[str, ...]]]
    ignored: tuple[str, ...]
    personal: frozenset[str]
    complete: bool


def preview(
    workspace: Workspace, paths: Sequence[Path], file: str, shop_id: str | None
) -> Preview | None:
    """Return what a person must see to map a file; None where it is read without a mapping.

    Args:
        workspace: where mappings are saved.
        paths: what was to be imported.
        file: name of one file of it, as its `FileReport` has it.
        shop_id: the shop it was to be imported for, None where nobody named one.

    Raises:
        BadInputError: there is no such file, or it cannot be read.
    """
    source = next((each for each in find_sources(paths).sources if each.name == file), None)
    if source is None:
        raise BadInputError(file, "没有这个文件", "请重新上传")
    connectors = all_connectors()
    saved = SavedMappings(workspace.mappings, shop_id)
    recogniser = Recogniser(connectors, saved, None)
    texts = [each for each in connectors.values() if each.text is not None]
    with open_file(source, headers_of(connectors.values()), texts, _unheard) as opened:
        if opened.connector is not None:
            return None
        for sheet in opened.sheets:
            if not recogniser.knows(source.stem, sheet):
                return _previewed(saved, source, sheet)
    return None


def keep_mapping(
    workspace: Workspace,
    shop_id: str | None,
    header: Sequence[str],
    content: Mapping[str, object],
) -> str:
    """Save what a person said about a header; return the id under which it is kept.

    Args:
        workspace: where mappings are saved.
        shop_id: the shop whose files it is for, None for those of all shops without one of theirs.
        header: normalised names of the file's columns.
        content: `{"tables": {table: {column: header or [headers]}}, "ignored": [header]}`.

    Raises:
        BadInputError: it names what does not exist, or gives no table's key.
    """
    mapping = parse_mapping("列映射", header, content)
    if not mapping.complete:
        needed = "；".join(
            f"{all_tables()[table].label}要有"
            + "、".join(all_tables()[table].own[part].means for part in all_tables()[table].key)
            for table in mapping.tables
        )
        raise BadInputError(
            "列映射", "还不能认出每一行是哪一条", f"请指明编号所在的列：{needed or '先选一张表'}"
        )
    return SavedMappings(workspace.mappings, shop_id).save(mapping).stem


def _previewed(saved: SavedMappings, source: Source, sheet: Sheet) -> Preview:
    found = saved.load(sheet.header)
    mapping = found[0] if found else propose(sheet.header)
    return Preview(
        source.name,
        sheet.name,
        sheet.header,
        _first_rows(sheet),
        mapping.tables,
        mapping.ignored,
        frozenset(name for name in sheet.header if looks_personal(name)),
        mapping.complete,
    )


def _first_rows(sheet: Sheet) -> tuple[tuple[str | None, ...], ...]:
    batch = next(sheet.batches, None)
    if batch is None:
        return ()
    first = unwrapped(batch.slice(0, SHOWN_ROWS))
    columns = [
        masked_cells(name, first[name].combine_chunks())
        if name in first.column_names and name != ROW
        else pa.nulls(first.num_rows, pa.string()).to_pylist()
        for name in sheet.header
    ]
    return tuple(zip(*columns, strict=True))


def _unheard(size: int) -> None:
    """Nobody waits for a preview long enough to be told how far it is."""
