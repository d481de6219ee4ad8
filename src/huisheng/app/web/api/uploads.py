"""Take the files of a program in, and know whether all of them came."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.data.handover import BROKEN_OFF
from huisheng.app.web.data.receiving import Receiver
from huisheng.errors import BadInputError

MULTIPART = "multipart/form-data"


class TooLargeError(Exception):
    """More beside its files than one request may bring."""


class _Counted:
    """A stream that counts what was read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        found = self._stream.read(size)
        self.bytes += len(found)
        return found


class _Whole(FileUploadHandler):
    """Reads the form through a counter, since a form cut off on the way looks like a short one."""

    def __init__(self, request: Request, receiver: Receiver) -> None:
        super().__init__(request)
        self._receiver = receiver
        self.is_whole = False

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> "tuple[QueryDict, MultiValueDict[str, UploadedFile[bytes]]]":
        """Take the whole form in."""
        counted = _Counted(input_data)
        parser = MultiPartParser(META, counted, [self._receiver], encoding)  # type: ignore[arg-type]
        form, files = parser.parse()
        self.is_whole = counted.bytes == content_length
        return form, files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: the receiver has its own parser."""

    def file_complete(self, file_size: int) -> None:
        """Never called: the receiver has its own parser."""


def take(request: Request, receiver: Receiver) -> Mapping[str, str]:
    """Receive the files of a request and return the other fields of its form.

    Raises:
        TooLargeError: there is too much besides the files.
        BadInputError: it was cut off, or is no form with files.
    """
    whole = _Whole(request, receiver)
    request.upload_handlers = [whole]
    try:
        fields = request.POST.dict()
    except TooManyFilesSent as error:
        raise BadInputError("files", "一次最多 100 个文件，没有导入", "请分几次上传") from error
    except RequestDataTooBig as error:
        raise TooLargeError from error
    except BROKEN_OFF as error:
        raise BadInputError(
            "上传", "表单读不懂，没有导入", "请用 multipart/form-data 重新上传"
        ) from error
    if receiver.refused:
        raise BadInputError("上传", "；".join(receiver.refused[:5]), "没有导入，请处理后重新上传")
    if not receiver.received:
        raise BadInputError("files", "没有收到文件", "请用字段 files 带上至少一个文件")
    if not whole.is_whole:
        raise BadInputError("上传", "中途断了，没有导入", "请检查网络后重新上传")
    return {name: str(value) for name, value in fields.items()}


def digest_of(folder: Path, receiver: Receiver, fields: Mapping[str, str]) -> bytes:
    """Return what an upload is recognised by: its fields, the names and contents of its files."""
    found = hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "replace"))
    for name in receiver.received:
        with (folder / name).open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").digest()
        found.update(f"{name}\n".encode("utf-8", "replace") + content)
    return found.digest()
