"""The second factor: confirmed, taken once, recovered, switched off, reset by the owner."""

import re

import pyotp
import pytest

from tests.app.web.conftest import PASSWORD
from tests.app.web.two_shops import text_of


def user_of(username):
    from huisheng.app.web.accounts.models import User

    return User.objects.get(username=username)


@pytest.fixture
def clock(monkeypatch):
    """Move the clock by steps of a TOTP, so that no test waits for one."""
    from datetime import timedelta

    from django.utils import timezone

    from huisheng.app.web.accounts import factor

    moved = {"steps": 0}

    class Clock:
        def now(self):
            return timezone.now() + timedelta(seconds=30 * moved["steps"])

    monkeypatch.setattr(factor, "timezone", Clock())

    def code(secret):
        return pyotp.TOTP(secret).at(int(Clock().now().timestamp()))

    def forward():
        moved["steps"] += 1

    return code, forward


def enrolled(browser, code):
    browser.post("/account/second-factor/start")
    page = browser.get("/account/second-factor").content.decode()
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)[1]
    answer = browser.post("/account/second-factor", {"password": PASSWORD, "code": code(secret)})
    return secret, re.findall(r"<li><code>([A-Z0-9-]+)</code>", answer.content.decode())


def sign_in(browser, code=""):
    answer = browser.post("/sign-in", {"username": "owner", "password": PASSWORD, "code": code})
    return answer.status_code == 302


def test_a_second_factor_counts_once_a_code_confirms_it(person, small, clock):
    code, _ = clock
    owner = person("owner")
    owner.post("/account/second-factor/start")
    page = owner.get("/account/second-factor").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)[1]
    wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
    for given in ({"code": wrong, "password": PASSWORD}, {"code": code(secret), "password": "no"}):
        assert "不对" in owner.post("/account/second-factor", given).content.decode()
        assert user_of("owner").second_factor == ""
        assert sign_in(type(owner)())


def test_a_code_of_the_telephone_is_taken_once(person, small, clock):
    code, forward = clock
    owner = person("owner")
    secret, _ = enrolled(owner, code)
    assert not sign_in(type(owner)())
    assert not sign_in(type(owner)(), code(secret)), "it confirmed the enrolment already"
    forward()
    assert sign_in(type(owner)(), code(secret))
    assert not sign_in(type(owner)(), code(secret))


def test_a_recovery_code_opens_the_door_once(person, small, clock):
    owner = person("owner")
    _, codes = enrolled(owner, clock[0])
    assert len(set(codes)) == 10
    assert sign_in(type(owner)(), codes[0].lower().replace("-", ""))
    assert not sign_in(type(owner)(), codes[0])
    from huisheng.app.web.accounts.models import RecoveryCode

    kept = RecoveryCode.objects.values_list("digest", flat=True)
    assert not any(part in digest.upper() for digest in kept for part in codes[1].split("-"))
    assert "还有 9 个恢复码" in text_of(owner.get("/account/").content.decode())
    given = {"codes-password": PASSWORD, "codes-code": codes[1]}
    fresh = owner.post("/account/second-factor/codes", given)
    assert "恢复码已更换" in fresh.content.decode()
    assert not sign_in(type(owner)(), codes[2]), "the old ones are good no more"


def test_switching_off_takes_password_and_code(person, small, clock):
    code, forward = clock
    owner = person("owner")
    secret, _ = enrolled(owner, code)
    forward()
    for given in ({"off-password": "no", "off-code": code(secret)},
                  {"off-password": PASSWORD, "off-code": "000000"},
                  {}):  # fmt: skip
        assert "不对" in owner.post("/account/second-factor/off", given).content.decode()
        assert user_of("owner").second_factor
    given = {"off-password": PASSWORD, "off-code": code(secret)}
    assert owner.post("/account/second-factor/off", given).status_code == 302
    assert user_of("owner").second_factor == ""
    assert sign_in(type(owner)())


def test_guessing_codes_at_an_open_page_closes_the_door(person, small, clock):
    code, forward = clock
    owner = person("owner")
    secret, _ = enrolled(owner, code)
    forward()
    for _ in range(5):
        owner.post("/account/second-factor/off", {"off-password": "no", "off-code": "1"})
    right = {"off-password": PASSWORD, "off-code": code(secret)}
    page = owner.post("/account/second-factor/off", right).content.decode()
    assert "15 分钟后" in page
    assert user_of("owner").second_factor


def test_an_owner_resets_the_factor_of_who_lost_the_telephone(person, small, clock):
    owner, lost = person("owner", username="boss"), person("owner")
    enrolled(lost, clock[0])
    assert not sign_in(type(owner)())
    owner.post(f"/people/{user_of('owner').pk}/second-factor")
    assert sign_in(type(owner)())
    from huisheng.app.web.audit.models import Event

    person_reset = "关闭 owner（owner）的两步验证"
    assert Event.objects.filter(about=person_reset, user__username="boss").exists()
