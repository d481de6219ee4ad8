"""命令行: every command with its options, exit codes and errors."""

from collections.abc import Iterator

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from huisheng.app.cli import EXIT_BAD_INPUT, EXIT_UNAVAILABLE, app
from huisheng.errors import HuishengError
from pages.markdown import code, page_of, table

ERRORS = {
    "DefinitionError": ("定义文件（指标、连接器、分类体系等）写错了", "按提示改那个文件"),
    "BadInputError": ("导入的文件、选项或计划读不成它该有的样子", "按提示改正后重来"),
    "UnknownNameError": ("没有这个编号", "提示会给出相近的名字"),
    "NotAllowedError": ("流程或权限不允许这一步", "目前的命令不会触发，为流程与权限预留"),
    "UnavailableError": ("依赖的东西不可用：磁盘、锁、别的进程", "稍后重试，或按提示处理"),
}
"""What each leaf of `errors.py` means to a user, and what to do."""

Parameter = TyperArgument | TyperOption


def page() -> str:
    """Return the page."""
    return page_of(
        "命令行",
        "每个命令都可以加 `--help`。读写工作区的命令都有 `--workspace`，"
        "也可以设环境变量 `HUISHENG_WORKSPACE`。",
        *(_command(path, command) for path, command in commands()),
        "## 退出码",
        table(
            ("退出码", "意思"),
            [
                ("0", "完成"),
                ("1", "程序缺陷，请附上输出报告给我们"),
                (str(EXIT_BAD_INPUT), "输入有误，提示写明哪里、什么、怎么办"),
                (str(EXIT_UNAVAILABLE), "依赖的东西不可用，或被中断"),
            ],
        ),
        "## 错误",
        table(("错误", "意思", "怎么办", "退出码"), map(_error, HuishengError.__subclasses__())),
    )


def commands() -> Iterator[tuple[str, TyperCommand]]:
    """Yield every command with the words that call it."""
    yield from _below("huisheng", get_command(app))


def _below(path: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    match command:
        case TyperGroup():
            for name, child in command.commands.items():
                yield from _below(f"{path} {name}", child)
        case TyperCommand():
            yield path, command


def _command(path: str, command: TyperCommand) -> str:
    parameters = [each for each in command.params if isinstance(each, Parameter)]
    arguments = [_usage(each) for each in parameters if isinstance(each, TyperArgument)]
    shown = table(
        ("参数", "意思", "默认"),
        [(_name(each), each.help or "", _default(each)) for each in parameters],
    )
    usage = " ".join((path, *arguments, "[选项]"))
    return "\n\n".join((f"## {path}", command.help or "", f"```\n{usage}\n```", shown))


def _usage(argument: TyperArgument) -> str:
    return argument.metavar or (argument.name or "").upper()


def _name(parameter: Parameter) -> str:
    match parameter:
        case TyperArgument():
            return code(_usage(parameter))
        case _:
            return code("/".join((*parameter.opts, *parameter.secondary_opts)))


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "必填"
    no_default = parameter.default is None or isinstance(parameter.default, bool)
    return "" if no_default else code(str(parameter.default))


def _error(leaf: type[HuishengError]) -> tuple[str, str, str, str]:
    meaning, remedy = ERRORS[leaf.__name__]
    exits = EXIT_UNAVAILABLE if leaf.__name__ == "UnavailableError" else EXIT_BAD_INPUT
    return code(leaf.__name__), meaning, remedy, str(exits)
