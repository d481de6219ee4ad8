"""First visit, signing in and out, one's own password."""

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from huisheng.app.web.accounts import lockout
from huisheng.app.web.accounts.editing import change_password
from huisheng.app.web.accounts.factor import accept
from huisheng.app.web.accounts.forms import OwnerForm, OwnPasswordForm, SignInForm
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Role
from huisheng.app.web.accounts.visits import remember, working_tokens
from huisheng.app.web.audit.models import Act, note


@require_http_methods(["GET", "POST"])
def first_visit(request: HttpRequest) -> HttpResponseBase:
    """Let the very first visitor make the owner's account; nobody after that."""
    if User.objects.exists():
        return redirect("sign-in")
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = _make_owner(form.cleaned_data)
        if user is None:
            return redirect("sign-in")
        login(request, user)
        remember(request)
        note(request, Act.SIGNED_IN, "首次访问，建立店主账号")
        return redirect("overview")
    return render(request, "accounts/first_visit.html.j2", {"form": form})


def _make_owner(given: dict[str, str]) -> User | None:
    """Make the owner, unless another visitor was quicker."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # Rows that are not there yet cannot be held; SQLite has one writer at a time anyway.
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {User._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        if User.objects.exists():
            return None
        user = User.objects.create(given["username"], given["name"], given["password"])
        Membership.objects.create(user=user, shop_id=Membership.ALL_SHOPS, role=Role.OWNER)
    return user


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Check name, password and second factor; too many failures close the door for a while."""
    form = SignInForm(request.POST or None)
    wanted = request.GET.get("next", "/")
    if request.method == "POST" and form.is_valid():
        problem = _try(request, form.cleaned_data)
        if problem is None:
            inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
            return redirect(wanted if inside else "overview")
        form.add_error(None, problem)
    return render(request, "accounts/sign_in.html.j2", {"form": form})


def _try(request: HttpRequest, given: dict[str, str]) -> str | None:
    """Sign in; return what is wrong, None where nothing is."""
    username, address = given["username"], request.META.get("REMOTE_ADDR", "")
    if lockout.locked(username, address):
        return f"连续输错太多次，请 {lockout.MINUTES} 分钟后再试"
    user = authenticate(request, username=username, password=given["password"])
    if not isinstance(user, User) or not _second_factor_fits(user, given["code"]):
        lockout.failed(username, address)
        return "登录名、密码或动态码不对"
    lockout.forgive(username)
    login(request, user)
    remember(request)
    note(request, Act.SIGNED_IN, "登录")
    return None


def _second_factor_fits(user: User, code: str) -> bool:
    return not user.second_factor or accept(user, code)


@require_POST
def sign_out(request: Request) -> HttpResponseBase:
    """End the session."""
    note(request, Act.SIGNED_OUT, "退出")
    logout(request)
    return redirect("sign-in")


@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponseBase:
    """Change one's own password; other sessions and the tokens of the person end with it."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(request.user, form.cleaned_data["password"])
        update_session_auth_hash(request, request.user)
        note(request, Act.CHANGED, "改了自己的密码")
        return redirect("overview")
    context = {"form": form, "tokens": working_tokens(request.user)}
    return render(request, "accounts/password.html.j2", context)
