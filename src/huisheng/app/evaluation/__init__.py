"""People judge a sample, and the model's labels are measured against them."""

from huisheng.app.evaluation.evaluating import Evaluation, evaluate, refuse_foreign
from huisheng.app.evaluation.population import sample
from huisheng.app.evaluation.rows import HEADERS, write_rows

__all__ = ["HEADERS", "Evaluation", "evaluate", "refuse_foreign", "sample", "write_rows"]
