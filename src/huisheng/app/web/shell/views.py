"""Pages for what goes wrong, and the one that says all is well."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render


def healthy(request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the operational store can be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Say that there is no such page, or none that this person may see."""
    return _sorry(request, 404, "没有这个页面", "地址可能写错了，或者这条数据已经不在了。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Say that the role does not allow this."""
    return _sorry(request, 403, "您的角色不能看这一页", "如果工作需要，请让店主在「人员」里调整。")


def broken(request: HttpRequest) -> HttpResponseBase:
    """Say that it is our fault, or that the operational store is away for a moment."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = _sorry(
            request,
            503,
            "数据库暂时连不上",
            "没有数据丢失。稍等几秒再刷新；一直这样请看数据库是否在运行。",
        )
        answer.headers["Retry-After"] = "5"
        return answer
    return _sorry(request, 500, "程序出错了", "这是我们的缺陷，没有数据因此改变。请稍后再试。")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Say that the page was open too long."""
    return _sorry(
        request, 403, "这一页已经过期", "登录状态变了，或页面打开太久。请返回刷新后重新提交。"
    )


def _sorry(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    context = {"title": title, "advice": advice}
    return render(request, "shell/sorry.html.j2", context, status=status)
