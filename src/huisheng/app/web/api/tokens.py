"""Make tokens, and find out whose a token is and what it opens."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from huisheng.app.web.accounts.access import Access, access_of
from huisheng.app.web.accounts.models import User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.models import Token

MARK = "hs_"
SECRET_BYTES = 32
SHOWN = 10
"""Characters of a token that stay visible."""
LONGEST = 100
USED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: writing it at every request would cost more than it tells."""


def make_token(
    user: User, name: str, rights: Iterable[Right], shops: Sequence[str], expires_at: datetime
) -> tuple[Token, str]:
    """Make a token of a person; return it with the text that is shown this once."""
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    made = Token.objects.create(
        user=user,
        name=name,
        prefix=secret[:SHOWN],
        digest=_digest(secret),
        rights=sorted(rights),
        shops=list(shops),
        expires_at=expires_at,
    )
    return made, secret


def find_token(authorization: str) -> Token | None:
    """Return the token that an `Authorization` header names, None where it opens nothing."""
    scheme, _, secret = authorization.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.startswith(MARK) or len(secret) > LONGEST:
        return None
    found = Token.objects.select_related("user").filter(digest=_digest(secret)).first()
    now = timezone.now()
    if found is None or not found.works(now) or not found.user.is_active:
        return None
    stale = Q(used_at=None) | Q(used_at__lt=now - USED_EVERY)
    Token.objects.filter(stale, pk=found.pk).update(used_at=now)
    return found


def access_by(token: Token) -> Access:
    """Return what a token opens now: what its person may do now, of what it was made for."""
    return access_of(token.user).within(token.held_rights, token.held_shops)


def revoke(token: Token) -> None:
    """Close a token for good."""
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
