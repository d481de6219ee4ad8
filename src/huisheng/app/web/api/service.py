"""The API as one thing: its routes, what it answers when something goes wrong, its document."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from huisheng.app.web.accounts.editing import LastOwnerError
from huisheng.app.web.accounts.editing import OvertakenError as PersonOvertakenError
from huisheng.app.web.accounts.person import LAST_OWNER
from huisheng.app.web.api import idempotency
from huisheng.app.web.api.once import once
from huisheng.app.web.api.problems import DECLARED, NAMES, SCHEMA, problem, told
from huisheng.app.web.api.routes import (
    assumptions,
    channels,
    concerns,
    corrections,
    data,
    digest,
    exports,
    findings,
    folders,
    jobs,
    labels,
    measures,
    morning,
    overview,
    people,
    privacy,
    rosters,
    settings,
    terms,
    trail,
    voices,
)
from huisheng.app.web.api.uploads import TooLargeError
from huisheng.app.web.findings.states import OvertakenError as DecisionOvertakenError
from huisheng.app.web.settings.saving import OvertakenError as SettingOvertakenError
from huisheng.app.web.voices.judging import OvertakenError as JudgementOvertakenError
from huisheng.errors import (
    BadInputError,
    NotAllowedError,
    UnavailableError,
    UnknownNameError,
)

CHANGING = ("post", "put", "patch", "delete")
KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "同一个键和同样的内容再发一次，得到同一个答复，事情只做一次；保留 24 小时",
    "schema": {"type": "string", "pattern": idempotency.PATTERN},
}
log = logging.getLogger("huisheng.api")

Raised = Exception | type[Exception]
Answer = Callable[[HttpRequest, Raised], HttpResponse]


class Readable(JSONRenderer):
    """Writes Chinese as it is read."""

    json_dumps_params = {"ensure_ascii": False}


class Service(NinjaAPI):
    """Adds to each operation's document what the door and the handlers do for all of them."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, object] | None = None
    ) -> OpenAPISchema:
        """Return the OpenAPI document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["schemas"]["Problem"] = SCHEMA
        document["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "接口令牌 hs_…"}
        }
        document["security"] = [{"token": []}]
        for operations in document["paths"].values():
            for method, operation in operations.items():
                _complete(method, operation)
        return document


def _complete(method: str, operation: dict[str, dict[object, object] | list[object]]) -> None:
    # Docstrings are for developers; what the operation does is said in its summary.
    operation.pop("description", None)
    if method in CHANGING:
        parameters = operation.setdefault("parameters", [])
        assert isinstance(parameters, list)
        parameters.append(KEY)
    responses = operation["responses"]
    assert isinstance(responses, dict)
    for status in DECLARED:
        responses[status] = {
            "description": NAMES[status][1],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _made() -> Service:
    service = Service(
        title="回声 Huisheng 接口",
        version="1",
        description="页面能做的，程序也能做，只有几件事留在网页上：登录、密码、两步验证、"
        "新建和作废令牌、邮件密码和群机器人的地址——程序若能办，漏出去的令牌就能变成一个账号。"
        "令牌在网页「接口令牌」里新建；改动写上读到的 version，别人先改了回 409；"
        '错误一律是 {"error": {"code", "message"}}。',
        urls_namespace="api",
        docs_url=None,
        renderer=Readable(),
        openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
    )
    service.add_decorator(once, mode="view")
    service.add_router("", overview.router)
    service.add_router("", morning.router)
    service.add_router("/metrics", measures.router)
    service.add_router("/findings", findings.router)
    service.add_router("/voices", voices.router)
    service.add_router("/voices", labels.router)
    service.add_router("/voices", terms.router)
    service.add_router("", jobs.router)
    service.add_router("/data", data.router)
    service.add_router("/data/folders", folders.router)
    service.add_router("/data/quarantine", corrections.router)
    service.add_router("/exports", exports.router)
    service.add_router("/settings/digest", digest.router)
    service.add_router("/settings/channels", channels.router)
    for part in (settings, rosters, assumptions, concerns):
        service.add_router("/settings", part.router)
    service.add_router("/people", people.router)
    service.add_router("/privacy", privacy.router)
    service.add_router("/audit", trail.router)
    for error, answer in _ANSWERS.items():
        service.add_exception_handler(error, answer)
    return service


def _answering(status: int, code: str = "") -> Answer:
    """Return a handler that says what its error says."""
    return lambda request, error: problem(status, str(error), code=code)


def _usual(status: int) -> Answer:
    """Return a handler that says the usual sentence of a status."""
    return lambda request, error: problem(status)


def _invalid(request: HttpRequest, error: Raised) -> HttpResponse:
    assert isinstance(error, ValidationError)
    return problem(422, told(error.errors))


def _of_status(request: HttpRequest, error: Raised) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem(error.status_code)


def _broken(request: HttpRequest, error: Raised) -> HttpResponse:
    assert isinstance(error, Exception)
    log.exception("接口 %s %s 出错", request.method, request.path, exc_info=error)
    return problem(500)


_ANSWERS: dict[type[Exception], Answer] = {
    Exception: _broken,
    Http404: _usual(404),
    PermissionDenied: _usual(403),
    HttpError: _of_status,
    ValidationError: _invalid,
    TooLargeError: _usual(413),
    DecisionOvertakenError: _usual(409),
    JudgementOvertakenError: _usual(409),
    PersonOvertakenError: _usual(409),
    SettingOvertakenError: _usual(409),
    LastOwnerError: lambda request, error: problem(409, f"人员：{LAST_OWNER}", code="not_now"),
    BadInputError: _answering(422),
    UnknownNameError: _answering(404),
    NotAllowedError: _answering(409, "not_now"),
    UnavailableError: _answering(503),
}

SERVICE = _made()
