"""What came in, what is missing, what was set aside, and the jobs that do the work."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from huisheng.app.web.api.schemas.parts import Asked, Day, Name, Named, NeededName, Paged, YesNo
from huisheng.app.web.jobs.models import State

ShortText = Annotated[str, Field(min_length=1, max_length=200, pattern="^[^\\x00]*$")]


class FileRead(Schema):
    """What became of one file of an import."""

    file: str
    recognised: str
    rows_read: int
    inserted: int
    updated: int
    unchanged: int
    quarantined: int
    shops: list[str]
    remarks: list[str]
    error: str


class JobShown(Schema):
    """One piece of work; `share` is 0–1, null where nobody knows."""

    id: int
    kind: str
    state: State
    shop_id: str
    step: str
    detail: str
    share: float | None
    error: str
    by: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    analysis_id: int | None
    refused: list[str]
    skipped: list[str]
    unmapped: list[str]
    files: list[FileRead]


class DataShop(Schema):
    """A shop that files may be handed over for."""

    shop_id: str
    name: str
    platform: str


class CoverageAsked(Asked):
    """Sixty days up to one day, without it to the last with anything."""

    shop_id: NeededName
    end: Day = None


class TableDays(Schema):
    """How many rows one table has on each day that has any."""

    table: str
    label: str
    days: dict[str, int]


class Coverage(Schema):
    """Which days of which tables are there: a day that is not named has no rows."""

    shop_id: str
    start: date
    end: date
    tables: list[TableDays]


class OfShop(Asked):
    """Of one shop."""

    shop_id: NeededName


class MissingShown(Schema):
    """How complete one export is; `problem` is empty where nothing is missing."""

    id: str
    label: str
    tables: list[str]
    why: str
    where: str
    problem: str
    known: str


class ImportsAsked(Paged):
    """Imports of one shop, of all where none is named."""

    shop_id: Name = ""


class ImportShown(Schema):
    """One file of one shop that was imported."""

    at: datetime | None
    file: str
    shop: str
    recognised: str
    encoding: str
    counts: str
    rows_bad: int
    mark: str
    undo: str


class TableUndone(Schema):
    """What taking imports back does to one table: rows that vanish or turn back, labels that go."""

    label: str
    vanishing: int
    reverting: int
    labels: int
    judged: int


class UndoShown(Schema):
    """What taking an import back means: what goes with it; `problem` where nothing can be done."""

    imports: list[Named]
    tables: list[TableUndone]
    problem: str


class UndoAsked(Asked):
    """The ids of the imports that were shown, and whether an analysis follows."""

    imports: Annotated[list[ShortText], Field(min_length=1, max_length=1000)]
    analyze: bool = True


class SetAsideFile(Schema):
    """A file with rows that are still set aside."""

    mark: str
    file: str
    recognised: str
    shops: list[str]
    at: datetime | None
    rows: int


class ReasonCounted(Schema):
    """Why rows were set aside, and how many."""

    reason: str
    rows: int


class SetAsideAsked(Paged):
    """Which rows of a file: those set aside for one reason, all without."""

    reason: Name = ""


class SetAsideRow(Schema):
    """One row that was set aside, masked."""

    sheet: str
    row: int
    column: str
    value: str | None
    reason: str
    cells: dict[str, str | None]


class FieldShown(Schema):
    """One column of a canonical table."""

    name: str
    means: str
    form: str
    needed: bool


class TableShown(Schema):
    """A canonical table that files may fill."""

    table: str
    label: str
    fields: list[FieldShown]


class MappingAsked(Asked):
    """Of which file of an import."""

    file: NeededName


class ColumnMapped(Asked):
    """Which headers of the file fill one column; the first with a value wins."""

    column: ShortText
    headers: Annotated[list[ShortText], Field(min_length=1, max_length=20)]


class TableMapped(Asked):
    """Which columns of one table the file fills."""

    table: ShortText
    columns: Annotated[list[ColumnMapped], Field(min_length=1, max_length=200)]


class MappingShown(Schema):
    """What the columns of an unknown file are taken for, with its first rows."""

    file: str
    header: list[str]
    rows: list[list[str | None]]
    tables: list[TableMapped]
    ignored: list[str]
    complete: bool


class Mapping(Asked):
    """What the columns of a file mean, the main table first."""

    file: ShortText
    tables: Annotated[list[TableMapped], Field(min_length=1, max_length=3)]
    ignored: Annotated[list[ShortText], Field(max_length=300)] = []


class FolderShown(Schema):
    """A folder whose files are imported as they arrive; `problem` says what hinders it."""

    id: int
    path: str
    shop_id: str
    analyze: bool
    made_at: datetime
    looked_at: datetime | None
    problem: str


class FolderGiven(Asked):
    """A folder on the machine that the service runs on, and whose its files are.

    Without a shop each folder inside is named after the shop its files belong to.
    """

    path: Annotated[str, Field(max_length=500, pattern=r"^/[^\x00\r\n]*$")]
    shop_id: Annotated[str, Field(pattern=r"^([0-9A-Za-z_一-鿿.-]{1,64})?$")] = ""
    analyze: YesNo = True


class ArrivalShown(Schema):
    """A file that arrived; `imported` is null while nobody knows, `said` why not, or what of it."""

    folder_id: int
    job_id: int
    path: str
    at: datetime
    settled_at: datetime | None
    imported: bool | None
    said: str
