"""What goes wrong, in the one shape that every answer of the API uses for it."""

from collections.abc import Mapping, Sequence

from django.http import JsonResponse

NAMES = {
    400: ("bad_request", "请求：读不懂。请按接口文档检查地址、参数和请求体"),
    401: ("unauthenticated", "令牌：没有给，或者不对、过期、已作废。请在「接口令牌」页新建一个，"
          "写在请求头 Authorization: Bearer hs_…"),
    403: ("forbidden", "权限：这个令牌（或它的主人现在的角色）不能做这件事。"
          "请换一个有权限的令牌，或请店主调整"),
    404: ("not_found", "地址或编号：没有这一项，或者这个令牌看不到它。请检查编号和店铺"),
    405: ("method_not_allowed", "请求方法：这个地址不支持。请按接口文档改用别的方法"),
    409: ("conflict", "版本：别人刚刚改过，没有覆盖。请重新读取后再定"),
    413: ("too_large", "请求体：太大。请缩小后再发；文件请用 /api/v1/data/uploads"),
    415: ("unsupported_media_type", "请求体：类型不对。请用接口文档写的 Content-Type"),
    422: ("invalid", "参数：不合要求。请按接口文档检查"),
    429: ("rate_limited", "请求：太频繁。请等响应头 Retry-After 给出的秒数再试"),
    500: ("broken", "程序：出错了，这是我们的缺陷。请稍后再试，并把时间和地址报告给我们"),
    503: ("unavailable", "数据：暂时读写不了。请稍后再试"),
}  # fmt: skip
"""Code and sentence (where, what, what to do) per HTTP status."""

DECLARED = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
"""Statuses that any operation may answer with."""

SCHEMA = {
    "title": "Problem",
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}

_WHAT = {
    "missing": "必须给出",
    "extra_forbidden": "没有这一项，请去掉",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有不成字的字符",
    "string_type": "要写文字",
    "int_parsing": "要写整数",
    "int_type": "要写整数",
    "bool_type": "要写 true 或 false",
    "list_type": "要写列表",
    "dict_type": "要写对象",
    "enum": "没有这个选项",
    "literal_error": "没有这个选项",
    "union_tag_invalid": "没有这个选项",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "too_long": "太多",
    "too_short": "太少",
    "json_invalid": "不是 JSON",
}


def problem(
    status: int, message: str = "", *, code: str = "", headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """Return an answer that says what is wrong; the usual words of its status where none are."""
    usual_code, usual = NAMES.get(status, NAMES[400])
    content = {"error": {"code": code or usual_code, "message": message or usual}}
    return JsonResponse(
        content, status=status, headers=headers, json_dumps_params={"ensure_ascii": False}
    )


def told(errors: Sequence[Mapping[str, object]]) -> str:
    """Return what is wrong with the parameters of a request, in one line."""
    return "；".join(dict.fromkeys(_one(error) for error in errors[:5])) + "。请按接口文档检查"


def _one(error: Mapping[str, object]) -> str:
    place = error.get("loc")
    parts = [str(part) for part in place] if isinstance(place, (list, tuple)) else []
    where = ".".join(part[:40] for part in parts[1:] if part not in ("given", "asked"))
    context = error.get("ctx")
    own = str(context["error"]) if isinstance(context, dict) and "error" in context else ""
    what = own or _WHAT.get(str(error.get("type")), "格式不对")
    return f"参数 {where or '请求体'}：{what}"
