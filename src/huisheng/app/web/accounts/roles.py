"""Who may do what: roles are fixed, people are given one per shop."""

from enum import StrEnum


class Right(StrEnum):
    """One thing a person may be allowed to do in a shop."""

    SEE_NUMBERS = "see_numbers"
    SEE_FINDINGS = "see_findings"
    SEE_CONVERSATIONS = "see_conversations"
    JUDGE_FINDINGS = "judge_findings"
    CORRECT_LABELS = "correct_labels"
    IMPORT_DATA = "import_data"
    EXPORT = "export"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"
    CHANGE_SETTINGS = "change_settings"
    HANDLE_PRIVACY = "handle_privacy"
    APPROVE_EXPORTS = "approve_exports"


class Role(StrEnum):
    """A person's place in a shop."""

    OWNER = "owner"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    QA = "qa"
    AGENT = "agent"
    TRAINER = "trainer"
    DEPARTMENT = "department"
    SUPPLIER = "supplier"
    READER = "reader"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _LABELS[self]

    @property
    def rights(self) -> frozenset[Right]:
        """Return what the role may do."""
        return _RIGHTS[self]


_LABELS = {
    Role.OWNER: "店主",
    Role.MANAGER: "客服经理",
    Role.SUPERVISOR: "客服主管",
    Role.QA: "质检",
    Role.AGENT: "客服",
    Role.TRAINER: "机器人训练师",
    Role.DEPARTMENT: "责任部门",
    Role.SUPPLIER: "供应商",
    Role.READER: "只读",
}
_LOOK = frozenset({Right.SEE_NUMBERS, Right.SEE_FINDINGS})
_READ = _LOOK | {Right.SEE_CONVERSATIONS}
_RIGHTS = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.MANAGE_PEOPLE},
    Role.SUPERVISOR: _READ | {Right.JUDGE_FINDINGS, Right.CORRECT_LABELS, Right.EXPORT},
    Role.QA: _READ | {Right.JUDGE_FINDINGS, Right.CORRECT_LABELS},
    Role.AGENT: frozenset({Right.SEE_CONVERSATIONS}),
    Role.TRAINER: _READ | {Right.CORRECT_LABELS},
    # A department sees what is its own to mend, and may say that it is not.
    Role.DEPARTMENT: frozenset({Right.SEE_FINDINGS, Right.JUDGE_FINDINGS}),
    Role.SUPPLIER: frozenset({Right.SEE_FINDINGS}),
    Role.READER: _LOOK,
}
