"""What happened in the shop while a metric moved: campaigns that began, stuck points mended."""

from django.utils import timezone

from huisheng.app.analysis import promotions
from huisheng.app.report import Document
from huisheng.app.report.measure_charts import Mark
from huisheng.app.web import library
from huisheng.app.web.findings.models import Decision, FindingState, State
from huisheng.app.web.remembered import remembered
from huisheng.app.web.shell.wording import local_time


def marks_of(shop_id: str, document: Document) -> list[Mark]:
    """Return the shop's marks of all days, in no order."""
    return remembered(("campaigns", shop_id), lambda: _campaigns(shop_id)) + _fixes(
        shop_id, document
    )


def _campaigns(shop_id: str) -> list[Mark]:
    with library.facts() as facts:
        return [
            Mark(local_time(phase.begin_us, "%Y-%m-%d"), "campaign", f"{one.name} {phase.name}")
            for one in promotions(facts)
            if one.shop_id == shop_id
            for phase in one.phases
        ]


def _fixes(shop_id: str, document: Document) -> list[Mark]:
    titles = {finding["id"]: finding["title"] for finding in document["findings"]}
    mended = FindingState.objects.filter(shop_id=shop_id, state=State.DONE)
    decisions = Decision.objects.filter(
        finding_id__in=mended.values("finding_id"), state=State.DONE
    )
    return [
        Mark(
            timezone.localtime(decision.at).date().isoformat(),
            "fix",
            f"处理 {titles.get(decision.finding_id, '一处卡点')}",
        )
        for decision in decisions
    ]
