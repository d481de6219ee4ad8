"""Files to records: read anything a merchant exports, mask it, land it, set bad rows aside."""

from huisheng.intake import undoing
from huisheng.intake.connector import Connector
from huisheng.intake.connectors_found import all_connectors
from huisheng.intake.importing import import_path
from huisheng.intake.preview import Preview, keep_mapping, preview
from huisheng.intake.quarantine import open_rows, quarantine_counts, read_quarantine
from huisheng.intake.report import BadRow, FileReport, ImportReport, Progress

__all__ = [
    "BadRow",
    "Connector",
    "FileReport",
    "ImportReport",
    "Preview",
    "Progress",
    "all_connectors",
    "import_path",
    "keep_mapping",
    "open_rows",
    "preview",
    "quarantine_counts",
    "read_quarantine",
    "undoing",
]
