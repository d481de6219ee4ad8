"""What one column of a row says about another: levels and scores, types, first reasons."""

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.keys import column_of, with_column

_LEVELS = pa.array(["很不满意", "不满意", "一般", "满意", "很满意"])
_TEXT, _WHOLE, _FLAG = pa.string(), pa.int64(), pa.bool_()


def derive(table: str, rows: pa.Table) -> pa.Table:
    """Return typed rows with empty columns filled that other columns of the row decide."""
    fill = _FILLS.get(table)
    return fill(rows) if fill else rows


def _ratings(rows: pa.Table) -> pa.Table:
    level, score = column_of(rows, "level", _TEXT), column_of(rows, "score", _WHOLE)
    by_level = pc.add(pc.cast(pc.index_in(level, _LEVELS), _WHOLE), 1)
    in_range = pc.and_(pc.greater_equal(score, 1), pc.less_equal(score, 5))
    place = pc.if_else(in_range, pc.subtract(score, 1), pa.scalar(None, _WHOLE))
    rows = with_column(rows, "level", pc.coalesce(level, _LEVELS.take(place)))
    return with_column(rows, "score", pc.coalesce(score, by_level))


def _reviews(rows: pa.Table) -> pa.Table:
    given, score = column_of(rows, "type", _TEXT), column_of(rows, "score_product", _WHOLE)
    by_score = pc.case_when(
        pc.make_struct(pc.greater_equal(score, 4), pc.equal(score, 3), pc.less_equal(score, 2)),
        *("good", "mid", "bad"),
    )
    return with_column(rows, "type", pc.coalesce(given, by_score))


def _refunds(rows: pa.Table) -> pa.Table:
    seen = column_of(rows, "first_seen_reason_code", _TEXT)
    reason = pc.coalesce(seen, column_of(rows, "reason_code", _TEXT))
    return with_column(rows, "first_seen_reason_code", reason)


def _messages(rows: pa.Table) -> pa.Table:
    agent, role = column_of(rows, "agent_id", _TEXT), column_of(rows, "role", _TEXT)
    rows = with_column(
        rows, "role", pc.coalesce(role, pc.if_else(pc.is_valid(agent), "agent", "unknown"))
    )
    text, kind = column_of(rows, "text", _TEXT), column_of(rows, "type", _TEXT)
    by_text = pc.case_when(
        pc.make_struct(
            pc.match_substring_regex(text, r"^\[?(?:图片|image)\]?$|\.(?:jpe?g|png|gif|webp)$"),
            pc.match_substring_regex(text, r"^\[(?:语音|音频)\]$"),
            pc.match_substring_regex(text, r"^\[视频\]$"),
            pc.match_substring_regex(text, r"^\[(?:商品卡片|卡片|订单卡片|优惠券)\]"),
            pc.match_substring_regex(text, r"^https?://\S+$"),
            pc.match_substring_regex(text, r"撤回了一条消息$"),
            pc.is_valid(text),
        ),
        *("image", "voice", "video", "card", "link", "recall", "text"),
    )
    kind = pc.coalesce(kind, by_text)
    rows = with_column(rows, "type", kind)
    parsed, recalled = column_of(rows, "parsed", _FLAG), column_of(rows, "is_recalled", _FLAG)
    rows = with_column(rows, "parsed", pc.coalesce(parsed, pc.equal(kind, "text")))
    is_recall = pc.if_else(pc.equal(kind, "recall"), True, pa.scalar(None, _FLAG))
    return with_column(rows, "is_recalled", pc.coalesce(recalled, is_recall))


def _agents(rows: pa.Table) -> pa.Table:
    account = column_of(rows, "account", _TEXT)
    # 主账号:子账号 — the part after the colon is who the colleague is.
    sub = pc.replace_substring_regex(account, r"^[^:：]+[:：](.+)$", r"\1")
    sub = pc.if_else(pc.equal(sub, account), pa.scalar(None, _TEXT), sub)
    shown = pc.coalesce(column_of(rows, "display_name", _TEXT), sub)
    quoted = pc.binary_join_element_wise('["', pc.replace_substring(sub, '"', ""), '"]', "")
    aliases = pc.coalesce(column_of(rows, "aliases", _TEXT), quoted)
    return with_column(with_column(rows, "display_name", shown), "aliases", aliases)


_FILLS: Mapping[str, Callable[[pa.Table], pa.Table]] = {
    "session_ratings": _ratings,
    "reviews": _reviews,
    "refunds": _refunds,
    "messages": _messages,
    "agents": _agents,
}
