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
    status: int = 200


def screens() -> tuple[Screen, ...]:
    """Return every screen in the order of the list."""
    listed = yaml.safe_load(LIST.read_text("utf-8"))["screens"]
    return tuple(
        Screen(**{**one, "follow": tuple(one.get("follow", ())), "picture": name})
        for name, one in listed.items()
    )
