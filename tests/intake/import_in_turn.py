"""A process that imports the files it is given, one after the other, for tests that kill it."""

import sys
from pathlib import Path

from huisheng.intake import all_connectors, import_path
from huisheng.lake import open_engine, open_workspace
from tests.intake.importing import NOW_US


def main() -> None:
    root, *files = map(Path, sys.argv[1:])
    workspace = open_workspace(root)
    all_connectors()
    engine = open_engine(workspace)
    engine.arrow(engine.table("shops"))  # so that the kill meets an import and not a start-up
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for file in files:
        report = import_path(workspace, [file], shop_id=None, now_us=NOW_US)
        assert not report.errors, report.errors


if __name__ == "__main__":
    main()
