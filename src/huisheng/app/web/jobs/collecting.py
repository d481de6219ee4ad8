"""Import what arrived in a watched folder, and put each file away with a word about it."""

import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from huisheng.app.imported import file_lines, skipped_lines
from huisheng.app.steps import Told, import_files
from huisheng.app.web.jobs.models import EVERY_SHOP, Arrival, Job
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.intake import FileReport, ImportReport
from huisheng.lake import Workspace

TAKEN, REFUSED = "已导入", "未能导入"
AWAY = (TAKEN, REFUSED)
NOTE = ".说明.txt"
CHANGED = "取走之前文件又变了，稍后按新的内容再导入。"
MAP_IT = "没有见过这种表头：请在「数据」页上传这个文件一次并对一下列，以后同样的文件会自动认出。"


def collect(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Import the arrivals of a job, in turns where two of them have one name.

    Killed at any point, it is done again from the start, which changes nothing that has landed:
    what to do with a file is written down before the file is moved.

    Raises:
        HuishengError: nothing could be imported; the watcher then puts the files away.
    """
    reports = []
    for turn in _turns(arrivals_of(job)):
        paths = [place(each) for each in turn]
        report = import_files(workspace, paths, str(job.payload["shop_id"]) or None, told)
        reports.append(report)
        for each in turn:
            each.taken, each.said = _judged(each, report)
            each.save(update_fields=["taken", "said"])
    for each in arrivals_of(job):
        put_away(each)
    changes = [change for report in reports for change in report.changes.values()]
    shops = {shop for report in reports for file in report.files for shop in file.shops}
    changed = any(change.inserted or change.updated for change in changes)
    return Outcome(
        {
            "files": [asdict(line) for report in reports for line in file_lines(report)],
            "skipped": [line for report in reports for line in skipped_lines(report)],
        },
        shop_id=EVERY_SHOP if shops - {str(job.payload["shop_id"])} else job.shop_id,
        analyze=bool(job.payload["analyze"]) and (changed or job.attempts > 1),
    )


def arrivals_of(job: Job) -> list[Arrival]:
    """Return a job's files that still wait and are what they were; the others are dropped."""
    found = []
    open_: QuerySet[Arrival] = job.arrivals.select_related("folder").filter(settled_at=None)
    for each in open_.order_by("path"):
        if is_same(each):
            found.append(each)
        else:
            settle(each, CHANGED)
    return found


def put_away(arrival: Arrival) -> None:
    """Move a file whose fate is known, and lay a note beside it; a file that changed stays.

    Raises:
        OSError: it cannot be moved; it is not imported again meanwhile.
    """
    if not is_same(arrival):
        # Moved by a process that died before it could say so, or changed meanwhile.
        gone = arrival.taken is not None and not place(arrival).exists()
        settle(arrival, arrival.said if gone else CHANGED)
        return
    source = place(arrival)
    folder = Path(arrival.folder.path) / (TAKEN if arrival.taken else REFUSED)
    target = _vacant(folder / Path(arrival.path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if arrival.said:
        with suppress(OSError):
            target.with_name(target.name + NOTE).write_text(arrival.said + "\n", "utf-8-sig")
    shutil.move(source, target)
    settle(arrival, arrival.said)


def settle(arrival: Arrival, said: str) -> None:
    """Write down that a file is done with."""
    arrival.settled_at, arrival.said = timezone.now(), said
    arrival.save(update_fields=["settled_at", "said", "taken"])


def place(arrival: Arrival) -> Path:
    """Return where a file arrived."""
    return Path(arrival.folder.path) / arrival.path


def is_same(arrival: Arrival) -> bool:
    """Return whether the file is there, as it was when it was taken."""
    try:
        # A link put in its place meanwhile is not the file that was seen.
        found = place(arrival).lstat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (arrival.size, arrival.changed_ns)


def _turns(arrivals: Iterable[Arrival]) -> list[list[Arrival]]:
    """Return the files in turns of different names: an import tells files apart by name."""
    turns: list[dict[str, Arrival]] = []
    for each in arrivals:
        name = Path(each.path).name
        turn = next((turn for turn in turns if name not in turn), None)
        if turn is None:
            turns.append(turn := {})
        turn[name] = each
    return [list(turn.values()) for turn in turns]


def _judged(arrival: Arrival, report: ImportReport) -> tuple[bool, str]:
    """Return whether a file, or everything in an archive, was imported, and what to say of it."""
    name = Path(arrival.path).name
    mine = [file for file in report.files if file.file == name or file.file.startswith(name + "/")]
    skipped = [
        f"{each}：{why}"
        for each, why in report.skipped.items()
        if each == name or each.startswith(name + "/")
    ]
    wrong = [file for file in mine if file.error]
    lines = [line for file in mine for line in _lines(file)] + skipped
    taken = bool(mine) and not wrong
    if not mine and not skipped:
        lines = ["里面没有可以导入的。"]
    return taken, "\n".join(lines)


def _lines(file: FileReport) -> Sequence[str]:
    if file.error:
        unknown = "不认识这种表头" in file.error
        return [f"{file.file}：{MAP_IT if unknown else file.error}"]
    if file.quarantined:
        why = "；".join(f"{reason}（{count} 行）" for reason, count in file.reasons.items())
        return [f"{file.file}：已导入，隔离 {file.quarantined} 行：{why}"]
    return [f"{file.file}：已导入"]


def _vacant(path: Path) -> Path:
    number, wanted = 1, path
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return path
