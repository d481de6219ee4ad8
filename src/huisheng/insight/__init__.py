"""Where is it stuck, who owns it, what does it cost, and did the fix work?"""

from huisheng.insight.owners import Vocabulary
from huisheng.insight.plan import Plan, parse_plan
from huisheng.insight.steps import step_name, steps
from huisheng.insight.strategies import suggested_plan
from huisheng.insight.stuck import CARE_CNY, StuckPoints, all_analyses, find_stuck_points
from huisheng.insight.verification import Verdict, verify

__all__ = [
    "CARE_CNY",
    "Plan",
    "StuckPoints",
    "Verdict",
    "Vocabulary",
    "all_analyses",
    "find_stuck_points",
    "parse_plan",
    "step_name",
    "steps",
    "suggested_plan",
    "verify",
]
