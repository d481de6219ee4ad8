"""The `huisheng` command. One module per step of the loop; errors become exit codes here.

Commands import what only they need when they run: the statistics alone take two seconds of
processor time to load, and an import of files never asks them anything.
"""

import sys
from typing import NoReturn

import typer

from huisheng.app.cli import demo, evaluation, language, metrics, pipeline, serving, verification
from huisheng.app.cli.console import EXIT_BAD_INPUT, EXIT_UNAVAILABLE, errors
from huisheng.errors import HuishengError, UnavailableError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="回声：买家说的话，回来变成更好的服务。",
)
pipeline.register(app)
language.register(app)
evaluation.register(app)
verification.register(app)
serving.register(app)
demo.register(app)
app.add_typer(metrics.app, name="metrics")


def main() -> NoReturn:
    """Run the command line: 0 done, 2 the input is wrong, 3 something is down, 1 a bug."""
    try:
        app()
    except UnavailableError as exc:
        _stop(str(exc), EXIT_UNAVAILABLE)
    except HuishengError as exc:
        _stop(str(exc), EXIT_BAD_INPUT)
    except OSError as exc:
        _stop(f"系统拒绝了读写：{exc}。请检查磁盘空间与权限后重试。", EXIT_UNAVAILABLE)
    except KeyboardInterrupt:
        _stop("已中断，没有写完的部分不会生效。", EXIT_UNAVAILABLE)
    sys.exit(0)


def _stop(message: str, code: int) -> NoReturn:
    errors.print(message, style="bold red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)


__all__ = ["app", "main"]
