"""Writes the report as one HTML file that needs no network, no script and no other file."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from huisheng.app.report.document import Document
from huisheng.app.report.page import build_page

# A control character or half a surrogate pair in a buyer's text is not allowed in an HTML file.
_UNPRINTABLE = dict.fromkeys(
    [c for c in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)) if chr(c) not in "\t\n"],
    "\ufffd",
)


def render_html(document: Document) -> str:
    """Return the report as a complete HTML page; the same document gives the same text."""
    return _templates().get_template("report.html.j2").render(page=build_page(document))


@cache
def _templates() -> Environment:
    return Environment(
        loader=ChoiceLoader(
            [PackageLoader("huisheng.app.report", folder) for folder in ("templates", "static")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _printable(value: object) -> object:
    return value.translate(_UNPRINTABLE) if isinstance(value, str) else value
