"""会话阶段: after-sale before mid-sale before pre-sale, whichever a conversation touched."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

ORDER = ("pre", "mid", "post")


def build(facts: Facts) -> ibis.Table:
    """Return one row per conversation with a scene: shop_id, conv_id, phase (pre, mid, post, any).

    Scenes of no phase (greetings, threats, thanks) leave the phase to the others (domain §2.2).
    """
    scenes = facts.relation("session_scenes")
    rank = ibis.cases(
        *[(scenes.phase == phase, rank) for rank, phase in enumerate(ORDER, 1)], else_=0
    )
    highest = scenes.group_by("shop_id", "conv_id").aggregate(highest=rank.max())
    return highest.select(
        "shop_id",
        "conv_id",
        phase=ibis.cases(
            *[(highest.highest == rank, phase) for rank, phase in enumerate(ORDER, 1)], else_="any"
        ),
    )


def _label(conv: str, scene: str) -> dict[str, str]:
    return {
        "table_name": "conversations",
        "row_id": conv,
        "head": "scene",
        "label": scene,
        "source": "model",
        "version": "1",
    }


RELATION = Relation(
    label="会话阶段",
    build=build,
    proofs=(
        RelationProof(
            name="after-sale wins, a threat alone has no phase",
            rows={
                "labels": (
                    _label("a", "PRE16"),
                    _label("a", "POST06"),
                    _label("a", "POST16"),
                    _label("b", "POST16"),
                    _label("c", "MID07"),
                    _label("c", "PRE01"),
                )
            },
            expect=(
                {"conv_id": "a", "phase": "post"},
                {"conv_id": "b", "phase": "any"},
                {"conv_id": "c", "phase": "mid"},
            ),
        ),
    ),
)
