"""The site in a real browser: what a person sees, clicks and is told."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.app.web.conftest import PASSWORD

OWN = "only-mine-to-know-5"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SERVE = [sys.executable, "-c", "from huisheng.app.cli import main; main()", "serve"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address(shop, tmp_path_factory):
    """Serve a copy of the demo shop's workspace, as a user would, and return where."""
    workspace = tmp_path_factory.mktemp("served") / "ws"
    # Reading the store of this process as a file would drop the locks it holds on it.
    shutil.copytree(shop / "ws", workspace, ignore=shutil.ignore_patterns("desk.sqlite3*"))
    port = free_port()
    options = ["--workspace", str(workspace), "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HUISHENG", "DJANGO"))}
    with subprocess.Popen([*SERVE, *options], env=environment, start_new_session=True) as server:
        try:
            await_health(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=20)
            finally:
                kill_group(server.pid)


def await_health(url, server):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not answer within a minute")


def kill_group(leader):
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.fixture(scope="module")
def browser():
    assert Path(CHROMIUM).exists(), "the tests need Debian's chromium: make test installs it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser, address):
    """Return a page whose console stays clean: what the policy forbids would show there."""
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 900}, locale="zh-CN"
    )
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


def come_in(tab):
    """Sign the owner in; on the very first visit make the account."""
    tab.goto("/")
    tab.fill("[name=username]", "owner")
    if "first-visit" in tab.url:
        tab.fill("[name=name]", "店主")
        tab.fill("[name=again]", PASSWORD)
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button")
    tab.wait_for_selector("h1:has-text('总览')")


def test_from_first_visit_to_a_disputed_finding(tab):
    come_in(tab)
    assert tab.locator(".card").count() > 0
    assert tab.locator("svg.spark polyline").count() > 0
    tab.click(".point-title >> nth=0")
    tab.wait_for_selector("text=买家原话")
    tab.fill("textarea[name=reason]", "是平台系统故障")
    tab.click("button[value=disputed]")
    tab.wait_for_selector(".history >> text=是平台系统故障")


def test_a_page_that_takes_long_shows_where_its_parts_will_stand(tab):
    come_in(tab)
    # The answer never comes: the page that was there waits.
    tab.route("**/metrics/", lambda route: route.abort("aborted"))
    tab.click("nav >> text=指标", no_wait_after=True)
    tab.wait_for_selector("main[aria-busy] > .skeleton .card")
    assert not tab.locator("h1").first.is_visible()
    assert tab.locator("#said").inner_text() == "正在打开…"
    tab.keyboard.press("Escape")
    assert tab.locator("h1:has-text('总览')").is_visible()
    assert tab.locator(".skeleton").count() == 0
    tab.unroute("**/metrics/")
    tab.click("nav >> text=指标")
    tab.wait_for_selector("h1:has-text('指标')")
    tab.go_back()
    tab.wait_for_selector("h1:has-text('总览')")
    assert tab.locator(".skeleton").count() == 0


def test_a_filter_works_without_a_button(tab):
    come_in(tab)
    tab.goto("/findings/")
    every = tab.locator(".points > li").count()
    department = tab.locator("select[name=department] option").nth(1).get_attribute("value")
    tab.select_option("select[name=department]", department)
    tab.wait_for_url("**department=*")
    shown = tab.locator(".points > li").count()
    assert 0 < shown < every
    assert set(tab.locator(".points .tag").all_inner_texts()) == {department}


def test_a_phone_shows_everything_without_sideways_scrolling(tab):
    come_in(tab)
    tab.set_viewport_size({"width": 390, "height": 844})
    for page in ("/", "/findings/", "/people/"):
        tab.goto(page)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert tab.evaluate(wide) <= 0, page


def test_the_keyboard_alone_reaches_the_first_stuck_point(tab):
    come_in(tab)
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.className") == "point-title":
            break
    tab.keyboard.press("Enter")
    tab.wait_for_selector("text=买家原话")


def test_dark_is_chosen_and_stays_chosen(tab):
    come_in(tab)
    tab.emulate_media(color_scheme="light")
    before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.click("[data-theme-toggle]")
    after = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert after != before
    tab.goto("/findings/")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_a_number_opens_its_records_and_a_record_its_conversation(tab):
    come_in(tab)
    tab.goto("/metrics/resp_3min_rate")
    tab.click("table.beside a >> nth=0")
    tab.wait_for_url("**/records**")
    record = tab.locator("tbody tr", has=tab.locator("text=看会话")).first
    record.locator("text=看会话").click()
    tab.wait_for_url("**/voices/conversation/**")
    assert tab.locator(".chat").count() == 1
    assert tab.locator(".chat").inner_text().strip()


def test_a_file_is_dragged_in_and_lands(tab, tmp_path):
    come_in(tab)
    tab.goto("/data/")
    header = "order_no,status,pay_amount,created_at,paid_at"
    row = "D900001,交易成功,88.00,2026-08-30 10:00:00,2026-08-30 10:01:00"
    (tmp_path / "orders.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    tab.uncheck("input[name=analyze]")
    drop(tab, ".drop", tmp_path / "orders.csv")
    tab.wait_for_selector(".drop .chosen:has-text('orders.csv')")
    tab.click("text=上传并导入")
    tab.wait_for_selector("table.files td:has-text('orders.csv')", timeout=120_000)
    counts = tab.locator("table.files tbody tr").first.locator("td.n").all_inner_texts()
    assert counts[:2] == ["1", "1"], "one row read, one new"


def test_each_role_sees_only_its_own(tab, browser, address):
    come_in(tab)
    shops = tab_values(tab, "/people/new", "select[name=shop_id] option")
    tab.goto("/people/new")
    tab.fill("[name=username]", "warehouse")
    tab.fill("[name=name]", "仓库小李")
    tab.select_option("[name=shop_id]", shops[1])
    tab.select_option("[name=role]", "department")
    tab.select_option("[name=department]", "warehouse")
    tab.click("main button:has-text('添加')")
    first = tab.locator("dl.pairs dd").nth(1).inner_text()
    context = browser.new_context(base_url=address, locale="zh-CN")
    theirs = context.new_page()
    theirs.goto("/")
    theirs.fill("[name=username]", "warehouse")
    theirs.fill("[name=password]", first)
    theirs.click("main button")
    theirs.wait_for_selector("h1:has-text('改密码')")
    for field, password in zip(
        theirs.locator("input[type=password]").all(), (first, *(OWN,) * 2), strict=True
    ):
        field.fill(password)
    theirs.click("main button")
    theirs.wait_for_selector("nav.rooms")
    rooms = theirs.locator("nav.rooms a").all_inner_texts()
    assert "卡点" in rooms
    assert not {"指标", "数据", "设置", "人员", "审计", "隐私"} & set(rooms)
    assert {theirs.goto(path).status for path in ("/settings/", "/metrics/", "/people/")} == {403}
    theirs.goto("/findings/")
    assert set(theirs.locator(".points .tag").all_inner_texts()) <= {"仓库"}
    context.close()


def tab_values(tab, path, options):
    tab.goto(path)
    return [option.get_attribute("value") for option in tab.locator(options).all()]


def drop(tab, target, file):
    """Drop a file from the desktop, as the browser itself does it."""
    box = tab.locator(target).bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    carried = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    devtools = tab.context.new_cdp_session(tab)
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, **place, "data": carried})
