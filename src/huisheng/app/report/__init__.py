"""The report of one analysis run, as a page, a workbook and JSON."""

from huisheng.app.report.document import SCHEMA, Document
from huisheng.app.report.html import render_html
from huisheng.app.report.json import render_json
from huisheng.app.report.points import department_shares, stuck_points
from huisheng.app.report.together import set_aside, together
from huisheng.app.report.xlsx import render_xlsx

__all__ = [
    "SCHEMA",
    "Document",
    "department_shares",
    "render_html",
    "render_json",
    "render_xlsx",
    "set_aside",
    "stuck_points",
    "together",
]
