"""The weekly letter: where it goes, and one to try."""

from ninja import Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.routes.asking import filled
from huisheng.app.web.api.schemas import digest as shapes
from huisheng.app.web.digest.forms import DigestForm
from huisheng.app.web.digest.keeping import (
    FIELDS,
    goes_elsewhere,
    keep_digest,
    need_posting,
    try_digest,
)
from huisheng.app.web.digest.posting import digest, has_password
from huisheng.errors import BadInputError, NotAllowedError

router = Router(tags=["设置"])


@router.get("", response=shapes.DigestShown, summary="周报发给谁、什么时候发")
def show(request: Request) -> dict[str, object]:
    """Give the letter's settings."""
    need_posting(request)
    return _shown()


@router.put("", response=shapes.DigestShown, summary="改周报；邮件密码只在网页上填")
def keep(request: Request, given: shapes.DigestGiven) -> dict[str, object]:
    """Keep the letter's settings."""
    need_posting(request)
    said = given.model_dump(exclude={"switch", "recipients"})
    said |= {
        "is_on": given.switch == "on",
        "recipients": "\n".join(given.recipients),
        "password": "",
    }
    try:
        form = filled(DigestForm(said))
    except BadInputError as error:
        # Which servers may be used is for whoever installs to say, not for the request.
        raise NotAllowedError(str(error)) from error
    if goes_elsewhere(form.cleaned_data):
        raise NotAllowedError("周报：服务器、端口、加密方式或账号变了。请到网页上改，并重新填密码")
    keep_digest(request, form)
    return _shown()


@router.post("/try", response=shapes.LetterSent, summary="现在试发一次周报")
def try_it(request: Request) -> dict[str, int]:
    """Send the letter once to the recipients that are set."""
    return {"recipients": try_digest(request)}


def _shown() -> dict[str, object]:
    held = digest()
    names = tuple(name for name in FIELDS if name != "is_on")
    return {name: held.__dict__[name] for name in (*names, "last_result", "version")} | {
        "on": held.is_on,
        "has_password": has_password(),
    }
