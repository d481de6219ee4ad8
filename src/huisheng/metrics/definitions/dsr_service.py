"""服务 DSR（服务态度）: mean score, 1–5, for the service (S1:93–99)."""

from huisheng.metrics.shapes.review_score import review_score

METRIC = review_score(
    label="服务 DSR（服务态度）",
    question="买家给服务态度打几分？",
    column="score_service",
)
