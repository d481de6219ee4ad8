"""Scores that a platform gives a shop: nobody can recompute them, so they are followed as read."""

from huisheng.app.report.document import ScoreTrack
from huisheng.metrics import Facts

SCORE_LABELS = {
    "gold_wangwang": "金旺旺评级",
    "store_service_score": "店铺综合服务分",
    "taobao_real_experience_score": "真实体验分",
    "douyin_experience_score": "抖音体验分",
    "jd_star": "京东店铺星级",
    "pdd_star": "拼多多综合体验星级",
}
"""Names of the composite scores (domain §1.6; E07, E08); other ids show as they are."""


def score_tracks(facts: Facts) -> list[ScoreTrack]:
    """Return every shop's composite scores over time, one point per day read off."""
    rows = facts.table("platform_score_snapshots")
    known = rows.filter(rows.score.notnull() & rows.taken_on.notnull())
    ordered = known.order_by("shop_id", "score_id", "taken_on").select(
        "shop_id", "score_id", "taken_on", "score"
    )
    tracks: dict[tuple[str, str], ScoreTrack] = {}
    for row in facts.engine.arrow(ordered).to_pylist():
        track = tracks.setdefault(
            (row["shop_id"], row["score_id"]),
            {
                "shop_id": row["shop_id"],
                "score_id": row["score_id"],
                "label": SCORE_LABELS.get(row["score_id"], row["score_id"]),
                "points": [],
            },
        )
        track["points"].append((row["taken_on"], float(row["score"])))
    return list(tracks.values())
