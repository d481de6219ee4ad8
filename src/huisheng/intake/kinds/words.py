"""Yes and no, and the words of a list: what platforms call them to what we call them."""

import pyarrow as pa

from huisheng.intake.cells import NOTHING, PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import Outcome, UnreadableError, read_distinct
from huisheng.intake.vocabulary import Words

_YES = frozenset(
    {
        *(
            "是",
            "true",
            "1",
            "y",
            "yes",
            "t",
            "有",
            "对",
            "已",
            "1.0",
            "√",
            "✓",
            "开启",
            "启用",
            "在职",
        )
    }
)
_NO = frozenset(
    {*("否", "false", "0", "n", "no", "f", "没有", "不", "未", "0.0", "×", "关闭", "停用", "离职")}
)


def parse_flag(cells: pa.Array, words: Words) -> Outcome:
    """Return booleans. `无` is no here: 有无图片 has two answers."""
    return read_distinct(cells, lambda text: _flag(words.ours(text)), pa.bool_())


def parse_code(cells: pa.Array, words: Words) -> Outcome:
    """Return codes, what platforms call them replaced by our word; unknown words are kept."""
    cells = nulled(cells, PLACEHOLDERS)
    return read_distinct(cells, lambda text: words.ours(text), pa.string())


def parse_text(cells: pa.Array) -> Outcome:
    """Return what a person wrote; only what a program writes for «nothing» is null."""
    return Outcome(nulled(cells, NOTHING))


def _flag(text: str) -> bool | None:
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO or word == "无":
        return False
    if word in _MISSING:
        return None
    raise UnreadableError("请写「是」或「否」")


_MISSING = frozenset(str(word).lower() for word in PLACEHOLDERS.to_pylist()) - {"无"}
