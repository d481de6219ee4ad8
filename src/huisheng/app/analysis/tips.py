"""What to tell each agent at the morning meeting: where they differ, and their hardest topic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import numpy as np
import yaml
from scipy import stats

from huisheng.app.report.document import TipEntry, TopicEntry
from huisheng.insight import Tally, q_values
from huisheng.metrics import Better, Facts, Window, find, query

ABOUT = ("resp_3min_rate", "ww_satisfaction", "invite_rate", "unreplied_rate")
"""Shares an agent can do something about, in the order of what is told first among equals."""
DAYS = 7
LEAST_CASES = 30
FALSE_SHARE = 0.1
UPSET_LEVEL = 1
LEAST_TALKS = 3
"""A topic of fewer conversations in the week is no pattern."""
DISPERSION = 2.0
"""Cases of one agent come in bouts: a share varies about this much more than single throws do."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """An agent's share beside that of the colleagues."""

    shop_id: str
    agent_id: str
    metric: str
    own: Tally
    team: Tally
    p_value: float

    @property
    def is_good(self) -> bool:
        higher = find(self.metric)[1].better is Better.HIGHER
        return (self.own.value > self.team.value) == higher


@cache
def advice() -> Mapping[str, str]:
    """Return what to do about each scene, in one sentence."""
    text = files("huisheng.app.analysis").joinpath("scene_tips.yaml").read_text("utf-8")
    return {str(scene): str(sentence) for scene, sentence in yaml.safe_load(text).items()}


def tips(facts: Facts, day: date) -> list[TipEntry]:
    """Return one entry per agent who answered buyers in the week that ends with `day`.

    Of the metrics in which an agent surely differs from the shop's other agents (false-discovery
    rate over all), the worst gap is told, else the best, else none. Beside it stands the topic
    over which most of the agent's buyers were upset.
    """
    week = Window(day - timedelta(days=DAYS - 1), day, facts.offset_us)
    robots = _robots(facts)
    found = [gap for metric in ABOUT for gap in _gaps(facts, metric, week, robots)]
    sure = q_values(np.array([gap.p_value for gap in found])) <= FALSE_SHARE if found else ()
    gaps: dict[tuple[str, str], list[_Gap]] = {}
    for gap, is_sure in zip(found, sure, strict=True):
        if is_sure:
            gaps.setdefault((gap.shop_id, gap.agent_id), []).append(gap)
    topics = _topics(facts, week, robots)
    agents = sorted({*gaps, *topics, *((gap.shop_id, gap.agent_id) for gap in found)})
    return [_tip(agent, gaps.get(agent, []), topics.get(agent)) for agent in agents]


def _topics(
    facts: Facts, week: Window, robots: set[tuple[str, str]]
) -> dict[tuple[str, str], TopicEntry]:
    """Return, per agent, the scene with most upset buyers; without any, the most frequent one."""
    sessions = facts.relation("sessions")
    talks = sessions.filter(week.holds(sessions.started_at) & sessions.agent_id.notnull()).select(
        "shop_id", "conv_id", "agent_id"
    )
    scenes = facts.relation("session_scenes").select("shop_id", "conv_id", "scene").distinct()
    felt = facts.relation("session_emotions").select("shop_id", "conv_id", "peak_level")
    known = scenes.filter(scenes.scene.isin(list(advice())))
    joined = talks.inner_join(known, ["shop_id", "conv_id"]).left_join(felt, ["shop_id", "conv_id"])
    counted = joined.group_by("shop_id", "agent_id", "scene").aggregate(
        talks=joined.count(),
        upset=(joined.peak_level.fill_null(0) >= UPSET_LEVEL).cast("int64").sum(),
    )
    best: dict[tuple[str, str], TopicEntry] = {}
    for row in facts.engine.arrow(counted.order_by("shop_id", "agent_id", "scene")).to_pylist():
        agent = (row["shop_id"], row["agent_id"])
        entry: TopicEntry = {
            "scene": row["scene"], "talks": int(row["talks"]), "upset": int(row["upset"])
        }  # fmt: skip
        place = (entry["upset"], entry["talks"])
        better = agent not in best or place > (best[agent]["upset"], best[agent]["talks"])
        if agent not in robots and entry["talks"] >= LEAST_TALKS and better:
            best[agent] = entry
    return best


def _gaps(facts: Facts, metric: str, week: Window, robots: set[tuple[str, str]]) -> list[_Gap]:
    shops: dict[str, dict[str, Tally]] = {}
    for value in query(facts, metric, week, by="agent_id"):
        known = value.group and (value.shop_id, value.group) not in robots and value.group != "未知"
        if known and value.group and value.denominator:
            tally = Tally(value.numerator, value.denominator)
            shops.setdefault(value.shop_id, {})[value.group] = tally
    found = []
    for shop_id, agents in shops.items():
        for agent_id, own in agents.items():
            others = [tally for other, tally in agents.items() if other != agent_id]
            team = Tally(sum(t.numerator for t in others), sum(t.denominator for t in others))
            if own.denominator >= LEAST_CASES and team.denominator >= LEAST_CASES:
                found.append(_Gap(shop_id, agent_id, metric, own, team, _p_value(own, team)))
    return found


def _p_value(own: Tally, team: Tally) -> float:
    size = own.denominator + team.denominator
    share = (own.numerator + team.numerator) / size
    variance = share * (1 - share) * (1 / own.denominator + 1 / team.denominator) * DISPERSION
    if not variance:
        return 1.0
    return float(2 * stats.norm.sf(abs(own.value - team.value) / variance**0.5))


def _robots(facts: Facts) -> set[tuple[str, str]]:
    agents = facts.table("agents")
    robots = agents.filter(agents.role.fill_null("human") != "human")
    rows = facts.engine.arrow(robots.select("shop_id", "agent_id")).to_pylist()
    return {(row["shop_id"], row["agent_id"]) for row in rows}


def _tip(agent: tuple[str, str], sure: list[_Gap], topic: TopicEntry | None) -> TipEntry:
    worse = [gap for gap in sure if not gap.is_good]
    gap = min(worse or sure, key=lambda gap: gap.p_value, default=None)
    return {
        "shop_id": agent[0],
        "agent_id": agent[1],
        "kind": "improve" if worse else "praise" if sure else "steady",
        "gap": None
        if gap is None
        else {
            "metric": gap.metric,
            "value": gap.own.value,
            "team": gap.team.value,
            "cases": int(gap.own.denominator),
        },
        "topic": topic,
    }
