"""The workspace: one directory that holds everything Huisheng knows about a merchant's shops."""

import os
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huisheng.errors import BadInputError
from huisheng.lake.durable import replace_bytes
from huisheng.privacy import new_salt

FORMAT = 1
"""The workspace format this version writes; a newer one is refused."""

FOLDERS = ("lake", "secrets", "mappings", "taxonomy", "metrics", "quarantine", "runs")


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace directory.

    Attributes:
        root: the directory.
        zone: the shops' time zone; it has a fixed offset and never changes after creation,
            because `local_date` of every stored row was computed with it.
    """

    root: Path
    zone: str

    @property
    def lake(self) -> Path:
        """Return the folder of the Delta tables."""
        return self.root / "lake"

    @property
    def mappings(self) -> Path:
        """Return the folder of saved column mappings."""
        return self.root / "mappings"

    @property
    def quarantine(self) -> Path:
        """Return the folder of rejected rows, one CSV per imported file."""
        return self.root / "quarantine"

    @property
    def runs(self) -> Path:
        """Return the folder of analysis runs."""
        return self.root / "runs"

    @property
    def offset_us(self) -> int:
        """Return the zone's offset from UTC in microseconds."""
        return zone_offset_us(self.zone)

    def salt(self, shop_id: str) -> bytes:
        """Return the shop's pseudonym salt, creating it on first use, readable by the owner only.

        Raises:
            BadInputError: the salt file was damaged or opened up to other users.
        """
        path = self.root / "secrets" / f"{shop_id}.salt"
        if not path.exists():
            replace_bytes(path, new_salt(), mode=0o600)
        if path.stat().st_mode & 0o077:
            raise BadInputError(str(path), "密钥文件对其他用户可读", f"请执行 chmod 600 {path}")
        return path.read_bytes()


def create_workspace(root: Path, zone: str = "Asia/Shanghai") -> Workspace:
    """Create the workspace, or open the one that is there.

    Raises:
        BadInputError: `root` is a file, a foreign folder, or the zone cannot be used.
    """
    if (root / "workspace.toml").exists():
        return open_workspace(root)
    if root.exists() and not root.is_dir():
        raise BadInputError(str(root), "这是一个文件，不是目录", "请用 --workspace 指定一个目录")
    if root.exists() and any(root.iterdir()):
        raise BadInputError(str(root), "目录里已有别的文件", "请用 --workspace 指定一个空目录")
    zone_offset_us(zone)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    os.chmod(root / "secrets", 0o700)  # noqa: PTH101 - Path.chmod follows the same call
    replace_bytes(root / "workspace.toml", f'format = {FORMAT}\nzone = "{zone}"\n'.encode())
    return Workspace(root, zone)


def open_workspace(root: Path) -> Workspace:
    """Open an existing workspace.

    Raises:
        BadInputError: there is none, it is damaged, or a newer version of Huisheng made it.
    """
    path = root / "workspace.toml"
    if not path.is_file():
        raise BadInputError(
            str(root), "这里还没有回声工作区", "请先运行 huisheng init 或 huisheng import"
        )
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        version, zone = int(settings["format"]), str(settings["zone"])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, ValueError, TypeError) as exc:
        raise BadInputError(str(path), "工作区配置已损坏", "请从备份恢复这个文件") from exc
    if version > FORMAT:
        raise BadInputError(
            str(root),
            f"工作区格式为 {version}，比本程序（{FORMAT}）新",
            "请升级 huisheng 后再打开，数据未被改动",
        )
    return Workspace(root, zone)


def zone_offset_us(zone: str) -> int:
    """Return the fixed offset of a time zone in microseconds.

    Raises:
        BadInputError: the zone is unknown or has daylight saving: a local day of 23 or 25 hours
            would make `local_date` ambiguous.
    """
    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as exc:
        raise BadInputError(f"时区 {zone}", "没有这个时区", "请使用如 Asia/Shanghai") from exc
    year = datetime(2026, 1, 1, tzinfo=UTC)
    offsets = {(year + timedelta(days=day)).astimezone(info).utcoffset() for day in range(365)}
    offset = offsets.pop()
    if offsets or offset is None:
        raise BadInputError(f"时区 {zone}", "有夏令时，本地日期会有歧义", "请使用固定偏移的时区")
    return offset // timedelta(microseconds=1)
