"""The shape of one connector: a platform's export turned into canonical columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

ROW = "__row__"
"""int64 column that travels with every raw row: its line or row number in the file, from 1."""

KEYED = "keyed."
"""Prefix of columns that `convert` makes of personal data, to be keys: of `keyed.conv_id` core
code fills `conv_id`, where that is missing, with pseudonyms under the shop's salt."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A file that is not a table: a chat log, a JSON document.

    Attributes:
        recognises: whether the first 64 KiB, decoded, look like this format.
        rows: the file's decoded text, in pieces cut at line ends, to raw tables (see Connector).
    """

    recognises: Callable[[str], bool]
    rows: Callable[[Iterable[str]], Iterator[pa.Table]]


@dataclass(frozen=True, slots=True)
class Connector:
    """One export of one platform, recognised by its header, never by its name or position.

    Attributes:
        label: Chinese name of the export, with where it is found in the platform's back office.
        platform: taobao, tmall, jd, douyin, pdd, kuaishou, xhs or other.
        header: normalised headers (NFKC, no white space) that must all be present; where several
            connectors match, the one with the most required headers wins.
        convert: raw rows to canonical rows. Input: a table of string columns named by normalised
            header, cells stripped of wrapping (`="…"`, tabs, leading apostrophes) and
            placeholders already null, plus `ROW`. Output: per canonical table name, a table of
            string columns named by canonical file header (money in yuan, local times as written),
            plus `ROW`. Vectorised: no Python loop over rows. Core code parses, masks,
            pseudonymises and checks the result. A digest of personal data is no protection:
            give the data itself in a `KEYED` column instead.
        text: set for files that are not tables; `header` is then empty.
        together: where `convert` sums or groups rows, the normalised header whose equal values
            on neighbouring rows must reach it in one table; empty where each row stands alone.
    """

    label: str
    platform: str
    header: frozenset[str]
    convert: Callable[[pa.Table], Mapping[str, pa.Table]]
    text: TextFormat | None = None
    together: str = ""
