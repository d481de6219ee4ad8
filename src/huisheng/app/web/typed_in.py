"""Bring rows that somebody typed into a page into the lake, by the door that every import uses."""

import tempfile
from pathlib import Path

from huisheng.app.steps import now_us
from huisheng.app.web import library
from huisheng.errors import BadInputError
from huisheng.intake import import_path


def land_rows(shop_id: str, file: str, text: str, where: str) -> None:
    """Import CSV text of a shop; `file` says the table and shows in the import history.

    Raises:
        BadInputError: intake refused the file or a row of it, said to have happened at `where`.
        UnavailableError: the lake cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="huisheng-typed-") as folder:
        path = Path(folder) / file
        path.write_text(text, "utf-8")
        report = import_path(library.workspace(), [path], shop_id=shop_id, now_us=now_us())
    for taken in report.files:
        if taken.error:
            raise BadInputError(where, taken.error, "请修改后重试")
        if taken.quarantined:
            why = "；".join(taken.reasons)
            raise BadInputError(where, f"{taken.quarantined} 行没有收下：{why}", "请修改后重试")
