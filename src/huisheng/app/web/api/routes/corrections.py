"""Rows that were set aside: why, as a file, and the corrected file handed in."""

from django.http import HttpResponseBase, JsonResponse
from ninja import Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.idempotency import HEADER, answer_once, fingerprint
from huisheng.app.web.api.once import token_of
from huisheng.app.web.api.problems import problem
from huisheng.app.web.api.routes.jobs import FILES, shown_job
from huisheng.app.web.api.schemas import data as shapes
from huisheng.app.web.api.uploads import MULTIPART, digest_of, take
from huisheng.app.web.data.handover import enqueue_import, taking_in
from huisheng.app.web.data.receiving import safe_path
from huisheng.app.web.data.rejected import download, reasons_of, rejected_file, rejected_rows
from huisheng.app.web.jobs.uploads import folder_of

router = Router(tags=["数据"])
FORM = {"type": "object", "required": ["files"], "properties": {"files": FILES}}
CSV = {
    "responses": {
        200: {
            "description": "文件",
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/{mark}/reasons", response=list[shapes.ReasonCounted], summary="为什么被隔离，各几行")
def reasons(request: Request, mark: str) -> list[dict[str, object]]:
    """Say why the rows of one file were set aside."""
    counted = reasons_of(rejected_rows(rejected_file(request.access, mark)))
    return [{"reason": reason, "rows": rows} for reason, rows in counted]


@router.get("/{mark}/file", summary="被隔离的行，CSV 文件", openapi_extra=CSV)
def file(request: Request, mark: str) -> HttpResponseBase:
    """Give the rows of one file that were set aside."""
    return download(request, mark)


@router.post(
    "/{mark}/corrected",
    response={202: shapes.JobShown},
    summary="交上改好的文件并导入",
    openapi_extra={"requestBody": {"required": True, "content": {MULTIPART: {"schema": FORM}}}},
)
def corrected(request: Request, mark: str) -> HttpResponseBase:
    """Take the corrected file, under the name of the one it replaces."""
    replaced = rejected_file(request.access, mark)
    if request.content_type != MULTIPART:
        return problem(415)
    with taking_in(request, safe_path(replaced.file)) as (name, receiver):
        content = digest_of(folder_of(name), receiver, take(request, receiver))

        def answer() -> HttpResponseBase:
            job = enqueue_import(request, name, replaced.only_shop, receiver, analyze=True)
            shown = shapes.JobShown.model_validate(shown_job(job))
            given = shown.model_dump()
            return JsonResponse(given, status=202, json_dumps_params={"ensure_ascii": False})

        key = request.headers.get(HEADER, "")
        print_ = fingerprint("POST", request.get_full_path(), content)
        return answer_once(token_of(request), key, print_, answer)
