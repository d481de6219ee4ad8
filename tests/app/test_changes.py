"""The last full day against the days before it: what is called a change, and where it lies."""

from datetime import date, timedelta

import pytest

from huisheng.app.analysis.changes import day_changes, last_full_day
from huisheng.app.web.overview.last_day import last_day
from tests.app.sample_document import sample_document
from tests.worlds import facts_of

DAY = date(2026, 8, 31)
AGENTS = ("甲", "乙")


def ratings(day, satisfied):
    """Return 100 ratings of a day, half of them for each agent, so many of each satisfied."""
    return [
        {
            "shop_id": "s",
            "rating_id": f"{day}{agent}{number}",
            "conv_id": f"{day}{agent}{number}",
            "agent_id": agent,
            "subject": "chat",
            "level": "满意" if number < satisfied[agent] else "不满意",
            "rated_at": f"{day} {9 + number % 14:02d}:00:00",
        }
        for agent in AGENTS
        for number in range(50)
    ]


def month(last):
    """Return 28 usual days, 90 % satisfied give or take, and a last one."""
    usual = [
        row
        for back in range(1, 29)
        for row in ratings(
            DAY - timedelta(days=back), {"甲": 45 + back % 3 - 1, "乙": 45 - back % 3 + 1}
        )
    ]
    return facts_of({"session_ratings": usual + ratings(DAY, last)})


def document_with(changes):
    document = sample_document()
    document["charts"] |= {"last_day": DAY.isoformat(), "changes": changes}
    return document


def test_a_bad_day_of_one_agent_is_called_and_placed():
    [change] = day_changes(month({"甲": 45, "乙": 25}), DAY)
    assert change["is_sure"]
    assert (change["numerator"], change["denominator"]) == (70, 100)
    assert change["value"] == pytest.approx(0.7)
    assert change["interval"][0] < change["usual"] < change["interval"][1]
    parts = {part["group"]: part["change"] for part in change["parts"]
             if part["dimension"] == "agent_id"}  # fmt: skip
    assert sum(parts.values()) == pytest.approx(change["value"] - change["usual"])
    assert parts["乙"] == pytest.approx(-0.2, abs=0.01)
    [told] = last_day(document_with([change])).changed
    assert (told.judged, told.value) == ("bad", "70.0%")
    assert "变差" in told.verdict
    assert "乙" in told.where


def test_a_usual_day_is_no_change():
    [change] = day_changes(month({"甲": 44, "乙": 46}), DAY)
    assert not change["is_sure"]
    assert change["parts"] == []
    told = last_day(document_with([change]))
    assert told.changed == []
    assert [one.value for one in told.usual] == ["90.0%"]


def test_a_day_that_ends_at_noon_is_not_full():
    until_noon = [
        row | {"rated_at": f"{DAY} 11:00:00"} for row in ratings(DAY, dict.fromkeys(AGENTS, 45))
    ]
    facts = facts_of({"session_ratings": until_noon})
    assert last_full_day(facts, ["session_ratings"], DAY) == DAY - timedelta(days=1)
    whole = facts_of({"session_ratings": ratings(DAY, dict.fromkeys(AGENTS, 45))})
    assert last_full_day(whole, ["session_ratings"], DAY) == DAY
