"""会话卡点: problems per conversation, by product, agent, group, hour and channel."""

from collections.abc import Mapping

import ibis

from huisheng.insight.exposure import EVENT_COLUMNS, NO_SEGMENT, Analysis, Cut, Exposure, numbered
from huisheng.metrics import Facts, Window, local_hour

CS = frozenset({"cs"})
PRESALE = frozenset({"M05", "MID14"})
# After-sales agents hear complaints by trade: agents and hours are judged within their group, and
# only on what service itself can do better.
CUTS = (
    Cut(("category",), within=""),
    Cut(("product_id",)),
    Cut(("campaign_id",), not_for=PRESALE),
    Cut(("channel",)),
    Cut(("agent_id",), within="agent_group", strict=True, departments=CS),
    Cut(("hour",), within="agent_group", strict=True, departments=CS),
    Cut(("agent_group", "hour"), within="agent_group", strict=True, departments=CS),
    Cut(("agent_id", "hour"), within="agent_group", strict=True, departments=CS),
    Cut(("campaign_id", "product_id"), not_for=PRESALE),
)


def expose(
    facts: Facts, span: Window, problems: Mapping[str, frozenset[str]]
) -> tuple[Exposure, ...]:
    """Return the exposure of the conversations started in the span."""
    units = facts.engine.kept(_units(facts, span))
    arrow = facts.engine.arrow
    return (
        Exposure(
            analysis="sessions",
            unit_label="次会话",
            units=arrow(units.order_by("unit")),
            events=arrow(_mentioned(facts, units, problems).order_by(list(EVENT_COLUMNS))),
            cuts=CUTS,
        ),
    )


def _units(facts: Facts, span: Window) -> ibis.Table:
    sessions = facts.relation("sessions")
    sessions = sessions.filter(span.holds(sessions.started_at)).select(
        "shop_id",
        "conv_id",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        at=sessions.started_at,
        customer=sessions.customer_key,
    )
    hour = local_hour(sessions.at, facts.offset_us)
    sessions = sessions.mutate(hour=hour.cast("string"), cost_fen=ibis.literal(0, "int64"))
    linked = facts.relation("session_orders").select("shop_id", "conv_id", "order_no")
    sessions = _with(sessions, linked, ["shop_id", "conv_id"])
    campaigns = facts.relation("order_facts").select("shop_id", "order_no", "campaign_id")
    sessions = _with(sessions, campaigns, ["shop_id", "order_no"])
    about_order = sessions.order_no.notnull()
    sessions = sessions.mutate(
        campaign_id=sessions.campaign_id.coalesce(
            ibis.ifelse(about_order, NO_SEGMENT, ibis.null("string"))
        )
    )
    sessions = _with(sessions, facts.relation("agent_groups"), ["shop_id", "agent_id"])
    sessions = _with(sessions, facts.relation("product_categories"), ["shop_id", "product_id"])
    return numbered(sessions, "shop_id", "conv_id")


def _with(left: ibis.Table, right: ibis.Table, keys: list[str]) -> ibis.Table:
    return left.left_join(right, keys).drop(*[f"{key}_right" for key in keys])


def _mentioned(
    facts: Facts, units: ibis.Table, problems: Mapping[str, frozenset[str]]
) -> ibis.Table:
    mentions = facts.relation("mentions")
    bad_aspect = (
        (mentions["head"] == "aspect")
        & (mentions.value < 0)
        & mentions.label.isin(sorted(problems["aspect"]))
    )
    scene = (mentions["head"] == "scene") & mentions.label.isin(sorted(problems["scene"]))
    raised = mentions.filter((bad_aspect | scene) & mentions.conv_id.notnull())
    joined = raised.inner_join(units.select("unit", "shop_id", "conv_id"), ["shop_id", "conv_id"])
    return joined.select(
        "unit",
        "table_name",
        "row_id",
        kind=joined["head"],
        problem=joined.label,
        p=joined.p.fill_null(0.0),
    ).select(*EVENT_COLUMNS)


ANALYSIS = Analysis(label="会话卡点", expose=expose)
