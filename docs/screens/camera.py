"""Take each screen in light, dark and on a phone, and say what is wrong with it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, Playwright, ViewportSize

from screens import Screen

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
)
LARGEST_BYTES = 150 * 1024
QUALITIES = (46, 38, 32)
WAITING_MS = 120_000


@dataclass(frozen=True, slots=True)
class Look:
    """A width and a colour scheme."""

    name: str
    width: int
    tallest: int
    dark: bool = False


LOOKS = (Look("light", 1280, 1180), Look("dark", 1280, 640, dark=True), Look("phone", 390, 1300))


def opened(player: Playwright) -> Browser:
    """Start Debian's chromium."""
    path = shutil.which("chromium")
    return player.chromium.launch(executable_path=path, args=list(FLAGS))


def take(screen: Screen, context: BrowserContext, folder: Path) -> Iterator[str]:
    """Write the three pictures of a screen; yield every complaint."""
    page = context.new_page()
    page.set_default_timeout(WAITING_MS)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    address = _reached(screen, page)
    if not address:
        yield f"{screen.picture}: no link {screen.follow} from {screen.at}"
    for look in LOOKS if address else ():
        said.clear()
        yield from _taken(screen, look, page, address, folder)
        # A browser says aloud that a page was refused, also where it has to be.
        yield from (
            f"{screen.picture}-{look.name}: console: {line}"
            for line in said
            if screen.status == 200 or str(screen.status) not in line
        )
    page.close()


def _reached(screen: Screen, page: Page) -> str:
    address = screen.at
    for link in screen.follow:
        page.goto(address)
        found = page.query_selector(link)
        address = (found.get_attribute("href") or "") if found else ""
        if not address:
            return ""
        # A page is taken from its top, not from the place that a link points to.
        address = urljoin(page.url, urldefrag(address).url)
    return f"{address}&{screen.ask}" if screen.ask else address


def _taken(screen: Screen, look: Look, page: Page, address: str, folder: Path) -> Iterator[str]:
    name = f"{screen.picture}-{look.name}"
    page.emulate_media(color_scheme="dark" if look.dark else "light", reduced_motion="reduce")
    page.set_viewport_size(ViewportSize(width=look.width, height=844))
    answer = page.goto(address)
    if answer is None or answer.status != screen.status:
        yield f"{name}: {address} answered {answer and answer.status}, not {screen.status}"
    page.evaluate("document.fonts.ready.then(() => true)")
    wide = int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
    if wide > 0:
        yield f"{name}: scrolls sideways by {wide} px"
    _write(page, look, folder / f"{name}.jpg")
    if (size := (folder / f"{name}.jpg").stat().st_size) > LARGEST_BYTES:
        yield f"{name}: {size} bytes, more than {LARGEST_BYTES}"


def _write(page: Page, look: Look, picture: Path) -> None:
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    clip = FloatRect(x=0, y=0, width=look.width, height=min(tall, look.tallest))
    for quality in QUALITIES:
        page.screenshot(path=picture, type="jpeg", quality=quality, full_page=True, clip=clip)
        if picture.stat().st_size <= LARGEST_BYTES:
            return
