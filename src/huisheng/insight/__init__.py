"""Where is it stuck, who owns it, what does it cost, and did the fix work?"""

from huisheng.insight.owners import Vocabulary
from huisheng.insight.strategies import suggested_plan
from huisheng.insight.stuck import CARE_CNY, StuckPoints, all_analyses, find_stuck_points

__all__ = [
    "CARE_CNY",
    "StuckPoints",
    "Vocabulary",
    "all_analyses",
    "find_stuck_points",
    "suggested_plan",
]
