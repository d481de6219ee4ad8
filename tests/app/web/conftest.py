"""The site over the demo shop, with an empty operational store for each test."""

import pytest

from tests.app.web.mailbox import mail, settings_of_mail  # noqa: F401
from tests.app.web.programs import program  # noqa: F401
from tests.app.web.two_shops import own, small, two_shops  # noqa: F401

PASSWORD = "correct-horse-7"


@pytest.fixture(scope="session")
def site(shop):
    """Set Django up over the demo shop's workspace and return the workspace."""
    from huisheng.app.web import prepare

    prepare(shop / "ws")
    return shop / "ws"


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
