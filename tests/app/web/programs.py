"""Programs that knock at the API, for the tests of it."""

import json
from datetime import timedelta

import pytest

API = "/api/v1"


class Program:
    """Asks with a token, and checks that whatever goes wrong is said in the one shape."""

    def __init__(self, secret, token=None):
        from django.test import Client

        self.secret, self.token = secret, token
        self._client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def ask(self, path, status=200, **query):
        return self._checked(self._client.get(API + path, query), status)

    def tell(self, path, content, status=200, key=None, method="POST"):
        body = content if isinstance(content, (bytes, str)) else json.dumps(content)
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._client.generic(
            method, API + path, body, content_type="application/json", headers=headers
        )
        return self._checked(answer, status)

    def send(self, files, status=202, key=None, **fields):
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._client.post(
            f"{API}/data/uploads", {**fields, "files": files}, headers=headers
        )
        return self._checked(answer, status)

    def raw(self, method, path, **more):
        return self._client.generic(method, API + path, **more)

    def raw_question(self, path, query):
        return self._client.get(API + path, query)

    def _checked(self, answer, status):
        assert answer.status_code == status, (answer.status_code, answer.content.decode())
        found = json.loads(answer.content)
        if status >= 400:
            assert set(found) == {"error"}
            assert set(found["error"]) == {"code", "message"}
            assert "：" in found["error"]["message"], "where, what, what to do"
        self.headers = answer.headers
        return found


@pytest.fixture
def program(visitor):
    """Return a function that makes a person with a token, and the program that has it."""
    from django.utils import timezone

    from huisheng.app.web.accounts.models import Membership, User
    from huisheng.app.web.accounts.roles import Right
    from huisheng.app.web.api.tokens import make_token

    def make(role="owner", shop_id="*", rights=None, shops=(), days=1, name="", **narrowed):
        user = User.objects.create(name or role, role, "correct-horse-7")
        Membership.objects.create(user=user, shop_id=shop_id, role=role, **narrowed)
        until = timezone.now() + timedelta(days=days)
        token, secret = make_token(user, "仓库的ERP", rights or list(Right), shops, until)
        return Program(secret, token)

    return make
