"""The API over a real connection: what schemathesis makes of its document, and cut-off uploads."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.app.web.test_browser import await_health, free_port, kill_group

MAKE = """
import sys
from datetime import timedelta
from pathlib import Path
from huisheng.app.web import prepare
prepare(Path(sys.argv[1]))
from django.utils import timezone
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.tokens import make_token
owner = User.objects.create("owner", "owner", "correct-horse-7")
Membership.objects.create(user=owner, shop_id="*", role="owner")
print(make_token(owner, "fuzz", list(Right), [], timezone.now() + timedelta(days=1))[1])
"""
EXAMPLES, SEED = 2, 20261122
MOST_S = 600
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
def served(shop, tmp_path_factory):
    """Serve a copy of the demo shop without the process of jobs; return address and token."""
    workspace = tmp_path_factory.mktemp("fuzzed") / "ws"
    shutil.copytree(shop / "ws", workspace, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HUISHENG", "DJANGO"))}
    made = subprocess.run(
        [sys.executable, "-c", MAKE, workspace], env=environment, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    port = free_port()
    environment |= {
        "HUISHENG_WORKSPACE": str(workspace),
        "DJANGO_SETTINGS_MODULE": "huisheng.app.web.config",
        "HUISHENG_API_PER_MINUTE": "1000000",
        "HUISHENG_API_FAILURES": "1000000",
    }
    options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "2", "--no-log"]
    command = [sys.executable, "-m", "granian", *options, "huisheng.app.web.wsgi:application"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as server:
        try:
            await_health(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}", made.stdout.strip(), workspace
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            finally:
                kill_group(server.pid)


def test_schemathesis_finds_nothing(served, tmp_path):
    address, token, _ = served
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIG,
        "run", f"{address}/api/v1/openapi.json",
        "-H", f"Authorization: Bearer {token}", "--max-examples", str(EXAMPLES),
        "--seed", str(SEED), "--phases", "coverage,fuzzing", "--continue-on-failure", "--no-color",
    ]  # fmt: skip
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "tests.app.web.api_hooks",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    ran = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=MOST_S
    )
    assert ran.returncode == 0, ran.stdout[-20_000:]
    assert "Tested: " in ran.stdout and "Tested: 0" not in ran.stdout


def test_an_upload_cut_off_on_the_way_leaves_nothing(served):
    address, token, workspace = served
    port = int(address.rsplit(":", 1)[1])
    before, kept = jobs(served), uploads(workspace)
    boundary = "b0undary"
    content = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="shop_id"\r\n\r\nnew-shop\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
        "order_no\n1\n"
    ).encode()
    head = (
        "POST /api/v1/data/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content) + 500}\r\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head + content)
        time.sleep(0.3)
    until = time.monotonic() + 20
    while uploads(workspace) != kept and time.monotonic() < until:
        time.sleep(0.2)
    assert (jobs(served), uploads(workspace)) == (before, kept)


def test_a_hostile_request_line_is_an_answer_of_the_api(served):
    address, token, _ = served
    for path in ("/api/v1/jobs/%00", "/api/v1/findings/%ED%A0%80", "/api/v1/%FF", "/api/v1/"):
        request = urllib.request.Request(
            address + path, headers={"Authorization": f"Bearer {token}"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=20)
        assert refused.value.code in (404, 422)
        assert set(json.loads(refused.value.read())) == {"error"}


def uploads(workspace):
    return {path.name for path in (workspace / "uploads").glob("*")}


def jobs(served):
    address, token, _ = served
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{address}/api/v1/jobs", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())["total"]
