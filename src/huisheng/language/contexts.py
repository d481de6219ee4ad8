"""Messages and the turns before them as columns: which distinct texts each message is read by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.language.scenes import TURNS_READ, Turn
from huisheng.language.spelling import text_array

Places = NDArray[np.int64]
_ABSENT = -1


@dataclass(frozen=True, slots=True)
class Turns:
    """Earlier turns of n texts, column by column, the latest column last.

    Attributes:
        roles: `buyer`; everyone else is the agent; null where there is no turn.
        texts: what was said; null where there is no turn.
    """

    roles: Sequence[pa.Array | pa.ChunkedArray]
    texts: Sequence[pa.Array | pa.ChunkedArray]

    @classmethod
    def of(cls, contexts: Sequence[Sequence[Turn]]) -> "Turns":
        """Return the turns that are read of contexts, each the oldest turn first."""
        latest = [
            [turns[-age] if len(turns) >= age else None for turns in contexts]
            for age in range(TURNS_READ, 0, -1)
        ]
        roles = [[turn and turn.role for turn in column] for column in latest]
        said = [[turn and turn.text for turn in column] for column in latest]
        spoken = [[turn is not None for turn in column] for column in latest]
        return cls(
            [pa.array(column, pa.string()) for column in roles],
            [
                pc.if_else(pa.array(there, pa.bool_()), text_array([t or "" for t in column]), None)
                for there, column in zip(spoken, said, strict=True)
            ],
        )

    def fit(self, count: int) -> bool:
        """Whether every column has so many rows."""
        return all(len(column) == count for column in (*self.roles, *self.texts))


@dataclass(frozen=True, slots=True)
class Stretches:
    """The distinct texts by which n messages are read.

    Attributes:
        texts: the messages' own first.
        asked: how many of them are a message.
        places: int64[n] by view: which text it is, −1 where there is none.
    """

    texts: pa.Array
    asked: int
    places: Mapping[str, Places]


def stretches(messages: pa.Array, turns: Turns | None) -> Stretches:
    """Collect the texts of every view.

    `joined` is the buyer's words since the agent last spoke, or the last two when alone.
    """
    columns = [text.cast(pa.large_string()) for text in turns.texts] if turns else []
    texts, coded = _coded([messages, *columns])
    asked = int(coded[0].max(initial=-1)) + 1
    places = {"message": coded[0]}
    if turns is None:
        return Stretches(texts, asked, places)
    said, earlier, heard = _latest(turns, coded[1:])
    pair, copies = distinct_keys(np.where(said >= 0, said * len(texts) + coded[0], _ABSENT))
    some = np.flatnonzero(pair >= 0)
    first, second = (texts.take(pa.array(half)) for half in divmod(pair[some], len(texts)))
    joined = pc.binary_join_element_wise(first, second, pa.scalar(" ", pa.large_string()))
    row = np.full(len(pair), _ABSENT)
    row[some] = len(texts) + np.arange(len(some))
    places |= {"buyer": said, "earlier": earlier, "agent": heard, "joined": row[copies]}
    return Stretches(pa.concat_arrays([texts, joined]), asked, places)


def _coded(columns: Sequence[pa.Array | pa.ChunkedArray]) -> tuple[pa.Array, list[Places]]:
    """Return the distinct texts of all columns, and which of them each row is; −1 for null."""
    chunks = [chunk for column in columns for chunk in pa.chunked_array(column).chunks]
    coded = pa.chunked_array(chunks, pa.large_string()).combine_chunks().dictionary_encode()
    indices = pc.fill_null(coded.indices, _ABSENT).to_numpy(zero_copy_only=False)
    bounds = np.cumsum([len(column) for column in columns])[:-1]
    return coded.dictionary, np.split(indices.astype(np.int64), bounds)


def _latest(turns: Turns, texts: Sequence[Places]) -> tuple[Places, Places, Places]:
    """Return the buyer's latest turn, the one before it, and the agent's latest."""
    said, earlier, heard = np.full((3, len(texts[0])), _ABSENT)
    read = np.zeros(len(said), dtype=np.int8)
    for role, text in zip(reversed(turns.roles), reversed(texts), strict=True):
        buyer = pc.equal(role, "buyer")
        here = buyer.is_valid().to_numpy(zero_copy_only=False) & (text >= 0) & (read < TURNS_READ)
        by_buyer = here & pc.fill_null(buyer, False).to_numpy(zero_copy_only=False)
        read += here
        earlier = np.where(by_buyer & (said >= 0) & (earlier < 0), text, earlier)
        said = np.where(by_buyer & (said < 0), text, said)
        heard = np.where(here & ~by_buyer & (heard < 0), text, heard)
    return said, earlier, heard


def distinct_keys(keys: Places) -> tuple[Places, Places]:
    """Return (distinct keys in order of first appearance, int64[n] which of them each is)."""
    coded = pa.array(keys).dictionary_encode()
    return coded.dictionary.to_numpy(), coded.indices.to_numpy().astype(np.int64)


def distinct_rows(columns: Sequence[Places]) -> tuple[Places, Places]:
    """Return (first row of each distinct combination, int64[n] which combination each row is)."""
    place = columns[0]
    for column in columns[1:]:
        place = distinct_keys(place * (column.max(initial=0) + 2) + column + 1)[1]
    combination = distinct_keys(place)[1]
    firsts = np.full(combination.max(initial=-1) + 1, len(combination))
    firsts[combination[::-1]] = np.arange(len(combination))[::-1]
    return firsts, combination
