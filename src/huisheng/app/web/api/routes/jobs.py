"""Jobs: files handed over, analyses asked for, how far they are, and their end."""

import re
from collections.abc import Mapping
from typing import Annotated

from django.http import HttpResponseBase, JsonResponse
from ninja import Path, Query, Router, Status
from pydantic import BeforeValidator

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.idempotency import HEADER, answer_once, fingerprint
from huisheng.app.web.api.once import token_of
from huisheng.app.web.api.problems import problem
from huisheng.app.web.api.schemas import data as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, LARGEST, Page, Paged, pages_of, whole
from huisheng.app.web.api.uploads import MULTIPART, digest_of, take
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.blanks import MADE_HERE
from huisheng.app.web.data.columns import shop_of
from huisheng.app.web.data.handover import enqueue_import, taking_in
from huisheng.app.web.data.progress import job_of, jobs_of, repeat_import
from huisheng.app.web.data.receiving import Receiver
from huisheng.app.web.data.shops import everywhere, shops_of
from huisheng.app.web.jobs.models import Job, Kind
from huisheng.app.web.jobs.queue import cancel, enqueue_analysis
from huisheng.app.web.jobs.uploads import folder_of, paths_of
from huisheng.errors import BadInputError, NotAllowedError, UnknownNameError
from huisheng.intake import Preview, keep_mapping, preview

router = Router(tags=["数据"])
JobId = Annotated[int, Path(ge=1, le=LARGEST), BeforeValidator(whole)]
OPEN_STILL = "任务：还没有结束。请等它结束，或先取消"
NO_FILES = "任务：它的文件已经不在。请重新上传"
SHOP_PATTERN = r"^[0-9A-Za-z_-][0-9A-Za-z_.-]{0,63}$"
FILES = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "minItems": 1,
    "maxItems": 100,
}
FORM = {
    "type": "object",
    "required": ["shop_id", "files"],
    "properties": {
        "shop_id": {"type": "string", "pattern": SHOP_PATTERN},
        "analyze": {"type": "string", "enum": ["true", "false"], "default": "true"},
        "files": FILES,
    },
}


@router.post(
    "/data/uploads",
    response={202: shapes.JobShown},
    summary="上传文件并导入",
    openapi_extra={"requestBody": {"required": True, "content": {MULTIPART: {"schema": FORM}}}},
)
def upload(request: Request) -> HttpResponseBase:
    """Take files and make an import job of them."""
    request.access.need(Right.IMPORT_DATA)
    if request.content_type != MULTIPART:
        return problem(415)
    with taking_in(request) as (name, receiver):
        fields = take(request, receiver)
        content = digest_of(folder_of(name), receiver, fields)
        return answer_once(
            token_of(request),
            request.headers.get(HEADER, ""),
            fingerprint("POST", request.get_full_path(), content),
            lambda: _import(request, name, receiver, fields),
        )


def _import(
    request: Request, upload: str, receiver: Receiver, fields: Mapping[str, str]
) -> HttpResponseBase:
    shop_id, analyze = fields.get("shop_id", ""), fields.get("analyze", "true")
    if analyze not in ("true", "false"):
        raise BadInputError("analyze", "要写 true 或 false", "请改正后重新上传")
    shops = shops_of(request.access)
    known = shop_id in {shop.id for shop in shops}
    if not known and not everywhere(request.access):
        raise UnknownNameError(f"店铺 {shop_id[:64]}：没有这家店，或这个令牌管不到它。请检查编号")
    if not known and not re.fullmatch(SHOP_PATTERN, shop_id):
        raise BadInputError("shop_id", "新店铺的编号不合要求", "请用字母、数字、点、横线和下划线")
    job = enqueue_import(request, upload, shop_id, receiver, analyze=analyze == "true")
    shown = shapes.JobShown.model_validate(shown_job(job))
    return JsonResponse(shown.model_dump(), status=202, json_dumps_params={"ensure_ascii": False})


@router.post("/analyses", response={202: shapes.JobShown}, summary="请求重新分析")
def analyze(request: Request) -> Status[dict[str, object]]:
    """Make an analysis job, unless one waits already."""
    request.access.need(Right.IMPORT_DATA)
    job = enqueue_analysis(request.user)
    note(request, Act.CHANGED, f"请求分析（任务 {job.pk}）")
    return Status(202, shown_job(job))


@router.get("/jobs", response=Page[shapes.JobShown], summary="列出任务，新的在前")
def jobs(request: Request, asked: Query[Paged]) -> dict[str, object]:
    """List the jobs."""
    request.access.need(Right.IMPORT_DATA)
    found = jobs_of(request.access)
    first, total = (asked.page - 1) * A_PAGE, found.count()
    rows = [shown_job(job) for job in found[first : first + A_PAGE]]
    return {"rows": rows, "page": asked.page, "pages": pages_of(total), "total": total}


@router.get("/jobs/{job_id}", response=shapes.JobShown, summary="一个任务做到哪里了")
def job(request: Request, job_id: JobId) -> dict[str, object]:
    """Show one job."""
    return shown_job(job_of(request.access, job_id))


@router.post("/jobs/{job_id}/cancel", response=shapes.JobShown, summary="取消任务")
def stop(request: Request, job_id: JobId) -> dict[str, object]:
    """Ask a job to end."""
    found = job_of(request.access, job_id)
    cancel(found)
    note(request, Act.CHANGED, f"取消任务 {found.pk}（{found.kind_label}）", found.shop_id)
    return shown_job(job_of(request.access, job_id))


@router.post("/jobs/{job_id}/repeat", response={202: shapes.JobShown}, summary="再导入一次")
def repeat(request: Request, job_id: JobId) -> Status[dict[str, object]]:
    """Import the files of a job that has ended once more."""
    found = _ended_import(request, job_id)
    made = repeat_import(request, found)
    about = f"再次导入任务 {found.pk} 的文件（任务 {made.pk}）"
    note(request, Act.IMPORTED, about, made.shop_id)
    return Status(202, shown_job(made))


@router.get(
    "/jobs/{job_id}/mapping", response=shapes.MappingShown, summary="一个文件的列映射与头几行"
)
def mapping(
    request: Request, job_id: JobId, asked: Query[shapes.MappingAsked]
) -> dict[str, object]:
    """Show what the columns of a file are taken for."""
    found = _ended_import(request, job_id)
    seen = _previewed(found, asked.file)
    note(request, Act.LOOKED, f"列映射：{asked.file} 的头几行", found.shop_id)
    return {
        "file": seen.file,
        "header": list(seen.header),
        "rows": [list(row) for row in seen.rows],
        "tables": [
            {
                "table": table,
                "columns": [
                    {"column": column, "headers": list(names)} for column, names in columns.items()
                ],
            }
            for table, columns in seen.tables.items()
        ],
        "ignored": list(seen.ignored),
        "complete": seen.complete,
    }


@router.put(
    "/jobs/{job_id}/mapping", response={202: shapes.JobShown}, summary="保存列映射并再导入一次"
)
def map_columns(
    request: Request, job_id: JobId, given: shapes.Mapping
) -> Status[dict[str, object]]:
    """Keep what the columns of a file mean, and import it again."""
    found = _ended_import(request, job_id)
    seen = _previewed(found, given.file)
    tables = {
        each.table: {column.column: column.headers for column in each.columns}
        for each in given.tables
    }
    made_here = sorted(MADE_HERE & set(tables))
    if made_here:
        raise BadInputError("tables", f"表 {made_here[0]} 由系统填写", "请选别的表")
    content = {"tables": tables, "ignored": given.ignored}
    kept = keep_mapping(library.workspace(), shop_of(found), seen.header, content)
    made = repeat_import(request, found)
    about = f"列映射 {kept}，任务 {made.pk} 按它导入 {given.file}"
    note(request, Act.CHANGED, about, made.shop_id)
    return Status(202, shown_job(made))


def _ended_import(request: Request, job_id: int) -> Job:
    """Return an import that has ended and whose files are still here.

    Raises:
        UnknownNameError: it is none, or its files are gone.
        NotAllowedError: it is still under way.
    """
    found = job_of(request.access, job_id)
    if found.kind != Kind.IMPORT or not paths_of(str(found.payload["upload"])):
        raise UnknownNameError(NO_FILES)
    if found.is_open:
        raise NotAllowedError(OPEN_STILL)
    return found


def _previewed(job: Job, file: str) -> Preview:
    try:
        paths = paths_of(str(job.payload["upload"]))
        seen = preview(library.workspace(), paths, file, shop_of(job))
    except BadInputError as error:
        raise UnknownNameError(str(error)) from error
    if seen is None:
        raise UnknownNameError(f"{file}：不用列映射就能读。请直接再导入一次")
    return seen


def shown_job(job: Job) -> dict[str, object]:
    """Return a job as the API tells it."""
    result = job.result or {}
    return {
        "id": job.pk,
        "kind": job.kind,
        "state": job.state,
        "shop_id": job.shop_id,
        "step": job.step,
        "detail": job.detail,
        "share": job.share,
        "error": job.error,
        "by": job.user.name if job.user else "",
        "made_at": job.made_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "analysis_id": result.get("analysis"),
        "refused": job.payload.get("refused", []),
        "skipped": result.get("skipped", []),
        "unmapped": result.get("unmapped", []),
        "files": result.get("files", []),
    }
