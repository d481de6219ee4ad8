import numpy as np
import pyarrow as pa
import pytest

from huisheng.language.encoding import GRAM_LENGTHS, encode, grams, hash_table, slot_table
from huisheng.language.heads import RowHead, buckets, clause_norms
from huisheng.language.scan import RowTable, Scanner
from huisheng.language.taxonomy import taxonomy

BITS = 18
TEXTS = ["质量很好，物流慢。", "", "不错", "用了半年没有问题，" * 400, "a"]


@pytest.fixture(scope="module")
def head() -> RowHead:
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 50, 1 << BITS).astype(np.uint16)
    weights = np.full((50, 3), 127, dtype=np.float32)
    weights[:, 1] = rng.integers(-127, 128, 50)
    weights[0] = 0
    steps = np.ones(3, dtype=np.float32)
    return RowHead(rows, weights, steps, np.zeros((0, 3), np.float32), steps)


def test_sums_are_exact_however_long_the_text(head: RowHead) -> None:
    buffer = encode(TEXTS)
    slots = slot_table(hash_table(buffer, GRAM_LENGTHS), buffer)
    _, (known,) = RowTable([head.rows], np.zeros_like(head.rows)).look_up(slots)
    expected = np.zeros((len(TEXTS), 3))
    for some in grams(buffer, GRAM_LENGTHS):
        weights = head.weights[head.rows[buckets(some, BITS)]]
        np.add.at(expected, buffer.owner[some.position], weights)
    assert expected.max() > np.iinfo(np.int16).max
    assert np.array_equal(head.gram_sums(known, buffer.marks[:-1]), expected)


def test_clause_norms_count_what_begins_in_a_clause() -> None:
    scan = Scanner(taxonomy()).scan(TEXTS)
    starts = np.concatenate([scan.clauses.unit[some.position] for some in scan.grams])
    counts = np.bincount(starts, minlength=scan.clauses.size)
    assert np.allclose(clause_norms(scan) ** 2, np.maximum(counts, 1))


def test_texts_may_be_arrow() -> None:
    arrow = pa.array(TEXTS)
    assert encode(arrow).codes.tolist() == encode(TEXTS).codes.tolist()
