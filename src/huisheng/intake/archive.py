"""Archives: members that may be read, and bombs, traversal and nesting that may not."""

import zipfile

from huisheng.errors import BadInputError

MOST_MEMBERS = 2_000
MOST_BYTES = 8 << 30
MOST_WORKBOOK_BYTES = 2 << 30
_RATIO = 200
_SMALL = 64 << 20  # a small file may shrink a lot without being a bomb
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz")


def refuse_bomb(where: str, archive: zipfile.ZipFile, limit: int = MOST_WORKBOOK_BYTES) -> None:
    """Raise if unpacking would give far more than a table can hold.

    Raises:
        BadInputError: too many members, too many bytes, or too high a ratio.
    """
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_MEMBERS or size > limit or (size > _SMALL and size / packed > _RATIO):
        raise BadInputError(
            where,
            f"解压后有 {len(members)} 个文件、{size >> 20} MiB，像是压缩炸弹，未读取",
            "请确认来源；正常的大文件请拆分成多个或改存为 CSV 再导入",
        )


def safe_members(where: str, archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Return the archive's files by name, sorted, once it is known to be harmless.

    Raises:
        BadInputError: a bomb, a nested archive, a password, or a path that leads outside.
    """
    refuse_bomb(where, archive, MOST_BYTES)
    members = sorted(
        ((_name(member), member) for member in archive.infolist() if not member.is_dir()),
        key=lambda pair: pair[0],
    )
    for name, member in members:
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise BadInputError(where, f"压缩包内有越界路径 {name}", "请解压检查后直接导入文件")
        if name.lower().endswith(_NESTED):
            raise BadInputError(where, f"压缩包里还有压缩包 {name}", "请先解压再导入")
        if member.flag_bits & _ENCRYPTED:
            raise BadInputError(where, "压缩包有密码", "请解压后再导入")
    return members


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Chinese Windows writes it in GBK without saying so."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")
