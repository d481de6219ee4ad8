"""会话场景: what each conversation asked about, and in which phase (domain §2.2)."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

PHASES = {"PRE": "pre", "MID": "mid", "POST": "post"}
OTHER_PHASE = {
    "any": ("PRE01", "PRE27", "POST16", "POST17", "POST18", "POST19", "POST20"),
    "post": ("MID11", "MID13"),
}
"""Scenes whose phase is not the one their id begins with."""


def build(facts: Facts) -> ibis.Table:
    """Return distinct shop_id, conv_id, scene, phase (pre, mid, post or any)."""
    labels = facts.relation("current_labels")
    scenes = labels.filter(labels["head"] == "scene")
    messages = facts.table("messages").select("shop_id", "msg_id", "conv_id")
    of_messages = scenes.filter(scenes.table_name == "messages").inner_join(
        messages, [("shop_id", "shop_id"), ("row_id", "msg_id")]
    )
    whole = scenes.filter(scenes.table_name == "conversations")
    all_scenes = of_messages.select("shop_id", "conv_id", scene="label").union(
        whole.select("shop_id", conv_id="row_id", scene="label")
    )
    prefix = all_scenes.scene.re_extract("^([A-Z]+)", 1)
    phase = ibis.cases(
        *[(all_scenes.scene.isin(ids), phase) for phase, ids in OTHER_PHASE.items()],
        *[(prefix == name, phase) for name, phase in PHASES.items()],
        else_="any",
    )
    return all_scenes.mutate(phase=phase).distinct()


def _label(table: str, row: str, scene: str) -> dict[str, str]:
    return {
        "table_name": table,
        "row_id": row,
        "head": "scene",
        "label": scene,
        "source": "model",
        "version": "1",
    }


RELATION = Relation(
    label="会话场景",
    build=build,
    proofs=(
        RelationProof(
            name="labels of messages and of the whole, each scene once",
            rows={
                "messages": (
                    {"msg_id": "m1", "conv_id": "a", "role": "buyer"},
                    {"msg_id": "m2", "conv_id": "a", "role": "buyer"},
                ),
                "labels": (
                    _label("messages", "m1", "MID11"),
                    _label("messages", "m2", "MID11"),
                    _label("messages", "m2", "PRE01"),
                    _label("conversations", "b", "MID07"),
                    _label("conversations", "b", "POST16"),
                    _label("reviews", "a", "POST01"),
                ),
            },
            expect=(
                {"conv_id": "a", "scene": "MID11", "phase": "post"},
                {"conv_id": "a", "scene": "PRE01", "phase": "any"},
                {"conv_id": "b", "scene": "MID07", "phase": "mid"},
                {"conv_id": "b", "scene": "POST16", "phase": "any"},
            ),
        ),
    ),
)
