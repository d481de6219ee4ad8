"""What buyers speak of that the taxonomy has no name for, and which product's buyers most."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from huisheng.app.analysis import unnamed_id
from huisheng.app.web.voices.counted import Asked, counted, floats, held, sizes
from huisheng.insight import growth, log_odds, q_values
from huisheng.metrics import Facts

LEAST_CUSTOMERS = 3
"""Customers who make a group; of fewer it is told that they are in none."""
BEFORE_SALE = ("pre", "any")
"""Phases in which a need shows before anything is bought; words without a name have no phase."""
FALSE_DISCOVERY_RATE = 0.05
EXAMPLES = 8
"""Messages named with a group; some say the same."""
PRODUCTS = 3
"""Products told of a group."""
GROUP = ("shop_id", "phrase")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A phrase that leads requests without a name in one shop.

    Attributes:
        id: made of the shop and the phrase alone, so it stays from run to run.
        talks, before: conversations of the period, and of the stretch of equal length before.
        customers: different customers of the period.
        growth: (talks + 1) / (before + 1), scaled to as many conversations; None: unknown.
        products: the products most spoken of with it and how often, '' for unknown ones.
        examples: ids of messages that it leads.
    """

    id: str
    shop_id: str
    phrase: str
    talks: int
    before: int
    customers: int
    growth: float | None
    products: tuple[tuple[str, int], ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discoveries:
    """The groups of what has no name, the largest first; `ungrouped` of all `texts` are in none."""

    groups: tuple[Unnamed, ...]
    texts: int
    ungrouped: int


@dataclass(frozen=True, slots=True)
class Need:
    """A phrase without a name that one product's buyers bring up more than others of the shop do.

    Of the product's conversations before sale `talks` hold it; as elsewhere it were `expected`.
    """

    shop_id: str
    product_id: str
    phrase: str
    talks: int
    expected: float
    lift: float
    q: float


def discoveries(facts: Facts, asked: Asked) -> Discoveries:
    """Return what has no name over a period, gathered under the phrases that lead it."""
    rows = asked.rows(counted(facts, "unnamed_talks"))
    before = asked.period.before()
    now = held(rows, asked.period)
    summed = rows.group_by(*GROUP).aggregate(
        talks=now.sum(),
        before=held(rows, before).sum(),
        customers=rows.customer.nunique(where=now),
        texts=rows.texts.sum(where=now).fill_null(0),
    )
    found = facts.engine.arrow(summed.filter(summed.talks > 0))
    leads = pc.and_(
        pc.not_equal(found["phrase"], ""), pc.greater_equal(found["customers"], LEAST_CUSTOMERS)
    )
    order = [("talks", "descending"), ("phrase", "ascending"), ("shop_id", "ascending")]
    groups = found.filter(leads).sort_by(order)
    told = _told(facts, rows.filter(now), groups)
    size, size_before = sizes(facts, asked, asked.period, before)
    grown = growth(floats(groups, "talks"), size, floats(groups, "before"), size_before)
    texts = int(pc.sum(found["texts"]).as_py() or 0)
    return Discoveries(
        groups=tuple(
            Unnamed(
                id=unnamed_id(row["shop_id"], row["phrase"]),
                shop_id=row["shop_id"],
                phrase=row["phrase"],
                talks=row["talks"],
                before=row["before"],
                customers=row["customers"],
                growth=None if np.isnan(grown[place]) else float(grown[place]),
                products=tuple(told[row["shop_id"], row["phrase"]].products.most_common(PRODUCTS)),
                examples=tuple(told[row["shop_id"], row["phrase"]].examples),
            )
            for place, row in enumerate(groups.to_pylist())
        ),
        texts=texts,
        ungrouped=texts - int(pc.sum(groups["texts"]).as_py() or 0),
    )


@dataclass(slots=True)
class _Told:
    """What is told of one group besides its counts."""

    products: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def _told(facts: Facts, rows: ibis.Table, groups: pa.Table) -> Mapping[tuple[str, str], _Told]:
    """Return the products and examples of some groups, the latest examples first."""
    wanted = rows.semi_join(ibis.memtable(groups.select(list(GROUP))), GROUP)
    daily = wanted.group_by(*GROUP, "product_id", "day").aggregate(
        talks=wanted.count(), msg_id=wanted.msg_id.min()
    )
    order = [ibis.desc("day"), ibis.desc("talks"), "product_id"]
    told: dict[tuple[str, str], _Told] = defaultdict(_Told)
    for row in facts.engine.arrow(daily.order_by(order)).to_pylist():
        of_group = told[row["shop_id"], row["phrase"]]
        of_group.products[row["product_id"]] += row["talks"]
        if len(of_group.examples) < EXAMPLES:
            of_group.examples.append(row["msg_id"])
    return told


def needs(facts: Facts, asked: Asked) -> tuple[Need, ...]:
    """Return the unasked needs: what has no name and is brought up about one product above others.

    Each product's conversations before sale are held against those of the shop's other products by
    a log-odds ratio; all pairs of product and phrase together to `FALSE_DISCOVERY_RATE`. The
    surest come first.
    """
    everything = Asked(asked.shops, asked.period)
    found = [need for shop_id in asked.shops for need in _needs_of(facts, everything, shop_id)]
    told = [need for need in found if not asked.products or need.product_id in asked.products]
    return tuple(sorted(told, key=lambda need: (need.q, -need.talks, need.phrase)))


def _needs_of(facts: Facts, asked: Asked, shop_id: str) -> Iterator[Need]:
    """Yield the needs of one shop; all pairs of its products and phrases are compared."""
    said = _before_sale(asked, shop_id, counted(facts, "unnamed_talks"))
    said = said.filter(said.phrase != "")
    pairs = facts.engine.arrow(
        said.group_by("product_id", "phrase").aggregate(talks=said.count()).order_by(said.phrase)
    )
    heard = _before_sale(asked, shop_id, counted(facts, "talk_days"))
    sized = facts.engine.arrow(heard.group_by("product_id").aggregate(talks=heard.talks.sum()))
    if not pairs.num_rows:
        return
    size = floats(sized, "talks")[pc.index_in(pairs["product_id"], sized["product_id"]).to_numpy()]
    whole = float(pc.sum(sized["talks"]).as_py())
    phrase = pairs["phrase"].combine_chunks().dictionary_encode()
    place = phrase.indices.to_numpy()
    talks = floats(pairs, "talks")
    others = np.bincount(place, weights=talks)[place] - talks
    odds = log_odds(talks, size, others, whole - size)
    compared = len(phrase.dictionary) * sized.num_rows
    unseen = np.ones(compared - len(talks))
    q = q_values(np.concatenate([stats.norm.sf(odds.z), unseen]))[: len(talks)]
    known = pc.not_equal(pairs["product_id"], "").to_numpy()
    expected = others * size / np.maximum(whole - size, 1)
    for row in np.flatnonzero(known & (talks >= LEAST_CUSTOMERS) & (q <= FALSE_DISCOVERY_RATE)):
        yield Need(
            shop_id=shop_id,
            product_id=pairs["product_id"][row].as_py(),
            phrase=pairs["phrase"][row].as_py(),
            talks=int(talks[row]),
            expected=float(expected[row]),
            lift=float(np.exp(odds.ratio[row])),
            q=float(q[row]),
        )


def _before_sale(asked: Asked, shop_id: str, table: ibis.Table) -> ibis.Table:
    near = table.filter(held(table, asked.period) & (table.shop_id == shop_id))
    return near.filter(near.phase.isin(BEFORE_SALE))
