"""Import files within a bound of memory, and print the report: `python vast_import.py WS BYTES F…`.

A process of its own, since the bound stays for good.
"""

import json
import resource
import sys
from pathlib import Path

from huisheng.intake import import_path
from huisheng.lake import open_workspace

if __name__ == "__main__":
    workspace, limit, *files = sys.argv[1:]
    place = open_workspace(Path(workspace))
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    report = import_path(place, [Path(file) for file in files], shop_id="s", now_us=1)
    sys.stdout.write(json.dumps({file.file: file.error for file in report.files}))
