"""What a shop does on its first day, so that no page of the manual is empty."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

SHOP = "tmall-xiaonuan"
PASSWORD = "correct-horse-7"
WORDS = f"/voices/words?q=发货&table=messages&shop={SHOP}"
WAITING_MS = 300_000
BAD_ROWS = """refund_no,order_no,type,status,applied_at,amount
9001,TM9001,refund_only,success,2026-02-31 10:00:00,59.00
9002,TM9002,refund_only,success,2026-08-30 11:20:00,五十九
"""
UNKNOWN_HEADER = """单子,买家昵称,哪天打款,打了多少,为什么
TM1,小白兔,2026-08-30,12.00,少发一件
TM2,大灰狼,2026-08-31,20.00,破损
"""
PEOPLE = (
    {"username": "qa", "name": "周质检", "role": "qa"},
    {"username": "agent", "name": "木木", "role": "agent", "agent_id": "木木"},
    {"username": "warehouse", "name": "吴仓储", "role": "department", "department": "warehouse"},
)
VISITORS = {"agent": "agent", "department": "warehouse"}


def begin(browser: Browser, address: str) -> BrowserContext:
    """Make the owner's account over the first visit; return where the owner is signed in."""
    owner = browser.new_context(base_url=address, locale="zh-CN")
    page = owner.new_page()
    page.goto("/first-visit")
    page.fill("[name=username]", "owner")
    page.fill("[name=name]", "王店主")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    _send(page, "button")
    page.close()
    return owner


def rehearse(
    owner: BrowserContext, browser: Browser, address: str, folder: Path
) -> Mapping[str, BrowserContext]:
    """Do one of everything as the owner; return the signed-in visitors."""
    page = owner.new_page()
    page.set_default_timeout(WAITING_MS)
    firsts = {str(person["username"]): _add(page, person) for person in PEOPLE}
    steps = (
        _concern,
        _hand_over,
        _watch,
        _decide,
        _judge,
        _token,
        _find_buyer,
        _ask_export,
        _channel,
    )
    for step in (*steps, _factor):
        step(page, folder)
    page.close()
    return {
        visitor: _signed_in(browser, address, username, firsts[username])
        for visitor, username in VISITORS.items()
    }


def _concern(page: Page, folder: Path) -> None:
    """Add two concerns before the exports are analysed, so that numbers know them."""
    for label, aspect, words, example in (
        ("没动静", "L01", "没 发货|发出|动静|揽收", "都三天了还没发货"),
        ("裤腰", "P05", "裤腰|腰围\n腰 紧|松|勒 !腰疼", "裤腰太紧了"),
    ):
        page.goto("/settings/concerns/one")
        page.fill("[name=label]", label)
        page.select_option("[name=aspect]", aspect)
        page.fill("[name=words]", words)
        page.fill("[name=examples]", example)
        page.fill("[name=why]", "班前会上反复提到")
        _send(page, "main form button:not([name])")


def _send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def _add(page: Page, person: Mapping[str, str]) -> str:
    page.goto("/people/new")
    for field in ("username", "name", "agent_id"):
        page.fill(f"[name={field}]", person.get(field, ""))
    for field in ("role", "department"):
        page.select_option(f"[name={field}]", person.get(field, ""))
    page.select_option("[name=shop_id]", SHOP)
    _send(page, "main form button")
    return page.inner_text("dl.pairs div:last-child dd")


def _signed_in(browser: Browser, address: str, username: str, first: str) -> BrowserContext:
    context = browser.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", first)
    _send(page, "button")
    page.fill("[name=current]", first)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    _send(page, "main form button")
    page.close()
    return context


def _hand_over(page: Page, folder: Path) -> None:
    files = {"客服台账.csv": UNKNOWN_HEADER, "refunds.csv": BAD_ROWS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        page.goto("/data/")
        page.select_option("[name=shop]", SHOP)
        page.uncheck("[name=analyze]")
        page.set_input_files("[name=files]", str(folder / name))
        page.click("text=上传并导入")
        page.wait_for_url("**/data/jobs/*")
        expect(page.locator("#job .state")).to_contain_text("完成", timeout=WAITING_MS)


def _watch(page: Page, folder: Path) -> None:
    watched = folder / "平台导出"
    watched.mkdir()
    page.goto("/data/folders/")
    page.fill("[name=path]", str(watched))
    page.fill("[name=shop_id]", SHOP)
    _send(page, "form.watching button")


def _decide(page: Page, folder: Path) -> None:
    page.goto("/findings/")
    page.goto(str(page.get_attribute(".point-title", "href")))
    page.fill("[name=reason]", "周三前和仓库对一遍当天发货的截单时间")
    _send(page, "[name=state][value=accepted]")


def _judge(page: Page, folder: Path) -> None:
    page.goto(WORDS)
    page.goto(str(page.get_attribute("main a[href*='/conversation/']", "href")))
    page.goto(str(page.get_attribute("main a[href*='/label/']", "href")))
    for form in range(page.locator(".judging form").count()):
        if page.locator(".judging form").nth(form).locator("select").first.input_value():
            _send(page, f".judging form >> nth={form} >> button")


def _token(page: Page, folder: Path) -> None:
    page.goto("/tokens/")
    page.fill("[name=name]", "ERP 每晚取数")
    page.check("[name=rights][value=see_numbers]")
    _send(page, ".token-form button")


def _find_buyer(page: Page, folder: Path) -> None:
    page.goto(WORDS)
    page.goto(str(page.get_attribute("main a[href*='/conversation/']", "href")))
    order = page.inner_text(".order h3 .id")
    page.goto("/privacy/")
    page.select_option("[name=shop]", SHOP)
    page.select_option("[name=found_by]", "order")
    page.fill("[name=value]", order)
    _send(page, ".find button")


def _ask_export(page: Page, folder: Path) -> None:
    page.goto("/voices/words")
    _send(page, "form.take [value=xlsx]")
    page.fill("[name=reason]", "交给仓库，对照催发货的买家")
    _send(page, "main form button")


def _channel(page: Page, folder: Path) -> None:
    """Add a robot that is nobody's; it stays off, so that nothing is ever sent."""
    page.goto("/settings/channels/new")
    page.fill("[name=name]", "客服早会群")
    page.fill("[name=address]", "https://oapi.dingtalk.com/robot/send?access_token=example0000")
    page.check("[name=subjects][value=weekly]")
    page.uncheck("[name=is_on]")
    _send(page, "main form button")


def _factor(page: Page, folder: Path) -> None:
    page.goto("/account/")
    _send(page, "form[action*='/second-factor/start'] button")
