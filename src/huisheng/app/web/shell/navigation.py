"""The rooms of the application, in the order of the loop, and who may enter."""

from dataclasses import dataclass

from huisheng.app.web.accounts.roles import Right


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the side bar."""

    name: str
    label: str
    right: Right


ROOMS = (
    Room("overview", "总览", Right.SEE_NUMBERS),
    Room("findings", "卡点", Right.SEE_FINDINGS),
    Room("people", "人员", Right.MANAGE_PEOPLE),
)
