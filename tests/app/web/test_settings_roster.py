"""Agents and shifts: written, taken from files with their mistakes told, copied, landed."""

import io
import re
from datetime import date

import pytest
import xlsxwriter

from tests.app.web.settings_forms import (
    AGENT,
    MONDAY,
    OVERTAKEN,
    lake,
    us,
    week,
)
from tests.app.web.two_shops import page_of, publish, text_of


def test_an_agent_lands_and_a_group_taken_away_is_taken_away(person, own):
    browser = person("owner")
    assert browser.post("/settings/agents/one?shop=s", AGENT).status_code == 302
    (row,) = lake(own, "agents")
    assert (row["agent_id"], row["display_name"], row["group_name"]) == ("anna", "安娜", "售前组")
    assert (row["active"], row["joined_at"]) == (True, "2026-03-01")
    address = "/settings/agents/one?shop=s&agent=anna"
    left = {**AGENT, "version": 1, "group_name": ""}
    left.pop("active")
    assert browser.post(address, left).status_code == 302
    (row,) = lake(own, "agents")
    assert (row["group_name"], row["active"]) == ("未分组", False)
    answer = browser.post(address, {**AGENT, "version": 1})
    assert answer.status_code == 409
    assert OVERTAKEN in answer.content.decode()


def upload(browser, what, name, content):
    file = io.BytesIO(content)
    file.name = name
    return browser.post(f"/settings/{what}/preview", {"shop": "s", "file": file})


def packed(answer):
    return re.search(r'name="packed" value="([^"]+)"', answer.content.decode())[1]


PEOPLE = (
    "客服编号,花名,子账号,角色,客服组,在职,入职日期\n"
    "anna,安娜,店:anna,人工客服,售后组,是,2026/3/1\n"
    "ben,本,,主管,,否,\n"
    ",无名,,,,,\n"
    "carl,卡,,队长,,,\n"
    "anna,又一个,,,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_of_people_is_previewed_with_its_mistakes_and_then_kept(person, own, encoding):
    browser = person("owner")
    answer = upload(browser, "agents", "名单.csv", PEOPLE.encode(encoding))
    page = text_of(answer.content.decode())
    assert "可以收下 2 行，3 行有问题" in page
    assert not lake(own, "agents")
    for told in ("没有写", "不认识「队长」", "前面已经有了"):
        assert told in page
    sent = {"shop": "s", "packed": packed(answer)}
    assert browser.post("/settings/agents/file", sent).status_code == 302
    rows = {row["agent_id"]: row for row in lake(own, "agents")}
    assert (rows["anna"]["joined_at"], rows["ben"]["role"]) == ("2026-03-01", "supervisor")
    assert rows["ben"]["active"] is False
    # The same preview sent twice was overtaken by itself.
    assert browser.post("/settings/agents/file", sent).status_code == 409


def test_an_empty_cell_of_a_list_leaves_what_is_known(person, own):
    browser = person("owner")
    with_agents(browser, "anna")
    answer = upload(browser, "agents", "a.csv", "客服编号,客服组\nanna,售后组\n".encode())
    assert "组 售前组 → 售后组" in text_of(answer.content.decode())
    browser.post("/settings/agents/file", {"shop": "s", "packed": packed(answer)})
    (row,) = lake(own, "agents")
    assert (row["group_name"], row["account"], row["active"]) == ("售后组", "店:anna", True)


def test_a_preview_cannot_be_forged_or_used_in_another_shop(person, own):
    browser = person("owner")
    good = packed(upload(browser, "agents", "a.csv", PEOPLE.encode()))
    for shop, text in (("s", good[:-2] + "xx"), ("t", good), ("s", "")):
        answer = browser.post("/settings/agents/file", {"shop": shop, "packed": text})
        assert answer.status_code == 400, (shop, text[:20])
    assert not lake(own, "agents")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK nothing"),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.csv", b""),
        ("a.csv", b"\xff\x00\x81"),
    ],
)
def test_a_file_that_is_none_is_told(person, own, name, content):
    answer = upload(person("owner"), "agents", name, content)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def workbook(rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        day, clock = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "hh:mm"))
        formats = {date: day}
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell, formats.get(type(cell), clock if c > 1 and r else None))
    return out.getvalue()


def shift_rows(workspace):
    return {
        (row["agent_id"], row["start_at"]): row["end_at"] for row in lake(workspace, "agent_shifts")
    }


def with_agents(browser, *agents):
    for agent in agents:
        made = browser.post("/settings/agents/one?shop=s", {**AGENT, "agent_id": agent})
        assert made.status_code == 302


def test_a_week_lands_and_a_shift_taken_away_has_no_length(person, own):
    browser = person("owner")
    with_agents(browser, "anna")
    days = ["09:00-12:00，13:00-18:00", "18:00-02:00", "", "", "", "", ""]
    assert browser.post("/settings/shifts", week(0, anna=days)).status_code == 302
    assert shift_rows(own) == {
        ("anna", us("2026-08-10 09:00")): us("2026-08-10 12:00"),
        ("anna", us("2026-08-10 13:00")): us("2026-08-10 18:00"),
        ("anna", us("2026-08-11 18:00")): us("2026-08-12 02:00"),
    }
    page = page_of(browser, f"/settings/shifts?shop=s&week={MONDAY}")
    assert 'value="09:00-12:00, 13:00-18:00"' in page
    assert 'value="18:00-02:00"' in page
    fewer = ["09:00-12:30", *[""] * 6]
    assert browser.post("/settings/shifts", week(1, anna=fewer)).status_code == 302
    found = shift_rows(own)
    assert found[("anna", us("2026-08-10 09:00"))] == us("2026-08-10 12:30")
    gone = [key for key, end in found.items() if key[1] == end]
    assert len(gone) == 2
    assert 'value="18:00-02:00"' not in page_of(browser, f"/settings/shifts?shop=s&week={MONDAY}")
    answer = browser.post("/settings/shifts", week(1, anna=days))
    assert answer.status_code == 409
    assert OVERTAKEN in answer.content.decode()


@pytest.mark.parametrize(
    ("cells", "told"),
    [(["8点"], "看不懂"), (["09:00-18:00, 17:00-20:00"], "重叠"),
     (["22:00-06:00", "05:00-09:00"], "重叠")],
)  # fmt: skip
def test_a_week_that_cannot_be_is_told_and_stays_as_written(person, own, cells, told):
    browser = person("owner")
    with_agents(browser, "anna")
    answer = browser.post("/settings/shifts", week(0, anna=[*cells, *[""] * (7 - len(cells))]))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert told in text_of(page)
    assert f'value="{cells[0]}"' in page
    assert not lake(own, "agent_shifts")


def test_shifts_known_from_imports_are_shown_kept_and_copied(person, own):
    publish(own, {
        "agents": [{"shop_id": "s", "agent_id": "anna", "role": "human", "active": True}],
        "agent_shifts": [{"shop_id": "s", "agent_id": "anna", "start_at": "2026-08-10 09:00:00",
                          "end_at": "2026-08-10 18:00:00"}],
    })  # fmt: skip
    browser = person("owner")
    page = page_of(browser, f"/settings/shifts?shop=s&week={MONDAY}")
    assert "来自导入的资料" in page
    assert 'value="09:00-18:00"' in page
    browser.post("/settings/agents/take", {"shop": "s"})
    following = {"shop": "s", "week": "2026-08-17", "version": 0}
    assert browser.post("/settings/shifts/copy", following).status_code == 302
    assert shift_rows(own)[("anna", us("2026-08-17 09:00"))] == us("2026-08-17 18:00")
    nothing = {"shop": "s", "week": "2026-09-14", "version": 0}
    assert "没有可以复制的" in browser.post("/settings/shifts/copy", nothing).content.decode()


def test_shifts_from_a_workbook_replace_the_days_they_name(person, own):
    browser = person("owner")
    with_agents(browser, "anna", "ben")
    before = ["09:00-18:00", "09:00-18:00", *[""] * 5]
    browser.post("/settings/shifts", week(0, anna=before, ben=before))
    content = workbook([
        ("客服编号", "日期", "上班", "下班"),
        ("anna", date(2026, 8, 10), "10:00", "19:00"),
        ("anna", "2026-08-18", "08:00", "12:00"),
        ("nobody", "2026-08-10", "10:00", "19:00"),
        ("anna", "2026-02-30", "10:00", "19:00"),
    ])  # fmt: skip
    answer = upload(browser, "shifts", "排班.xlsx", content)
    page = text_of(answer.content.decode())
    assert "可以收下 2 班，涉及 2 周，2 行有问题" in page
    assert "名单里没有「nobody」" in page
    sent = {"shop": "s", "packed": packed(answer)}
    assert browser.post("/settings/shifts/file", sent).status_code == 302
    found = {key: end for key, end in shift_rows(own).items() if end > key[1]}
    assert sorted((agent, start) for agent, start in found) == [
        ("anna", us("2026-08-10 10:00")), ("anna", us("2026-08-11 09:00")),
        ("anna", us("2026-08-18 08:00")), ("ben", us("2026-08-10 09:00")),
        ("ben", us("2026-08-11 09:00")),
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["agents", "shifts"])
def test_the_template_can_be_taken_back(person, own, what):
    browser = person("owner")
    with_agents(browser, "小鹿")
    template = b"".join(browser.get(f"/settings/{what}/template.csv").streaming_content)
    answer = upload(browser, what, "t.csv", template)
    assert "有问题" not in text_of(answer.content.decode())
    assert "可以收下 1" in text_of(answer.content.decode())
