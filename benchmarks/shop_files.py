"""Write the files of a whole shop: `python -m benchmarks.shop_files FOLDER ORDERS MESSAGES`."""

import sys
from pathlib import Path

from benchmarks.landing import write_exports
from benchmarks.measuring import say
from benchmarks.shop import Size


def main() -> None:
    """Write the files and print how many rows they hold."""
    say(rows=write_exports(Path(sys.argv[1]), Size(int(sys.argv[2]), int(sys.argv[3]))))


if __name__ == "__main__":
    main()
