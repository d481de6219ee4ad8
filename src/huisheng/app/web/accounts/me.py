"""«我的账号»: one's places, sessions, second factor."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web.accounts import factor, lockout
from huisheng.app.web.accounts.forms import ConfirmForm
from huisheng.app.web.accounts.known import EVERY_SHOP, known_shops
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Role
from huisheng.app.web.accounts.visits import end_visits, visits_of
from huisheng.app.web.audit.models import Act, note

PENDING = "second_factor_to_confirm"
WRONG = "密码或动态码不对"
TOO_OFTEN = f"连续输错太多次，请 {lockout.MINUTES} 分钟后再试"


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show who one is, where one is signed in, and the second factor."""
    return _page(request)


@require_POST
def sign_out_elsewhere(request: Request) -> HttpResponseBase:
    """End one's sessions everywhere else."""
    ended = end_visits(request.user, besides=request.session.session_key)
    note(request, Act.CHANGED, f"结束自己在别处的 {ended} 处登录")
    return redirect("account")


@require_POST
def start(request: Request) -> HttpResponseBase:
    """Make a secret for the second factor; it counts only once a code confirms it."""
    if not request.user.second_factor:
        request.session[PENDING] = factor.new_secret()
        return redirect("account-factor")
    return redirect("account")


@require_http_methods(["GET", "POST"])
def enrol(request: Request) -> HttpResponseBase:
    """Show the secret as a QR code, and switch the second factor on when a code fits it."""
    secret = str(request.session.get(PENDING, ""))
    if not secret or request.user.second_factor:
        return redirect("account")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = factor.fits(secret, form.cleaned_data["code"])
        problem = _refused(request, form, step is not None)
        if problem is None and step is not None:
            codes = factor.switch_on(request.user, secret, step)
            del request.session[PENDING]
            note(request, Act.CHANGED, "开通两步验证")
            return render(request, "accounts/codes.html.j2", {"codes": codes, "fresh": True})
        form.add_error(None, problem or WRONG)
    picture = factor.picture_of(request.user, secret)
    context = {"form": form, "picture": picture, "secret": secret}
    return render(request, "accounts/enrol.html.j2", context)


@require_POST
def switch_off(request: Request) -> HttpResponseBase:
    """Switch the second factor off, against password and code."""
    form = ConfirmForm(request.POST, prefix="off")
    problem = _checked(request, form)
    if problem is not None:
        form.add_error(None, problem)
        return _page(request, off=form)
    factor.switch_off(request.user)
    note(request, Act.CHANGED, "关闭两步验证")
    return redirect("account")


@require_POST
def codes(request: Request) -> HttpResponseBase:
    """Make new recovery codes, against password and code; the old ones are good no more."""
    form = ConfirmForm(request.POST, prefix="codes")
    problem = _checked(request, form)
    if problem is not None:
        form.add_error(None, problem)
        return _page(request, new=form)
    made = factor.new_codes(request.user)
    note(request, Act.CHANGED, "换了恢复码")
    return render(request, "accounts/codes.html.j2", {"codes": made, "fresh": False})


def _checked(request: Request, form: ConfirmForm) -> str | None:
    """Return what is wrong with password and code, None where nothing is; the code is used up."""
    if not form.is_valid() or not request.user.second_factor:
        return WRONG
    if not request.user.check_password(form.cleaned_data["password"]):
        return _refused(request, form, False)
    return _refused(request, form, factor.accept(request.user, form.cleaned_data["code"]))


def _refused(request: Request, form: ConfirmForm, code_fits: bool) -> str | None:
    """Return what is wrong; wrong tries count like wrong passwords at the door."""
    username, address = request.user.username, request.META.get("REMOTE_ADDR", "")
    if lockout.locked(username, address):
        return TOO_OFTEN
    if not (code_fits and request.user.check_password(form.cleaned_data["password"])):
        lockout.failed(username, address)
        return WRONG
    lockout.forgive(username)
    return None


def _page(
    request: Request, off: ConfirmForm | None = None, new: ConfirmForm | None = None
) -> HttpResponseBase:
    context = {
        "visits": visits_of(request.user),
        "here_key": request.session.session_key,
        "members": request.user.memberships.all(),
        "shops": {Membership.ALL_SHOPS: EVERY_SHOP, **known_shops()},
        "roles": {role.value: role.label for role in Role},
        "codes_left": factor.codes_left(request.user),
        "off": off or ConfirmForm(prefix="off"),
        "new": new or ConfirmForm(prefix="codes"),
        "open_form": "off" if off else "codes" if new else "",
    }
    return render(request, "accounts/account.html.j2", context)
