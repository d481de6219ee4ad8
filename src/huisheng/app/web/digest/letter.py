"""The weekly letter itself: numbers and titles alone, nobody's words."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from huisheng.app.report import Document
from huisheng.app.report.page import Page, build_page
from huisheng.app.web.overview.badge import badge_views

POINTS = 5


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as plain text and as a page; both say the same."""

    subject: str
    text: str
    html: str


def letter(document: Document) -> Letter:
    """Write the letter about a run, as narrowed to the shops it is about."""
    page = build_page(document)
    context = {
        "page": page,
        "points": page.points[:POINTS],
        "badges": badge_views(document),
        "missed": [
            (shop, card) for shop, cards in page.cards for card in cards if card.reached == "没到线"
        ],
    }
    return Letter(
        f"回声周报：{_short(page)}",
        render_to_string("digest/letter.txt.j2", context),
        render_to_string("digest/letter.html.j2", context),
    )


def _short(page: Page) -> str:
    # A header must stay on one line, whatever a shop calls itself.
    return " ".join(f"{page.period}，{'、'.join(page.shops)}".split())[:120]
