"""Cells that a spreadsheet shows as text and never runs."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"
"""Without it, Excel on Chinese Windows reads UTF-8 as GBK."""


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def restored(cell: str) -> str:
    """Return the text that a defused cell holds."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
