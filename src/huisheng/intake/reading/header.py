"""Find the header row among titles and merged group headers; name its columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huisheng.errors import BadInputError
from huisheng.intake.cells import duplicates, normalise_header

SEARCHED_ROWS = 20
_GROUP_CELLS = 2  # a row above the header with fewer filled cells is a title, not a group header

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Header:
    """A found header.

    Attributes:
        position: index of the row in which it ends.
        names: normalised column names, empty for a nameless column.
    """

    position: int
    names: tuple[str, ...]


def find_header(where: str, rows: Sequence[Sequence[str]], known: Known) -> Header:
    """Return the row with most known names among the first 20, else the first filled row.

    Raises:
        BadInputError: there is no filled row, or two columns have one name.
    """
    names = [[normalise_header(cell) for cell in row] for row in rows[:SEARCHED_ROWS]]
    filled = [index for index, row in enumerate(names) if any(row)]
    if not filled:
        raise BadInputError(where, "文件里没有内容", "请重新导出后再导入")
    hits = [sum(bool(cell) and known(cell) for cell in row) for row in names]
    position = max(filled, key=lambda index: (hits[index], -index))
    header = _named(names, position)
    if twice := duplicates(header):
        raise BadInputError(
            where, f"列名重复：{'、'.join(twice)}", "请把重复的列改名或删除其中一列后再导入"
        )
    return Header(position, tuple(header))


def _named(rows: Sequence[Sequence[str]], position: int) -> list[str]:
    header = list(rows[position])
    above = rows[position - 1] if position else []
    if sum(map(bool, above)) < _GROUP_CELLS:
        return header
    groups = _spread(above, len(header))
    twice = set(duplicates(header))
    # A cell merged over both rows is named above; one name under two groups needs the group's.
    return [
        above[index] if not name and index < len(above) else _qualified(name, group, twice)
        for index, (name, group) in enumerate(zip(header, groups, strict=True))
    ]


def _qualified(name: str, group: str, twice: set[str]) -> str:
    return f"{group}/{name}" if name in twice and group else name


def _spread(cells: Sequence[str], width: int) -> list[str]:
    spread, last = [], ""
    for index in range(width):
        last = (cells[index] if index < len(cells) else "") or last
        spread.append(last)
    return spread
