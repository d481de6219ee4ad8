"""What a page about one metric asks: which metric, of which shop, over which days."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from huisheng.app.report import Document
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.measures.forms import DaysForm
from huisheng.errors import UnknownNameError
from huisheng.metrics import Metric, MetricValue, Window, find


@dataclass(frozen=True, slots=True)
class Question:
    """One metric of one shop over one window, with the window to compare it with.

    `asked` holds the parts that are not the usual ones, as the address names them; `problems`
    says in Chinese which parts could not be read, for which the usual ones stand.
    """

    name: str
    metric: Metric
    version_id: str
    shop_id: str
    window: Window
    before: Window
    asked: tuple[tuple[str, str], ...]
    problems: tuple[str, ...] = ()

    @property
    def metric_id(self) -> str:
        """Return the metric with its version."""
        return f"{self.name}@{self.version_id}"

    def address(self, room: str = "measure", **more: str) -> str:
        """Return the address of a page about the same question; `more` adds or replaces parts."""
        parts = {"shop": self.shop_id, **dict(self.asked), **more}
        given = urlencode({name: part for name, part in parts.items() if part})
        return f"{reverse(room, args=[self.name])}?{given}"

    def query(self, **more: str) -> str:
        """Return the parts of this question's address, the metric among them, as one text."""
        parts = {"metric": self.name, "shop": self.shop_id, **dict(self.asked), **more}
        return urlencode({name: part for name, part in parts.items() if part})

    def records(self, **more: str) -> str:
        """Return the address of the records behind a number of this question."""
        return self.address("measure-records", **more)

    def turned(self) -> "Question":
        """Return the question with its two windows swapped."""
        days = {
            "start": self.before.start, "end": self.before.end,
            "vs_start": self.window.start, "vs_end": self.window.end,
        }  # fmt: skip
        kept = tuple((name, part) for name, part in self.asked if name not in days)
        swapped = tuple((name, day.isoformat()) for name, day in days.items())
        return replace(self, window=self.before, before=self.window, asked=(*kept, *swapped))

    def of_shop(self, found: list[MetricValue]) -> list[MetricValue]:
        """Return the values of this question's shop."""
        return [value for value in found if value.shop_id == self.shop_id]


def read_question(metric_id: str, given: QueryDict, document: Document, access: Access) -> Question:
    """Return what an address asks; a stretch of days that makes no sense gives the usual one.

    Raises:
        Http404: no such metric or version, or no such shop for this person.
        PermissionDenied: the person may see no numbers.
    """
    access.need(Right.SEE_NUMBERS)
    version_id = given.get("version", "")
    try:
        name, metric, version = find(f"{metric_id}@{version_id}" if version_id else metric_id)
    except UnknownNameError as error:
        raise Http404 from error
    form = DaysForm(given)
    form.is_valid()
    usual = usual_window(document)
    days = form.stretch("start", "end")
    vs_days = form.stretch("vs_start", "vs_end")
    window = _window(*days, usual) if days else usual
    asked = {"version": version_id if version is not metric.versions[0] else ""}
    asked |= _days("start", "end", days) | _days("vs_start", "vs_end", vs_days)
    return Question(
        name=name,
        metric=metric,
        version_id=version.id,
        shop_id=_shop(metric, given.get("shop", ""), shops_seen(document, access), document),
        window=window,
        before=_window(*vs_days, usual) if vs_days else window.before(),
        asked=tuple((key, part) for key, part in asked.items() if part),
        problems=tuple(form.problems()),
    )


def usual_window(document: Document) -> Window:
    """Return the period of the current run."""
    period = document["period"]
    start, end = date.fromisoformat(period["start"]), date.fromisoformat(period["end"])
    return Window(start, end, library.workspace().offset_us)


def shops_seen(document: Document, access: Access) -> list[str]:
    """Return the shops whose numbers a person may see."""
    return access.shops_with(Right.SEE_NUMBERS, document["shops"])


def _shop(metric: Metric, asked: str, allowed: list[str], document: Document) -> str:
    """Return the shop asked for, else the first whose platform has the metric."""
    if asked:
        if asked not in allowed:
            raise Http404
        return asked
    if not allowed:
        raise Http404
    platforms = {entry["shop_id"]: entry["platform"] for entry in document["metrics"]}
    fitting = [
        shop for shop in allowed if not metric.platforms or platforms.get(shop) in metric.platforms
    ]
    return (fitting or allowed)[0]


def _window(start: date, end: date, usual: Window) -> Window:
    return Window(start, end, usual.offset_us)


def _days(first: str, last: str, days: tuple[date, date] | None) -> dict[str, str]:
    return {first: days[0].isoformat(), last: days[1].isoformat()} if days else {}
