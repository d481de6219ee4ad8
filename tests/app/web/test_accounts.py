"""Doors and people."""

import threading

import pytest

from tests.app.web.conftest import PASSWORD

VISITORS = 4
OWNER = {"username": "owner", "name": "店主", "password": PASSWORD, "again": PASSWORD}


def test_the_first_visitor_becomes_the_owner_and_nobody_after(visitor):
    assert visitor.get("/").url == "/first-visit"
    assert visitor.post("/first-visit", OWNER).url == "/"
    assert visitor.get("/").status_code == 200
    other = type(visitor)()
    assert other.get("/").url == "/sign-in?next=%2F"
    assert other.post("/first-visit", {**OWNER, "username": "thief"}).url == "/sign-in"


def test_of_several_first_visitors_at_once_one_becomes_the_owner(visitor, shipped_passwords):
    """The password is stretched between looking and writing, so all of them have looked."""
    from django.db import connections

    from huisheng.app.web.accounts.models import Membership, User

    together, said = threading.Barrier(VISITORS), []

    def visit(number):
        browser = type(visitor)()
        together.wait(timeout=60)
        answer = browser.post("/first-visit", {**OWNER, "username": f"visitor{number}"})
        said.append((answer.url, browser.get("/account/").status_code))
        connections.close_all()

    visits = [threading.Thread(target=visit, args=[number]) for number in range(VISITORS)]
    for one in visits:
        one.start()
    for one in visits:
        one.join()
    assert sorted(said) == [("/", 200), *[("/sign-in", 302)] * (VISITORS - 1)]
    (owner,) = User.objects.all()
    method, rounds, *_ = owner.password.split("$")
    assert method == "pbkdf2_sha256" and int(rounds) >= 600_000
    assert [(m.shop_id, m.role) for m in Membership.objects.all()] == [("*", "owner")]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"again": "something-else-9"}, "两次输入的密码不一样"),
        ({"password": "short", "again": "short"}, "10"),
        ({"password": "1029384756", "again": "1029384756"}, "数字"),
    ],
)
def test_a_weak_or_mistyped_password_makes_no_account(visitor, changed, complaint):
    answer = visitor.post("/first-visit", OWNER | changed)
    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    assert visitor.get("/").url == "/first-visit"


def test_five_wrong_passwords_close_the_door_for_the_right_one_too(person, visitor):
    person("owner")
    for _ in range(5):
        answer = visitor.post("/sign-in", {"username": "owner", "password": "wrong"})
        assert "不对" in answer.content.decode()
    answer = visitor.post("/sign-in", {"username": "owner", "password": PASSWORD})
    assert "15 分钟后" in answer.content.decode()


def test_a_second_factor_is_asked_for(person, visitor):
    import pyotp

    from huisheng.app.web.accounts.models import User

    person("owner")
    secret = pyotp.random_base32()
    User.objects.update(second_factor=secret)
    given = {"username": "owner", "password": PASSWORD}
    assert "不对" in visitor.post("/sign-in", given).content.decode()
    assert visitor.post("/sign-in", given | {"code": pyotp.TOTP(secret).now()}).url == "/"


def test_sign_in_leads_back_inside_and_never_to_another_site(person, visitor):
    person("owner")
    given = {"username": "owner", "password": PASSWORD}
    assert visitor.post("/sign-in?next=/findings/", given).url == "/findings/"
    assert type(visitor)().post("/sign-in?next=https://evil.example/", given).url == "/"


def test_a_new_person_must_choose_a_password_of_their_own(person):
    owner = person("owner")
    made = owner.post(
        "/people/new", {"username": "reader", "name": "读者", "shop_id": "*", "role": "reader"}
    )
    first = made.content.decode().split('第一个密码</dt><dd class="id">')[1].split("<")[0]
    browser = type(owner)()
    browser.post("/sign-in", {"username": "reader", "password": first})
    assert browser.get("/").url == "/password"
    chosen = {"current": first, "password": PASSWORD, "again": PASSWORD}
    assert browser.post("/password", chosen).url == "/"
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("role", ["manager", "qa", "agent", "department", "reader"])
def test_only_the_owner_manages_people(person, role):
    narrowed = {"department": "仓储部门"} if role == "department" else {}
    assert person(role, **narrowed).get("/people/").status_code == 403


def test_an_agent_comes_in_where_agents_may_be(person):
    answer = person("agent", agent_id="a1").get("/")
    assert answer.url == "/voices/words"


def test_a_person_who_was_let_go_is_out_at_once(person):
    from huisheng.app.web.accounts.models import User

    owner, reader = person("owner"), person("reader")
    assert reader.get("/").status_code == 200
    user = User.objects.get(username="reader")
    owner.post(f"/people/{user.pk}/active", {"active": "0"})
    assert reader.get("/").url.startswith("/sign-in")


def test_a_form_without_its_token_is_refused(person):
    from django.test import Client

    person("owner")
    strict = Client(enforce_csrf_checks=True)
    strict.login(username="owner", password=PASSWORD)
    assert strict.post("/sign-out").status_code == 403


def test_every_answer_forbids_what_we_did_not_serve(person):
    answer = person("owner").get("/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"style=" not in answer.content
