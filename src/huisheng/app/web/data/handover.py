"""Take files from a browser and make an import job of them, or leave nothing behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_protect

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.receiving import WHOLE, Receiver
from huisheng.app.web.data.shops import only, shops_of
from huisheng.app.web.jobs.models import EVERY_SHOP, Job, Kind
from huisheng.app.web.jobs.queue import enqueue
from huisheng.app.web.jobs.uploads import discard, folder_of, new_upload

CUT_OFF = "上传没有完成，没有导入。可能是网络断了，或一次选了太多文件（最多 100 个）。"
BROKEN_OFF = (UnreadablePostError, MultiPartParserError, SuspiciousOperation)
NAMED = 5

Make = Callable[[Request, str, Receiver], HttpResponseBase]


def receive(request: Request, name: str, make: Make) -> HttpResponseBase:
    """Take the files of a request into a folder of their own, and let `make` make a job of them.

    The token of the form is checked only after the receiver is in place, since looking at the form
    reads it; so the view that calls this is exempt from the check of the middleware.

    Args:
        request: of a person who may import.
        name: under which to keep a file of the same kind, empty for its own name.
        make: gets the upload's name and what was received.
    """
    with taking_in(request, name) as (upload, receiver):

        @csrf_protect
        def answer(request: Request) -> HttpResponseBase:
            request.POST.get(WHOLE)  # which takes everything in
            return make(request, upload, receiver)

        request.upload_handlers = [receiver]
        try:
            return answer(request)
        except BROKEN_OFF:
            return HttpResponse(CUT_OFF, status=400, content_type="text/plain; charset=utf-8")


@contextmanager
def taking_in(request: Request, name: str = "") -> Iterator[tuple[str, Receiver]]:
    """Yield a new upload and what receives its files; without a job it is gone afterwards."""
    upload = new_upload()
    try:
        yield upload, Receiver(request, folder_of(upload), name)
    finally:
        if not Job.objects.filter(kind=Kind.IMPORT, payload__upload=upload).exists():
            discard(upload)


def enqueue_import(
    request: Request, upload: str, shop_id: str, receiver: Receiver, *, analyze: bool
) -> Job:
    """Make the import job of an upload, and write down who handed over how much.

    An empty `shop_id` is for files whose rows name their shops.
    """
    payload = {
        "upload": upload,
        "shop_id": shop_id,
        "only": only(request.access, shops_of(request.access)),
        "analyze": analyze,
        "refused": receiver.refused,
    }
    job = enqueue(Kind.IMPORT, payload, shop_id=shop_id or EVERY_SHOP, by=request.user)
    names = "、".join(receiver.received[:NAMED])
    count = len(receiver.received)
    note(request, Act.IMPORTED, f"上传 {count} 个文件（任务 {job.pk}）：{names}", shop_id)
    return job
