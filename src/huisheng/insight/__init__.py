"""Where is it stuck, who owns it, what does it cost, and did the fix work?"""

from huisheng.insight.daily import DayChange, Part, Tally, contributions, day_change
from huisheng.insight.keyness import growth, log_odds, rising, unfolded
from huisheng.insight.monthly_line import MonthForecast, month_forecast
from huisheng.insight.owners import Vocabulary
from huisheng.insight.plan import Plan, parse_plan
from huisheng.insight.statistics import q_values
from huisheng.insight.steps import step_name, steps
from huisheng.insight.strategies import suggested_plan
from huisheng.insight.stuck import CARE_CNY, StuckPoints, all_analyses, find_stuck_points
from huisheng.insight.topics import HALF_LIFE_DAYS, topic_heat
from huisheng.insight.verification import Verdict, verify

__all__ = [
    "CARE_CNY",
    "HALF_LIFE_DAYS",
    "DayChange",
    "MonthForecast",
    "Part",
    "Plan",
    "StuckPoints",
    "Tally",
    "Verdict",
    "Vocabulary",
    "all_analyses",
    "contributions",
    "day_change",
    "find_stuck_points",
    "growth",
    "log_odds",
    "month_forecast",
    "parse_plan",
    "q_values",
    "step_name",
    "rising",
    "steps",
    "suggested_plan",
    "topic_heat",
    "unfolded",
    "verify",
]
