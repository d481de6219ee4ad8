"""Take the picture of the README: `python docs/screenshots.py REPORT.html`."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PICTURE = Path(__file__).parent / "images" / "report.png"
LARGEST_BYTES = 400 * 1024
SECONDS = 120
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,1500",
)


def shoot(report: Path, picture: Path) -> None:
    """Render the top of a report with Debian's chromium.

    Raises:
        CalledProcessError: chromium failed.
        ValueError: the picture is missing or too large to keep in the repository.
    """
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.unlink(missing_ok=True)
    with TemporaryDirectory() as profile:
        target = (f"--user-data-dir={profile}", f"--screenshot={picture.resolve()}")
        command = ("chromium", *FLAGS, *target, report.resolve().as_uri())
        subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)
    size = picture.stat().st_size if picture.exists() else 0
    if not 0 < size <= LARGEST_BYTES:
        raise ValueError(f"{picture} has {size} bytes, not 1 to {LARGEST_BYTES}")


if __name__ == "__main__":
    shoot(Path(sys.argv[1]), PICTURE)
