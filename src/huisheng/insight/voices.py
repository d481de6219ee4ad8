"""The buyers' words behind findings, fetched once per table and let through the quote gate."""

from collections.abc import Iterable, Mapping, Sequence

import ibis
import pyarrow as pa

from huisheng.metrics import Facts
from huisheng.records import Evidence, stands_verbatim

TEXTS = {
    "messages": ("msg_id", ("text",)),
    "reviews": ("review_no", ("content", "append_content")),
    "session_ratings": ("rating_id", ("comment",)),
    "refunds": ("refund_no", ("reason_text", "first_reason_code", "reason_code")),
    "disputes": ("dispute_no", ("content",)),
    "tickets": ("ticket_no", ("content", "root_cause")),
    "survey_answers": ("survey_id", ("value_text",)),
}
"""Row id and text columns of every table that can be quoted, the most telling column first."""

MOST_QUOTES = 5
LONGEST_QUOTE = 120
COMFORTABLE = range(6, 81)
"""Characters of a quote that is neither a grunt nor an essay."""

Source = tuple[str, str, str]
"""Shop, table and row id."""


def texts_of(facts: Facts, sources: Iterable[Source]) -> dict[Source, str]:
    """Return the stored text of each source that has one."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for shop_id, table, row_id in sources:
        wanted.setdefault(table, set()).add((shop_id, row_id))
    found: dict[Source, str] = {}
    for table, rows in sorted(wanted.items()):
        if table in TEXTS:
            found |= _fetch(facts, table, sorted(rows))
    return found


def quotes(
    candidates: Sequence[tuple[Source, float]], texts: Mapping[Source, str]
) -> tuple[Evidence, ...]:
    """Return up to five different quotes, the most telling first; each stands in its record."""
    ranked = sorted(
        ((source, p) for source, p in candidates if source in texts),
        key=lambda item: (len(texts[item[0]]) not in COMFORTABLE, -round(item[1], 3), item[0]),
    )
    chosen: list[Evidence] = []
    said: set[str] = set()
    for (shop_id, table, row_id), _ in ranked:
        text = texts[(shop_id, table, row_id)]
        quote = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE]
        if quote not in said and stands_verbatim(quote, text):
            said.add(quote)
            chosen.append(Evidence(table, row_id, quote))
        if len(chosen) == MOST_QUOTES:
            break
    return tuple(chosen)


def spoken_in(
    facts: Facts, conversations: Iterable[tuple[str, str]], orders: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[Source, float]]]:
    """Return what buyers said in conversations, or about orders, that was felt as negative.

    Keyed by (shop, conv_id) and (shop, order_no).
    """
    mentions = facts.relation("mentions")
    bad = mentions.filter(
        ((mentions["head"] == "sentiment") | (mentions["head"] == "aspect")) & (mentions.value < 0)
    )
    found: dict[tuple[str, str], list[tuple[Source, float]]] = {}
    for link, keys in (("conv_id", sorted(set(conversations))), ("order_no", sorted(set(orders)))):
        if keys:
            rows = facts.engine.arrow(_rows_with(bad, keys, link)).to_pylist()
            for row in sorted(rows, key=lambda r: (r["shop_id"], r["row_id"], r["label"])):
                source = (row["shop_id"], row["table_name"], row["row_id"])
                found.setdefault((row["shop_id"], row[link]), []).append((source, row["p"] or 0.0))
    return found


def _rows_with(table: ibis.Table, keys: Sequence[tuple[str, str]], column: str) -> ibis.Table:
    wanted = ibis.memtable(
        pa.table({"shop_id": [s for s, _ in keys], column: [k for _, k in keys]})
    )
    return table.semi_join(wanted, ["shop_id", column])


def _fetch(facts: Facts, table: str, rows: Sequence[tuple[str, str]]) -> dict[Source, str]:
    row_id, columns = TEXTS[table]
    source = facts.table(table)
    kept = _rows_with(source, rows, row_id)
    # A reviewer's own words; where a column is empty the next one speaks.
    text = kept[columns[0]].nullif("")
    for column in columns[1:]:
        text = text.coalesce(kept[column].nullif(""))
    expression = kept.select("shop_id", row_id=kept[row_id], text=text)
    return {
        (row["shop_id"], table, row["row_id"]): row["text"]
        for row in facts.engine.arrow(expression).to_pylist()
        if row["text"]
    }
