"""What is new among the stuck points since the run before."""

from dataclasses import dataclass

from huisheng.app.analysis import PastRun, past_runs
from huisheng.app.report import Document, stuck_points
from huisheng.app.report.amounts import short_day
from huisheng.app.web import library


@dataclass(frozen=True, slots=True)
class Since:
    """Titles of stuck points that came and went since the run that ended on `day`."""

    day: str
    new: tuple[str, ...]
    gone: tuple[str, ...]


def since_last_run(document: Document) -> Since | None:
    """Compare with the latest run over an earlier period; None where there is none.

    `document` is what the person may see; of the earlier run only its shops are told.
    """
    earlier = [
        run for run in past_runs(library.workspace()) if run["end"] < document["period"]["end"]
    ]
    return _compared(document, earlier[-1]) if earlier else None


def _compared(document: Document, before: PastRun) -> Since:
    points = stuck_points(document["findings"])
    now = {finding["id"] for finding in document["findings"]}
    then = {finding["id"] for finding in before["findings"]}
    firsts: dict[tuple[str, int], str] = {}
    for finding in before["findings"]:
        if finding["shop_id"] in document["shops"] and finding["id"] not in now:
            firsts.setdefault((finding["shop_id"], finding["rank"]), finding["title"])
    return Since(
        short_day(before["end"]),
        tuple(
            point.first["title"]
            for point in points
            if not then & {finding["id"] for finding in point.findings}
        ),
        tuple(firsts.values()),
    )
