"""物流 DSR（物流服务）: mean score, 1–5, for the delivery (S1:93–99)."""

from huisheng.metrics.shapes.review_score import review_score

METRIC = review_score(
    label="物流 DSR（物流服务）",
    question="买家给物流打几分？",
    column="score_logistics",
)
