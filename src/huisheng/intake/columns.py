"""Pick, recode and gather the columns of a raw export, without a loop over rows."""

from collections.abc import Callable, Collection, Iterable
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import ROW
from huisheng.intake.kinds.places import PROVINCES

CIPHERTEXT_MARKS = ("##", "$$", "~")
STARRED_OUT = "*"
"""What platforms show instead of a person: it says nothing and identifies nobody."""
_MUNICIPALITIES = pa.array(["北京", "天津", "上海", "重庆"])
_PROVINCE = (
    rf"^\s*(?:中国)?\s*(?P<province>{'|'.join(PROVINCES)})"
    r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?"
)
_CITY = rf"{_PROVINCE}[\s/,-]*(?P<city>[^\s区县路街镇号]{{2,11}}?(?:市|自治州|地区|盟))"
_NUMBER = r"^\s*[¥￥]?\s*(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*元?\s*$"
_ZERO = r"^\s*[¥￥]?\s*0+(\.0+)?\s*元?\s*$"
_EXACT = pa.decimal128(30, 6)
_TRACKING = r"(?P<found>(?:[A-Za-z]{1,5}\d|\d)[A-Za-z0-9]{7,25}(?:-\d{1,2}-\d{1,2}-?)?)"
_CARRIER = (
    r"(?P<found>\p{Han}{0,6}(?:快递|速递|速运|物流|快运|邮政|EMS)(?:包裹)?"
    r"|顺丰|圆通|中通|申通|韵达|极兔|德邦|百世|丰网|京东|菜鸟|EMS)"
)
_NO_CARRIER = r"(?:快递|物流|运|退货)+单号|无需物流|暂无物流|查看物流|物流信息"
_MOBILE_PHONE = r"^1[3-9]\d{9}$"

Rules = Iterable[tuple[str, str]]


def pick(raw: pa.Table, *headers: str) -> pa.Array:
    """Return the first non-null cell of each row among `headers`; absent headers are skipped."""
    found = [raw[header] for header in headers if header in raw.column_names]
    if not found:
        return pa.nulls(raw.num_rows, pa.string())
    return pc.coalesce(*found).combine_chunks()


def landed(raw: pa.Table, **columns: pa.Array) -> pa.Table:
    """Return a canonical table: the given columns beside the rows they come from."""
    return pa.table({ROW: raw[ROW], **columns})


def known(table: pa.Table, key: str) -> pa.Table:
    """Return the rows whose `key` is there."""
    return table.filter(pc.is_valid(table[key]))


def constant(table: pa.Table, word: str) -> pa.Array:
    """Return `word` once per row of `table`."""
    return pa.repeat(pa.scalar(word), table.num_rows)


def where(condition: pa.Array, values: pa.Array) -> pa.Array:
    """Return `values` where the condition holds and null elsewhere."""
    return pc.if_else(pc.fill_null(condition, False), values, pa.scalar(None, pa.string()))


def flag(condition: pa.Array) -> pa.Array:
    """Return the condition as the words `true` and `false`."""
    return pc.cast(condition, pa.string())


def per_distinct(values: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return `function` of the values, computed once for each distinct value."""
    encoded = values.dictionary_encode()
    return function(encoded.dictionary).take(encoded.indices)


def recode(values: pa.Array, rules: Rules) -> pa.Array:
    """Return each value's code by the first `(pattern, code)` found in it.

    A value that no rule knows stays as it is: a new word of a platform is shown, not swallowed.
    """
    return per_distinct(values, lambda words: _recode(words, tuple(rules)))


def is_nothing(amounts: pa.Array) -> pa.Array:
    """Return whether each amount is zero; null stays null."""
    return matches(amounts, _ZERO)


def matches(values: pa.Array, pattern: str) -> pa.Array:
    """Return whether the pattern is found in each value; null stays null."""
    return per_distinct(values, lambda words: pc.match_substring_regex(words, pattern))


def extract(values: pa.Array, pattern: str, group: str) -> pa.Array:
    """Return the named group of the first match, null without a match."""
    return per_distinct(values, lambda words: _extract(words, pattern, group))


def legible(values: pa.Array) -> pa.Array:
    """Return the values without those a platform starred out or encrypted."""
    hidden = pc.match_substring(values, STARRED_OUT)
    for mark in CIPHERTEXT_MARKS:
        hidden = pc.or_(hidden, pc.starts_with(values, mark))
    return where(pc.invert(hidden), values)


def identity(name: pa.Array, phone: pa.Array) -> pa.Array:
    """Return name and phone as one text to be pseudonymised, null unless both are legible."""
    return pc.binary_join_element_wise(legible(name), legible(phone), "")


def province(places: pa.Array) -> pa.Array:
    """Return the province named at the start of a place or address, without 省, 市, 自治区."""
    return extract(places, _PROVINCE, "province")


def city(places: pa.Array) -> pa.Array:
    """Return the city in an address that starts with its province; a street is never one."""
    return per_distinct(places, _city)


def total(*amounts: pa.Array) -> pa.Array:
    """Return the exact sum of amounts written in yuan; missing parts count nothing.

    Null where every part is missing. Where a part cannot be read its text is returned, so that
    the row is refused with that text and not counted with a part missing.
    """
    numbers = [_number(amount) for amount in amounts]
    nothing = pa.scalar(0, _EXACT)
    summed = reduce(pc.add, [pc.fill_null(number, nothing) for number in numbers])
    there = reduce(pc.or_, [pc.is_valid(amount) for amount in amounts])
    wrong = pc.coalesce(*map(_unreadable, amounts, numbers))
    return pc.coalesce(wrong, where(there, _as_yuan(summed)))


def one_per(
    table: pa.Table,
    key: str,
    *,
    summed: Collection[str] = (),
    least: Collection[str] = (),
    greatest: Collection[str] = (),
    last: Collection[str] = (),
) -> pa.Table:
    """Return one row per key: each column's first value that is there, and the first row number.

    Args:
        table: canonical rows; those without a key are kept apart, one row each.
        key: the column that names the thing.
        summed: columns of yuan to add up, exactly; an unreadable amount is kept as it is.
        least: columns of which the smallest text is taken.
        greatest: columns of which the largest text is taken.
        last: columns of which the last value that is there is taken.
    """
    keyed = known(table, key).combine_chunks()
    ends = {"min": least, "max": greatest}
    compared = {name: kind for kind, names in ends.items() for name in names}
    picked = [name for name in keyed.column_names if name not in {key, *compared}]
    numbers = {name: _number(keyed[name].combine_chunks()) for name in summed}
    shown = {name: _unreadable(keyed[name], number) for name, number in numbers.items()}
    source = {name: shown.get(name, keyed[name]) for name in picked}
    rows = pa.table(
        {key: keyed[key]}
        | {f"at {name}": _places(source[name]) for name in picked}
        | {name: keyed[name] for name in compared}
        | {f"sum {name}": number for name, number in numbers.items()}
    )
    wanted = [(f"at {name}", "max" if name in last else "min") for name in picked]
    wanted += [*compared.items(), *((f"sum {name}", "sum") for name in numbers)]
    grouped = rows.group_by(key, use_threads=False).aggregate(wanted).combine_chunks()
    found = {key: grouped[key]} | {name: grouped[f"{name}_{compared[name]}"] for name in compared}
    for name in picked:
        found[name] = source[name].take(grouped[f"at {name}_{'max' if name in last else 'min'}"])
    for name in numbers:
        found[name] = pc.coalesce(
            found[name], _as_yuan(grouped[f"sum {name}_sum"].combine_chunks())
        )
    orphans = table.filter(pc.is_null(table[key]))
    return pa.concat_tables([pa.table({n: found[n] for n in table.column_names}), orphans])


def joined(separator: str, *parts: pa.Array) -> pa.Array:
    """Return the parts of each row joined; null where a part is missing."""
    return pc.binary_join_element_wise(*parts, separator)


def parcels(texts: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Find parcels in texts such as `圆通速递:YT123…；中通快递 78…`.

    Returns:
        For each parcel found: the index of its text, the carrier (null where not said), the
        tracking number.
    """
    pieces = pc.split_pattern_regex(texts, r"[;；,，、\n]+")
    piece = pc.list_flatten(pieces)
    number = extract(piece, _TRACKING, "found")
    is_parcel = pc.and_(pc.is_valid(number), pc.invert(matches(number, _MOBILE_PHONE)))
    carrier = extract(pc.replace_substring_regex(piece, _NO_CARRIER, " "), _CARRIER, "found")
    is_parcel = pc.fill_null(is_parcel, False)
    return tuple(a.filter(is_parcel) for a in (pc.list_parent_indices(pieces), carrier, number))


def _places(values: pa.ChunkedArray) -> pa.Array:
    """Return each value's position, null where there is no value."""
    at = pa.array(np.arange(len(values)))
    if not values.null_count:
        return at
    return pc.if_else(pc.is_valid(values), at, pa.scalar(None, pa.int64()))


def _recode(words: pa.Array, rules: tuple[tuple[str, str], ...]) -> pa.Array:
    found = [pc.match_substring_regex(words, pattern) for pattern, _ in rules]
    names = [str(index) for index in range(len(rules))]
    codes = [pa.scalar(code) for _, code in rules]
    return pc.case_when(pc.make_struct(*found, field_names=names), *codes, words)


def _extract(words: pa.Array, pattern: str, group: str) -> pa.Array:
    return pc.struct_field(pc.extract_regex(words, pattern), group)


def _city(places: pa.Array) -> pa.Array:
    named = _extract(places, _PROVINCE, "province")
    itself = where(pc.is_in(named, value_set=_MUNICIPALITIES), named)
    return pc.coalesce(itself, _extract(places, _CITY, "city"))


def _number(amounts: pa.Array) -> pa.Array:
    return per_distinct(amounts, _number_once)


def _number_once(amounts: pa.Array) -> pa.Array:
    digits = _extract(amounts, _NUMBER, "number")
    return pc.cast(pc.replace_substring(digits, ",", ""), _EXACT)


def _unreadable(amounts: pa.Array, numbers: pa.Array) -> pa.Array:
    return where(pc.is_null(numbers), amounts)


def _as_yuan(numbers: pa.Array) -> pa.Array:
    # Half a fen keeps its digits, for intake to refuse; zeros beyond fen say nothing.
    written = per_distinct(numbers, lambda amounts: pc.cast(amounts, pa.string()))
    return per_distinct(
        written, lambda texts: pc.replace_substring_regex(texts, r"(\.\d\d\d*?)0+$", r"\1")
    )
