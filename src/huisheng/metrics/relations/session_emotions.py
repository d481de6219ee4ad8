"""会话情绪: the worst that each labelled conversation came to (domain §2.3)."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return one row per conversation with any label: shop_id, conv_id, peak_level (0 for none)."""
    labels = facts.relation("current_labels")
    messages = facts.table("messages").select("shop_id", "msg_id", "conv_id")
    of_messages = labels.filter(labels.table_name == "messages").inner_join(
        messages, [("shop_id", "shop_id"), ("row_id", "msg_id")]
    )
    whole = labels.filter(labels.table_name == "conversations")
    both = of_messages.select("shop_id", "conv_id", "value", name="head").union(
        whole.select("shop_id", "value", conv_id="row_id", name="head")
    )
    felt = both.name == "emotion"
    grouped = both.group_by("shop_id", "conv_id").aggregate(peak=both.value.max(where=felt))
    return grouped.select(
        "shop_id", "conv_id", peak_level=ibis.greatest(grouped.peak.fill_null(0), 0)
    )


def _label(row: str, label: str, level: int, head: str = "emotion") -> dict[str, str | int]:
    return {
        "table_name": "messages",
        "row_id": row,
        "head": head,
        "label": label,
        "value": level,
        "source": "model",
        "version": "1",
    }


RELATION = Relation(
    label="会话情绪",
    build=build,
    proofs=(
        RelationProof(
            name="the peak; content and unfelt conversations are calm, unlabelled ones absent",
            rows={
                "messages": tuple(
                    {"msg_id": msg_id, "conv_id": msg_id[0], "role": "buyer"}
                    for msg_id in ("a1", "a2", "b1", "c1", "d1")
                ),
                "labels": (
                    _label("a1", "anxious", 1),
                    _label("a2", "angry", 3),
                    _label("b1", "positive", -1),
                    _label("c1", "POST01", 9, "scene"),
                ),
            },
            expect=(
                {"conv_id": "a", "peak_level": 3},
                {"conv_id": "b", "peak_level": 0},
                {"conv_id": "c", "peak_level": 0},
            ),
        ),
    ),
)
