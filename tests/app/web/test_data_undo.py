"""An import taken back from the history page: told before, done once, refused with a reason."""

import html
import re

import pytest
from django.test import override_settings

from huisheng.intake.undoing import LABELLED, undoable
from huisheng.lake import create_workspace, open_engine
from huisheng.records import all_tables
from tests.app.web.test_data import cells_of, send
from tests.app.web.working import do_jobs, held_worker, import_job, orders, rows_of, until, worker


@pytest.fixture
def place(visitor, tmp_path):
    """Return an empty workspace that the site serves for the length of a test."""
    made = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=made.root):
        yield made


def content(place):
    """Return all rows with their provenance."""
    engine = open_engine(place)
    found = {}
    for name, table in all_tables().items():
        rows = engine.arrow(engine.table(name)).to_pylist()
        found[name] = sorted(rows, key=lambda row: [str(row[part]) for part in table.lake_key])
    return {name: rows for name, rows in found.items() if rows}


def take(place, name, csv, shop="shop-a"):
    import_job({name: csv}, shop_id=shop)
    do_jobs()


def undo_link(browser, file):
    """Return the address behind a file's row of the history."""
    page = browser.get("/data/history").content.decode()
    row = next(part for part in page.split("<tr>") if f"<td>{file}</td>" in part)
    return html.unescape(re.search(r'href="([^"]*/undo)"', row)[1])


def confirm(browser, address, **more):
    page = browser.get(address).content.decode()
    marks = re.findall(r'name="import" value="([^"]+)"', page)
    return browser.post(address, {"import": marks, **more})


def test_the_page_tells_what_will_change_and_the_job_does_exactly_that(person, place):
    from huisheng.app.web.audit.models import Event

    owner = person("owner")
    take(place, "orders_a.csv", orders(10))
    after_a = content(place)
    take(place, "orders_b.csv", orders(12).replace("交易成功".encode(), "交易关闭".encode()))
    address = undo_link(owner, "orders_b.csv")
    page = owner.get(address).content.decode()
    shown = [row for row in cells_of(page) if row and row[0] == "订单"]
    assert shown == [["订单", "2 条", "10 条", "—"]]
    assert content(place)["orders"] != after_a["orders"]
    answer = confirm(owner, address)
    again = confirm(owner, address)
    assert answer.url == again.url
    do_jobs()
    told = owner.get(answer.url).content.decode()
    assert "已撤销 1 个文件：orders_b.csv" in told
    assert content(place) == after_a
    assert owner.get(address).status_code == 404
    assert "orders_b.csv" not in owner.get("/data/history").content.decode()
    assert Event.objects.filter(about__startswith="撤销导入", shop_id="shop-a").count() == 1
    send(owner, {"orders_b.csv": orders(12)}, shop="shop-a")
    do_jobs()
    assert rows_of(place, "orders") == 12


def test_what_builds_on_it_goes_along_and_a_later_import_asks_again(person, place):
    owner = person("owner")
    take(place, "orders_a.csv", orders(3))
    take(place, "orders_b.csv", orders(5))
    take(place, "agents.csv", b"agent_id,display_name\na1,A\n")
    address = undo_link(owner, "orders_a.csv")
    page = owner.get(address).content.decode()
    assert "之后又有 1 个文件改动了同样的数据" in page
    marks = re.findall(r'name="import" value="([^"]+)"', page)
    take(place, "orders_c.csv", orders(7))
    asked = owner.post(address, {"import": marks}).content.decode()
    assert "刚才又有新的导入" in asked
    assert rows_of(place, "orders") == 7
    answer = confirm(owner, address, analyze="1")
    do_jobs()
    assert "已撤销 3 个文件" in owner.get(answer.url).content.decode()
    assert rows_of(place, "orders") == 0
    assert rows_of(place, "agents") == 1


def test_the_analysis_that_follows_is_the_one_of_before(person, place):
    """The same facts give the same run, and a lake that was emptied can still be analysed."""
    from huisheng.app.web import library
    from huisheng.app.web.jobs.models import Job

    owner = person("owner")
    take(place, "orders_a.csv", orders(60))
    owner.post("/data/analyze")
    do_jobs()
    before = library.document()
    take(place, "orders_b.csv", orders(90).replace("交易成功".encode(), "交易关闭".encode()))
    confirm(owner, undo_link(owner, "orders_b.csv"), analyze="1")
    do_jobs()
    after = library.document()
    assert [job.state for job in Job.objects.order_by("id")] == ["done"] * 5
    assert after["data_hash"] == before["data_hash"]
    assert after["metrics"] == before["metrics"]
    confirm(owner, undo_link(owner, "orders_a.csv"), analyze="1")
    do_jobs()
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert rows_of(place, "orders") == 0
    assert owner.get("/data/coverage").status_code == 200
    assert owner.get("/metrics/").status_code == 200


def test_nobody_undoes_what_is_not_theirs_or_set_elsewhere(person, place):
    owner = person("owner")
    take(place, "a.csv", orders(3, shop="shop-a"))
    take(place, "b.csv", orders(3, first=50, shop="shop-b"), shop="shop-b")
    theirs = undo_link(owner, "b.csv")
    assert person("manager", shop_id="shop-a").get(theirs).status_code == 404
    assert person("reader").get(theirs).status_code == 403
    assert owner.get("/data/history/nothing/undo").status_code == 404
    take(place, "agents（设置）.csv", b"agent_id,display_name\na1,A\n")
    page = owner.get("/data/history").content.decode()
    row = next(part for part in page.split("<tr>") if "（设置）" in part)
    assert "撤销" not in row
    mark = undoable(place)[-1].mark
    assert "到设置里改回去" in owner.get(f"/data/history/{mark}/undo").content.decode()


def test_an_undo_job_survives_a_kill(person, place, database):
    owner = person("owner")
    take(place, "orders_a.csv", orders(300))
    after_a = content(place)
    take(place, "orders_b.csv", orders(20_000))
    job_page = confirm(owner, undo_link(owner, "orders_b.csv")).url
    from huisheng.app.web.jobs.models import Job

    job = Job.objects.get(pk=int(job_page.rstrip("/").rsplit("/", 1)[1]))

    with held_worker(place, database, "撤销") as first:
        first.kill()
        first.wait()
    job.refresh_from_db()
    assert job.is_open

    def ended():
        job.refresh_from_db()
        return not job.is_open

    with worker(place, database):
        until(ended)
    assert job.state == "done"
    assert job.attempts >= 2
    assert content(place) == after_a


def test_every_table_that_is_labelled_loses_the_labels_of_vanished_rows():
    from huisheng.app.analysis.labelling import SOURCES

    assert {name: source[0] for name, source in SOURCES.items()}.items() <= LABELLED.items()
    assert set(LABELLED) == {*SOURCES, "messages", "survey_answers"}
