"""Cells that a spreadsheet shows as text and never runs."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"
"""Without it, Excel on Chinese Windows reads UTF-8 as GBK."""


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `restored` takes it back."""
    return f"'{cell}" if _may_run(cell) else cell


def restored(cell: str) -> str:
    """Return the text that a defused cell holds."""
    return cell[1:] if cell.startswith("'") and _may_run(cell) else cell


def _may_run(cell: str) -> bool:
    return cell.lstrip("'").startswith(FORMULA)
