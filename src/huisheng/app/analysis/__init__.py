"""One analysis run: label what is new, compute, find, and keep the result as one document."""

from huisheng.app.analysis.entries import metric_entry
from huisheng.app.analysis.periods import data_span, default_period
from huisheng.app.analysis.run import analyze, latest

__all__ = ["analyze", "data_span", "default_period", "latest", "metric_entry"]
