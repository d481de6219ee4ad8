"""Write Markdown the same way on every page."""

from collections.abc import Iterable, Sequence

GENERATED = "<!-- 由 docs/generate.py 从定义生成，请勿手改；运行 make docs 重新生成。 -->"


def page_of(title: str, *blocks: str) -> str:
    """Return a page: notice, title and blocks, one empty line between; empty blocks left out."""
    return "\n\n".join((GENERATED, f"# {title}", *(block for block in blocks if block))) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; pipes in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Return a list, empty for no items."""
    return "\n".join(f"- {item}" for item in items)


def code(text: str) -> str:
    """Return text as code."""
    return f"`{text}`"


def codes(names: Iterable[str]) -> str:
    """Return names as code, joined the Chinese way."""
    return "、".join(map(code, names))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
