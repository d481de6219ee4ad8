"""Candidate: import, mask and label with huisheng."""

import sys
import time
from pathlib import Path

from benchmarks.landing import SHOP_ID
from benchmarks.measuring import say
from huisheng.app.analysis.labelling import label_new_texts
from huisheng.intake import import_path
from huisheng.lake import create_workspace

NOW_US = 1_800_000_000_000_000


def main() -> None:
    """Import the folder argv[1] into a new workspace argv[2] and label what it says."""
    started = time.perf_counter()
    workspace = create_workspace(Path(sys.argv[2]))
    report = import_path(workspace, [Path(sys.argv[1])], shop_id=SHOP_ID, now_us=NOW_US)
    if report.errors or report.quarantined:
        raise SystemExit(f"import failed: {report}")
    imported = time.perf_counter()
    texts = label_new_texts(workspace, now_us=NOW_US, tell=lambda step: None)
    done = time.perf_counter()
    say(import_s=imported - started, label_s=done - imported, texts=texts)


if __name__ == "__main__":
    main()
