"""Which topics of the taxonomy are hot over a period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import ibis
import numpy as np

from huisheng.app.analysis.charts import QUIET_SCENES
from huisheng.app.web.voices.counted import Asked, counted, floats, held, sizes
from huisheng.insight import HALF_LIFE_DAYS, growth, topic_heat
from huisheng.metrics import Facts
from huisheng.metrics.window import day_number

WHOLE_WEIGHT = 1 << 30
"""Weights are summed as whole numbers: in whichever order, they come to the same."""


TOPIC = ("head", "label")


class By(StrEnum):
    """What topics are ranked by."""

    HEAT = "heat"
    TALKS = "talks"
    GROWTH = "growth"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Topic:
    """A scene or aspect, its heat and all that the heat is made of.

    Attributes:
        head, label: the topic in the taxonomy.
        talks, before: conversations of the period, and of the stretch of equal length before.
        week, week_before: conversations of the period's last week, and of the week before it.
        customers: different customers of the period.
        share: of all conversations.
        growth: (week + 1) / (week before + 1), scaled to as many conversations; None: unknown.
        freshness: mean weight of the conversations, half for each three days of age.
        negative: share of its conversations that are negative.
        heat: the product of `insight.topic_heat`.
    """

    head: str
    label: str
    talks: int
    before: int
    week: int
    week_before: int
    customers: int
    share: float
    growth: float | None
    freshness: float
    negative: float
    heat: float


def topics(facts: Facts, asked: Asked, by: By = By.HEAT) -> list[Topic]:
    """Return the topics of a period, the first by what was asked; greetings are none."""
    week, last_week = asked.week, asked.week.before()
    size, size_week, size_last = sizes(facts, asked, asked.period, week, last_week)
    rows = facts.engine.arrow(_counts(facts, asked))
    names = ("talks", "customers", "fresh", "negative", "week", "week_before")
    talks, customers, fresh, negative, now, last = (floats(rows, name) for name in names)
    heat = topic_heat(talks, size, customers, fresh / WHOLE_WEIGHT, negative)
    grown = growth(now, size_week, last, size_last)
    found = [
        Topic(
            head=row["head"],
            label=row["label"],
            talks=row["talks"],
            before=row["before"],
            week=row["week"],
            week_before=row["week_before"],
            customers=row["customers"],
            share=float(heat.share[place]),
            growth=None if np.isnan(grown[place]) else float(grown[place]),
            freshness=float(heat.freshness[place]),
            negative=row["negative"] / row["talks"],
            heat=float(heat.score[place]),
        )
        for place, row in enumerate(rows.to_pylist())
    ]
    return sorted(found, key=lambda topic: (-_RANKS[by](topic), topic.head, topic.label))


_RANKS: Mapping[By, Callable[[Topic], float]] = {
    By.HEAT: lambda topic: topic.heat,
    By.TALKS: lambda topic: topic.talks,
    By.GROWTH: lambda topic: topic.growth or 0.0,
    By.NEGATIVE: lambda topic: topic.negative * topic.talks,
}


def _counts(facts: Facts, asked: Asked) -> ibis.Table:
    """Return what is counted of each topic that the period has."""
    period, before, week = asked.period, asked.period.before(), asked.week
    rows = asked.rows(counted(facts, "topic_talks"))
    first = min(day_number(before.start), day_number(week.before().start))
    rows = rows.filter(rows.day.between(first, day_number(period.end)))
    rows = rows.filter(~rows.label.isin(QUIET_SCENES))
    people = rows.filter(held(rows, period)).select(*TOPIC, "customer").distinct()
    people = people.group_by(*TOPIC).aggregate(customers=people.count())
    # By day first: there are few days, and many conversations.
    daily = rows.group_by(*TOPIC, "day").aggregate(
        talks=rows.count(), negative=rows.negative.sum().cast("int64")
    )
    age = (day_number(period.end) - daily.day).cast("float64")
    weight = (WHOLE_WEIGHT * 0.5 ** (age / HALF_LIFE_DAYS)).round().cast("int64")
    now = held(daily, period)
    sums = daily.group_by(*TOPIC).aggregate(
        talks=daily.talks.sum(where=now),
        before=daily.talks.sum(where=held(daily, before)).fill_null(0),
        week=daily.talks.sum(where=held(daily, week)).fill_null(0),
        week_before=daily.talks.sum(where=held(daily, week.before())).fill_null(0),
        fresh=(weight * daily.talks).sum(where=now),
        negative=daily.negative.sum(where=now),
    )
    return sums.inner_join(people, TOPIC)
