"""The Jinja environment of all pages: the same engine and chart macros as the report."""

from pathlib import Path

from django.apps import apps
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from huisheng.app.report.amounts import amount, count, yuan
from huisheng.app.report.labels import QUALITY, WEEKDAYS
from huisheng.app.web.shell.navigation import ROOMS
from huisheng.app.web.shell.wording import ago, local_time

OURS = "huisheng.app.web."


def rooms_with_pages() -> list[str]:
    """Return the installed rooms that have templates, each in `templates/<room>/`."""
    return [
        room.name
        for room in apps.get_app_configs()
        if room.name.startswith(OURS) and (Path(room.path) / "templates").is_dir()
    ]


def environment(**options: object) -> Environment:
    """Return the environment; an unknown name in a template is an error, never an empty string."""
    made = Environment(
        loader=ChoiceLoader(
            [
                *(PackageLoader(room, "templates") for room in rooms_with_pages()),
                PackageLoader("huisheng.app.report", "templates"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        url=reverse,
        static=static,
        csrf_token_of=get_token,
        rooms=ROOMS,
        weekdays=WEEKDAYS,
        quality_names=QUALITY,
    )
    made.filters.update(amount=amount, count=count, yuan=yuan, local_time=local_time, ago=ago)
    return made
