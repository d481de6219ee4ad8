"""The plan that an analysis suggests for a slow step is one that can be verified."""

from datetime import date

import numpy as np
import pyarrow as pa

from huisheng.insight import parse_plan, suggested_plan, verify
from huisheng.lake import engine_over
from huisheng.metrics import Facts
from huisheng.records import Finding, Impact, Problem, Rate, all_tables
from tests.worlds import OFFSET_US

FIX_DATE = date(2026, 8, 15)
HOUR_US = 3_600_000_000
STEPS = (("registered", "troubleshot"), ("troubleshot", "approved"), ("approved", "shipped"))


def finding(step: str) -> Finding:
    rate = Rate(0.3, 30, 100)
    return Finding(
        id="f1", shop_id="shop", analysis="waiting_steps", title="登记后迟迟没有排查",
        problem=Problem("step", "overdue"), segment={"step": step}, department="cs",
        observed=rate, expected=rate, interval=(0.2, 0.4), p_value=0.001, q_value=0.01,
        impact=Impact(30, 0), since=None, evidence=(), strategy="",
    )  # fmt: skip


def ticket_facts(hours_after: float) -> Facts:
    """Return 28 days of tickets of which the first step takes 8 h, `hours_after` from the fix."""
    rng = np.random.default_rng(6)
    first_us = (date(2026, 8, 1) - date(1970, 1, 1)).days * 24 * HOUR_US - OFFSET_US
    tickets, events = [], []
    for number in range(28 * 20):
        day = number // 20
        at = first_us + day * 24 * HOUR_US + HOUR_US
        tickets.append({"ticket_no": f"T{number}", "created_at": at, "type": "exchange"})
        for step, (before, after) in enumerate(STEPS):
            hours = 2.0 if step else (8.0 if day < 14 else hours_after)
            at += int(hours * rng.uniform(0.7, 1.3) * HOUR_US)
            events.append({"event_id": f"T{number}-{step}", "ticket_no": f"T{number}", "at": at,
                           "from_status": before, "to_status": after})  # fmt: skip
    rows = {"tickets": _rows("tickets", tickets), "ticket_events": _rows("ticket_events", events)}
    return Facts(engine_over(rows, OFFSET_US))


def _rows(name: str, rows: list[dict]) -> pa.Table:
    schema = all_tables()[name].schema
    blank = dict.fromkeys(schema.names) | {"shop_id": "shop", "platform": "tmall"}
    return pa.Table.from_pylist([blank | row for row in rows], schema=schema)


def test_a_slow_step_is_verified_on_the_hours_of_that_step():
    written = suggested_plan(finding("registered→troubleshot"))
    plan = parse_plan({**written, "fix_date": FIX_DATE})
    assert (plan.metric, plan.segment) == ("step_hours", {"step": "registered→troubleshot"})
    verdict = verify(ticket_facts(4.0), plan, None)
    assert verdict.verdict.value == "worked", verdict.reason
    assert -4.5 < verdict.effect < -3.5
    assert verify(ticket_facts(8.0), plan, None).verdict.value != "worked"
