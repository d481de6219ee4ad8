"""Save the lines that an unclosed quote has swallowed."""

import csv
import io
from dataclasses import dataclass, field

LONGEST_CELL = 1 << 20
"""A cell without any quote for this long was never meant to be one: its quote was not closed."""

_QUOTE = '"'


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line of a malformed record."""

    row: int
    cells: list[str]


@dataclass(slots=True)
class Rescue:
    """Lines of one file that are whole by themselves, and those that are not."""

    width: int
    delimiter: str
    good: list[Line] = field(default_factory=list)
    bad: list[Line] = field(default_factory=list)

    def take(self, row: int, text: str) -> int:
        """Sort a malformed record's lines, and return how many lines more than one it had.

        A record stays one rejected row unless some line below its first is whole.
        """
        lines = text.split("\n")
        if lines[-1].strip() in ("", _QUOTE) and len(lines) > 1:
            lines.pop()
        whole = [self._is_whole(line) for line in lines]
        if not any(whole[1:]):
            self.bad.append(Line(row, self._cells(text)))
            return 0
        for at, line in enumerate(lines):
            (self.good if whole[at] else self.bad).append(Line(row + at, self._cells(line)))
        return len(lines) - 1

    def _is_whole(self, line: str) -> bool:
        return line.count(_QUOTE) % 2 == 0 and len(self._cells(line)) == self.width

    def _cells(self, text: str) -> list[str]:
        rows = csv.reader(io.StringIO(text.rstrip("\r"), newline=""), delimiter=self.delimiter)
        return next(rows, [])


class Mender:
    """Closes a quote that stays open for longer than any cell, so that reading can go on."""

    def __init__(self) -> None:
        self._open_for = 0
        self._inside = False

    def mend(self, chunk: bytes) -> bytes:
        """Return the chunk, with a quote and a line end put in where a runaway cell must end."""
        last = chunk.rfind(b'"')
        if chunk.count(b'"') % 2:
            self._inside = not self._inside
        self._open_for = len(chunk) - 1 - last if last >= 0 else self._open_for + len(chunk)
        if not self._inside or self._open_for < LONGEST_CELL:
            return chunk
        end = chunk.rfind(b"\n") + 1
        if not end:
            return chunk
        self._inside, self._open_for = False, 0
        return chunk[:end] + b'"\n' + chunk[end:]
