"""Arranges the records behind a number: how they stand, which are shown, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, QueryDict

from huisheng.app.report import Document
from huisheng.app.web.measures import answers
from huisheng.app.web.measures.question import Question
from huisheng.app.web.measures.wording import PARTIAL, contribution, facts_told, which_names
from huisheng.errors import BadInputError
from huisheng.metrics import DIMENSIONS, Case, CaseList, Rollup, Which

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the records, with how many there would be."""

    value: str
    label: str
    cases: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record in words."""

    case_id: str
    at: int | None
    address: str
    sentence: str
    stands: str
    contribution: str
    order_no: str
    facts: tuple[tuple[str, str], ...]
    assumed: bool
    conversations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the records are narrowed to, as the address names it."""

    which: Which | None
    reason: str
    by: str
    group: str
    page: int

    def address(self, question: Question, **changed: str) -> str:
        """Return the address of the records with some parts changed; always the first page."""
        parts = {"which": self.which or "", "reason": self.reason}
        parts |= {"by": self.by, "group": self.group, "page": ""}
        return question.records(**(parts | changed))


def read_narrowing(question: Question, given: QueryDict) -> Narrowing:
    """Return what an address narrows the records to.

    Raises:
        Http404: no such part, dimension or page.
    """
    which, by, page = given.get("which", ""), given.get("by", ""), given.get("page", "1")
    if which and which not in set(Which):
        raise Http404
    if (
        by
        and by not in answers.shape(question.metric_id, question.window, question.before).dimensions
    ):
        raise Http404
    if not (page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000):
        raise Http404
    group = given.get("group", "") if by else ""
    return Narrowing(Which(which) if which else None, given.get("reason", ""), by, group, int(page))


def records_of(question: Question, narrowing: Narrowing) -> CaseList:
    """Return the asked page of records.

    Raises:
        Http404: the page lies behind the last one, or the group is none.
    """
    try:
        found = answers.cases(
            question.metric_id,
            question.window,
            question.before,
            question.shop_id,
            which=narrowing.which,
            reason=narrowing.reason or None,
            by=narrowing.by or None,
            group=narrowing.group or None,
            offset=(narrowing.page - 1) * A_PAGE,
            limit=A_PAGE,
        )
    except BadInputError as error:
        raise Http404 from error
    if narrowing.page > 1 and not found.cases:
        raise Http404
    return found


def standings(question: Question, narrowing: Narrowing, found: CaseList) -> list[Choice]:
    """Return the ways a record can stand, those that occur."""
    chosen = None if narrowing.reason else narrowing.which
    names = which_names(question.metric)
    everything = Choice(
        "", "全部", found.count(), narrowing.address(question, which="", reason=""),
        chosen is None and not narrowing.reason,
    )  # fmt: skip
    return [everything] + [
        Choice(
            which,
            names[which],
            found.count(which),
            narrowing.address(question, which=which, reason=""),
            chosen is which,
        )
        for which in Which
        if found.count(which) and not _says_the_same(question, found, which)
    ]


def _says_the_same(question: Question, found: CaseList, which: Which) -> bool:
    """Return whether a mean's or a sum's denominator would list what its numerator lists."""
    if which is not Which.DENOMINATOR or question.metric.rollup is Rollup.RATIO:
        return False
    return found.count(which) == found.count(Which.NUMERATOR)


def reasons(question: Question, narrowing: Narrowing, found: CaseList) -> list[Choice]:
    """Return the reasons why records are not counted, the commonest first."""
    known = {tally.reason for tally in found.tallies if tally.reason is not None}
    choices = [
        Choice(
            reason,
            question.metric.reasons.get(reason, reason),
            found.count(reason=reason),
            narrowing.address(question, which="", reason=reason),
            reason == narrowing.reason,
        )
        for reason in known
    ]
    return sorted(choices, key=lambda choice: (-choice.cases, choice.value))


def rows(
    question: Question,
    cases: tuple[Case, ...],
    conversations: Mapping[str, tuple[str, ...]],
    document: Document,
) -> list[RecordRow]:
    """Put records into words."""
    names = which_names(question.metric)
    return [
        RecordRow(
            case_id=case.case_id,
            at=case.at,
            address=question.address("measure-record", case=case.case_id),
            sentence=case.sentence,
            stands=f"{case.which} {names[case.which]}",
            contribution=contribution(case, question.metric),
            order_no=str(case.facts.get("order_no") or ""),
            facts=tuple(facts_told(case, document)),
            assumed=bool(case.facts.get(PARTIAL)),
            conversations=conversations.get(case.case_id, ()),
        )
        for case in cases
    ]


def dimension_names(question: Question) -> list[tuple[str, str]]:
    """Return the dimensions a metric can be narrowed by, with their names."""
    offered = answers.shape(question.metric_id, question.window, question.before).dimensions
    return [(name, DIMENSIONS[name][0]) for name in offered]


def groups(question: Question, by: str) -> list[str]:
    """Return the groups of one dimension, the largest first, at most as many as fit a list."""
    found = question.of_shop(
        answers.values(question.metric_id, question.window, question.before, by=by)
    )
    if by in ("date", "hour", "weekday"):
        return [value.group or "" for value in found]
    largest = sorted(found, key=lambda value: (-value.denominator, -value.numerator))
    return [value.group or "" for value in largest[:200]]
