"""How long things are kept: seen, changed, switched on and off, applied."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.jobs.models import Job
from huisheng.app.web.privacy.forms import PolicyForm
from huisheng.app.web.privacy.models import RetentionPolicy
from huisheng.app.web.privacy.policy import RULES, days_of
from huisheng.app.web.privacy.retaining import ONLY, ask_now, foreseen, policy
from huisheng.app.web.settings.saving import OvertakenError, seen_version

OVERTAKEN = "别人刚刚改过，没有覆盖。下面是最新的期限，请看过再改。"


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show the policy, what it would touch today where that is asked for, and the last run."""
    request.access.need(Right.HANDLE_PRIVACY)
    return _page(request, "", None, preview=request.GET.get("preview") == "1")


@require_POST
def change(request: Request) -> HttpResponseBase:
    """Change how many days things are kept."""
    _need_everywhere(request)
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, "", form)
    try:
        keep_days(request, form.days, seen=form.cleaned_data["version"])
    except OvertakenError:
        return _page(request, OVERTAKEN, None)
    return redirect("privacy-retention")


@require_POST
def switch(request: Request) -> HttpResponseBase:
    """Switch retention on or off."""
    try:
        keep_switch(request, on=request.POST.get("on") == "1", seen=seen_version(request))
    except OvertakenError:
        return _page(request, OVERTAKEN, None)
    return redirect("privacy-retention")


@require_POST
def run_now(request: Request) -> HttpResponseBase:
    """Apply the policy now; it must be on."""
    apply_now(request)
    return redirect("privacy-retention")


def keep_days(request: Request, days: dict[str, int], *, seen: int) -> None:
    """Keep how many days things are kept, by rule.

    Raises:
        PermissionDenied: the person answers for some shops only.
        OvertakenError: another change came first; nothing is changed.
    """
    _need_everywhere(request)
    _save(request, seen, days=days)
    told = "、".join(f"{rule.label} {days[rule.id]} 天" for rule in RULES)
    note(request, Act.CHANGED, f"保存期限：{told}")


def keep_switch(request: Request, *, on: bool, seen: int) -> None:
    """Switch retention on or off.

    Raises:
        PermissionDenied: the person answers for some shops only.
        OvertakenError: another change came first; nothing is changed.
    """
    _need_everywhere(request)
    _save(request, seen, on=on)
    note(request, Act.CHANGED, "开启自动清理" if on else "关闭自动清理")


def apply_now(request: Request) -> Job | None:
    """Ask for the policy to be applied; None where it is off, or is being applied already.

    Raises:
        PermissionDenied: the person answers for some shops only.
    """
    _need_everywhere(request)
    job = ask_now(request.user) if policy().on else None
    if job is not None:
        note(request, Act.CHANGED, f"立即清理（任务 {job.pk}）")
    return job


def _need_everywhere(request: Request) -> None:
    """Refuse whoever answers for some shops only: the policy holds for all."""
    if not request.access.may(Right.HANDLE_PRIVACY, Membership.ALL_SHOPS):
        raise PermissionDenied


def _save(request: Request, seen_version: int, **values: object) -> None:
    """Change the policy that was shown, unless somebody else was quicker."""
    with transaction.atomic():
        RetentionPolicy.objects.get_or_create(pk=ONLY)
        seen = RetentionPolicy.objects.filter(pk=ONLY, version=seen_version)
        changed = seen.update(
            version=seen_version + 1,
            changed_by=request.user,
            changed_at=timezone.now(),
            **values,
        )
    if not changed:
        raise OvertakenError


def _page(
    request: Request, problem: str, form: PolicyForm | None, *, preview: bool = False
) -> HttpResponseBase:
    now_in_force = policy()
    days = days_of(now_in_force.days)
    shown = form or PolicyForm(initial={**days, "version": now_in_force.version})
    context = {
        "policy": now_in_force,
        "form": shown,
        "rules": RULES,
        "foreseen": foreseen(library.workspace(), days, timezone.now()) if preview else {},
        "preview": preview,
        "job": Job.objects.filter(kind="retain").order_by("-id").first(),
        "everywhere": request.access.may(Right.HANDLE_PRIVACY, Membership.ALL_SHOPS),
        "problem": problem,
    }
    return render(request, "privacy/retention.html.j2", context)
