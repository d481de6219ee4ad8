"""One analysis run: label what is new, compute, find, and keep the result as one document."""

from huisheng.app.analysis.computing import kept_relations
from huisheng.app.analysis.entries import metric_entry
from huisheng.app.analysis.history import PastFinding, PastRun, past_runs
from huisheng.app.analysis.labelling import CONTEXT_TURNS, texts_by_table
from huisheng.app.analysis.periods import data_span, default_period
from huisheng.app.analysis.promotion import (
    MEASURES,
    Funnel,
    Hourly,
    Measure,
    Phase,
    Promotion,
    funnel,
    hourly,
    one_before,
    opened_a_year_before,
    promotions,
    running,
    seen_until,
)
from huisheng.app.analysis.run import analyze, latest
from huisheng.app.analysis.scores import SCORE_LABELS
from huisheng.app.analysis.spoken_terms import unnamed_id
from huisheng.app.analysis.tips import advice

__all__ = [
    "CONTEXT_TURNS",
    "MEASURES",
    "SCORE_LABELS",
    "Funnel",
    "Hourly",
    "Measure",
    "PastFinding",
    "PastRun",
    "Phase",
    "Promotion",
    "advice",
    "analyze",
    "data_span",
    "default_period",
    "funnel",
    "hourly",
    "kept_relations",
    "latest",
    "metric_entry",
    "one_before",
    "opened_a_year_before",
    "past_runs",
    "promotions",
    "running",
    "seen_until",
    "texts_by_table",
    "unnamed_id",
]
