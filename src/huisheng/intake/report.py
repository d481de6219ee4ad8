"""What an import tells its caller: progress while it runs, a report when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from huisheng.lake import Change


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file has come.

    Attributes:
        file: the file's name.
        stage: 检查, 读取, 写入 or 完成.
        rows: rows read so far.
        total_bytes: size of the file.
        done_bytes: bytes read so far in this stage.
    """

    file: str
    stage: str
    rows: int
    total_bytes: int
    done_bytes: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One rejected row, masked.

    Attributes:
        sheet: the worksheet, empty for a file that has none.
        row: row number in the file, the header included, from 1.
        column: header of the first cell at fault, with the canonical name in brackets where that is
            another; empty where the whole row is at fault.
        reason: what is wrong, in Chinese.
        cells: the row's cells by header, masked.
    """

    sheet: str
    row: int
    column: str
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        file: its name, relative to the folder or archive it was found in.
        recognised_as: label of the connector or canonical table, one per worksheet.
        encoding: as detected; empty for binary formats.
        shops: shops its rows belong to.
        rows_read: rows read, the header and summary rows excluded.
        changes: rows inserted, updated and unchanged, per table.
        quarantined: number of rejected rows.
        reasons: rejected rows per reason.
        examples: the first rejected rows.
        dropped: header → why its values were not stored.
        mapping: the column mapping that was used, if one was.
        warnings: what was kept but looks odd.
        error: why nothing of the file was imported; empty when it was.
    """

    file: str
    recognised_as: tuple[str, ...] = ()
    encoding: str = ""
    shops: tuple[str, ...] = ()
    rows_read: int = 0
    changes: Mapping[str, Change] = field(default_factory=dict)
    quarantined: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[BadRow, ...] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)
    mapping: Path | None = None
    warnings: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every file, in the order of import.

    Attributes:
        files: one report per file that was tried.
        skipped: file name → why it was passed over without being an error.
        dry_run: whether nothing was stored.
    """

    files: tuple[FileReport, ...]
    skipped: Mapping[str, str]
    dry_run: bool

    @property
    def changes(self) -> dict[str, Change]:
        """Return the rows inserted, updated and unchanged per table, over all files."""
        total: dict[str, Change] = {}
        for file in self.files:
            for table, change in file.changes.items():
                so_far = total.get(table, Change(0, 0, 0))
                total[table] = Change(
                    so_far.inserted + change.inserted,
                    so_far.updated + change.updated,
                    so_far.unchanged + change.unchanged,
                )
        return total

    @property
    def rows_read(self) -> int:
        """Return the number of rows read from all files."""
        return sum(file.rows_read for file in self.files)

    @property
    def quarantined(self) -> int:
        """Return the number of rejected rows in all files."""
        return sum(file.quarantined for file in self.files)

    @property
    def errors(self) -> tuple[FileReport, ...]:
        """Return the files of which nothing was imported."""
        return tuple(file for file in self.files if file.error)
