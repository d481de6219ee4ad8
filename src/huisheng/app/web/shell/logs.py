"""How the server's log lines are written: with the time, and without anybody's personal data."""

import logging

from huisheng.privacy import mask_text


class Masked(logging.Formatter):
    """Writes a record and its traceback masked: what failed may have held a buyer's words."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of a record, masked."""
        return mask_text(super().format(record)).text
