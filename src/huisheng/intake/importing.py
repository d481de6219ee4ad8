"""Import files: check, read, mask, stage, publish — all of a file or nothing of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.intake.batches import BATCHES, batch_rows, older_versions, past_batches
from huisheng.intake.connector import Connector
from huisheng.intake.connectors_found import all_connectors
from huisheng.intake.landing import Origin
from huisheng.intake.mapping import SavedMappings, fold_header, known_headers
from huisheng.intake.pipeline import Pipeline
from huisheng.intake.quarantine import Quarantine, open_hashes, supersede
from huisheng.intake.reading.encoding import file_digest
from huisheng.intake.reading.header import Known
from huisheng.intake.reading.opening import Opened, open_file
from huisheng.intake.reading.together import kept_together
from huisheng.intake.recognition import Plan, Recogniser, connector_plan
from huisheng.intake.report import FileReport, ImportReport, OnProgress, Progress
from huisheng.intake.shadow import shadow
from huisheng.intake.shops import check_shop_id, read_shops
from huisheng.intake.sources import Source, find_sources
from huisheng.intake.staging import Staging, staging
from huisheng.intake.written import Written, edits_of, with_written
from huisheng.lake import Change, Workspace, read_manifest, writing
from huisheng.privacy import MaskKind, mask_column


def import_path(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    shop_id: str | None,
    now_us: int,
    dry_run: bool = False,
    progress: OnProgress | None = None,
    on_wait: Callable[[str], None] | None = None,
    answer: Mapping[str, object] | None = None,
) -> ImportReport:
    """Import files, folders and ZIP archives; a file that cannot be used does not stop the rest.

    Args:
        workspace: where the facts go.
        paths: what to import; in folders and archives everything of a known kind.
        shop_id: the shop of rows that do not name one; None takes the workspace's only shop.
        now_us: time of import, UTC microseconds.
        dry_run: report what would happen and leave the workspace as it is, byte for byte.
        progress: told how far each file has come.
        on_wait: told the table for which another import must be waited.
        answer: a column mapping `{"tables": {table: {column: header}}, "ignored": [header]}`
            for files of one unknown header; it is saved for the next time, as all mappings are:
            for `shop_id` alone, or for every shop where it is None.

    Returns:
        A report per file; see `ImportReport.errors` for the files that were refused.

    Raises:
        BadInputError: the shop's id cannot be used.
        UnavailableError: the workspace's disk is full or cannot be written.
    """
    if shop_id is not None:
        check_shop_id(shop_id)
    found = find_sources(paths)
    with ExitStack() as stack:
        target = stack.enter_context(shadow(workspace)) if dry_run else workspace
        recogniser = Recogniser(all_connectors(), SavedMappings(target.mappings, shop_id), answer)
        known = headers_of(recogniser.connectors.values())
        run = _Run(target, shop_id, now_us, recogniser, known, progress, on_wait)
        refused = [FileReport(name, error=str(exc)) for name, exc in found.refused.items()]
        reports = [run.file(source) for source in found.sources]
    if dry_run:
        reports = [_as_seen_from(workspace, target, report) for report in reports]
    return ImportReport((*refused, *reports), found.skipped, dry_run)


@dataclass(frozen=True, slots=True)
class _Run:
    workspace: Workspace
    shop_id: str | None
    now_us: int
    recogniser: Recogniser
    known: Known
    progress: OnProgress | None
    on_wait: Callable[[str], None] | None

    def file(self, source: Source) -> FileReport:
        """Import one file; what is wrong with it becomes part of the report."""
        try:
            return self._import(source)
        except BadInputError as exc:
            return FileReport(source.name, error=str(exc))

    def _import(self, source: Source) -> FileReport:
        watch = _Watch(source, self.progress)
        with source.open() as stream:
            file_hash = file_digest(stream, watch.advance)
        watch.begin("读取")
        shops = read_shops(self.workspace, self.shop_id)
        name = mask_column(pa.array([source.name]), MaskKind.FREE_TEXT)[0].as_py()
        origin = Origin(name, self.now_us, self.workspace.offset_us)
        texts = [each for each in self.recogniser.connectors.values() if each.text is not None]
        with (
            open_file(source, self.known, texts, watch.advance) as opened,
            staging(self.workspace.lake / "staging", file_hash) as stage,
            Quarantine(stage.folder / "quarantine", name, shops.of_unnamed) as quarantine,
        ):
            pipeline = Pipeline(self.workspace, shops, origin, source.name, stage, quarantine)
            plans = self._read(source, opened, pipeline, watch)
            watch.begin("写入")
            changes = self._publish(file_hash, opened, plans, pipeline)
        watch.begin("完成")
        return FileReport(
            source.name,
            tuple(dict.fromkeys(plan.label for plan in plans)),
            opened.encoding,
            tuple(sorted({shop for _, shop in stage.counts})),
            pipeline.tally.rows,
            changes,
            quarantine.count,
            dict(quarantine.reasons.most_common()),
            tuple(quarantine.examples),
            dict(sorted({n: why for plan in plans for n, why in plan.dropped.items()}.items())),
            next((plan.mapping for plan in plans if plan.mapping), None),
            pipeline.tally.warnings,
        )

    def _read(
        self, source: Source, opened: Opened, pipeline: Pipeline, watch: "_Watch"
    ) -> list[Plan]:
        plans = []
        for sheet in opened.sheets:
            plan = (
                connector_plan(opened.connector, sheet.header)
                if opened.connector
                else self.recogniser.plan(source.name, source.stem, sheet)
            )
            plans.append(plan)
            for batch in kept_together(source.name, sheet.batches, plan.together):
                pipeline.run_batch(sheet, plan, batch)
                watch.rows = pipeline.tally.rows
            pipeline.quarantine.add_unread(sheet.name, sheet.unread)
            pipeline.tally.rows += len(sheet.unread)
        if not plans:
            raise BadInputError(source.name, "工作簿里没有内容", "请重新导出后再导入")
        pipeline.staging.close()
        pa.default_memory_pool().release_unused()  # the lake needs it now
        return plans

    def _publish(
        self,
        file_hash: str,
        opened: Opened,
        plans: Sequence[Plan],
        pipeline: Pipeline,
    ) -> dict[str, Change]:
        stage, quarantine = pipeline.staging, pipeline.quarantine
        tables = stage.files
        with writing(self.workspace, [*tables, BATCHES], self.on_wait) as write:
            found = read_manifest(self.workspace.lake).versions
            past = past_batches(self.workspace)
            batches = batch_rows(past, file_hash, opened.encoding, plans, pipeline, self.now_us)
            shops = batches["shop_id"].to_pylist()
            replaced = older_versions(past, file_hash, batches)
            older = open_hashes(self.workspace.quarantine, replaced, shops)
            changes = {name: write.upsert(name, [file]) for name, file in tables.items()}
            edits = edits_of(found, write.changed, [BATCHES])
            written = Written(self.now_us, edits, found.get(BATCHES), tuple(older))
            record = Staging(stage.folder)
            record.write(BATCHES, with_written(batches, (row["batch_id"] for row in past), written))
            record.close()
            write.upsert(BATCHES, [record.files[BATCHES]])
            quarantine.publish(self.workspace.quarantine, file_hash, shops)
        pipeline.tally.superseded = supersede(self.workspace.quarantine, older, shops)
        return changes


def headers_of(connectors: Iterable[Connector]) -> Known:
    """Return whether a normalised header is one that a connector or a mapping has heard of."""
    headers = known_headers() | {fold_header(name) for each in connectors for name in each.header}
    return lambda header: fold_header(header) in headers


class _Watch:
    """Tells the caller how far a file has come."""

    def __init__(self, source: Source, progress: OnProgress | None) -> None:
        self._source = source
        self._progress = progress
        self._stage = "检查"
        self._done = 0
        self.rows = 0

    def begin(self, stage: str) -> None:
        """Start a stage."""
        self._stage, self._done = stage, 0
        self.advance(0)

    def advance(self, size: int) -> None:
        """Note that `size` more bytes are done."""
        self._done += size
        if self._progress is not None:
            done = min(self._done, self._source.size)
            self._progress(
                Progress(self._source.name, self._stage, self.rows, self._source.size, done)
            )


def _as_seen_from(workspace: Workspace, target: Workspace, report: FileReport) -> FileReport:
    """Return a dry run's report with the paths that a real import would have used."""
    error = report.error.replace(str(target.root), str(workspace.root))
    mapping = report.mapping
    if mapping is not None:
        mapping = workspace.mappings / mapping.relative_to(target.mappings)
    return replace(report, mapping=mapping, error=error)
