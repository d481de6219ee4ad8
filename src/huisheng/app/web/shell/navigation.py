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
    Room("measures", "指标", Right.SEE_NUMBERS),
    Room("voices", "顾客之声", Right.SEE_CONVERSATIONS),
    Room("findings", "卡点", Right.SEE_FINDINGS),
    Room("data", "数据", Right.IMPORT_DATA),
    Room("settings", "设置", Right.CHANGE_SETTINGS),
    Room("people", "人员", Right.MANAGE_PEOPLE),
    Room("audit", "审计", Right.SEE_AUDIT),
    Room("privacy", "隐私", Right.HANDLE_PRIVACY),
)
