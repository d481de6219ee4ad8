"""Every error this package raises on purpose, in one tree.

Bottom layer: imports nothing from huisheng. Anything that is not a `HuishengError` is a bug and
must surface. Messages are Chinese, for the person at the keyboard: where, what, what to do.
"""


class HuishengError(Exception):
    """Base of all expected failures; `str(error)` is the sentence shown to the user."""


class DefinitionError(HuishengError):
    """A definition file (metric, connector, taxonomy, workflow …) is wrong.

    Args:
        file: the definition's file, as its author knows it.
        problem: what is wrong with it.
    """

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"定义文件 {file} 有误：{problem}")
        self.file = file
        self.problem = problem


class BadInputError(HuishengError):
    """What a merchant handed over cannot be read as what it claims to be.

    Args:
        where: file, row or option at fault.
        problem: what is wrong.
        remedy: what to do about it.
    """

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(f"{where}：{problem}。{remedy}")
        self.where = where
        self.problem = problem
        self.remedy = remedy


class UnknownNameError(HuishengError):
    """Someone asked for a name that no definition has."""


class NotAllowedError(HuishengError):
    """A workflow or a permission forbids the requested step."""


class UnavailableError(HuishengError):
    """Something we depend on is down: a disk, a lock, a server.

    Args:
        message: where, what, what to do.
        permanent: True when trying again cannot help.
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
