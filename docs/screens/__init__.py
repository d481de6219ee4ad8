"""The screens of the manual: which pages are taken, from `pages.yaml`."""

from dataclasses import dataclass
from pathlib import Path

import yaml

LIST = Path(__file__).parent / "pages.yaml"


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the application: where it is, who looks, how it is reached."""

    picture: str
    at: str
    view: str = ""
    visitor: str = "owner"
    follow: tuple[str, ...] = ()
    ask: str = ""
    open: str = ""
    status: int = 200


def screens() -> tuple[Screen, ...]:
    """Return every screen in the order of the list.

    Raises:
        ValueError: two screens write the same picture.
    """
    listed = yaml.safe_load(LIST.read_text("utf-8"))["screens"]
    found = tuple(
        Screen(**{**one, "follow": tuple(one.get("follow", ())), "picture": name})
        for name, one in listed.items()
    )
    if len({screen.picture for screen in found}) != len(found):
        raise ValueError(f"{LIST}: a picture is listed twice")
    return found


def views_without_page() -> dict[str, str]:
    """Return the names of views that show no page, each with the reason."""
    return dict(yaml.safe_load(LIST.read_text("utf-8"))["no_page"])
