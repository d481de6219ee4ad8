"""The owner's switch of the language model: kept, audited, and published for worker and command."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huisheng.app.llm import (
    Account,
    Permission,
    account,
    key_problem,
    permitted,
    place_problem,
    publish,
)
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.settings import models
from huisheng.app.web.settings.changing import owns_everything
from huisheng.app.web.settings.saving import change
from huisheng.errors import BadInputError

MOST_REQUESTS, MOST_TOKENS = 10_000, 50_000_000
"""Limits of a day's limits."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds now: the switch, today's account, and why nothing would be sent, if so."""

    switch: models.LanguageModelSwitch
    spent: Account
    obstacles: tuple[str, ...]


def standing() -> Standing:
    """Return what holds now."""
    switch = models.LanguageModelSwitch.objects.select_related("user").first()
    switch = switch or models.LanguageModelSwitch(version=0)
    workspace = library.workspace()
    spent = account(workspace, timezone.localdate())
    return Standing(switch, spent, tuple(_obstacles(switch)) if switch.on else ())


def _obstacles(switch: models.LanguageModelSwitch) -> Iterator[str]:
    if permitted(library.workspace()) is None:
        yield "许可没有写进工作区（比如是旧版本打开的），请关闭后重新打开"
    if problem := place_problem(switch.endpoint):
        yield problem
    if problem := key_problem(library.workspace()):
        yield problem


def may_use_language_model() -> bool:
    """Return whether an owner allowed words to be sent."""
    return models.LanguageModelSwitch.objects.filter(on=True).exists()


def allow_model(request: Request, permission: Permission, why: str, seen: int) -> None:
    """Allow that masked words go to a language model.

    Raises:
        PermissionDenied: the person does not own all shops.
        BadInputError: nobody says why, or the service, model or limits are none.
        OvertakenError: another change came first; nothing is changed.
    """
    _check(request, why)
    safe = _is_https(permission.endpoint) or not place_problem(permission.endpoint)
    if not safe:
        raise BadInputError("服务地址", "不是 https 地址", "服务地址要以 https:// 开头")
    if not permission.model:
        raise BadInputError("模型", "没有写模型名", "请写服务商给的模型名")
    if not 0 < permission.daily_requests <= MOST_REQUESTS:
        raise BadInputError("每天请求数", "不在范围里", f"请填 1 到 {MOST_REQUESTS:,}")
    if not 0 < permission.daily_tokens <= MOST_TOKENS:
        raise BadInputError("每天 token 数", "不在范围里", f"请填 1 到 {MOST_TOKENS:,}")
    _keep(request, permission, why, seen)


def forbid_model(request: Request, why: str, seen: int) -> None:
    """Forbid that words go to a language model.

    Raises:
        PermissionDenied: the person does not own all shops.
        BadInputError: nobody says why.
        OvertakenError: another change came first; nothing is changed.
    """
    _check(request, why)
    _keep(request, None, why, seen)


def _check(request: Request, why: str) -> None:
    if not owns_everything(request):
        raise PermissionDenied
    if not why:
        raise BadInputError("语言模型", "没有写原因", "请写明为什么")


def _keep(request: Request, permission: Permission | None, why: str, seen: int) -> None:
    values: dict[str, object] = {
        "on": permission is not None,
        "endpoint": permission.endpoint if permission else "",
        "why": why,
        "at": timezone.now(),
        "user": request.user,
    }
    if permission:
        values |= {
            "model": permission.model,
            "daily_requests": permission.daily_requests,
            "daily_tokens": permission.daily_tokens,
        }
    with transaction.atomic():
        change(models.LanguageModelSwitch, {"pk": 1}, seen, values)
        publish(library.workspace(), permission)
    note(request, Act.CHANGED, f"{'允许' if permission else '关闭'}语言模型：{why}")


def _is_https(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        return parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False
