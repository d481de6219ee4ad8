"""The part of an analysis run that one person may see."""

from collections.abc import Collection

from huisheng.app.report import Document, department_shares, set_aside, stuck_points, together
from huisheng.app.report.document import Charts, FindingEntry, SetAside
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
    return _narrowed(document, numbers, findings_for(document, access, shop_id))


def document_of(document: Document, shops: Collection[str]) -> Document:
    """Return a run of some shops alone."""
    numbers = [shop for shop in document["shops"] if shop in shops]
    findings = [finding for finding in document["findings"] if finding["shop_id"] in shops]
    return _narrowed(document, numbers, findings)


def _narrowed(document: Document, numbers: list[str], findings: list[FindingEntry]) -> Document:
    charts = document["charts"]
    departments = document["names"]["departments"]
    named = {document["names"]["shops"].get(shop, shop) for shop in numbers}
    # A run of an earlier release cannot be taken apart; it shows nothing rather than too much.
    whole = numbers == document["shops"]
    added = together(charts["by_shop"], numbers)
    return {
        **document,
        "shops": numbers,
        "metrics": [entry for entry in document["metrics"] if entry["shop_id"] in numbers],
        "findings": findings,
        "quarantine": document["quarantine"] if whole else _set_aside(document, numbers),
        "charts": {
            **_of_shops(charts, numbers),
            "departments": department_shares(stuck_points(findings), departments),
            "scenes": charts["scenes"] if whole else added["scenes"],
            "aspects": charts["aspects"] if whole else added["aspects"],
            "refund_reasons": charts["refund_reasons"] if whole else added["refund_reasons"],
            "daily": charts["daily"] if whole else added["daily"],
            "by_shop": {shop: part for shop, part in charts["by_shop"].items() if shop in numbers},
            "heatmaps": [heat for heat in charts["heatmaps"] if heat["label"] in named],
        },
        "method": {
            **document["method"],
            "coverage": document["method"]["coverage"] if whole else added["coverage"],
        },
    }


def _set_aside(document: Document, shops: list[str]) -> SetAside:
    """Return the rejected rows of some shops; those of no known shop are nobody's of one alone."""
    by_shop = document["quarantine"].get("shops", {})
    return set_aside({shop: reasons for shop, reasons in by_shop.items() if shop in shops})


def _of_shops(charts: Charts, shops: list[str]) -> Charts:
    """Return what charts say of each shop, for some shops alone."""
    return {
        **charts,
        "cards": [card for card in charts["cards"] if card["shop_id"] in shops],
        "changes": [change for change in charts["changes"] if change["shop_id"] in shops],
        "badges": [badge for badge in charts["badges"] if badge["shop_id"] in shops],
        "tips": [tip for tip in charts["tips"] if tip["shop_id"] in shops],
        "scores": [track for track in charts["scores"] if track["shop_id"] in shops],
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
    if scope is None or Right.SEE_FINDINGS not in scope.rights:
        return False
    if scope.department and finding["department"] != scope.department:
        return False
    return not scope.carrier or finding["segment"].get("carrier") == scope.carrier
