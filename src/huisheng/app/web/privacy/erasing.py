"""Erase one buyer: out of the lake, the runs, the rejected rows and the judgements, for good.

Everything here may be done twice: a process that dies half way leaves what it had not published
untouched, and the next one finds the rest.
"""

from collections.abc import Callable

import pyarrow as pa
from django.utils import timezone

from huisheng.app.llm import forget_answers
from huisheng.app.steps import Step, Told
from huisheng.app.web.jobs.models import Job
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.app.web.privacy.models import SubjectRequest
from huisheng.app.web.privacy.subject import NAMED_BY, Subject, rows_about
from huisheng.app.web.privacy.traces import (
    Marks,
    forget_judgements,
    forget_quotes,
    forget_rejected,
)
from huisheng.errors import BadInputError
from huisheng.lake import Workspace, erasure, open_engine, read_manifest, writing
from huisheng.records import all_tables

Doomed = dict[str, pa.Table]


def erase(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Do an erasure job.

    Raises:
        BadInputError: its request is gone.
    """
    request = SubjectRequest.objects.filter(pk=job.payload.get("request")).first()
    if request is None:
        raise BadInputError("删除请求", "已经不在", "请重新查找这位买家")
    done = _erase_rows(workspace, request, job.made_at.isoformat(), told)
    told(Step("清理旧的数据文件", 0.9))
    erasure.purge(workspace, read_manifest(workspace.lake).versions)
    forget_answers(workspace)
    request.refresh_from_db()
    request.erased = _sum(request.erased, done)
    request.erased_at = timezone.now()
    # The pseudonyms stay, so that the buyer can be erased again if an old export brings them back.
    request.order_nos = [] if request.customer_keys else request.order_nos
    request.save()
    return Outcome({"erased": request.erased}, analyze=True)


def subject_of(request: SubjectRequest) -> Subject:
    """Return the buyer that a request is about."""
    return Subject(request.shop_id, tuple(request.customer_keys), tuple(request.order_nos))


def _erase_rows(
    workspace: Workspace, request: SubjectRequest, at: str, told: Told
) -> dict[str, int]:
    done: dict[str, int] = {}
    names = sorted(read_manifest(workspace.lake).versions)
    with writing(workspace, names, _waiting(told)) as write:
        told(Step("查找这位买家的记录", 0.05))
        doomed = _doomed(workspace, subject_of(request))
        marks = _marks(doomed)
        told(Step("删除引用过的原话", 0.2))
        done["quotes"] = forget_quotes(workspace, marks, at)
        done["rejected"] = forget_rejected(workspace, _numbers(doomed, request))
        done["judgements"] = forget_judgements(request.shop_id, marks)
        for place, (name, listed) in enumerate(sorted(doomed.items())):
            label = all_tables()[name].label
            told(Step(f"删除{label}", 0.3 + 0.6 * place / len(doomed), f"{listed.num_rows:,} 行"))
            met = erasure.keys_listed(name)
            done[name] = erasure.forget(write, workspace, name, met, listed=listed)
    return {name: count for name, count in done.items() if count}


def _doomed(workspace: Workspace, subject: Subject) -> Doomed:
    """Return the keys of the rows about a buyer, by table, none of them empty."""
    engine = open_engine(workspace)
    found = {
        name: engine.arrow(rows.select(*all_tables()[name].lake_key))
        for name, rows in rows_about(engine, subject).items()
    }
    return {name: keys for name, keys in found.items() if keys.num_rows}


def _marks(doomed: Doomed) -> Marks:
    return {
        name: frozenset(keys[all_tables()[name].key[0]].to_pylist())
        for name, keys in doomed.items()
        if all_tables()[name].key and name != "labels"
    }


def _numbers(doomed: Doomed, request: SubjectRequest) -> set[str]:
    """Return the numbers by which a row that never landed may name the buyer."""
    listed = {*request.order_nos, *request.customer_keys}
    for column, name in NAMED_BY.items():
        if name in doomed and column in doomed[name].column_names:
            listed |= set(doomed[name][column].to_pylist())
    return listed


def _waiting(told: Told) -> Callable[[str], None]:
    return lambda name: told(Step(f"等待别的写入结束（{name}）"))


def _sum(before: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + now.get(name, 0) for name in {**before, **now}}
