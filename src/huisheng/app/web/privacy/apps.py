"""Tells the jobs what this room does for them."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The privacy room."""

    name = "huisheng.app.web.privacy"

    def ready(self) -> None:
        """Hand over the work; the jobs do not know this room."""
        # Models can be imported only now.
        from huisheng.app.web.jobs.models import Kind
        from huisheng.app.web.jobs.regular import every_hour
        from huisheng.app.web.jobs.work import register
        from huisheng.app.web.privacy.erasing import erase
        from huisheng.app.web.privacy.retaining import apply_policy, schedule

        register(Kind.ERASE, erase)
        register(Kind.RETAIN, apply_policy)
        every_hour(schedule)
