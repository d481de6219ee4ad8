"""Folders whose files are imported as they arrive."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.forms import NEW_SHOP
from huisheng.app.web.data.shops import everywhere, shops_of
from huisheng.app.web.jobs.collecting import REFUSED, TAKEN
from huisheng.app.web.jobs.models import Arrival, WatchedFolder
from huisheng.app.web.jobs.watching import STILL_S
from huisheng.errors import NotAllowedError

RECENT = 50
SYSTEM = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin"),
    *("/sys", "/usr", "/var/lib", "/var/log", sys.prefix, sys.base_prefix),
)
"""Folders of the machine's own, out of which nothing may be moved."""
WHOLE = ("/", "/home", "/opt", "/root", "/srv", "/tmp", "/var")
"""Folders that hold what belongs to many; one inside may be watched."""


class FolderForm(forms.Form):
    """Which folder, and whose its files are."""

    path = forms.CharField(label="文件夹", max_length=500, strip=True)
    shop_id = forms.RegexField(
        rf"^{NEW_SHOP}$",
        label="店铺编号",
        required=False,
        error_messages={"invalid": "编号只能含文字、数字、点、横线和下划线，最长 64 个字"},
    )
    analyze = forms.BooleanField(label="导入后接着分析", required=False)

    def clean_path(self) -> str:
        """Refuse what is no folder of its own that files can be moved in."""
        path = Path(str(self.cleaned_data["path"]))
        if not path.is_absolute():
            raise forms.ValidationError("请写完整路径，例如 /srv/exports")
        try:
            problem = _problem_of(path)
        except OSError as exc:
            raise forms.ValidationError("这个路径太长，或打不开；请换一个文件夹") from exc
        if problem:
            raise forms.ValidationError(problem)
        return str(path.resolve())


def may_watch(access: Access) -> bool:
    """Return whether a person may say which folders of this machine are read."""
    return everywhere(access) and access.may(Right.CHANGE_SETTINGS)


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponseBase:
    """List the folders and what arrived in them; take in a new one."""
    need_watching(request.access)
    form = FolderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        watch(request, form)
        return redirect("data-watched")
    context = {
        "form": form,
        "folders": WatchedFolder.objects.order_by("path"),
        "arrivals": Arrival.objects.select_related("folder", "job")[:RECENT],
        "shops": shops_of(request.access),
        "shop_names": library.names()["shops"],
        "taken": TAKEN,
        "refused": REFUSED,
        "still_s": int(STILL_S),
    }
    return render(request, "data/watched.html.j2", context)


@require_POST
def stop(request: Request, folder_id: int) -> HttpResponseBase:
    """Watch a folder no more; its files stay where they are."""
    with suppress(NotAllowedError):
        stop_watching(request, folder_id)
    return redirect("data-watched")


def watch(request: Request, form: FolderForm) -> WatchedFolder:
    """Watch the folder of a valid form from now on.

    Raises:
        PermissionDenied: the person may not say which folders are read.
    """
    need_watching(request.access)
    given = form.cleaned_data
    made = WatchedFolder.objects.create(
        path=given["path"], shop_id=given["shop_id"], analyze=given["analyze"]
    )
    about = f"添加收取文件夹 {made.path}（{made.shop_id or '按子文件夹分店铺'}）"
    note(request, Act.CHANGED, about, made.shop_id)
    return made


def stop_watching(request: Request, folder_id: int) -> WatchedFolder:
    """Watch a folder no more; return what it was.

    Raises:
        PermissionDenied: the person may not say which folders are read.
        Http404: there is no such folder.
        NotAllowedError: files of it are being imported.
    """
    need_watching(request.access)
    folder = get_object_or_404(WatchedFolder, pk=folder_id)
    if folder.arrivals.filter(settled_at=None).exists():
        raise NotAllowedError("收取文件夹：里面的文件正在导入。请等它们导入完再停止")
    note(request, Act.CHANGED, f"停止收取文件夹 {folder.path}", folder.shop_id)
    WatchedFolder.objects.filter(pk=folder.pk).delete()
    return folder


def need_watching(access: Access) -> None:
    """Refuse whoever may not say which folders of this machine are read.

    Raises:
        PermissionDenied: they may not.
    """
    if not may_watch(access):
        raise PermissionDenied


def _problem_of(path: Path) -> str:
    if not path.is_dir():
        return "没有这个文件夹；它必须在运行回声的这台机器上"
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return "回声没有读写这个文件夹的权限：文件导入后要移到里面的「已导入」"
    found, own = path.resolve(), library.workspace().root.resolve()
    hidden = any(part.startswith(".") for part in found.parts)
    if hidden or str(found) in WHOLE or any(found.is_relative_to(one) for one in SYSTEM):
        return "这是系统或程序自己的文件夹，不能收取；请为导出的文件单独建一个"
    if found.is_relative_to(own) or own.is_relative_to(found):
        return "不能是回声的工作区，也不能把工作区放在里面"
    for watched in WatchedFolder.objects.values_list("path", flat=True):
        if found.is_relative_to(watched) or Path(watched).is_relative_to(found):
            return f"与已有的 {watched} 重叠"
    return ""
