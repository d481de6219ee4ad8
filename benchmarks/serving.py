"""A workspace served as a merchant serves it, for benchmarks that open its pages."""

import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import COMMAND

PASSWORD = "benchmark-horse-7"
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where the server listens, and the cookies of its owner."""

    port: int
    cookies: str

    def page(self, path: str) -> str:
        """Open a page and return it; the path may hold any characters."""
        quoted = urllib.parse.quote(path, safe="/?&=:%")
        address = f"http://127.0.0.1:{self.port}{quoted}"
        request = urllib.request.Request(address, headers={"Cookie": self.cookies})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()


@contextmanager
def serving(workspace: Path) -> Iterator[Site]:
    """Serve a workspace until the block ends, its owner signed in."""
    port = _free_port()
    command = (*COMMAND, "serve", "--workspace", str(workspace), "--port", str(port))
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Site(port, _sign_in(port))
    finally:
        server.terminate()
        server.wait()


def _sign_in(port: int) -> str:
    """Make the owner over the first-visit page, or sign in; return the session's cookies."""
    jar = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(jar)
    with opener.open(f"http://127.0.0.1:{port}/") as answer:
        page, address = answer.read().decode(), answer.url
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    fields = {
        "csrfmiddlewaretoken": token[1] if token else "", "username": "bench", "name": "压测",
        "password": PASSWORD, "again": PASSWORD, "password2": PASSWORD, "code": "",
    }  # fmt: skip
    names = re.findall(r'<input[^>]*name="([^"]+)"', page)
    given = urllib.parse.urlencode({name: fields.get(name, PASSWORD) for name in names}).encode()
    opener.open(urllib.request.Request(address, given)).read()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar.cookiejar)
    if "sessionid" not in cookies:
        raise SystemExit("nobody could sign in")
    return cookies


def _wait_for(port: int) -> None:
    until = time.perf_counter() + START_SECONDS
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz"):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
    raise SystemExit("the server did not start")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
