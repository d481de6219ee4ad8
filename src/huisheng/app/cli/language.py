"""`huisheng label` and `huisheng dissatisfaction`: JSON lines in, JSON lines out."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer

from huisheng.app.cli.console import DEFAULT_WORKSPACE, WorkspaceOption
from huisheng.app.cli.conversations import judged
from huisheng.app.cli.entity_lines import with_entities
from huisheng.app.cli.explained_lines import with_reasons
from huisheng.app.licences import licences
from huisheng.app.spoken import turns_before
from huisheng.errors import BadInputError
from huisheng.lake import open_workspace
from huisheng.language import Turn, licence, load_model

LINES_AT_ONCE = 8192


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("label")(label)
    app.command("dissatisfaction")(dissatisfaction)


def label(
    in_: Annotated[Path | None, typer.Option("--in", help="JSON 行文件，默认标准输入")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪里，默认标准输出")] = None,
    entities: Annotated[
        bool, typer.Option("--entities", help="另给尺码、身高体重、金额、时间、承诺、赠品等实体")
    ] = False,
    rivals: Annotated[
        list[str] | None, typer.Option("--rival", help="自家竞品的名字，可多次，配合 --entities")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="另说明每个标签由哪些字词与规则决定、判断许可如何")
    ] = False,
    shop: Annotated[
        str | None, typer.Option("--shop", help="按这家店自己量的判断许可，配合 --explain")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """给文字打标签：场景、方面与极性、情感、情绪、风险。"""
    answers: Answers = with_entities(_labelled, rivals or ()) if entities else _labelled
    if explain:
        holding = licences(open_workspace(workspace), shop) if shop else licence.Licences()
        answers = with_reasons(answers, holding)
    _answer_lines(in_, out, answers)


def dissatisfaction(
    in_: Annotated[Path | None, typer.Option("--in", help="JSON 行文件，默认标准输入")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪里，默认标准输出")] = None,
) -> None:
    """判断整段会话：买家离开时不满意的可能、原因、哪几句看出来、情绪怎么走。"""
    _answer_lines(in_, out, judged)


Answers = Callable[[list[tuple[int, str]]], Iterator[dict[str, object]]]


def _answer_lines(in_: Path | None, out: Path | None, answers: Answers) -> None:
    with ExitStack() as stack:
        source = stack.enter_context(_opened(in_)) if in_ else sys.stdin
        target = stack.enter_context(out.open("w", encoding="utf-8")) if out else sys.stdout
        for lines in _chunks(source):
            for answer in answers(lines):
                target.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")


def _opened(path: Path) -> TextIO:
    if not path.is_file():
        raise BadInputError(str(path), "没有这个文件", "请检查 --in 的路径")
    return path.open(encoding="utf-8-sig", errors="replace")


def _chunks(source: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    numbered = ((number, line) for number, line in enumerate(source, start=1) if line.strip())
    while chunk := list(islice(numbered, LINES_AT_ONCE)):
        yield chunk


def _labelled(lines: list[tuple[int, str]]) -> Iterator[dict[str, object]]:
    requests = [_request(number, line) for number, line in lines]
    texts = [text for _, text, _ in requests]
    labels = load_model().label(texts, [context for _, _, context in requests])
    for index, (id_, _, _) in enumerate(requests):
        yield {"id": id_, **labels.as_json(index)}


def _request(number: int, line: str) -> tuple[object, str, tuple[Turn, ...]]:
    where = f"第 {number} 行"
    try:
        content = json.loads(line)
    except ValueError as exc:
        raise BadInputError(where, "不是 JSON", '每行应为 {"id": …, "text": …}') from exc
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise BadInputError(where, "没有文字字段 text", '每行应为 {"id": …, "text": …}')
    return content.get("id"), content["text"], turns_before(where, content.get("context") or [])
