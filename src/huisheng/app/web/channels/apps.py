"""Tells the jobs what this room does for them."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """The room of channels."""

    name = "huisheng.app.web.channels"

    def ready(self) -> None:
        """Hand over the work; the jobs do not know this room."""
        # Models can be imported only now.
        from huisheng.app.web.channels.telling import schedule, tell
        from huisheng.app.web.jobs.models import Kind
        from huisheng.app.web.jobs.regular import every_hour
        from huisheng.app.web.jobs.work import register

        register(Kind.TELL, tell)
        every_hour(schedule)
