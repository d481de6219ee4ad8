"""Everything people said, from whichever table, as one relation of lines."""

from collections.abc import Iterable, Mapping, Sequence

import ibis

from huisheng.app.analysis.labelling import SOURCES
from huisheng.app.web.voices.part import UNDATED, Keep, Part, Source, Stretch
from huisheng.metrics import Facts, day_of
from huisheng.metrics.window import DAY_US

TABLES = {
    "messages": "会话",
    "reviews": "商品评价",
    "session_ratings": "服务评价",
    "refunds": "退款说明",
    "disputes": "纠纷投诉",
    "tickets": "工单",
    "survey_answers": "问卷",
}
"""Tables with words, and what a reader calls one of their rows."""

KEYS = ("shop_id", "table_name", "row_id")
LINKS = ("conv_id", "order_no", "product_id")
SPEAKERS = {"buyer": "买家", "agent": "客服"}
HUMAN_OR_ROBOT = ("agent", "robot_auto", "robot_assist")
DAYS_AROUND = 3
"""A conversation that began this long before a line of it is still found."""


def lines(
    facts: Facts,
    stretch: Stretch,
    tables: Sequence[str] = tuple(TABLES),
    *,
    with_empty_messages: bool = False,
) -> ibis.Table:
    """Return what was said in a stretch, one row per message, review, ticket and so on.

    Whoever keeps only messages that surely hold words may take the empty ones along: to see whether
    one is empty its words must be read.

    Columns: shop_id, table_name, row_id, unit (the conversation of a message, else the row),
    conv_id, order_no, product_id, at, role, agent_id, recalled, text.
    """
    parts = []
    for name in tables:
        if name == "messages":
            parts.append(_messages(facts, stretch, with_empty_messages))
        elif name == "survey_answers":
            parts.append(_answers(facts, stretch))
        else:
            parts.append(_rows(facts, stretch, name))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def texts_of(facts: Facts, found: Iterable[tuple[Source, int | None]]) -> Mapping[Source, str]:
    """Return the words of lines of which table, row and instant are known."""
    by_table: dict[str, list[tuple[Source, int | None]]] = {}
    for source, at in found:
        by_table.setdefault(source[1], []).append((source, at))
    texts: dict[Source, str] = {}
    for name, some in by_table.items():
        shops, ids = {source[0] for source, _ in some}, {source[2] for source, _ in some}
        keep = {"messages": _on_days(_days([at for _, at in some], facts.offset_us))}
        part = Facts(Part(facts.engine, keep))
        said = lines(part, Stretch(sorted(shops), None), (name,))
        rows = facts.engine.arrow(said.filter(said.row_id.isin(sorted(ids))).select(*KEYS, "text"))
        texts |= {
            (row["shop_id"], row["table_name"], row["row_id"]): row["text"]
            for row in rows.to_pylist()
        }
    return texts


def _days(instants: Iterable[int | None], offset_us: int) -> list[str]:
    days = {UNDATED if at is None else day_of((at + offset_us) // DAY_US).isoformat()
            for at in instants}  # fmt: skip
    return sorted(days)


def _on_days(days: Sequence[str]) -> Keep:
    return lambda table: table.filter(table.local_date.isin(days))


def _messages(facts: Facts, stretch: Stretch, with_empty: bool) -> ibis.Table:
    messages = stretch.rows(facts.table("messages"))
    spoken = messages
    if not with_empty:
        spoken = messages.filter(messages.text.notnull() & (messages.text != ""))
    return spoken.select(
        "shop_id",
        table_name=ibis.literal("messages"),
        row_id=spoken.msg_id,
        unit=spoken.conv_id.nullif("").coalesce(spoken.msg_id),
        conv_id=spoken.conv_id,
        order_no=ibis.null("string"),
        product_id=ibis.null("string"),
        at=spoken.sent_at,
        role=spoken.role,
        agent_id=spoken.agent_id,
        recalled=spoken.is_recalled.fill_null(False),
        text=spoken.text,
    )


def _rows(facts: Facts, stretch: Stretch, name: str) -> ibis.Table:
    row_id, columns, at = SOURCES[name]
    rows = stretch.rows(facts.table(name))
    text = rows[columns[0]].fill_null("")
    for column in columns[1:]:
        text = text + ibis.ifelse(rows[column].notnull(), "。" + rows[column], "")
    said = rows.select(
        "shop_id",
        table_name=ibis.literal(name),
        row_id=rows[row_id],
        unit=rows[row_id],
        **{link: rows[link] if link in rows.columns else ibis.null("string") for link in LINKS},
        at=rows[at],
        role=ibis.literal("buyer"),
        agent_id=rows["agent_id"] if "agent_id" in rows.columns else ibis.null("string"),
        recalled=ibis.literal(False),
        text=text,
    )
    return said.filter(said.text != "")


def _answers(facts: Facts, stretch: Stretch) -> ibis.Table:
    """Return each survey's written answers as one line; surveys are dated when they were sent."""
    answers = stretch.of_shops(facts.table("survey_answers"))
    written = answers.filter(answers.value_text.notnull() & (answers.value_text != ""))
    asked = stretch.of_shops(facts.table("surveys"))
    asked = asked.mutate(when=asked.answered_at.coalesce(asked.sent_at))
    asked = asked.filter(stretch.holds(asked.when))
    asked = asked.select("shop_id", "survey_id", "conv_id", "order_no", "when")
    joined = written.inner_join(asked, ["shop_id", "survey_id"])
    said = joined.group_by("shop_id", "survey_id").aggregate(
        conv_id=joined.conv_id.max(),
        order_no=joined.order_no.max(),
        when=joined.when.max(),
        text=joined.value_text.max(),
    )
    return said.select(
        "shop_id",
        table_name=ibis.literal("survey_answers"),
        row_id=said.survey_id,
        unit=said.survey_id,
        conv_id=said.conv_id,
        order_no=said.order_no,
        product_id=ibis.null("string"),
        at=said.when,
        role=ibis.literal("buyer"),
        agent_id=ibis.null("string"),
        recalled=ibis.literal(False),
        text=said.text,
    )


def about_products(
    facts: Facts, stretch: Stretch, said: ibis.Table, product_ids: Sequence[str]
) -> ibis.Table:
    """Return the lines about some products, each once.

    A line is about a product that it names itself, that its conversation began from, or that the
    order it is about holds.
    """
    near = stretch.widened(DAYS_AROUND)
    keep = dict.fromkeys(("conversations", "messages"), near.rows)
    keep |= dict.fromkeys(("orders", "order_items"), stretch.of_shops)
    part = Facts(Part(facts.engine, keep))
    items = part.table("order_items")
    orders = items.filter(items.product_id.isin(product_ids)).select("shop_id", "order_no")
    talks = part.table("conversations")
    begun = talks.filter(talks.product_id.isin(product_ids)).select("shop_id", "conv_id")
    linked = part.relation("session_orders").semi_join(orders, ["shop_id", "order_no"])
    conversations = begun.union(linked.select("shop_id", "conv_id")).distinct()
    by_talk = conversations.mutate(in_talk=ibis.literal(True))
    by_order = orders.distinct().mutate(in_order=ibis.literal(True))
    joined = said.left_join(by_talk, ["shop_id", "conv_id"], rname="{name}_t").left_join(
        by_order, ["shop_id", "order_no"], rname="{name}_o"
    )
    hit = joined.product_id.isin(product_ids) | joined.in_talk.notnull() | joined.in_order.notnull()
    return joined.filter(hit).select(said.columns)


def with_agents(
    facts: Facts, stretch: Stretch, said: ibis.Table, agent_ids: Sequence[str]
) -> ibis.Table:
    """Return the lines of conversations, or about conversations, in which an agent took part."""
    near = stretch.widened(DAYS_AROUND)
    spoken, talks = near.rows(facts.table("messages")), near.rows(facts.table("conversations"))
    took_part = talks.first_agent_id.isin(agent_ids) | talks.last_agent_id.isin(agent_ids)
    conversations = (
        spoken.filter(spoken.agent_id.isin(agent_ids))
        .select("shop_id", "conv_id")
        .union(talks.filter(took_part).select("shop_id", "conv_id"))
        .distinct()
    )
    return said.semi_join(conversations, ["shop_id", "conv_id"])
