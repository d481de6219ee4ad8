"""Folders whose files are imported as they arrive: listed, added, stopped."""

from typing import Annotated

from ninja import Path, Router, Status
from pydantic import BeforeValidator

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.routes.asking import filled
from huisheng.app.web.api.schemas import data as shapes
from huisheng.app.web.api.schemas.parts import LARGEST, whole
from huisheng.app.web.data.watched import (
    RECENT,
    FolderForm,
    need_watching,
    stop_watching,
    watch,
)
from huisheng.app.web.jobs.models import Arrival, WatchedFolder
from huisheng.errors import BadInputError, NotAllowedError

router = Router(tags=["数据"])
FolderId = Annotated[int, Path(ge=1, le=LARGEST), BeforeValidator(whole)]


@router.get("", response=list[shapes.FolderShown], summary="自动收取的文件夹")
def folders(request: Request) -> list[WatchedFolder]:
    """List the watched folders."""
    need_watching(request.access)
    return list(WatchedFolder.objects.order_by("path"))


@router.get("/arrivals", response=list[shapes.ArrivalShown], summary="最近收取的文件")
def arrivals(request: Request) -> list[dict[str, object]]:
    """List what arrived lately, the latest first."""
    need_watching(request.access)
    return [
        {
            "folder_id": each.folder_id,
            "job_id": each.job_id,
            "path": each.path,
            "at": each.at,
            "settled_at": each.settled_at,
            "imported": each.taken,
            "said": each.said,
        }
        for each in Arrival.objects.all()[:RECENT]
    ]


@router.post("", response={201: shapes.FolderShown}, summary="收取一个文件夹")
def add(request: Request, given: shapes.FolderGiven) -> Status[WatchedFolder]:
    """Watch a folder of the machine that the service runs on."""
    need_watching(request.access)
    form = FolderForm(given.model_dump())
    try:
        return Status(201, watch(request, filled(form)))
    except BadInputError as error:
        # Whether a folder is there and free changes with the machine, not with the request.
        raise NotAllowedError(str(error)) from error


@router.post("/{folder_id}/stop", response=shapes.FolderShown, summary="停止收取一个文件夹")
def stop(request: Request, folder_id: FolderId) -> WatchedFolder:
    """Watch a folder no more; its files stay where they are."""
    return stop_watching(request, folder_id)
