"""What each kind of job does, and how an upload is imported."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from huisheng.app.imported import file_lines, skipped_lines
from huisheng.app.steps import Step, Told, analyze_facts, import_files
from huisheng.app.web.jobs.collecting import collect
from huisheng.app.web.jobs.models import EVERY_SHOP, Job, Kind
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.app.web.jobs.undoing import undo
from huisheng.app.web.jobs.uploads import paths_of
from huisheng.errors import BadInputError
from huisheng.intake import ImportReport, preview
from huisheng.lake import Workspace


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What an import job is told.

    Attributes:
        upload: the upload's name.
        shop_id: the shop of rows that name none; empty for the workspace's only one.
        only: shops that the person may import for, None for all.
        analyze: whether an analysis follows.
        refused: one sentence per file that did not even come in.
    """

    upload: str
    shop_id: str
    only: list[str] | None
    analyze: bool
    refused: list[str]


def run(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Do a job.

    Raises:
        HuishengError: it cannot be done, for a reason its maker should read.
    """
    return WORK[Kind(job.kind)](workspace, job, told)


def _import(workspace: Workspace, job: Job, told: Told) -> Outcome:
    order = ImportOrder(**job.payload)
    paths = paths_of(order.upload)
    if not paths:
        raise BadInputError("上传的文件", "已经不在工作区，放了几天的会自动删除", "请重新上传")
    if order.only is not None:
        _check_shops(workspace, paths, order, told)
    report = import_files(workspace, paths, order.shop_id or None, told)
    if not report.files:
        raise BadInputError(
            "上传的文件",
            "里面没有可以导入的",
            "请给出从平台导出的表格或聊天记录（CSV、XLSX、XLS、ODS、JSON、Parquet、TXT 或 ZIP）",
        )
    unmapped = _unmapped(workspace, paths, report, order.shop_id)
    changed = any(each.inserted or each.updated for each in report.changes.values())
    mapped = any(file.mapping for file in report.files)
    shops = {shop for file in report.files for shop in file.shops}
    return Outcome(
        {
            "files": [asdict(line) for line in file_lines(report)],
            "skipped": skipped_lines(report),
            "unmapped": unmapped,
        },
        shop_id=EVERY_SHOP if shops - {order.shop_id} and order.shop_id else job.shop_id,
        # What was published before the process died counts as unchanged the second time.
        analyze=order.analyze and (changed or job.attempts > 1),
        spent="" if report.errors or mapped else order.upload,
    )


def _check_shops(
    workspace: Workspace, paths: Sequence[Path], order: ImportOrder, told: Told
) -> None:
    """Refuse files with rows of shops that are not this person's, before anything is written."""

    def trial(step: Step) -> None:
        told(Step(f"试读：{step.text}", step.share, step.detail))

    report = import_files(workspace, paths, order.shop_id or None, trial, dry_run=True)
    foreign = [file.file for file in report.files if set(file.shops) - set(order.only or ())]
    if foreign:
        raise BadInputError(
            "、".join(foreign[:5]),
            "里面有您不负责的店铺的数据，没有导入",
            "请只导出自己的店铺，或请店主来导入",
        )


def _unmapped(
    workspace: Workspace, paths: Sequence[Path], report: ImportReport, shop_id: str
) -> list[str]:
    """Return the refused files that a column mapping would make readable."""
    return [
        file.file for file in report.errors if _needs_mapping(workspace, paths, file.file, shop_id)
    ]


def _needs_mapping(workspace: Workspace, paths: Sequence[Path], file: str, shop_id: str) -> bool:
    try:
        seen = preview(workspace, paths, file, shop_id or None)
    except BadInputError:
        return False
    return seen is not None and not seen.complete


def _analyze(workspace: Workspace, job: Job, told: Told) -> Outcome:
    document = analyze_facts(workspace, None, told)
    period = document["period"]
    return Outcome(
        {
            "start": period["start"],
            "end": period["end"],
            "findings": len(document["findings"]),
        }
    )


def register(kind: Kind, do: Callable[[Workspace, Job, Told], Outcome]) -> None:
    """Say what a kind of job does that a room above this one owns."""
    WORK[kind] = do


WORK: dict[Kind, Callable[[Workspace, Job, Told], Outcome]] = {
    Kind.IMPORT: _import,
    Kind.ANALYZE: _analyze,
    Kind.UNDO: undo,
    Kind.COLLECT: collect,
}
