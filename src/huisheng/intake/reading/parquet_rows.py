"""Read Parquet: typed columns become the text that the same export would hold as CSV."""

import json
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huisheng.errors import BadInputError
from huisheng.intake.cells import duplicates, normalise_header
from huisheng.intake.connector import ROW
from huisheng.intake.reading.encoding import Advance
from huisheng.intake.reading.sheet import BATCH_ROWS, Sheet

_EXACT_LENGTH = 16  # a longer decimal text of a double shows its rounding error


def read_parquet(where: str, stream: BinaryIO, advance: Advance) -> Sheet:
    """Return the one sheet of a Parquet file.

    Raises:
        BadInputError: the file is damaged, or two columns have one name.
    """
    try:
        file = pq.ParquetFile(stream)
    except (pa.ArrowInvalid, OSError) as exc:
        raise _damaged(where) from exc
    header = [normalise_header(name) for name in file.schema_arrow.names]
    if twice := duplicates(header):
        raise BadInputError(where, f"列名重复：{'、'.join(twice)}", "请把重复的列改名后再导入")
    return Sheet("", tuple(header), _batches(where, file, header, advance))


def _batches(
    where: str, file: pq.ParquetFile, header: list[str], advance: Advance
) -> Iterator[pa.Table]:
    row = 1
    try:
        for batch in file.iter_batches(BATCH_ROWS):
            columns = [_as_text(column) for column in batch.columns]
            numbers = pa.array(range(row, row + batch.num_rows), pa.int64())
            row += batch.num_rows
            advance(batch.nbytes)
            yield pa.table([*columns, numbers], names=[*header, ROW])
    except (pa.ArrowInvalid, OSError) as exc:
        raise _damaged(where) from exc


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        return _float_text(column)
    if pa.types.is_nested(column.type):
        return _json_text(column)
    if pa.types.is_timestamp(column.type):
        # Only a zoned timestamp is UTC; a plain one is a local clock, as in CSV.
        plain = pc.cast(pc.cast(column, pa.timestamp("us", column.type.tz)), pa.string())
        return pc.replace_substring_regex(plain, r"\.0+(Z?)$", r"\1")
    return pc.cast(column, pa.string())


def _float_text(column: pa.Array) -> pa.Array:
    text = pc.cast(pc.cast(column, pa.float64()), pa.string())
    long = pc.fill_null(pc.greater(pc.utf8_length(text), _EXACT_LENGTH), False)
    if not pc.any(long).as_py():
        return text
    exact = [f"{value:.15g}" for value in column.filter(long).to_pylist()]
    return pc.replace_with_mask(text, long, pa.array(exact, pa.string()))


def _json_text(column: pa.Array) -> pa.Array:
    values = column.to_pylist()
    texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in values]
    return pa.array(texts, pa.string())


def _damaged(where: str) -> BadInputError:
    return BadInputError(where, "Parquet 文件已损坏或不完整", "请重新导出后再导入")
