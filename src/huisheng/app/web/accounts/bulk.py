"""Add many people at once: a template, a preview, then all of them or none."""

import secrets

from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.bulk_file import (
    passwords_uri,
    template_csv,
    template_rows,
    template_xlsx,
)
from huisheng.app.web.accounts.bulk_rows import MOST_ROWS, Row, cells_of, judged, people_in
from huisheng.app.web.accounts.changing import add_list
from huisheng.app.web.accounts.known import places_of
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.people import names_of
from huisheng.app.web.accounts.person_forms import FileForm
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.small_tables import MOST_BYTES, read_table
from huisheng.errors import BadInputError

PENDING = "people_to_add"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GONE = "这份名单已经添加过，或放得太久了。请到人员列表看看，需要时重新上传。"
TAKEN = "有登录名刚刚被别人用了，一个人也没有添加。请看下面的说明。"


@require_GET
def template(request: Request, kind: str) -> HttpResponseBase:
    """Give the list to fill in, with the known agents who have no account yet."""
    request.access.need(Right.MANAGE_PEOPLE)
    places = places_of(request.access)
    placed = set(Membership.objects.exclude(agent_id="").values_list("shop_id", "agent_id"))
    rows = template_rows(places, placed)[:MOST_ROWS]
    if kind == "csv":
        answer = HttpResponse(template_csv(rows), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        answer = HttpResponse(template_xlsx(rows, places), content_type=XLSX)
    else:
        raise Http404
    answer.headers["Content-Disposition"] = f'attachment; filename="people.{kind}"'
    note(request, Act.EXPORTED, f"下载人员模板，预填 {len(rows)} 个客服账号")
    return answer


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponseBase:
    """Take a list and show what it would make, row by row."""
    request.access.need(Right.MANAGE_PEOPLE)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            cells = cells_of(read_table(file.name, file.read(MOST_BYTES + 1)))
        except BadInputError as exc:
            form.add_error("file", str(exc))
        else:
            token = secrets.token_urlsafe(12)
            request.session[PENDING] = {"token": token, "rows": cells}
            return _preview(request, judged_rows(request.access, cells), token, "")
    return render(
        request, "accounts/import.html.j2", {"form": form, "most": MOST_ROWS, "problem": ""}
    )


@require_POST
def confirm(request: Request) -> HttpResponseBase:
    """Add everybody on the list that was shown; nobody where a single row is wrong."""
    request.access.need(Right.MANAGE_PEOPLE)
    kept = request.session.get(PENDING, {})
    if not kept or kept["token"] != request.POST.get("token"):
        form = FileForm()
        context = {"form": form, "most": MOST_ROWS, "problem": GONE}
        return render(request, "accounts/import.html.j2", context)
    rows = judged_rows(request.access, kept["rows"])
    if any(row.problems for row in rows):
        return _preview(request, rows, kept["token"], TAKEN)
    try:
        made = add_list(request, people_in(rows))
    except IntegrityError:
        return _preview(request, judged_rows(request.access, kept["rows"]), kept["token"], TAKEN)
    del request.session[PENDING]
    people = [(user.username, user.name, first) for user, first in made]
    context = {"people": people, "file": passwords_uri(people)}
    return render(request, "accounts/imported.html.j2", context)


def judged_rows(access: Access, cells: list[dict[str, str]]) -> list[Row]:
    """Return the rows of a list with what is wrong with each, as things stand now."""
    usernames = {row.get("登录名", "") for row in cells}
    taken = User.objects.filter(username__in=usernames).values_list("username", flat=True)
    return judged(cells, places_of(access), set(taken))


def _preview(request: Request, rows: list[Row], token: str, problem: str) -> HttpResponseBase:
    wrong = sum(bool(row.problems) for row in rows)
    context = {
        "rows": rows,
        "wrong": wrong,
        "people": 0 if wrong else len(people_in(rows)),
        "token": token,
        "problem": problem,
    }
    return render(request, "accounts/preview.html.j2", context | names_of(request))
