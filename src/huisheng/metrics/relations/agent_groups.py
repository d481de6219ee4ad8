"""客服组: the group of each agent, found under their id and their sub-account."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return distinct shop_id, agent_id, agent_group, one group per name."""
    agents = facts.table("agents")
    by_id = agents.select("shop_id", "agent_id", agent_group=agents.group_name)
    by_account = agents.filter(agents.account.notnull()).select(
        "shop_id", agent_id=agents.account, agent_group=agents.group_name
    )
    names = by_id.union(by_account).filter(lambda t: t.agent_group.notnull())
    return names.group_by("shop_id", "agent_id").aggregate(agent_group=names.agent_group.min())


RELATION = Relation(
    label="客服组",
    build=build,
    proofs=(
        RelationProof(
            name="an agent is found by id and by account",
            rows={"agents": ({"agent_id": "a1", "account": "店:小美", "group_name": "售后组"},)},
            expect=(
                {"agent_id": "a1", "agent_group": "售后组"},
                {"agent_id": "店:小美", "agent_group": "售后组"},
            ),
        ),
    ),
)
