"""Concerns on the pages: tried, added, split, merged, retired, found in words, told by edition."""

import pytest

from tests.app.web.settings_forms import OVERTAKEN
from tests.app.web.two_shops import message, page_of, publish, text_of

BASE = "/settings/concerns"
LATE = {"label": "没动静", "aspect": "L01", "words": "没 发货|动静", "why": "群里都在说",
        "examples": "怎么还没发货"}  # fmt: skip


@pytest.fixture
def talked(own):
    """Serve the two shops with labels of the model on every line."""
    from huisheng.app.analysis.labelling import label_new_texts

    publish(
        own,
        {
            "messages": (
                message("c1", 6, "还没动静，气死了"),
                message("d1", 2, "没动静啊", shop="t"),
            )
        },
    )
    label_new_texts(own, now_us=0, tell=str)
    return own


def add(browser, seen=0, **fields):
    return browser.post(f"{BASE}/one", {**LATE, "version": seen, **fields})


def label(workspace):
    from huisheng.app.analysis.concern_labels import label_concerns
    from huisheng.app.concerns import ledger

    label_concerns(workspace, ledger(workspace).book, now_us=0, tell=str)


def live(workspace):
    from huisheng.app.concerns import ledger

    book = ledger(workspace).book
    return {id_: book.defined[id_].label for id_ in book.live}


def test_a_concern_is_tried_then_kept_and_found_in_what_was_said_before(person, talked):
    owner = person("owner")
    tried = text_of(add(owner, what="try").content.decode())
    assert "认出 3 句" in tried and "还没动静，气死了" in tried
    assert "怎么还没发货" in tried and live(talked) == {}
    assert add(owner).url == BASE
    assert live(talked) == {"K001": "没动静"}
    page = text_of(page_of(owner, BASE))
    assert "第 1 版 添加" in page and "群里都在说" in page and "分析一次" in page
    label(talked)
    found = page_of(
        owner, "/voices/words", label="concern:K001", start="2026-08-01", end="2026-08-30"
    )
    assert "还没动静" in found and "关注点「没动静」" in text_of(found)
    ranked = text_of(page_of(owner, "/voices/", start="2026-08-01", end="2026-08-30"))
    assert "买家说的关注点" in ranked and "没动静" in ranked


def test_what_was_said_by_an_earlier_edition_can_be_seen_again(person, talked):
    owner = person("owner")
    add(owner)
    label(talked)
    parts = {"id": "K001", "label": ["生气"], "words": ["气死"], "why": "分开看", "version": 1}
    assert owner.post(f"{BASE}/split", parts).url == BASE
    assert live(talked) == {"K002": "生气", "K003": "没动静（其余）"}
    label(talked)
    days = {"start": "2026-08-01", "end": "2026-08-30"}
    now, then = (
        text_of(page_of(owner, "/voices/", **days, **edition)).split("买家说的关注点")[1]
        for edition in ({}, {"edition": 1})
    )
    assert "生气" in now and "（其余）" in now
    assert "生气" not in then.split("情绪")[0] and "没动静" in then


def test_merging_and_retiring_what_is_ticked(person, talked):
    owner = person("owner")
    add(owner)
    add(owner, 1, label="催", words="催|快点", examples="")
    ticked = {"id": ["K001", "K002"], "why": "一回事"}
    merged = ticked | {"label": "没消息", "aspect": "L01", "version": 2}
    assert owner.post(f"{BASE}/merge", merged).url == BASE
    assert live(talked) == {"K003": "没消息"}
    gone = {"id": "K003", "why": "不看了", "version": 3}
    assert owner.post(f"{BASE}/retire", gone).url == BASE
    assert live(talked) == {}
    from huisheng.app.web.audit.models import Event

    told = [event.about for event in Event.objects.filter(act="changed")]
    assert any("合并关注点「没动静、催、没消息」：一回事" in about for about in told)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"words": ""}, "没有写词"),
        ({"label": ""}, "请写 1–20 个字"),
        ({"why": " "}, "没有写为什么"),
        ({"examples": "裤子"}, "没有认出例句"),
        ({"unlike": "没动静"}, "误认了反例"),
        ({"words": "没 !"}, "没有词"),
        ({"words": "字" * 5_000}, "太长"),
        ({"aspect": "X"}, "没有方面"),
    ],
)
def test_what_cannot_be_is_told_beside_what_was_written(person, talked, changed, told):
    answer = add(person("owner"), **changed)
    page = answer.content.decode()
    assert answer.status_code == 400 and told in text_of(page)
    assert "群里都在说" in page or "why" in changed
    assert live(talked) == {}


def test_the_second_editor_is_told_and_foreign_ids_are_not_found(person, talked):
    owner = person("owner")
    assert add(owner).status_code == 302
    second = add(owner, 0, label="别的", words="别的", examples="")
    assert second.status_code == 409 and OVERTAKEN in second.content.decode()
    assert owner.get(f"{BASE}/one?id=K009").status_code == 404
    assert owner.get(f"{BASE}/split").status_code == 404
    assert owner.post(f"{BASE}/retire", {"id": "K009", "why": "x", "version": 1}).status_code == 400


def test_hostile_words_stay_words(person, talked):
    owner = person("owner")
    assert add(owner, label="<b>&'\"", words="<script>alert|'&", examples="").status_code == 302
    page = page_of(owner, BASE)
    assert "<b>&'" not in page and "<script>alert" not in page
    label(talked)
    assert "<b>&'" not in page_of(owner, "/voices/words", label="concern:K001")


@pytest.mark.parametrize("role", ["manager", "supervisor", "qa", "agent", "trainer", "reader"])
def test_who_does_not_set_for_every_shop_changes_nothing(person, talked, role):
    browser = person(role, shop_id="s")
    assert add(browser).status_code == 403
    for path in ("merge", "retire"):
        assert browser.post(f"{BASE}/{path}", {"id": "K001"}).status_code == 403
    assert live(talked) == {}


def test_a_program_does_the_same(program, talked):
    owner = program("owner")
    made = {"act": "add", "why": "试", "edition": 0,
            "concerns": [{"label": "没动静", "aspect": "L01", "words": ["没动静"]}]}  # fmt: skip
    assert owner.tell("/settings/concerns", made)["concerns"][0]["id"] == "K001"
    owner.tell("/settings/concerns", made, 409)
    owner.tell("/settings/concerns", made | {"edition": 1}, 422)
    assert owner.ask("/settings/concerns")["edition"] == 1
