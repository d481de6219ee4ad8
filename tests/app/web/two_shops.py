"""Two tiny shops whose every word is known, and how tests look at the pages over them."""

import json
import re
import shutil
from html import unescape

import pyarrow.parquet as pq
import pytest

from huisheng.lake import create_workspace, open_workspace, writing
from huisheng.records import all_tables, table_from_rows

HOSTILE = "<script>alert(1)</script>\"'&"
AT = "2026-08-10 10:0{}:00"


def message(conv, number, text, role="buyer", shop="s", **more):
    return {
        "shop_id": shop, "msg_id": f"{conv}-{number}", "conv_id": conv, "seq": number,
        "sent_at": AT.format(number), "role": role, "type": "text", "text": text, **more,
    }  # fmt: skip


def label(row, head, name, value=0, shop="s", table="messages"):
    return {
        "shop_id": shop, "table_name": table, "row_id": row, "head": head, "label": name,
        "value": value, "p": 0.8, "source": "model", "version": "1", "at": AT.format(1),
    }  # fmt: skip


def talk(conv, agent, shop="s", customer="k1", started=1):
    return {
        "shop_id": shop, "conv_id": conv, "customer_key": customer,
        "started_at": AT.format(started), "first_agent_id": agent, "last_agent_id": agent,
        "order_no": f"o-{conv}", "product_id": "p1", "reception_type": "human",
    }  # fmt: skip


ROWS = {
    "conversations": (talk("c1", "anna"), talk("c2", "ben", started=5), talk("d1", "dora", "t")),
    "messages": (
        message("c1", 1, f"怎么还没发货 {HOSTILE}"),
        message("c1", 2, "亲，马上安排", "agent", agent_id="anna"),
        message("c1", 3, "打 100%_折吗"),
        message("c1", 4, "后悔说的话", is_recalled=True),
        message("c2", 5, "打 100个折吗"),
        message("c2", 6, "不打折的", "agent", agent_id="ben"),
        message("d1", 1, "另一家店的话", shop="t"),
    ),
    "reviews": (
        {"shop_id": "s", "review_no": "r1", "order_no": "o-c2", "product_id": "p1",
         "content": f"包装破了 {HOSTILE}", "created_at": AT.format(7), "score_product": 1},
    ),
    "tickets": (
        {"shop_id": "s", "ticket_no": "T1", "conv_id": "c1", "order_no": "o-c1",
         "content": HOSTILE, "created_at": AT.format(8), "status": "created"},
        {"shop_id": "s", "ticket_no": "T2", "conv_id": "c2", "created_at": AT.format(8)},
    ),
    "orders": (
        {"shop_id": "s", "order_no": "o-c1", "customer_key": "k1", "status": "待发货",
         "pay_amount": "99.50", "created_at": AT.format(0), "paid_at": AT.format(0),
         "buyer_memo": HOSTILE},
    ),
    "order_items": (
        {"shop_id": "s", "order_no": "o-c1", "sub_order_no": "1", "product_id": "p1",
         "title": HOSTILE, "qty": 1, "paid_amount": "99.50"},
    ),
    "session_ratings": (
        {"shop_id": "s", "rating_id": "g1", "conv_id": "c1", "level": "不满意", "comment": HOSTILE,
         "subject": "chat", "rated_at": AT.format(9)},
    ),
    "labels": (
        label("c1-1", "scene", "MID06"), label("c1-1", "sentiment", "negative", -1),
        label("c1-1", "aspect", "L01", -1), label("c1-3", "scene", "PRE16"),
        label("c1-3", "sentiment", "neutral"), label("c2-5", "scene", "MID06"),
        label("c2-5", "sentiment", "neutral"), label("r1", "aspect", "L06", -1, table="reviews"),
    ),
}  # fmt: skip


def publish(workspace, rows):
    staged = {}
    for name, some in rows.items():
        path = workspace.lake / f"{name}.parquet"
        pq.write_table(table_from_rows(name, some, all_tables(), workspace.offset_us), path)
        staged[name] = path
    with writing(workspace, rows) as write:
        for name, path in staged.items():
            write.upsert(name, [path])


@pytest.fixture(scope="module")
def two_shops(tmp_path_factory):
    """Return a workspace of two tiny shops; nobody writes to it."""
    workspace = create_workspace(tmp_path_factory.mktemp("voices") / "ws", "Asia/Shanghai")
    publish(workspace, ROWS)
    names = ("shops", "metrics", "aspects", "scenes", "departments", "dimensions", "reasons",
             "products", "agents", "steps")  # fmt: skip
    run = {
        "shops": ["s", "t"],
        "charts": {},
        "findings": [],
        "versions": {},
        "period": {"start": "2026-08-01", "end": "2026-08-30"},
        "method": {"assumptions": []},
        "names": dict.fromkeys(names, {}) | {"products": {"p1": HOSTILE}},
    }
    workspace.runs.mkdir(exist_ok=True)
    (workspace.runs / "current.json").write_text(json.dumps(run), "utf-8")
    return workspace


@pytest.fixture
def small(visitor, two_shops):
    """Serve the tiny shops instead of the demo shop, to be read only."""
    from django.test import override_settings

    with override_settings(WORKSPACE=two_shops.root):
        yield two_shops


@pytest.fixture
def own(visitor, two_shops, tmp_path):
    """Serve a copy of the tiny shops that the test may write to."""
    from django.test import override_settings

    shutil.copytree(two_shops.root, tmp_path / "ws")
    with override_settings(WORKSPACE=tmp_path / "ws"):
        yield open_workspace(tmp_path / "ws")


def page_of(browser, address, **query):
    answer = browser.get(address, query, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def shown(page):
    """Return the units a list shows, as (kind, address)."""
    return re.findall(r'<p class="where"><a href="([^"?#]+)[^>]*><b>', page)


def text_of(page):
    return unescape(re.sub(r"<[^>]+>", "", page))
