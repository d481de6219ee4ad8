"""Assumptions on the pages: changed with a reason, guarded, told, used, gone back from."""

import pytest

from tests.app.web.settings_forms import OVERTAKEN, weigh
from tests.app.web.two_shops import AT, page_of, publish, text_of


def test_an_assumption_changes_numbers_pages_and_the_run_and_goes_back(person, own):
    from huisheng.app.assumptions import choices, chosen

    browser = person("owner")
    assert weigh(browser, 0, 25).status_code == 302
    assert chosen(own) == {"ww_satisfaction_weight": 25}
    (choice,) = choices(own)
    assert (choice.by, choice.why) == ("owner", "平台公告")
    page = text_of(page_of(browser, "/settings/assumptions"))
    assert "平台公告" in page
    assert "恢复默认 30%" in page
    from huisheng.app.web import library

    with library.facts() as facts:
        assert facts.assumptions == {"ww_satisfaction_weight": 25}
    answer = weigh(browser, 0, 20)
    assert answer.status_code == 409
    assert OVERTAKEN in answer.content.decode()
    back = {"version": 1, "default": "1"}
    browser.post("/settings/assumptions/ww_satisfaction_weight", back)
    assert chosen(own) == {}


@pytest.mark.parametrize(
    ("value", "why", "told"),
    [
        (101, "x", "不在范围里"),
        ("-1", "x", "不是整数"),
        ("²", "x", "不是整数"),
        (25, " ", "为什么"),
    ],
)
def test_an_assumption_that_cannot_be_is_told_and_nothing_changes(person, own, value, why, told):
    from huisheng.app.assumptions import chosen

    answer = weigh(person("owner"), 0, value, why)
    assert answer.status_code == 400
    assert told in text_of(answer.content.decode())
    assert chosen(own) == {}


def test_unknown_assumptions_are_not_found_and_a_broken_file_is_told(person, own):
    from huisheng.app.assumptions import chosen, path_of
    from huisheng.errors import BadInputError

    browser = person("owner")
    assert browser.post("/settings/assumptions/nothing", {"value": 1}).status_code == 404
    path_of(own).parent.mkdir(exist_ok=True)
    path_of(own).write_text(
        "- id: ww_satisfaction_weight\n  value: 7000\n  by: x\n  at: x\n  why: x\n"
    )
    with pytest.raises(BadInputError, match="0 到 100"):
        chosen(own)
    assert "再写一次" in page_of(browser, "/settings/assumptions")
    browser.post("/settings/assumptions/again")
    assert chosen(own) == {}


def test_the_metric_is_computed_and_told_by_what_is_assumed_now(person, own):
    publish(own, {
        "session_ratings": [
            {"shop_id": "s", "rating_id": f"x{n}", "level": "满意", "rated_at": AT.format(1)}
            for n in range(9)
        ],
    })  # fmt: skip
    browser = person("owner")
    address = "/metrics/consult_experience_share?shop=s&start=2026-08-01&end=2026-08-30"
    before = text_of(page_of(browser, address))
    weigh(browser, 0, 50)
    after = text_of(page_of(browser, address))
    # Nine of ten ratings are good: 27 of 100 by default, 45 of 100 with half the weight.
    assert "27.0%" in before
    assert "45.0%" in after
    assert "改为 50%（默认 30%）" in after
    assert "改为" not in before


def test_a_change_is_in_the_audit_even_where_it_could_not_be_published(person, own):
    from huisheng.app.web.audit.models import Event

    (own.root / "metrics" / "assumptions.yaml").mkdir(parents=True)
    answer = weigh(person("owner"), 0, 25)
    assert answer.status_code == 503
    assert "还没有写入" in text_of(answer.content.decode())
    assert Event.objects.filter(about__startswith="指标假设").count() == 1
