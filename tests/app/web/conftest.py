"""The site over the demo shop, with an empty operational store for each test."""

import os

import pytest

from tests.app.web.mailbox import mail, settings_of_mail  # noqa: F401
from tests.app.web.programs import program  # noqa: F401
from tests.app.web.two_shops import own, small, two_shops  # noqa: F401

PASSWORD = "correct-horse-7"


@pytest.fixture(scope="session")
def shipped_hashers(shop):
    """Set Django up over the demo shop's workspace and return how it keeps passwords."""
    from huisheng.app.web import prepare

    prepare(shop / "ws")
    from django.conf import settings

    return settings.PASSWORD_HASHERS


@pytest.fixture(scope="session")
def site(shop, shipped_hashers):
    """Return the workspace Django is set up over; passwords are hashed in a moment."""
    from django.test import override_settings

    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *shipped_hashers]):
        yield shop / "ws"


@pytest.fixture
def shipped_passwords(site, shipped_hashers):
    """Hash passwords as a shop's server does."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=shipped_hashers):
        yield


@pytest.fixture
def database(site):
    """Return the address of the site's operational store, for processes of their own."""
    return os.environ.get("HUISHENG_DATABASE_URL") or f"sqlite:///{site / 'desk.sqlite3'}"


@pytest.fixture
def visitor(site):
    """Return a browser nobody is signed in to; nobody has an account yet."""
    from django.core.management import call_command
    from django.test import Client

    call_command("flush", interactive=False, verbosity=0)
    return Client()


@pytest.fixture
def person(visitor):
    """Return a function that makes a person and returns a browser they are signed in to."""
    from django.test import Client

    from huisheng.app.web.accounts.models import Membership, User

    def make(role="owner", shop_id="*", username=None, **narrowed):
        user = User.objects.create(username or role, role, PASSWORD)
        Membership.objects.create(user=user, shop_id=shop_id, role=role, **narrowed)
        browser = Client()
        assert browser.login(username=user.username, password=PASSWORD)
        return browser

    return make
