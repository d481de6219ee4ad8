"""Files in, what is missing, what was set aside: the data room as a browser sees it."""

import csv
import html
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

import huisheng.intake.connectors as connectors
from huisheng.app.imported import HEADINGS, file_lines
from huisheng.app.steps import import_files
from huisheng.intake import all_connectors
from huisheng.lake import create_workspace, open_engine
from huisheng.records import all_tables
from tests.app.web.conftest import PASSWORD
from tests.app.web.working import do_job, do_jobs, import_job, orders, rows_of

NOW_US = 1_786_000_000_000_000
PHONE = "13812345678"
HOSTILE = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example")'
PAGES = ("", "coverage", "history", "quarantine/", "templates/", "templates/orders.csv")
BAD_ORDERS = (
    "order_no,status,pay_amount,created_at,buyer_memo\n"
    "1,交易成功,12.50,2026-08-01 10:00:00,好\n"
    f"2,{HOSTILE},{FORMULA},2026-08-01 10:00:00,打 {PHONE} 找我\n"
    "3,交易成功,9.90,昨天下午,快点\n"
)
UNKNOWN = f"流水,买家怎么说,哪天,手机\nA1,充电器不热 {PHONE},2026-08-02,{PHONE}\n"


@pytest.fixture
def place(visitor, tmp_path):
    """Return an empty workspace that the site serves for the length of a test."""
    made = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=made.root):
        yield made


def send(browser, files, shop="", new_shop="", address="/data/upload", **more):
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    form = {"shop": shop, "new_shop": new_shop, "files": sent, "whole": "1", **more}
    return browser.post(address, {name: value for name, value in form.items() if value})


def uploads(place):
    folder = place.root / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def cells_of(page):
    """Return the cells of every table row of a page, as a reader sees them."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def test_uploaded_files_become_facts_and_the_page_tells_what_the_command_line_tells(
    person, place, tmp_path
):
    from huisheng.app.web.audit.models import Event

    files = {"orders.csv": orders(60, bad_every=20), "agents.csv": b"agent_id,display_name\na1,A\n"}
    owner = person("owner")
    address = send(owner, files, new_shop="shop-a").url
    waiting = owner.get(address).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "排队中" in waiting
    do_jobs()
    page = owner.get(address).content.decode()
    assert "hx-trigger" not in page
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    other = create_workspace(tmp_path / "other")
    told = file_lines(
        import_files(other, [tmp_path / name for name in files], "shop-a", lambda _: None)
    )
    expected = [
        [f.file, f.recognised, f.encoding, *(f"{n:,}" for n in (
            f.rows_read, f.inserted, f.updated, f.unchanged, f.quarantined))]
        for f in told
    ]  # fmt: skip
    shown = cells_of(page)
    assert shown[0] == list(HEADINGS)
    assert [row for row in shown if len(row) == len(HEADINGS)][1:] == expected
    assert "不是金额" in page
    assert rows_of(place, "orders") == 57
    assert uploads(place) == []
    assert Event.objects.filter(act="imported", shop_id="shop-a").count() == 1


def test_a_zip_takes_everything_inside_and_a_bad_one_is_refused(person, place):
    owner = person("owner")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("八月/orders.csv", orders(5))
        archive.writestr("agents.csv", "agent_id\na1\n")
    address = send(owner, {"全部.zip": packed.getvalue()}, new_shop="shop-a").url
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../orders.csv", orders(5, first=100))
    bad = send(owner, {"bad.zip": outside.getvalue()}, new_shop="shop-a").url
    do_jobs()
    assert "全部.zip/八月/orders.csv" in owner.get(address).content.decode()
    assert "越界路径" in owner.get(bad).content.decode()
    assert rows_of(place, "orders") == 5


def test_one_zip_takes_every_kind_of_file_at_once(person, place):
    """Each is recognised by its own connector, whatever lies beside it."""
    owner = person("owner")
    packed = io.BytesIO()
    samples = {
        name: next((Path(connectors.__path__[0]) / name).glob("sample.*"))
        for name in all_connectors()
    }
    with zipfile.ZipFile(packed, "w") as archive:
        for name, sample in samples.items():
            archive.write(sample, f"{name}/{sample.name}")
    address = send(owner, {"全部.zip": packed.getvalue()}, new_shop="shop-a").url
    do_jobs()
    shown = {
        row[0]: row[1]
        for row in cells_of(owner.get(address).content.decode())
        if len(row) == len(HEADINGS)
    }
    for name, sample in samples.items():
        assert shown[f"全部.zip/{name}/{sample.name}"] == all_connectors()[name].label
    assert rows_of(place, "peer_reviews") > 0
    own = open_engine(place).table("reviews").content.to_pyarrow().to_pylist()
    assert "抽屉卡死" not in "".join(filter(None, own))


@pytest.mark.parametrize("role", ["supervisor", "qa", "agent", "trainer", "department", "reader"])
def test_only_people_who_import_enter(person, place, role):
    browser = person(role, **({"department": "仓储部门"} if role == "department" else {}))
    for page in PAGES:
        assert browser.get(f"/data/{page}").status_code == 403
    assert send(browser, {"orders.csv": orders(2)}, new_shop="shop-a").status_code == 403
    assert browser.post("/data/analyze").status_code == 403
    assert uploads(place) == []


def test_a_manager_of_one_shop_sees_and_writes_nothing_of_another(person, place):
    for shop in ("shop-a", "shop-b"):
        import_job({f"{shop}.csv": BAD_ORDERS.encode()}, shop_id=shop)
    do_jobs()
    owner = person("owner")
    manager = person("manager", shop_id="shop-a")
    marks = re.findall(
        r"/data/quarantine/(\w{16})", owner.get("/data/quarantine/").content.decode()
    )
    # One content, two shops: each has its own rows.
    assert len(marks) == 1
    whole = owner.get(f"/data/quarantine/{marks[0]}").content.decode()
    mine = manager.get(f"/data/quarantine/{marks[0]}").content.decode()
    assert "隔离 4 行" in whole and "隔离 2 行" in mine and "shop-b" not in mine
    assert manager.get("/data/jobs/2").status_code == 404
    assert manager.post("/data/jobs/2/cancel").status_code == 404
    assert manager.get("/data/jobs/999").status_code == 404
    for page in PAGES:
        answer = manager.get(f"/data/{page}?shop=shop-b")
        assert "shop-b" not in b"".join(answer).decode()
    refused = send(manager, {"orders.csv": orders(2)}, new_shop="shop-c")
    assert "请选择店铺" in refused.content.decode()
    assert send(manager, {"orders.csv": orders(2)}, shop="shop-b").status_code == 200
    foreign = {"orders.csv": orders(2, first=50, shop="shop-b")}
    address = send(manager, foreign, shop="shop-a").url
    do_jobs()
    assert "您不负责的店铺" in manager.get(address).content.decode()
    assert rows_of(place, "orders") == 2


def test_an_upload_that_was_cut_off_leaves_nothing(person, place):
    from huisheng.app.web.jobs.models import Job

    owner = person("owner")
    sent = {"new_shop": "shop-a", "files": [SimpleUploadedFile("orders.csv", orders(9))]}
    assert "中途断了" in owner.post("/data/upload", sent).content.decode()
    boundary = "line"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="new_shop"\r\n\r\nshop-a\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="orders.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode()
    kind = f"multipart/form-data; boundary={boundary}"
    cut = owner.generic("POST", "/data/upload", head + orders(9), content_type=kind)
    assert "中途断了" in cut.content.decode()
    assert "请先选择文件" in owner.post("/data/upload", {"whole": "1"}).content.decode()
    assert not Job.objects.exists()
    assert uploads(place) == []


def test_an_upload_without_its_token_is_refused_and_leaves_nothing(person, place):
    person("owner")
    strict = Client(enforce_csrf_checks=True)
    strict.login(username="owner", password=PASSWORD)
    assert send(strict, {"orders.csv": orders(2)}, new_shop="shop-a").status_code == 403
    assert uploads(place) == []


def test_a_file_too_large_is_refused_and_the_others_go_on(person, place, monkeypatch):
    from huisheng.app.web.data import receiving

    monkeypatch.setattr(receiving, "MOST_FILE_BYTES", 4_000)
    owner = person("owner")
    answer = send(owner, {"orders.csv": orders(500)}, new_shop="shop-a")
    assert "orders.csv：超过" in answer.content.decode()
    address = send(owner, {"big.csv": orders(500), "orders.csv": orders(5)}, new_shop="shop-a").url
    do_jobs()
    page = owner.get(address).content.decode()
    assert "orders.csv" in page
    assert "big.csv：超过" in page
    assert rows_of(place, "orders") == 5


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\导出\\订单.csv", "订单.csv"),
        (".hidden.csv", "hidden.csv"),
        ("", "文件"),
        ("很长" * 200 + ".xlsx", None),
    ],
)
def test_names_lead_nowhere_else(name, kept):
    from huisheng.app.web.data.receiving import safe_name, safe_path

    safe = safe_name(name)
    assert safe == (kept or safe)
    assert len(safe.encode()) <= 255
    assert "/" not in safe
    assert ".." not in safe_path("a/../../b/./c.csv").split("/")


def test_rejected_rows_are_shown_as_text_and_leave_as_text(person, place):
    owner = person("owner")
    send(owner, {"orders.csv": BAD_ORDERS.encode()}, new_shop="shop-a")
    do_jobs()
    mark = re.search(r"quarantine/(\w{16})", owner.get("/data/quarantine/").content.decode())[1]
    page = owner.get(f"/data/quarantine/{mark}").content.decode()
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    assert PHONE not in page
    rows = [row for row in cells_of(page) if len(row) == 5][1:]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("3", "pay_amount", FORMULA),
        ("4", "created_at", "昨天下午"),
    ]
    answer = owner.get(f"/data/quarantine/{mark}.csv")
    table = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert table[0]["pay_amount"] == f"'{FORMULA}"
    assert [row["行"] for row in table] == ["3", "4"]
    only = owner.get(f"/data/quarantine/{mark}", {"reason": table[0]["原因"]}).content.decode()
    assert "昨天下午" not in only
    assert owner.get("/data/quarantine/0123456789abcdef").status_code == 404


MIXED = (
    "shop_id,order_no,pay_amount,created_at\n"
    "shop-a,1,1.50,2026-08-01\nshop-a,2,一块,2026-08-01\n"
    "shop-b,3,2.50,2026-08-01\nshop-b,4,两块,2026-08-01\nshop-b,5,三块,2026-08-01\n"
    "shop b!,6,2.50,2026-08-01\nshop-new,7,七块,2026-08-01\n"
)
"""Rejected: one row of shop-a, two of shop-b, two of shops that nobody knows."""


def test_rejected_rows_are_those_of_ones_own_shop(person, place, program):
    from huisheng.app.analysis import analyze
    from huisheng.app.web import library
    from huisheng.app.web.seen import document_of

    owner, a = person("owner", username="o"), person("manager", shop_id="shop-a", username="a")
    import_job({"orders.csv": MIXED.encode()}, shop_id="")
    do_jobs()
    assert sorted(open_engine(place).shops("import_batches")) == ["shop-a", "shop-b"]
    mark = re.search(r"quarantine/(\w{16})", owner.get("/data/quarantine/").content.decode())[1]
    seen = {"o": (owner, 5, "两块"), "a": (a, 1, "一块")}
    for browser, rows, cell in seen.values():
        listed = cells_of(browser.get("/data/quarantine/").content.decode())
        assert listed[-1][-1] == str(rows)
        page = browser.get(f"/data/quarantine/{mark}").content.decode()
        assert f"隔离 {rows} 行" in page and cell in page
        table = b"".join(browser.get(f"/data/quarantine/{mark}.csv")).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(table)))) == rows
    for page in ("/data/quarantine/", f"/data/quarantine/{mark}", "/data/history"):
        assert "shop-b" not in a.get(page).content.decode()
    assert "两块" not in a.get(f"/data/quarantine/{mark}").content.decode()
    assert [row[-2] for row in cells_of(a.get("/data/history").content.decode())[1:]] == ["1"]
    asked = program("manager", "shop-a", name="p").ask(f"/data/quarantine/{mark}")
    assert [row["value"] for row in asked["rows"]] == ["一块"]
    analyze(place, None, lambda _: None, now_us=NOW_US)
    document = library.document()
    assert document["quarantine"]["rows"] == 5
    assert document_of(document, ["shop-a"])["quarantine"]["rows"] == 1
    assert list(document_of(document, ["shop-a"])["quarantine"]["reasons"].values()) == [1]


def test_a_shops_corrected_file_leaves_the_rejected_rows_of_another_open(person, place):
    owner = person("owner")
    import_job({"orders.csv": MIXED.encode()}, shop_id="")
    do_jobs()
    mended = "".join(line for line in MIXED.splitlines(True)[:3]).replace("一块", "1")
    import_job({"orders.csv": mended.encode()}, shop_id="shop-a")
    do_jobs()
    history = cells_of(owner.get("/data/history").content.decode())
    assert sorted(row[-2] for row in history[1:]) == ["0", "2", "已改正"]
    assert cells_of(owner.get("/data/quarantine/").content.decode())[-1][-1] == "2"


def test_a_corrected_file_empties_the_quarantine_whatever_its_name(person, place):
    owner = person("owner")
    send(owner, {"orders.csv": BAD_ORDERS.encode()}, new_shop="shop-a")
    do_jobs()
    mark = re.search(r"quarantine/(\w{16})", owner.get("/data/quarantine/").content.decode())[1]
    mended = BAD_ORDERS.replace(FORMULA, "12").replace("昨天下午", "2026-08-02").encode()
    address = f"/data/quarantine/{mark}/corrected"
    assert "没有收到文件" in owner.post(address, {"whole": "1"}).content.decode()
    answer = send(owner, {"orders (改).csv": mended}, address=address)
    assert do_job()
    assert "orders.csv" in owner.get(answer.url).content.decode()
    assert "没有被隔离的行" in owner.get("/data/quarantine/").content.decode()
    assert rows_of(place, "orders") == 3
    history = cells_of(owner.get("/data/history").content.decode())
    assert [row[-2] for row in history[1:]] == ["0", "已改正"]


def test_an_unknown_header_is_explained_once_and_read_from_then_on(person, place):
    owner = person("owner")
    address = send(owner, {"登记.csv": UNKNOWN.encode()}, new_shop="shop-a").url
    do_jobs()
    page = owner.get(address).content.decode()
    assert "没有见过这种表头" in page
    assert str(place.root) not in page
    editor = html.unescape(re.search(r'href="([^"]*/columns\?[^"]*)"', page)[1])
    shown = owner.get(editor + "&table=tickets").content.decode()
    assert "充电器不热" in shown
    assert PHONE not in shown
    incomplete = owner.post(editor, {"table": "tickets", "column-1": "tickets.content"})
    assert "还不能认出每一行是哪一条" in incomplete.content.decode()
    wrong = owner.post(editor, {"table": "labels", "column-1": "labels.label"})
    assert "由系统填写" in wrong.content.decode()
    given = {
        "table": "tickets",
        "column-0": "tickets.ticket_no",
        "column-1": "tickets.content",
        "column-2": "tickets.created_at",
        "column-3": "-",
    }
    again = owner.post(editor, given)
    do_jobs()
    assert "工单（列映射）" in owner.get(again.url).content.decode()
    assert rows_of(place, "tickets") == 1
    later = UNKNOWN.replace("A1", "A2").encode()
    send(owner, {"下一份.csv": later}, shop="shop-a")
    do_jobs()
    assert rows_of(place, "tickets") == 2


def test_what_one_shop_s_person_says_about_columns_changes_no_other_shop(person, place):
    for shop in ("shop-a", "shop-b"):
        import_job({"orders.csv": orders(2)}, shop_id=shop)
    do_jobs()
    given = {"table": "tickets", "column-0": "tickets.ticket_no", "column-3": "-",
             "column-1": "tickets.content", "column-2": "tickets.created_at"}  # fmt: skip
    wrong = given | {"column-1": "-"}
    for shop, said in (("shop-a", given), ("shop-b", wrong)):
        browser = person("manager", shop_id=shop, username=shop)
        address = send(browser, {f"{shop}.csv": UNKNOWN.encode()}, shop=shop).url
        do_jobs()
        page = browser.get(address).content.decode()
        editor = html.unescape(re.search(r'href="([^"]*/columns\?[^"]*)"', page)[1])
        assert browser.post(editor, said).status_code == 302
        do_jobs()
    tickets = open_engine(place).table("tickets").select("shop_id", "content").to_pyarrow()
    content = {row["shop_id"]: row["content"] for row in tickets.to_pylist()}
    assert content["shop-a"].startswith("充电器不热") and content["shop-b"] is None
    assert not list(place.mappings.glob("*.yaml")), "nothing for everybody"
    kept = {path.parent.name: path.read_text("utf-8") for path in place.mappings.glob("*/*.yaml")}
    assert sorted(kept) == ["shop-a", "shop-b"] and kept["shop-a"] != kept["shop-b"]


def test_the_calendar_shows_the_days_there_are_and_the_days_there_are_not(person, place):
    from huisheng.app.web.data.coverage import counts_by_day, draw

    import_job({"orders.csv": orders(28 * 3)})
    do_jobs()
    rows = open_engine(place).table("orders")
    days = rows.group_by("local_date").aggregate(n=rows.count()).to_pyarrow().to_pylist()
    end = date(2026, 8, 31)
    counts = counts_by_day("shop-a", end)
    assert counts["orders"] == {date.fromisoformat(day["local_date"]): day["n"] for day in days}
    assert counts["messages"] == {}
    titles = {cell.title: cell.strength for cell in draw(counts, end).cells}
    assert titles["订单 8 月 3 日：3 条"]
    assert titles["订单 8 月 30 日：没有数据"] == ""
    page = person("owner").get("/data/coverage?shop=shop-a&end=2026-08-31").content.decode()
    assert "订单 8 月 3 日：3 条" in page
    assert "还没有导入过" in page


def test_what_is_missing_is_counted_up_to_yesterday(place):
    from huisheng.app.web.data.missing import missing_exports
    from huisheng.app.web.data.shops import Shop

    import_job({"orders.csv": orders(28)})
    do_jobs()
    shop = Shop("shop-a", "A", "tmall")
    found = {one.export.id: one for one in missing_exports(shop, date(2026, 9, 1))}
    assert found["orders"].problem == "缺订单商品；只到 8 月 28 日，缺 3 天"
    assert found["chats"].problem == "还没有导入过"
    assert "千牛" in found["orders"].where


def test_every_export_names_real_tables_and_a_place(place):
    from huisheng.app.web.data.missing import all_exports

    for export in all_exports():
        assert set(export.tables) <= set(all_tables())
        assert export.where
        assert export.why


def test_a_filled_template_is_read_as_its_table(person, place):
    owner = person("owner")
    answer = owner.get("/data/templates/disputes.csv")
    header = next(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert header == [column.name for column in all_tables()["disputes"].columns]
    filled = dict.fromkeys(header, "") | {"dispute_no": "D1", "launched_at": "2026-08-01 10:00:00"}
    table = io.StringIO()
    writer = csv.DictWriter(table, header)
    writer.writeheader()
    writer.writerow(filled)
    send(owner, {"disputes.csv": table.getvalue().encode()}, new_shop="shop-a")
    do_jobs()
    assert rows_of(place, "disputes") == 1
    assert owner.get("/data/templates/labels.csv").status_code == 404
    assert owner.get("/data/templates/nothing.csv").status_code == 404


def test_every_page_stands_over_the_demo_shop(person):
    owner = person("owner")
    for page in PAGES:
        answer = owner.get(f"/data/{page}")
        assert answer.status_code == 200
    history = cells_of(owner.get("/data/history?page=2").content.decode())
    assert 1 < len(history) <= 51
    assert owner.get("/data/history?page=999999").status_code == 200
    assert "style=" not in owner.get("/data/coverage").content.decode()


def test_cancelling_and_repeating_from_the_page(person, place):
    owner = person("owner")
    address = send(owner, {"orders.csv": orders(5)}, new_shop="shop-a").url
    owner.post(f"{address}/cancel")
    page = owner.get(address).content.decode()
    assert "已取消" in page
    assert "再试一次" in page
    repeated = owner.post(f"{address}/again").url
    do_jobs()
    assert "已完成" in owner.get(repeated).content.decode()
    assert rows_of(place, "orders") == 5
    assert "再试一次" not in owner.get(repeated).content.decode()
