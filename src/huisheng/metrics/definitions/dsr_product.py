"""商品 DSR（描述相符）: mean score, 1–5, for the goods matching their description (S1:93–99)."""

from huisheng.metrics.shapes.review_score import review_score

METRIC = review_score(
    label="商品 DSR（描述相符）",
    question="买家觉得商品和描述相符吗？",
    column="score_product",
)
