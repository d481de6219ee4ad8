"""What several routes ask first: the current run, days that make sense, forms without fault."""

from datetime import date, timedelta
from typing import TypeVar

from django import forms
from django.http import Http404

from huisheng.app.report import Document
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.schemas.parts import EARLIEST, LATEST
from huisheng.app.web.settings.shops import Shop, shops_of
from huisheng.errors import BadInputError, UnknownNameError

Form = TypeVar("Form", bound=forms.BaseForm)
NO_RUN = "数据：还没有分析过。请先导入数据并分析一次"


def current_run() -> Document:
    """Return the current analysis run.

    Raises:
        UnknownNameError: there is none yet.
    """
    document = library.document()
    if document is None:
        raise UnknownNameError(NO_RUN)
    return document


def stretch(start: date, days: int) -> tuple[date, date]:
    """Return the first and the last of some days.

    Raises:
        UnknownNameError: nothing can have happened then.
    """
    if not EARLIEST <= start <= LATEST:
        raise UnknownNameError(f"日期 {start}：这么早或这么晚不会有数据。请检查年份")
    return start, start + timedelta(days=days - 1)


def settable_shop(request: Request, shop_id: str) -> Shop:
    """Return a shop that the person may set.

    Raises:
        PermissionDenied: the person may set none.
        Http404: there is none of that id.
    """
    for shop in shops_of(request):
        if shop.id == shop_id:
            return shop
    raise Http404


def filled(form: Form) -> Form:
    """Return a form that the page would take.

    Raises:
        BadInputError: it would not; the first complaint is told.
    """
    for name, complaints in form.errors.items():
        label = str(form.fields[name].label or name) if name in form.fields else "请求体"
        raise BadInputError(label, str(complaints[0]).rstrip("。"), "请改正后重发")
    return form
