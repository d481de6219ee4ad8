"""The part of an analysis run that one person may see."""

from huisheng.app.report import Document
from huisheng.app.report.document import FindingEntry
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.roles import Right


def document_for(document: Document, access: Access, shop_id: str = "") -> Document:
    """Return a run without what the person may not see, and of one shop alone where one is asked.

    Numbers and findings are two rights: a department sees its findings and no numbers.
    """
    numbers = [
        shop for shop in document["shops"]
        if access.may(Right.SEE_NUMBERS, shop) and shop_id in ("", shop)
    ]  # fmt: skip
    charts = document["charts"]
    named = {document["names"]["shops"].get(shop, shop) for shop in numbers}
    return {
        **document,
        "shops": numbers,
        "metrics": [entry for entry in document["metrics"] if entry["shop_id"] in numbers],
        "findings": findings_for(document, access, shop_id),
        "charts": {
            **charts,
            "cards": [card for card in charts["cards"] if card["shop_id"] in numbers],
            "heatmaps": [heat for heat in charts["heatmaps"] if heat["label"] in named],
        },
    }


def findings_for(document: Document, access: Access, shop_id: str = "") -> list[FindingEntry]:
    """Return the findings a person may see: a department its own, a supplier its carrier's."""
    return [
        finding
        for finding in document["findings"]
        if shop_id in ("", finding["shop_id"]) and _may_see(finding, access)
    ]


def _may_see(finding: FindingEntry, access: Access) -> bool:
    scope = access.scope(finding["shop_id"])
    if scope is None or Right.SEE_FINDINGS not in scope.role.rights:
        return False
    if scope.department and finding["department"] != scope.department:
        return False
    return not scope.carrier or finding["segment"].get("carrier") == scope.carrier
