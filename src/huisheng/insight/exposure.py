"""What analyses hand to the search for stuck points: who was exposed, and what happened to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa

from huisheng.metrics import Facts, Window

NO_SEGMENT = "（无）"
"""A dimension's value where there is certainly none, such as an order outside every campaign: such
units are what segments are compared with, and no segment themselves. Null means unknown, and is
compared with nothing."""

UNIT_COLUMNS = ("unit", "shop_id", "at", "customer", "cost_fen")
EVENT_COLUMNS = ("unit", "kind", "problem", "table_name", "row_id", "p")


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut units into segments, and what a segment is fairly compared with.

    Attributes:
        dimensions: one dimension, or two that matter together.
        within: a segment is compared with other units of the same value here and the same week;
            empty for the week alone.
        strict: a segment that is alone in its `within` is not compared at all; otherwise it is
            compared with everything else.
        departments: only problems these departments own can be this cut's fault; empty for all.
        not_for: problems that belong to these segments by nature, such as presale questions to a
            campaign with a presale.
    """

    dimensions: tuple[str, ...]
    within: str = "category"
    strict: bool = False
    departments: frozenset[str] = frozenset()
    not_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Exposure:
    """Units that could have met a problem, and those that did.

    Attributes:
        analysis: id of the analysis.
        unit_label: Chinese measure word of a unit, «笔订单».
        units: one row per unit: `UNIT_COLUMNS` and one text column per dimension (null unknown).
            `unit` numbers the rows from 0; `cost_fen` is what was paid back on it.
        events: one row per unit, problem and piece of evidence: `EVENT_COLUMNS`; `table_name` and
            `row_id` (may be null) say where the words stand, `p` how sure the label is.
        cuts: ways to cut the units, the coarser before the finer.
        shares_evidence: events name no words of their own, so quotes come from what the same
            conversations and orders said.
    """

    analysis: str
    unit_label: str
    units: pa.Table
    events: pa.Table
    cuts: tuple[Cut, ...]
    shares_evidence: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """One way to look for stuck points: a label, and how to build its exposures.

    `expose` is given the facts, the span of days to look at (the period and everything before it
    that dates a change) and the ids of the problems that have an owner, per kind.
    """

    label: str
    expose: Callable[[Facts, Window, Mapping[str, frozenset[str]]], tuple[Exposure, ...]]


def numbered(table: ibis.Table, *order: str) -> ibis.Table:
    """Return the table with `unit`, its row number from 0 in a total order."""
    return table.mutate(unit=ibis.row_number().over(order_by=[table[name] for name in order]))
