"""The second factor: six digits from a telephone, each taken once, and codes for its loss."""

import re
import secrets

import pyotp
import segno
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from huisheng.app.web.accounts.models import RecoveryCode, User

ISSUER = "回声"
STEP_S = 30
RECOVERY_CODES = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_SKEW = (0, -1, 1)
"""Telephones run up to one step ahead or behind (RFC 6238, section 5.2)."""


def new_secret() -> str:
    """Return a fresh TOTP secret."""
    return pyotp.random_base32()


def picture_of(user: User, secret: str) -> str:
    """Return a data URI of the QR code that an authenticator reads."""
    address = pyotp.TOTP(secret, name=user.username, issuer=ISSUER).provisioning_uri()
    picture = segno.make(address, error="m")
    return picture.svg_data_uri(scale=5, border=3, dark="#000", light="#fff")


def fits(secret: str, code: str) -> int | None:
    """Return the time step for which a code is right just now, None where it is wrong."""
    given = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", given):
        return None
    now = int(timezone.now().timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    for skew in _SKEW:
        if secrets.compare_digest(totp.at((now + skew) * STEP_S), given):
            return now + skew
    return None


def accept(user: User, code: str) -> bool:
    """Take a code of the telephone or a recovery code; the same one is never taken again."""
    step = fits(user.second_factor, code)
    if step is not None:
        unused = User.objects.filter(pk=user.pk, second_factor_step__lt=step)
        return bool(unused.update(second_factor_step=step))
    unused_codes = RecoveryCode.objects.filter(user=user, used_at=None)
    return bool(unused_codes.filter(digest=_digest(user, code)).update(used_at=timezone.now()))


def switch_on(user: User, secret: str, step: int) -> list[str]:
    """Ask for the second factor from now on; return the recovery codes, which nobody keeps."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(second_factor=secret, second_factor_step=step)
        return new_codes(user)


def switch_off(user: User) -> None:
    """Ask for the password alone from now on."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(second_factor="", second_factor_step=0)
        RecoveryCode.objects.filter(user=user).delete()


def new_codes(user: User) -> list[str]:
    """Make new recovery codes in place of the old ones."""
    codes = [_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
        )
    return codes


def codes_left(user: User) -> int:
    """Return how many recovery codes are still good."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _digest(user: User, code: str) -> str:
    # A keyed hash is enough for 49 random bits: without the key there is nothing to try against.
    plain = re.sub(r"[\s-]", "", code).upper()
    return salted_hmac("huisheng.recovery", f"{user.pk}:{plain}", algorithm="sha256").hexdigest()
