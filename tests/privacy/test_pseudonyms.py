"""Pseudonyms: one value one key, another salt another key, nothing of the value in it."""

import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.errors import BadInputError
from huisheng.privacy import Pseudonyms, new_salt

SALT = bytes(range(32))


def test_the_key_is_the_first_16_bytes_of_hmac_sha256() -> None:
    expected = hmac.new(SALT, "张三".encode(), "sha256").hexdigest()[:32]
    assert Pseudonyms(SALT).key("张三") == expected


@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=20))
def test_a_column_has_the_keys_of_its_values(values: list[str | None]) -> None:
    names = Pseudonyms(SALT)
    expected = [None if value is None else names.key(value) for value in values]
    column = pa.array(values, pa.string())
    assert names.keys(column).to_pylist() == expected
    assert names.keys(pa.chunked_array([column, column])).to_pylist() == expected * 2


@given(st.text(), st.text())
def test_different_values_and_salts_part(one: str, other: str) -> None:
    names = Pseudonyms(SALT)
    assert (names.key(one) == names.key(other)) == (one == other)
    assert names.key(one) != Pseudonyms(SALT[::-1]).key(one)


def test_a_salt_too_short_to_be_secret_is_refused() -> None:
    with pytest.raises(BadInputError, match="至少要 16 字节"):
        Pseudonyms(b"shop")


def test_fresh_salts_differ_and_serve() -> None:
    assert new_salt() != new_salt()
    assert len(Pseudonyms(new_salt()).key("a")) == 32


def test_the_salt_is_not_shown() -> None:
    assert repr(SALT) not in repr(Pseudonyms(SALT))
