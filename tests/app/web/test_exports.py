"""Tables taken along: whole, defused, counted, and by two people's hands where they are many."""

import csv
import io
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

TMALL = "tmall-xiaonuan"


def take(browser, source, format_="csv", reason="", **query):
    return browser.post(
        "/exports/new",
        {"source": source, "format": format_, "query": urlencode(query), "reason": reason},
    )


def rows_of(answer):
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def events():
    from huisheng.app.web.audit.models import Act, Event

    return list(Event.objects.filter(act=Act.EXPORTED))


def test_the_metrics_are_those_of_the_run(person):
    from huisheng.app.web import library

    answer = take(person(), "cards")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    document = library.document()
    whole = [entry for entry in document["metrics"] if "group" not in entry]
    rows = rows_of(answer)
    assert len(rows) == len(whole)
    shares = {(row["编号"], row["店铺"]): row["数值"] for row in rows}
    entry = next(entry for entry in whole if entry["id"] == "ww_satisfaction" and entry["value"])
    shop = document["names"]["shops"][entry["shop_id"]]
    assert float(shares["ww_satisfaction", shop]) == pytest.approx(entry["value"])
    [event] = events()
    assert "SHA-256" in event.about


def test_one_shop_s_manager_takes_one_shop(person):
    rows = rows_of(take(person("manager", TMALL), "cards"))
    assert len({row["店铺"] for row in rows}) == 1


def test_records_are_all_of_them_as_a_workbook(person):
    from huisheng.app.web import library
    from huisheng.app.web.voices.chosen import period_of
    from huisheng.metrics import Window, list_cases

    browser = person()
    answer = take(browser, "records", "xlsx", metric="complaint_handle_hours", shop=TMALL)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    with library.facts() as facts:
        days = period_of(library.document())
        window = Window(days.start, days.end, facts.offset_us)
        total = list_cases(facts, "complaint_handle_hours", window, TMALL).total
    assert sheet.max_row == total + 1


def test_many_customers_need_somebody_else(person):
    from huisheng.app.web.exports.models import ExportRequest

    manager = person("manager", TMALL)
    asked = {"metric": "complaint_rate", "shop": TMALL}
    answer = take(manager, "records", **asked)
    assert "用来做什么" in answer.content.decode()
    assert not ExportRequest.objects.exists()
    answer = take(manager, "records", reason="给运营看原话", **asked)
    assert answer.status_code == 302
    request = ExportRequest.objects.get()
    assert request.customers > 200
    assert manager.post(f"/exports/{request.pk}/file").status_code == 400
    assert manager.post(f"/exports/{request.pk}/decide", {"allow": "1"}).status_code == 404
    supervisor = person("supervisor", TMALL)
    assert supervisor.post(f"/exports/{request.pk}/decide", {"allow": "1"}).status_code == 403
    stranger = person("manager", "jd-xiaonuan", "stranger")
    assert stranger.post(f"/exports/{request.pk}/decide", {"allow": "1"}).status_code == 404
    owner = person("owner")
    assert "给运营看原话" in owner.get("/exports/").content.decode()
    assert owner.post(f"/exports/{request.pk}/decide", {"allow": "1"}).status_code == 302
    again = owner.post(f"/exports/{request.pk}/decide", {"allow": "0"})
    assert "没有覆盖" in again.content.decode()
    assert owner.post(f"/exports/{request.pk}/file").status_code == 404
    answer = manager.post(f"/exports/{request.pk}/file")
    assert len(rows_of(answer)) == request.rows
    request.refresh_from_db()
    assert request.file_hash in events()[0].about


def test_many_small_files_do_not_take_a_large_one_s_place(person):
    """Two hundred customers in a day, however they are cut; the same table twice counts once."""
    from datetime import date, timedelta

    from huisheng.app.web import library
    from huisheng.app.web.exports.models import ExportRequest, ExportState

    manager = person("manager", TMALL)
    end = date.fromisoformat(library.document()["period"]["end"])
    days = [(end - timedelta(days=n)).isoformat() for n in range(28)]
    taken = 0
    for day in days:
        asked = {"metric": "complaint_rate", "shop": TMALL, "start": day, "end": day}
        answer = take(manager, "records", **asked)
        if "attachment" not in answer.headers.get("Content-Disposition", ""):
            break
        taken += ExportRequest.objects.first().customers
        again = take(manager, "records", "xlsx", **asked)
        assert again.headers["Content-Disposition"].startswith("attachment")
    assert 0 < taken <= 200
    assert "您近 24 小时已导出" in answer.content.decode()
    take(manager, "records", reason="核对", **asked)
    assert ExportRequest.objects.first().state == ExportState.ASKED


def test_an_approval_of_one_shop_opens_no_other(person):
    from django.utils import timezone

    from huisheng.app.web.exports.models import ExportRequest, ExportState

    owner = person("owner")
    take(owner, "cards")
    asked = ExportRequest.objects.get()
    assert len(asked.shops) > 1
    ExportRequest.objects.update(
        state=ExportState.APPROVED, shops=[TMALL], decided_at=timezone.now()
    )
    answer = owner.post(f"/exports/{asked.pk}/file")
    assert answer.status_code == 400
    assert "多了批准时没有的店铺" in answer.content.decode()


def test_an_approval_runs_out(person):
    from datetime import timedelta

    from django.utils import timezone

    from huisheng.app.web.exports.models import ExportRequest, ExportState

    manager = person("manager", TMALL)
    take(manager, "records", reason="核对", metric="complaint_rate", shop=TMALL)
    long_ago = timezone.now() - timedelta(days=8)
    ExportRequest.objects.update(state=ExportState.APPROVED, decided_at=long_ago)
    answer = manager.post(f"/exports/{ExportRequest.objects.get().pk}/file")
    assert answer.status_code == 400
    assert "7 天" in answer.content.decode()


@pytest.mark.parametrize("role", ["qa", "reader", "agent", "trainer", "department"])
def test_without_the_right_nothing_is_taken(person, role):
    browser = person(role, TMALL)
    for source in ("cards", "findings", "words"):
        assert take(browser, source).status_code in (403, 404)
    assert not events()


def test_foreign_shops_and_unknown_sources_are_not_found(person):
    browser = person("manager", TMALL)
    assert take(browser, "records", metric="ww_satisfaction", shop="jd-xiaonuan").status_code == 404
    assert take(browser, "passwords").status_code == 404
    assert take(browser, "cards", "exe").status_code == 404


def test_words_are_defused(person):
    """What buyers typed never begins a formula in a cell."""
    from huisheng.app.web import library

    day = library.document()["period"]["end"]
    found = rows_of(take(person(), "words", shop=TMALL, start=day, end=day))
    assert found
    for row in found:
        assert not row["原话（已脱敏）"].startswith(("=", "+", "-", "@"))


def test_what_looks_like_a_formula_is_quoted():
    from huisheng.app.report.sheets import Cell, Sheet
    from huisheng.app.web.exports.writing import csv_bytes, xlsx_bytes

    sheet = Sheet("原话", (), (("原话", 20.0), ("数", 8.0)), ((Cell("=1+1"), Cell(-2.5)),))
    assert csv_bytes(sheet).decode("utf-8-sig").splitlines()[1] == "'=1+1,-2.5"
    cell = load_workbook(io.BytesIO(xlsx_bytes(sheet))).active["A2"]
    assert cell.value == "=1+1"
    assert cell.data_type == "s"
    assert cell.quotePrefix
