"""Every definition proves itself. Adding one never means touching this file."""

import pytest

from huisheng import metrics
from huisheng.lake import engine_over
from huisheng.metrics.definition import Proof
from huisheng.metrics.facts import Facts, all_relations
from huisheng.metrics.window import Window
from huisheng.records import all_tables, table_from_rows
from tests.worlds import OFFSET_US, facts_of, window_of

RELATION_PROOFS = [
    pytest.param(name, proof, id=f"{name}: {proof.name}")
    for name, relation in all_relations().items()
    for proof in relation.proofs
]
METRIC_PROOFS = [
    pytest.param(name, proof, id=f"{name}: {proof.name}")
    for name, metric in metrics.all_metrics().items()
    for proof in metric.proofs
]


@pytest.mark.parametrize("name", all_relations())
def test_every_relation_has_a_proof(name):
    assert all_relations()[name].proofs


@pytest.mark.parametrize(("name", "proof"), RELATION_PROOFS)
def test_relation(name, proof):
    facts = facts_of(proof.rows)
    rows = facts.engine.arrow(facts.relation(name)).to_pylist()
    assert len(rows) == len(proof.expect), rows
    for expected in proof.expect:
        assert any(expected.items() <= row.items() for row in rows), (expected, rows)


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_every_version_of_a_metric_has_a_proof(name):
    metric = metrics.all_metrics()[name]
    proved = {proof.version or metric.versions[0].id for proof in metric.proofs}
    assert proved == {version.id for version in metric.versions}


@pytest.mark.parametrize(("name", "proof"), METRIC_PROOFS)
def test_metric(name, proof: Proof):
    facts = facts_of(proof.rows)
    window = window_of(*proof.window)
    metric_id = f"{name}@{proof.version}" if proof.version else name
    values = metrics.query(facts, metric_id, window)
    assert len(values) == 1, "proofs use one shop"
    value, expect = values[0], proof.expect
    if expect.numerator is not None:
        assert value.numerator == pytest.approx(expect.numerator, rel=1e-9)
    if expect.denominator is not None:
        assert value.denominator == expect.denominator
    if expect.value is not None:
        assert value.value == pytest.approx(expect.value, rel=1e-9)
    if expect.no_value:
        assert value.value is None
        assert value.quality == "no_data"
    if expect.quality is not None:
        assert value.quality == expect.quality
    if expect.excluded is not None:
        assert value.excluded == expect.excluded
    assert set(value.excluded) <= set(metrics.all_metrics()[name].reasons), "explain every reason"
    for case_id, counted in expect.counted.items():
        assert metrics.explain(facts, metric_id, case_id, window).counted is counted, case_id


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_an_empty_shop_has_no_value(name):
    facts = Facts(engine_over({"shops": _one_shop()}, OFFSET_US))
    for value in metrics.query(facts, name, Window(*_august(), OFFSET_US)):
        assert value.value is None
        assert value.quality == "no_data"


def _one_shop():
    return table_from_rows("shops", [{"shop_id": "s"}], all_tables(), OFFSET_US)


def _august():
    window = window_of("2026-08-01", "2026-08-31")
    return window.start, window.end
