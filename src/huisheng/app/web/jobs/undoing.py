"""Take imports back as a job: done whole or not at all, and done once whoever dies meanwhile."""

from collections.abc import Mapping, Sequence
from typing import cast

from huisheng.app.steps import Step, Told
from huisheng.app.web.jobs.models import Job
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.intake import undoing
from huisheng.lake import Workspace, read_columns


def order_of(plan: undoing.Undoing, *, analyze: bool) -> dict[str, object]:
    """Return what an undo job is told: the imports as they are now, and what was confirmed."""
    return {
        "imports": [
            {
                "file_hash": each.file_hash,
                "file": each.file,
                "shops": sorted(each.shops),
                "written": each.written.text,
            }
            for each in plan.imports
        ],
        "tables": [
            {
                "table": each.table,
                "vanishing": each.vanishing,
                "reverting": each.reverting,
                "labels": each.labels,
            }
            for each in plan.tables
        ],
        "analyze": analyze,
    }


def undo(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Take back what the job names.

    Where a process died between publishing and this job's end, the imports are gone already, and
    what is left to do is harmless to do again.

    Raises:
        NotAllowedError: somebody changed the same data since it was confirmed.
    """
    imports = imports_of(cast(Sequence[Mapping[str, object]], job.payload["imports"]))
    told(Step(f"撤销 {len(imports)} 个文件的导入"))

    def wait(table: str) -> None:
        told(Step(f"另一个导入正在写「{table}」，等它结束"))

    undoing.undo_imports(workspace, [each.mark for each in imports], on_wait=wait)
    undoing.tidy_quarantine(workspace, imports)
    left = read_columns(workspace, "import_batches", ["shop_id"]).num_rows
    return Outcome(
        {"undone": [each.file for each in imports], "tables": job.payload["tables"]},
        analyze=bool(job.payload["analyze"]) and left > 0,
    )


def imports_of(listed: Sequence[Mapping[str, object]]) -> list[undoing.Import]:
    """Return the imports that an order names."""
    return [
        undoing.import_of(
            str(each["file_hash"]),
            str(each["file"]),
            cast(Sequence[str], each["shops"]),
            str(each["written"]),
        )
        for each in listed
    ]
