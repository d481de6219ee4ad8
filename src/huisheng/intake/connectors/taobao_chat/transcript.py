"""Cut a copied 千牛 chat into its messages: one raw row per head line, content folded in."""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.intake.columns import where
from huisheng.intake.connector import ROW

_NICK = r"[^\s,，;；|\"{}]{1,60}?"
_TIME = r"20\d{2}[-/]\d{1,2}[-/]\d{1,2} +\d{1,2}:\d{2}:\d{2}"
_HEAD = rf"^(?P<nick>{_NICK})(?: *--> *(?P<receiver>{_NICK}))?\s*(?P<time>{_TIME})$"
_ONLY_TIME = rf"^{_TIME}$"
_ONLY_NICK = rf"^{_NICK}$"
_NO_NICK = r"(时间|日期|截止|于|至|到|在|[:：、。!！?？])$"
"""What stands before a time inside a sentence: 付款时间：2024-5-6 10:00:00 is no head."""
_RECALL = rf"^(?P<nick>{_NICK}) *撤回了一条消息$"

_FLAG = r"^(已读|未读|发送中)$"
_URL = r"^`?\s*https?://\S+?\s*`?$"
_PRICE = r"^[¥￥]\s*[\d.,]*(\s*起)?$"
_NOTE = (
    r"^当前用户来自|^由\s*\S+\s*转交给|^原因[:：]【|^商品详情页$|^商品推荐$"
    r"|^这些非常适合您的商品可以一起看看"
)
_SEEN_HEADS = re.compile(rf"^{_NICK}(?: *--> *{_NICK})?\s*{_TIME}\s*$", re.MULTILINE)


def recognises(head: str) -> bool:
    """Return whether a text has lines that end in a time and begin with a nick."""
    return _SEEN_HEADS.search(head) is not None


def rows(pieces: Iterable[str]) -> Iterator[pa.Table]:
    """Yield one raw table with a row per message.

    A message belongs to a buyer by what stands around it, so the chat is read as a whole; it is
    copied by hand or saved per customer, and never large.
    """
    text = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n")
    lines = pc.utf8_trim_whitespace(pa.array(text.split("\n"), pa.string()))
    yield _messages(_with_times_beside_nicks(lines))


def _with_times_beside_nicks(lines: pa.Array) -> pa.Array:
    """Return the lines with `nick` and `time` on two lines, as old versions copy it, on one."""
    alone = _found(lines, _ONLY_TIME)
    named = _found(lines, _ONLY_NICK) & ~_found(lines, _HEAD) & ~_found(lines, _NO_NICK)
    before = np.r_[alone[1:], False] & named
    after = np.r_[False, before[:-1]]
    following = pa.concat_arrays([lines.slice(1), pa.array([""])])
    together = pc.binary_join_element_wise(lines, following, " ")
    return pc.if_else(pa.array(after), "", pc.if_else(pa.array(before), together, lines))


def _messages(lines: pa.Array) -> pa.Table:
    heads = pc.extract_regex(lines, _HEAD)
    nick = pc.struct_field(heads, "nick")
    is_head = np.asarray(pc.is_valid(heads)) & ~_found(nick, _NO_NICK)
    recalled = pc.struct_field(pc.extract_regex(lines, _RECALL), "nick")
    is_recall = np.asarray(pc.is_valid(recalled))
    starts = is_head | is_recall
    message = np.cumsum(starts) - 1
    content = _Content(lines, message, ~starts & (message >= 0), int(starts.sum()))
    first = pa.array(starts)
    return pa.table(
        {
            "nick": pc.if_else(pa.array(is_recall), recalled, nick).filter(first),
            "receiver": where(
                pc.not_equal(pc.struct_field(heads, "receiver"), ""),
                pc.struct_field(heads, "receiver"),
            ).filter(first),
            "time": pc.struct_field(heads, "time").filter(first),
            "recalled": pc.cast(pa.array(is_recall), pa.string()).filter(first),
            **content.columns(),
            ROW: pa.array(np.flatnonzero(starts) + 1, pa.int64()),
        }
    )


class _Content:
    """The lines below the heads, sorted by what they are and joined per message."""

    def __init__(
        self, lines: pa.Array, message: NDArray[np.int64], inside: NDArray[np.bool_], count: int
    ) -> None:
        self._lines = lines
        self._message = message
        self._inside = inside & ~_found(lines, "^$")
        self._count = count

    def columns(self) -> dict[str, pa.Array]:
        """Return the texts, links, prices, notes and read marks of each message."""
        kinds = {"state": _FLAG, "links": _URL, "price": _PRICE, "note": _NOTE}
        found: dict[str, pa.Array] = {}
        rest = self._inside
        for name, pattern in kinds.items():
            mine = rest & _found(self._lines, pattern)
            rest = rest & ~mine
            found[name] = self._joined(mine)
        return {"text": self._joined(rest), **found}

    def _joined(self, chosen: NDArray[np.bool_]) -> pa.Array:
        counts = np.bincount(self._message[chosen], minlength=self._count)
        offsets = pa.array(np.r_[0, np.cumsum(counts)], pa.int32())
        listed = pa.ListArray.from_arrays(offsets, self._lines.filter(pa.array(chosen)))
        return where(pa.array(counts > 0), pc.binary_join(listed, "\n"))


def _found(lines: pa.Array, pattern: str) -> NDArray[np.bool_]:
    hits = pc.fill_null(pc.match_substring_regex(lines, pattern), False)
    return np.asarray(hits, dtype=np.bool_)
