"""Take the pictures of the texts.

`python docs/screenshots.py DEMO_FOLDER [NAME ...]` takes every page of the application (or the
named ones) for the manual, over a copy of the workspace that `huisheng demo --out DEMO_FOLDER
--no-serve` made. `python docs/screenshots.py REPORT.html` takes the picture of the README.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from screens import camera, rehearsal, screens
from screens.serving import served_copy

IMAGES = Path(__file__).parent / "images"
PICTURE = IMAGES / "report.png"
MANUAL = IMAGES / "manual"
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


def take_manual(demo: Path, only: frozenset[str]) -> list[str]:
    """Take the screens of the manual in three looks; return what is wrong with them."""
    MANUAL.mkdir(parents=True, exist_ok=True)
    wanted = [screen for screen in screens() if not only or screen.picture in only]
    wrong = sorted(only - {screen.picture for screen in wanted})
    complaints = [f"{name}: no such screen" for name in wrong]
    with (
        sync_playwright() as player,
        served_copy(demo / "workspace") as (address, folder),
        camera.opened(player) as browser,
    ):
        nobody = browser.new_context(base_url=address, locale="zh-CN")
        for screen in (one for one in wanted if one.visitor == "first"):
            complaints += camera.take(screen, nobody, MANUAL)
        owner = rehearsal.begin(browser, address)
        others = rehearsal.rehearse(owner, browser, address, folder)
        visitors = {"owner": owner, "nobody": nobody, **others}
        for screen in (one for one in wanted if one.visitor != "first"):
            complaints += camera.take(screen, visitors[screen.visitor], MANUAL)
    return complaints


if __name__ == "__main__":
    given = Path(sys.argv[1])
    if given.is_file():
        shoot(given, PICTURE)
    elif problems := take_manual(given, frozenset(sys.argv[2:])):
        sys.exit("\n".join(problems))
