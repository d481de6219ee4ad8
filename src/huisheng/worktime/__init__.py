"""Business time: which seconds count, on one calendar, for SLA, metrics and process analysis."""

from huisheng.worktime.calendar import Block, Calendar
from huisheng.worktime.clock import add_working_seconds, working_seconds, working_seconds_column
from huisheng.worktime.days import DaySpans, day_spans, most_blocks
from huisheng.worktime.parsing import parse_calendar

__all__ = [
    "Block",
    "Calendar",
    "DaySpans",
    "add_working_seconds",
    "day_spans",
    "most_blocks",
    "parse_calendar",
    "working_seconds",
    "working_seconds_column",
]
