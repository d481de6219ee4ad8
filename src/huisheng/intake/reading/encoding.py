"""What a text file is written in, decided on the whole file; a stream of it as UTF-8."""

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from huisheng.errors import BadInputError

CHUNK = 1 << 20
_UTF8_SHARE = 0.9
_BINARY_SIGNS = (b"\x00\x00", b"%PDF", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc")

Advance = Callable[[int], None]


_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file.

    Attributes:
        label: the name reported: utf-8-sig, utf-8, gb18030 or utf-16.
        codec: Python's codec for it.
        damaged: whether some bytes do not decode; they become U+FFFD.
    """

    label: str
    codec: str
    damaged: bool = False


def file_digest(stream: BinaryIO, advance: Advance) -> str:
    """Return the SHA-256 of a file in base 16, letters a to p, reporting every chunk's size.

    Hexadecimal now and then holds eleven digits in a row that read as somebody's telephone number.
    """
    digest = hashlib.sha256()
    for chunk in _chunks(stream):
        digest.update(chunk)
        advance(len(chunk))
    return digest.hexdigest().translate(_LETTERS)


def detect(where: str, open_stream: Callable[[], BinaryIO]) -> Encoding:
    """Return the encoding under which the whole file decodes: utf-8, else gb18030.

    Valid UTF-8 of several bytes hardly occurs in GB18030 text, so a file in which nine of ten
    such characters are valid is damaged UTF-8 and not GB18030.

    Raises:
        BadInputError: the file is binary, has no line end in its first MiB, or is in neither.
    """
    with open_stream() as stream:
        head = stream.read(CHUNK)
    _refuse_binary(where, head)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "utf-16", damaged=not _decodes(open_stream, "utf-16"))
    _refuse_endless_line(where, head)
    label = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    if _decodes(open_stream, "utf-8"):
        return Encoding(label, "utf-8-sig")
    if label == "utf-8-sig" or _mostly_utf8(head):
        return Encoding(label, "utf-8-sig", damaged=True)
    return Encoding("gb18030", "gb18030", damaged=not _decodes(open_stream, "gb18030"))


def decoded(stream: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """Yield the file's text in pieces; bytes that do not decode become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors="replace")
    for chunk in _chunks(stream):
        if text := decoder.decode(chunk):
            yield text
    if rest := decoder.decode(b"", final=True):
        yield rest


def decoded_lines(stream: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """Yield the file's text in pieces that end at a line end."""
    rest = ""
    for piece in decoded(stream, encoding):
        text = rest + piece
        end = text.rfind("\n") + 1
        rest = text[end:]
        if end:
            yield text[:end]
    if rest:
        yield rest


class Utf8Stream(io.RawIOBase):
    """A file's bytes as UTF-8, whatever it is written in."""

    def __init__(self, stream: BinaryIO, encoding: Encoding, advance: Advance) -> None:
        super().__init__()
        self._stream = stream
        self._plain = encoding.codec == "utf-8-sig" and not encoding.damaged
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(errors="replace")
        self._advance = advance
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size` (1 MiB when negative), none at the end."""
        size = size if size > 0 else CHUNK
        while not self._ready and not self._ended:
            self._ready = self._next(size)
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        super().close()

    def _next(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._advance(len(chunk))
        self._ended = not chunk
        return chunk if self._plain else self._decoder.decode(chunk, not chunk).encode()


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _decodes(open_stream: Callable[[], BinaryIO], codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with open_stream() as stream:
            for chunk in _chunks(stream):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(head: bytes) -> bool:
    text = head.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    wide = sum(not character.isascii() for character in text) if bad else 0
    return wide > 0 and (wide - bad) / wide >= _UTF8_SHARE


def _refuse_binary(where: str, head: bytes) -> None:
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not utf16 and (head.startswith(_BINARY_SIGNS) or b"\x00" in head):
        raise BadInputError(
            where, "这不是文本文件（含二进制内容）", "请从平台后台重新导出为 CSV 或 XLSX 再导入"
        )


def _refuse_endless_line(where: str, head: bytes) -> None:
    is_json = head.lstrip(b"\xef\xbb\xbf \t").startswith((b"[", b"{"))
    if len(head) == CHUNK and not is_json and b"\n" not in head and b"\r" not in head:
        raise BadInputError(
            where, "开头 1 MiB 内没有换行，不像一张表", "请确认导出的是按行存放的表格文件"
        )
