"""Land the shop that the metrics are asked about."""

import sys
from pathlib import Path

from benchmarks.landing import land
from benchmarks.shop import Size
from huisheng.lake import create_workspace


def main() -> None:
    """Make a workspace at argv[1] with argv[2] orders and argv[3] messages."""
    root = Path(sys.argv[1])
    workspace = create_workspace(root)
    land(workspace, Size(int(sys.argv[2]), int(sys.argv[3])), root / "lake" / "staging")


if __name__ == "__main__":
    main()
