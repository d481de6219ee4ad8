"""How many wrong passwords are too many."""

from datetime import timedelta

from django.utils import timezone

from huisheng.app.web.accounts.models import FailedSignIn

MINUTES = 15
PER_NAME, PER_ADDRESS = 5, 30


def locked(username: str, address: str) -> bool:
    """Return whether a name or an address has failed too often in the last minutes."""
    lately = FailedSignIn.objects.filter(at__gte=timezone.now() - timedelta(minutes=MINUTES))
    return (
        lately.filter(username=username).count() >= PER_NAME
        or lately.filter(address=address).count() >= PER_ADDRESS
    )


def failed(username: str, address: str) -> None:
    """Keep one failure, and forget those too old to matter."""
    FailedSignIn.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    FailedSignIn.objects.create(username=username[:150], address=address[:64])


def forgive(username: str) -> None:
    """Forget a name's failures once the right password came."""
    FailedSignIn.objects.filter(username=username).delete()
