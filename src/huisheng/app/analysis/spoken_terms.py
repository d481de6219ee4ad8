"""Count what buyers say, term by term and topic by topic, once per analysis, for the pages to sum.

A term counts once per customer and day, in one of the conversations that hold it: who repeats a
thing says it once. A text of `PASTED_LETTERS` or more that `PASTED_CUSTOMERS` customers of a shop
write alike within a day, but for punctuation, pictures, case and numbers, was handed round: it
counts as one customer's. A term is kept for a shop when `LEAST_CUSTOMERS` have said it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.insight import log_odds
from huisheng.language import find_phrases, gist
from huisheng.metrics import Facts, local_day

LEAST_CUSTOMERS = 3
PASTED_LETTERS = 12
PASTED_CUSTOMERS = 3
NAMING_HEADS = ("scene", "aspect", "concern")
"""Heads that give what is said a name of the taxonomy."""
LEAST_UNNAMED = 0.5
"""Share of a term's conversations without a name from which on it leads a group of its own."""
LEAST_Z = 1.96
ID_LETTERS = 12
TALK = ("shop_id", "conv_id")
SLICE = ("shop_id", "day", "product_id", "phase")
"""What every count is kept by: shop, local day since 1970-01-01, product or '', phase."""


def spoken_terms(facts: Facts) -> Mapping[str, ibis.Table]:
    """Return the tables that the pages on terms and topics read.

    - `talk_days`: SLICE, talks: conversations in which the buyer said anything.
    - `term_days`: SLICE, term, talks, unnamed (of them, without a name of the taxonomy),
      negative (of them, in which the buyer was impatient or worse), msg_id (one example).
    - `topic_talks`: SLICE, head, label, customer, negative: one row per conversation and topic.
    - `unnamed_talks`: SLICE, phrase ('' for what is in no group), customer, msg_id, texts: one row
      per conversation and leading phrase of what has no name.
    """
    keep = facts.engine.kept
    talks = keep(_talks(facts))
    said = _said(facts, talks)
    texts = _read(facts, said)
    lines = keep(_lines(facts, said, texts))
    uses = keep(_uses(lines, texts, talks))
    terms = keep(_term_days(uses))
    return {
        "talk_days": _talk_days(said, talks),
        "term_days": terms,
        "topic_talks": _topic_talks(facts, talks),
        "unnamed_talks": _unnamed_talks(facts, lines, texts, talks, terms),
    }


def unnamed_id(shop_id: str, phrase: str) -> str:
    """Return the id of the group that a phrase without a name leads, the same in every run."""
    return hashlib.sha256(f"{shop_id}\n{phrase}".encode()).hexdigest()[:ID_LETTERS]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The distinct texts, and the terms they hold.

    Attributes:
        texts: item, text, alike (equal for texts that read alike), says (more than filler), long.
        held: item, term.
    """

    texts: ibis.Table
    held: ibis.Table


def _talks(facts: Facts) -> ibis.Table:
    """Return the dated conversations with SLICE, customer (a number) and negative."""
    sessions = facts.relation("sessions")
    sessions = sessions.filter(sessions.started_at.notnull())
    orders = facts.relation("session_orders").select(*TALK, linked="order_no")
    items = facts.relation("order_products")
    bought = items.group_by("shop_id", linked=items.order_no).aggregate(
        bought=items.product_id.min()
    )
    known = sessions.left_join(orders.inner_join(bought, ["shop_id", "linked"]), TALK)
    known = known.select(
        *TALK,
        day=local_day(sessions.started_at, facts.offset_us),
        product_id=known.product_id.nullif("").coalesce(known.bought).fill_null(""),
        customer=known.customer_key.nullif("").coalesce(known.conv_id).hash(),
    )
    phased = known.left_join(facts.relation("session_phases"), TALK)
    felt = phased.select(*known.columns, phase=phased.phase.fill_null("any")).left_join(
        facts.relation("session_emotions"), TALK
    )
    return felt.select(*known.columns, "phase", negative=(felt.peak_level >= 1).fill_null(False))


def _said(facts: Facts, talks: ibis.Table) -> ibis.Table:
    lines = facts.relation("spoken_lines")
    lines = lines.filter(lines.asks & (lines.type == "text") & lines.text.notnull())
    return lines.select(*TALK, "msg_id", "text").semi_join(talks, TALK)


def _read(facts: Facts, said: ibis.Table) -> _Texts:
    counted = said.group_by("text").aggregate(said=said.count())
    distinct = facts.engine.arrow(counted)
    text = distinct["text"].combine_chunks()
    found = find_phrases(text, distinct["said"].to_numpy())
    meant = gist(text)
    item = pa.array(np.arange(len(text)))
    texts = pa.table(
        {
            "item": item,
            "text": text,
            "alike": meant.dictionary_encode().indices.cast(pa.int64()),
            "says": pc.not_equal(meant, ""),
            "long": pc.greater_equal(pc.utf8_length(meant), PASTED_LETTERS),
        }
    )
    held = {"item": found.item, "term": found.terms.take(pa.array(found.term))}
    keep = facts.engine.kept
    return _Texts(keep(ibis.memtable(texts)), keep(ibis.memtable(pa.table(held))))


def _lines(facts: Facts, said: ibis.Table, texts: _Texts) -> ibis.Table:
    """Return buyers' lines: TALK, msg_id, item, alike, says, long, unnamed."""
    labels = facts.relation("current_labels")
    named = labels.filter(
        (labels.table_name == "messages") & labels["head"].isin(NAMING_HEADS)
    ).select("shop_id", msg_id="row_id")
    lines = said.inner_join(texts.texts, "text").drop("text")
    joined = lines.left_join(
        named.distinct().mutate(is_named=ibis.literal(True)), ["shop_id", "msg_id"]
    )
    return joined.select(*lines.columns, unnamed=joined.is_named.isnull())


def _uses(lines: ibis.Table, texts: _Texts, talks: ibis.Table) -> ibis.Table:
    """Return one row per shop, day, speaker and term, with the SLICE of one conversation of it."""
    dated = lines.inner_join(talks.select(*TALK, "day", "customer"), TALK)
    alike = dated.filter(dated.long).group_by("shop_id", "day", "alike")
    pasted = alike.aggregate(writers=dated.customer.nunique())
    pasted = pasted.filter(pasted.writers >= PASTED_CUSTOMERS)
    spoken = dated.left_join(pasted, ["shop_id", "day", "alike"])
    spoken = spoken.select(
        *TALK,
        "day",
        "msg_id",
        "item",
        "unnamed",
        speaker=ibis.ifelse(spoken.writers.notnull(), -1 - spoken.alike, spoken.customer),
    )
    holding = spoken.inner_join(texts.held, "item")
    once = holding.group_by("shop_id", "day", "speaker", "term").aggregate(
        conv_id=holding.conv_id.min(),
        msg_id=holding.msg_id.min(),
        unnamed=holding.unnamed.all(),
    )
    placed = once.inner_join(talks.drop("day", "customer"), TALK)
    return placed.select(*SLICE, "term", "speaker", "msg_id", "unnamed", "negative")


def _term_days(uses: ibis.Table) -> ibis.Table:
    speakers = uses.group_by("shop_id", "term").aggregate(speakers=uses.speaker.nunique())
    common = uses.semi_join(
        speakers.filter(speakers.speakers >= LEAST_CUSTOMERS), ["shop_id", "term"]
    )
    return common.group_by(*SLICE, "term").aggregate(
        talks=common.count(),
        unnamed=common.unnamed.sum().cast("int64"),
        negative=common.negative.sum().cast("int64"),
        msg_id=common.msg_id.min(),
    )


def _talk_days(said: ibis.Table, talks: ibis.Table) -> ibis.Table:
    heard = talks.semi_join(said, TALK)
    return heard.group_by(*SLICE).aggregate(talks=heard.count())


def _topic_talks(facts: Facts, talks: ibis.Table) -> ibis.Table:
    scenes = facts.relation("session_scenes")
    scenes = scenes.select(
        *TALK, head=ibis.literal("scene"), label=scenes.scene, blamed=ibis.null("boolean")
    )
    labels = facts.relation("current_labels")
    aspects = labels.filter((labels.table_name == "messages") & (labels["head"] == "aspect"))
    messages = facts.table("messages").select("shop_id", "msg_id", "conv_id")
    mentioned = aspects.inner_join(messages, [("shop_id", "shop_id"), ("row_id", "msg_id")])
    blamed = mentioned.group_by(*TALK, "head", "label").aggregate(
        blamed=(mentioned.value < 0).any()
    )
    both = scenes.distinct().union(blamed.select(scenes.columns))
    placed = both.inner_join(talks, TALK)
    return placed.select(
        *SLICE, "head", "label", "customer", negative=placed.blamed.coalesce(placed.negative)
    )


def _unnamed_talks(
    facts: Facts, lines: ibis.Table, texts: _Texts, talks: ibis.Table, terms: ibis.Table
) -> ibis.Table:
    """Return what has no name, each text under the leading one of the phrases it holds."""
    nameless = lines.filter(lines.unnamed & lines.says)
    leading = facts.engine.kept(ibis.memtable(_leading(facts, terms)))
    held = nameless.inner_join(texts.held, "item").inner_join(leading, ["shop_id", "term"])
    best = held.group_by("shop_id", "msg_id").aggregate(place=held.place.min())
    grouped = nameless.left_join(best, ["shop_id", "msg_id"]).select(*TALK, "msg_id", "place")
    phrases = leading.select("shop_id", "place", phrase="term")
    named = grouped.left_join(phrases, ["shop_id", "place"])
    named = named.select(*TALK, "msg_id", phrase=named.phrase.fill_null(""))
    told = named.group_by(*TALK, "phrase").aggregate(msg_id=named.msg_id.min(), texts=named.count())
    placed = told.inner_join(talks, TALK)
    return placed.select(*SLICE, "phrase", "customer", "msg_id", "texts")


def _leading(facts: Facts, terms: ibis.Table) -> pa.Table:
    """Return the phrases that stand out in what has no name: shop_id, term, place (0 leads all)."""
    sums = terms.group_by("shop_id", "term").aggregate(
        talks=terms.talks.sum(), unnamed=terms.unnamed.sum()
    )
    rows = facts.engine.arrow(sums.order_by("shop_id", "term"))
    found = [pa.table({"shop_id": [], "term": [], "place": []}, schema=_LEADING)]
    for shop_id in rows["shop_id"].unique().to_pylist():
        own = rows.filter(pc.equal(rows["shop_id"], shop_id))
        unnamed, talks = (own[name].to_numpy().astype(float) for name in ("unnamed", "talks"))
        odds = log_odds(unnamed, unnamed.sum(), talks - unnamed, (talks - unnamed).sum())
        leads = (unnamed >= LEAST_CUSTOMERS) & (unnamed >= LEAST_UNNAMED * talks)
        leads &= odds.z >= LEAST_Z
        best = np.argsort(-odds.z, kind="stable")
        best = best[leads[best]]
        leaders = own.select(["shop_id", "term"]).take(pa.array(best))
        found.append(leaders.append_column("place", pa.array(np.arange(len(best)))).cast(_LEADING))
    return pa.concat_tables(found)


_LEADING = pa.schema([("shop_id", pa.string()), ("term", pa.string()), ("place", pa.int64())])
