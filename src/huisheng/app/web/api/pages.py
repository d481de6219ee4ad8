"""The page of tokens, and the document of the API for people to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.governing import governed_people, governs_wholly
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.forms import RIGHTS, TokenForm
from huisheng.app.web.api.models import Token
from huisheng.app.web.api.service import SERVICE
from huisheng.app.web.api.tokens import make_token, revoke
from huisheng.app.web.audit.models import Act, note

MOST_SHOWN = 200


@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponseBase:
    """List the tokens of a person, and make one, shown this once."""
    shops = _shops(request)
    rights = [right for right in RIGHTS if request.access.may(right)]
    form = TokenForm(rights, shops, request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        until = timezone.now() + timedelta(days=int(given["days"]))
        wanted = [Right(right) for right in given["rights"]]
        made, secret = make_token(
            request.user, given["name"], wanted, given.get("shops", []), until
        )
        told = "、".join(RIGHTS[right] for right in wanted)
        note(request, Act.CHANGED, f"新建接口令牌「{made.name}」{made.prefix}…：{told}")
        form = TokenForm(rights, shops)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": [(token, _may_close(request, token)) for token in _visible(request)],
        "rights": RIGHTS,
        "shop_names": dict(shops),
        "now": timezone.now(),
        "everybody": request.access.may(Right.MANAGE_PEOPLE),
    }
    return render(request, "api/tokens.html.j2", context)


@require_POST
def close(request: Request, token_id: int) -> HttpResponseBase:
    """Close a token for good."""
    found = next((token for token in _visible(request) if token.pk == token_id), None)
    if found is None or not _may_close(request, found):
        raise Http404
    revoke(found)
    note(request, Act.CHANGED, f"作废接口令牌「{found.name}」{found.prefix}…（{found.user.name}）")
    return redirect("tokens")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it: (name, place, form, needed) per parameter."""

    method: str
    address: str
    summary: str
    parameters: tuple[tuple[str, str, str, bool], ...]
    body: str


@require_GET
def reference(request: Request) -> HttpResponseBase:
    """Show every operation, from the same document that programs read."""
    groups: dict[str, list[Operation]] = {}
    for group, operation in _operations():
        groups.setdefault(group, []).append(operation)
    return render(request, "api/reference.html.j2", {"groups": groups})


def _operations() -> Iterator[tuple[str, Operation]]:
    for address, methods in SERVICE.get_openapi_schema()["paths"].items():
        for method, said in methods.items():
            parameters = tuple(
                (each["name"], _PLACES[each["in"]], _form(each["schema"]), each["required"])
                for each in said["parameters"]
            )
            body = "、".join(said.get("requestBody", {}).get("content", {}))
            made = Operation(method.upper(), address, said["summary"], parameters, body)
            yield said["tags"][0], made


_PLACES = {"query": "查询参数", "path": "地址", "header": "请求头"}
_TYPES = {"integer": "整数", "string": "文字", "number": "数", "boolean": "是否"}


def _form(schema: dict[str, object]) -> str:
    """Return what a parameter looks like, in a few words."""
    options = schema.get("enum")
    if isinstance(options, list):
        return " / ".join(str(option) for option in options)
    if schema.get("format") == "date":
        return "日期，如 2026-08-01"
    return _TYPES.get(str(schema.get("type")), "见文档")


def _visible(request: Request) -> QuerySet[Token]:
    """Return a person's own tokens, and those of the people they govern; the latest."""
    theirs = Q(user=request.user)
    if request.access.may(Right.MANAGE_PEOPLE):
        theirs |= Q(user__in=governed_people(request.access).values("pk"))
    return Token.objects.select_related("user").filter(theirs)[:MOST_SHOWN]


def _may_close(request: Request, token: Token) -> bool:
    return token.user_id == request.user.pk or governs_wholly(request.access, token.user)


def _shops(request: Request) -> list[tuple[str, str]]:
    document, names = library.document(), library.names()["shops"]
    known = dict.fromkeys([*(document["shops"] if document else ()), *request.access.scopes])
    return [(shop, names.get(shop, shop)) for shop in known if request.access.scope(shop)]
