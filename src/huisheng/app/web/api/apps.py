"""Tells the jobs what this room wants done about once an hour."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API."""

    name = "huisheng.app.web.api"

    def ready(self) -> None:
        """Hand over the work; the jobs do not know this room."""
        # Models can be imported only now.
        from huisheng.app.web.api.idempotency import forget_old
        from huisheng.app.web.jobs.regular import every_hour

        every_hour(forget_old)
