"""评价星级: every service rating received on one scale of one to five."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

STARS = {
    5: ("很满意", "非常满意", "好", "好评", "5星", "五星", "5"),
    4: ("满意", "4星", "四星", "4"),
    3: ("一般", "中", "中评", "3星", "三星", "3"),
    2: ("不满意", "2星", "二星", "2"),
    1: ("很不满意", "非常不满意", "差", "差评", "1星", "一星", "1"),
}


def build(facts: Facts) -> ibis.Table:
    """Return one row per rating received.

    Columns: shop_id, rating_id, conv_id, order_no, agent_id, customer_key, subject (chat where not
    recorded), level, rated_at, is_cheating and stars: those of the platform's own word, else the
    imported score; null where neither is on the scale.
    """
    ratings = facts.table("session_ratings")
    ratings = ratings.filter(ratings.rated_at.notnull())
    by_score = ibis.ifelse(ratings.score.between(1, 5), ratings.score, ibis.null("int64"))
    word = ratings.level.strip()
    stars = ibis.cases(*[(word.isin(words), star) for star, words in STARS.items()], else_=by_score)
    return ratings.select(
        "shop_id",
        "rating_id",
        "conv_id",
        "order_no",
        "agent_id",
        "customer_key",
        "level",
        "rated_at",
        subject=ratings.subject.fill_null("chat"),
        is_cheating=ratings.is_cheating.fill_null(False),
        stars=stars.cast("int64"),
    )


_AT = "2026-08-01 10:00:00"

RELATION = Relation(
    label="评价星级",
    build=build,
    proofs=(
        RelationProof(
            name="words of several platforms, else the score; an invitation is no rating",
            rows={
                "session_ratings": (
                    {"rating_id": "1", "level": "满意", "score": 1, "rated_at": _AT},
                    {"rating_id": "2", "level": "差评", "rated_at": _AT},
                    {"rating_id": "3", "score": 4, "rated_at": _AT},
                    {"rating_id": "4", "score": 9, "rated_at": _AT, "subject": "robot"},
                    {"rating_id": "5", "level": "满意", "invited_at": _AT},
                )
            },
            expect=(
                {"rating_id": "1", "stars": 4, "subject": "chat"},
                {"rating_id": "2", "stars": 1},
                {"rating_id": "3", "stars": 4, "is_cheating": False},
                {"rating_id": "4", "stars": None, "subject": "robot"},
            ),
        ),
    ),
)
