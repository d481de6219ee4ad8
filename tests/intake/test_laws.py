"""Laws of reading: what is written comes back, ids never change, order is no matter."""

import json
import random
from datetime import datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng.intake.cells import PLACEHOLDERS, unwrapped
from huisheng.intake.keys import Ordinals
from huisheng.intake.kinds.identifiers import parse_identifier
from huisheng.intake.kinds.instants import parse_date, parse_instant
from huisheng.intake.kinds.money import parse_money
from huisheng.intake.kinds.numbers import parse_integer, parse_number
from huisheng.intake.kinds.places import PROVINCES, city_of, province_of
from huisheng.intake.protection import mask_documents
from huisheng.lake import create_workspace
from tests.intake.importing import Desk

OFFSET_US = 8 * 3_600_000_000
EPOCH = datetime.fromisoformat("1970-01-01")
FEN = st.integers(-(10**13), 10**13)
LOCAL = st.datetimes(datetime.fromisoformat("1990-01-02"), datetime.fromisoformat("2099-12-30"))
WORDS = set(PLACEHOLDERS.to_pylist())
SPREAD = st.sampled_from([lambda text: text, lambda text: f"¥{text}", lambda text: f"{text}元"])


def yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def values(outcome) -> list:
    assert outcome.reasons is None or outcome.reasons.null_count == len(outcome.reasons)
    return outcome.values.to_pylist()


@given(st.lists(st.tuples(FEN, SPREAD), min_size=1, max_size=20))
def test_money_comes_back(amounts):
    cells = pa.array([spread(yuan(fen)) for fen, spread in amounts])
    assert values(parse_money(cells)) == [fen for fen, _ in amounts]


@given(FEN)
def test_money_with_separators_comes_back(fen):
    cells = pa.array([f"{Decimal(fen) / 100:,.2f}", yuan(fen) + "000"])
    assert values(parse_money(cells)) == [fen, fen]


@given(FEN, st.integers(1, 9))
def test_a_fraction_of_a_fen_is_refused_whatever_stands_beside_it(fen, digit):
    outcome = parse_money(pa.array([yuan(fen) + str(digit), "1.00"]))
    assert outcome.values.to_pylist() == [None, 100]
    assert outcome.reasons is not None and outcome.reasons[0].as_py()


@given(st.lists(LOCAL, min_size=1, max_size=10))
def test_instants_come_back(moments):
    expected = [(at - EPOCH) // timedelta(microseconds=1) - OFFSET_US for at in moments]
    iso = pa.array([at.isoformat(sep=" ") for at in moments])
    zoned = pa.array([at.isoformat() + "+08:00" for at in moments])
    assert values(parse_instant(iso, OFFSET_US)) == expected
    assert values(parse_instant(zoned, OFFSET_US)) == expected


@given(LOCAL, st.sampled_from(["{0.year}/{0.month}/{0.day} {0.hour}:{0.minute:02}:{0.second:02}",
    "{0.year}年{0.month}月{0.day}日 {0.hour}:{0.minute:02}:{0.second:02}",
    "{0.year}-{0.month}-{0.day} {0.hour}:{0.minute:02}:{0.second:02}",
    "{0.month}/{0.day}/{0.year} {0.hour}:{0.minute:02}:{0.second:02}"]))  # fmt: skip
def test_every_way_of_writing_an_instant_is_the_same_instant(at, form):
    at = at.replace(microsecond=0)
    cells = pa.array([form.format(at), at.isoformat(sep=" ")])
    first, second = values(parse_instant(cells, OFFSET_US))
    assert first == second
    assert values(parse_date(cells, OFFSET_US)) == [at.date().isoformat()] * 2


@given(LOCAL)
def test_excel_days_come_back_to_the_second(at):
    at = at.replace(microsecond=0)
    days = (at - datetime.fromisoformat("1899-12-30")) / timedelta(days=1)
    expected = (at - EPOCH) // timedelta(microseconds=1) - OFFSET_US
    assert values(parse_instant(pa.array([f"{days:.15g}"]), OFFSET_US)) == [expected]


@given(st.lists(st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_:/#-]{0,30}", fullmatch=True), min_size=1))
def test_ids_never_change(ids):
    kept = [text for text in ids if text not in WORDS and not _rounded(text)]
    wrapped = [form.format(text) for text in kept for form in ("{}", '="{}"', "'{}", "\t{} ")]
    if not kept:
        return
    rows = unwrapped(pa.table({"id": pa.array(wrapped, pa.string())}))
    outcome = parse_identifier(rows["id"].combine_chunks())
    assert values(outcome) == [text for text in kept for _ in range(4)]


@given(st.integers(0, 10**40))
def test_digits_of_an_id_never_change(number):
    assert values(parse_identifier(pa.array([f"{number:019d}"]))) == [f"{number:019d}"]


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_come_back(number):
    cells = pa.array([str(number), f"{number:,}", f"{number}件"])
    assert values(parse_integer(cells)) == [number] * 3


@given(st.integers(0, 10_000))
def test_percentages_are_fractions(hundredths):
    percent = Decimal(hundredths) / 100
    assert values(parse_number(pa.array([f"{percent}%"]))) == [float(percent / 100)]


@given(st.integers(1, 86_399))
def test_durations_are_seconds(seconds):
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}小时{minutes}分{left}秒"
    assert (
        values(parse_number(pa.array([text, f"{hours}:{minutes:02}:{left:02}"]))) == [seconds] * 2
    )


@given(st.sampled_from(PROVINCES), st.sampled_from(["", "省", "市", "自治区"]))
def test_provinces_are_plain(name, suffix):
    assert province_of(name + suffix) == name
    assert province_of(f"{name}{suffix}某某市某某区") == name
    assert city_of(f"{name}{suffix}南山市某某区") == "南山"


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=9), max_size=4))
def test_ordinals_count_over_batches(batches):
    ordinals, seen = Ordinals(), {}
    for batch in batches:
        expected = []
        for text in batch:
            expected.append(seen.get(text, 0))
            seen[text] = expected[-1] + 1
        assert ordinals.next(pa.array(batch, pa.string())).to_pylist() == expected


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**5), 10**5)
    | st.text('ab"\\{}[],: 好', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner),
)


@given(st.lists(JSON, max_size=5))
def test_masking_harmless_documents_changes_nothing(documents):
    texts = pa.array([json.dumps(each, ensure_ascii=False) for each in documents], pa.string())
    assert mask_documents(texts).equals(texts)


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_is_no_matter(tmp_path_factory, chance: random.Random):
    header = "order_no,customer_key,pay_amount,created_at,buyer_memo,渠道\n"
    lines = [
        f"A{at},u{at % 3},{at}.5{at % 10},2026-08-{at % 28 + 1:02} 1{at % 10}:00:00,"
        f"电话1381234567{at % 10},c\n"
        for at in range(30)
    ]
    hashes = []
    for shuffled in (lines, chance.sample(lines, len(lines))):
        folder = tmp_path_factory.mktemp("order")
        desk = Desk(create_workspace(folder / "workspace"), folder)
        salt = desk.workspace.root / "secrets" / "shop.salt"
        salt.write_bytes(b"one salt for both of the shops!!")
        salt.chmod(0o600)
        desk.take("orders.csv", header + "".join(shuffled))
        landed = desk.arrow("orders").sort_by("order_no")
        hashes.append(landed["row_hash"].to_pylist())
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0])) == 30


def _rounded(text: str) -> bool:
    suspect = pc.match_substring_regex(pa.array([text]), r"^[0-9]+(\.[0-9]*)?[eE]\+?[0-9]+$")
    return bool(suspect[0].as_py())
