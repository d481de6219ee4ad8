"""Scan files for personal data that escaped masking; what is found is shown only masked."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.errors import BadInputError
from huisheng.privacy.columns import candidates_for
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.leak_files import read_file
from huisheng.privacy.leak_texts import Batch
from huisheng.privacy.text import mask_text

_LEAK_KINDS = frozenset(
    {
        Kind.ID_CARD,
        Kind.BANK_CARD,
        Kind.PHONE,
        Kind.VIRTUAL_PHONE,
        Kind.LANDLINE,
        Kind.EMAIL,
        Kind.WECHAT,
        Kind.QQ,
        Kind.PAYEE,
        Kind.SECRET,
        Kind.ADDRESS,
        Kind.NAME,
    }
)
_LONG_NUMBERS = frozenset({Kind.ID_CARD, Kind.BANK_CARD})

# A column of keys: order numbers there are keys, and some pass a card's check digit by chance.
_KEY_HEADER = re.compile(
    r"(?:^|_)(?i:id|no|key|hash|sn)$|[a-z](?:Id|ID|No)$|ID$|id$(?<=[^a-z]id)"
    r"|编号|单号|订单|流水|货号|条码|编码|^(?i:sku|spu)$"
)
_PRODUCT_HEADER = re.compile(r"product|item|goods|sku|spu|商品|宝贝|货号|款号", re.IGNORECASE)
_CONTACT_HEADER = re.compile(
    r"phone|mobile|tel|card|account|电话|手机|卡号|身份证|账号", re.IGNORECASE
)
_PERSON_HEADER = re.compile(
    r"收[件货]人|[寄发]件人|联系人|姓名|户名|收款人|持卡人"
    r"|(?:receiver|recipient|consignee|contact|real|payee|customer|buyer|full)_?name"
    r"|^(?:payee|receiver|consignee)$",
    re.IGNORECASE,
)
_CONTACT_PART = re.compile(r"电话|手机|地址|phone|mobile|address", re.IGNORECASE)
_NAME_FOLLOWS = "姓名："
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_TEXTS_AT_ONCE = 20_000
_DECIMAL = r"^-?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class Leak:
    """One unmasked personal datum.

    Args:
        file: the file, and the member inside an archive (`a.zip!b.csv`).
        position: where in the file, in Chinese: row and column, sheet, or JSON path.
        kind: what it is.
        masked: how it should have been shown; the raw value is never repeated.
    """

    file: str
    position: str
    kind: Kind
    masked: str


def scan(path: Path, own_values: Collection[str] = ()) -> list[Leak]:
    """List the unmasked phones, cards, accounts, addresses, names in context and secrets of a file.

    Reads text, CSV, JSON, JSONL, YAML, HTML, Parquet, Excel, SQLite, and gzip and zip of these.
    Order, parcel and payment numbers are keys and no leaks. A bank card counts by the rule of
    `mask_text` (bank words, or issuer range with a right check digit and no order words), and
    neither bank nor identity cards are looked for in columns whose header names a key (`…_id`,
    `…_no`, 编号, 单号), nor phones in those of product numbers. Numbers with a decimal point are
    amounts. E-mails in scripts and styles of a page are their authors'. Binary files of other
    kinds (images, fonts, models) are passed over.

    Args:
        path: the file.
        own_values: the shop's own numbers and addresses, which are public.

    Raises:
        BadInputError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return [
                leak
                for some in _together(read_file(str(path), stream))
                for leak in _leaks(some, own_values)
            ]
    except OSError as error:
        raise BadInputError(str(path), "读不了这个文件", "请检查路径和权限") from error


def scan_tree(folder: Path, own_values: Collection[str] = ()) -> list[Leak]:
    """Scan every file below a folder, in order of name.

    Raises:
        BadInputError: no such folder, or a file in it cannot be read.
    """
    if not folder.is_dir():
        raise BadInputError(str(folder), "没有这个文件夹", "请检查路径")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [leak for path in files for leak in scan(path, own_values)]


Named = tuple[str, Batch]


def _together(batches: Iterator[Named]) -> Iterator[list[Named]]:
    """Gather short batches: to prepare the search costs as much as to search a thousand texts."""
    some: list[Named] = []
    texts = 0
    for name, batch in batches:
        some.append((name, batch))
        texts += len(batch.texts)
        if texts >= _TEXTS_AT_ONCE:
            yield some
            some, texts = [], 0
    if some:
        yield some


def _leaks(some: list[Named], own_values: Collection[str]) -> Iterator[Leak]:
    texts = [_in_context(batch) for _, batch in some]
    amounts = [pc.match_substring_regex(batch.texts, _DECIMAL) for _, batch in some]
    whole = pa.chunked_array(texts, pa.string()).combine_chunks()
    amount = pa.chunked_array(amounts, pa.bool_()).combine_chunks()
    hits = pc.and_not(candidates_for(whole), pc.fill_null(amount, False))
    first = 0
    for (name, batch), own in zip(some, texts, strict=True):
        rows = pc.indices_nonzero(hits.slice(first, len(own)))
        first += len(own)
        yield from _found(name, batch, own, rows, own_values)


def _in_context(batch: Batch) -> pa.Array:
    """Return a batch's texts; those of a column of names say that they are names."""
    if _PERSON_HEADER.search(batch.header) and not _CONTACT_PART.search(batch.header):
        return pc.binary_join_element_wise(_NAME_FOLLOWS, batch.texts, "")
    return batch.texts


def _found(
    name: str, batch: Batch, texts: pa.Array, rows: pa.Array, own_values: Collection[str]
) -> Iterator[Leak]:
    kinds = _LEAK_KINDS - batch.ignored - _keys_of(batch.header)
    found = pc.dictionary_encode(texts.take(rows))
    leaks = [
        [entity for entity in _entities(text, own_values) if entity.kind in kinds]
        for text in found.dictionary.to_pylist()
    ]
    for row, index in zip(rows.to_pylist(), found.indices.to_pylist(), strict=True):
        for entity in leaks[index]:
            yield Leak(name, batch.place(row), entity.kind, entity.masked)


def _entities(text: str, own_values: Collection[str]) -> Sequence[Entity]:
    """Return what is found in a text; random identifiers look like numbers at times."""
    return mask_text(_UUID.sub("", text), own_values).entities


def _keys_of(header: str) -> frozenset[Kind]:
    """Return the kinds that a column of this name holds only by chance."""
    if not _KEY_HEADER.search(header) or _CONTACT_HEADER.search(header):
        return frozenset()
    # Item numbers had eleven digits once, like a mobile.
    return _LONG_NUMBERS | {Kind.PHONE} if _PRODUCT_HEADER.search(header) else _LONG_NUMBERS
