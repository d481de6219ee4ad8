"""One file on its way: raw batches in, staged lake rows and a quarantine out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.cells import without_blank_rows, without_summaries
from huisheng.intake.checking import BAD_SCHEMA, check_keys, check_rows
from huisheng.intake.connector import ROW
from huisheng.intake.derived import derive
from huisheng.intake.keys import KeyMaker
from huisheng.intake.landing import Origin, land
from huisheng.intake.naming import file_headers, with_file_headers
from huisheng.intake.protection import protect
from huisheng.intake.quarantine import Quarantine
from huisheng.intake.reading.sheet import Sheet
from huisheng.intake.recognition import Plan
from huisheng.intake.shops import Shops, with_shops
from huisheng.intake.staging import Staging
from huisheng.lake import Workspace
from huisheng.privacy import Pseudonyms
from huisheng.records import Table, all_tables


@dataclass(slots=True)
class Tally:
    """What was seen on the way through one file."""

    rows: int = 0
    summaries: int = 0
    superseded: int = 0
    unknown_words: dict[str, Counter[str]] = field(default_factory=dict)

    def note_words(self, words: Mapping[str, Mapping[str, int]]) -> None:
        """Add counts of words outside a column's list."""
        for column, counts in words.items():
            self.unknown_words.setdefault(column, Counter()).update(counts)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what was kept but looks odd, in Chinese."""
        words = [
            f"{column} 有 {counts.total()} 行是未收录的取值，已原样保留："
            f"{'、'.join(word for word, _ in counts.most_common(3))}"
            for column, counts in sorted(self.unknown_words.items())
        ]
        summaries = [f"略去 {self.summaries} 行汇总行"] if self.summaries else []
        older = (
            [f"同名旧文件隔离的 {self.superseded} 行已由本次导入取代，不再列出"]
            if self.superseded
            else []
        )
        return tuple(summaries + words + older)


@dataclass(slots=True)
class Pipeline:
    """Carries one file's rows from raw text to staging."""

    workspace: Workspace
    shops: Shops
    origin: Origin
    where: str
    staging: Staging
    quarantine: Quarantine
    tally: Tally = field(default_factory=Tally)
    _keys: KeyMaker = field(default_factory=KeyMaker)
    _pseudonyms: dict[str, Pseudonyms] = field(default_factory=dict)

    def run_batch(self, sheet: Sheet, plan: Plan, raw: pa.Table) -> None:
        """Carry one raw batch through; a row that is bad for one table lands in none."""
        raw = without_blank_rows(raw)
        raw, summaries = without_summaries(raw)
        self.tally.rows += raw.num_rows
        self.tally.summaries += summaries
        if not raw.num_rows:
            return
        typed: dict[str, pa.Table] = {}
        bad: list[tuple[str, pa.Table]] = []
        for name, rows in plan.convert(raw).items():
            is_main = not typed
            typed[name], wrong = self._typed(name, rows, plan.platform, is_main=is_main)
            bad += [(name, each) for each in wrong if each.num_rows]
        names = file_headers(plan, sheet) if bad else {}
        rejected = _first_per_row([with_file_headers(each, name, names) for name, each in bad])
        if bad:
            self.quarantine.add_bad(sheet.name, raw, rejected, _shops_of(rejected, typed.values()))
        for name, rows in typed.items():
            good = _without(rows, rejected)
            if good.num_rows:
                self._stage(name, good)

    def _typed(
        self, name: str, rows: pa.Table, platform: str, *, is_main: bool
    ) -> tuple[pa.Table, list[pa.Table]]:
        table = all_tables()[name]
        rows, bad_shops = with_shops(rows, self.shops, platform, self.where)
        checked = check_rows(name, table, rows, self.workspace.offset_us)
        self.tally.note_words(checked.unknown_words)
        known = derive(name, _without(checked.rows, bad_shops))
        keyed = self._per_shop(known, lambda part, keys: self._keys.fill(name, part, keys))
        complete, missing = check_keys(table, keyed)
        if not is_main:
            # Not every row of an export has, say, a parcel: no key, no row in a side table.
            complete, missing = _without(complete, *missing), []
        return complete, [bad_shops, *checked.bad, *missing]

    def _stage(self, name: str, rows: pa.Table) -> None:
        table: Table = all_tables()[name]
        safe = self._per_shop(rows, lambda part, keys: protect(name, table, part, keys))
        self.staging.write(name, land(table, safe, self.origin))

    def _per_shop(
        self, rows: pa.Table, change: Callable[[pa.Table, Pseudonyms], pa.Table]
    ) -> pa.Table:
        shops = pc.unique(rows["shop_id"]).to_pylist()
        if not shops:
            return rows
        if len(shops) == 1:
            return change(rows, self._pseudonyms_of(shops[0]))
        parts = [
            change(rows.filter(pc.equal(rows["shop_id"], shop)), self._pseudonyms_of(shop))
            for shop in shops
        ]
        return pa.concat_tables(parts, promote_options="default")

    def _pseudonyms_of(self, shop: str) -> Pseudonyms:
        if shop not in self._pseudonyms:
            self._pseudonyms[shop] = Pseudonyms(self.workspace.salt(shop))
        return self._pseudonyms[shop]


def _first_per_row(bad: list[pa.Table]) -> pa.Table:
    """Return the first complaint about each row, in row order."""
    everything = pa.concat_tables([BAD_SCHEMA.empty_table(), *bad])
    if not everything.num_rows:
        return everything
    first = everything.group_by(ROW, use_threads=False).aggregate(
        [("column", "first"), ("reason", "first")]
    )
    named = first.rename_columns({"column_first": "column", "reason_first": "reason"})
    return named.sort_by(ROW)


def _shops_of(rejected: pa.Table, typed: Iterable[pa.Table]) -> dict[int, str]:
    """Return the shop of rejected rows by number, of those whose shop could be read."""
    found: dict[int, str] = {}
    for rows in typed:
        some = rows.filter(pc.is_in(rows[ROW], rejected[ROW].combine_chunks()))
        found |= zip(some[ROW].to_pylist(), some["shop_id"].to_pylist(), strict=True)
    return found


def _without(rows: pa.Table, *rejected: pa.Table) -> pa.Table:
    numbers = pa.concat_tables([BAD_SCHEMA.empty_table(), *rejected])[ROW]
    if not len(numbers):
        return rows
    return rows.filter(pc.invert(pc.is_in(rows[ROW], numbers.combine_chunks())))
