"""Tells the jobs what this room does for them."""

from django.apps import AppConfig


class DigestConfig(AppConfig):
    """The digest room."""

    name = "huisheng.app.web.digest"

    def ready(self) -> None:
        """Hand over the work; the jobs do not know this room."""
        # Models can be imported only now.
        from huisheng.app.web.digest.posting import post, schedule
        from huisheng.app.web.jobs.models import Kind
        from huisheng.app.web.jobs.regular import every_hour
        from huisheng.app.web.jobs.work import register

        register(Kind.DIGEST, post)
        every_hour(schedule)
