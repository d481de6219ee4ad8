"""Let a permitted language model suggest names for what buyers say that the taxonomy has none for.

What is asked about are the groups that an analysis has just counted. A name is kept as long as its
group's id, which is made of the shop and the leading phrase alone.
"""

from collections import defaultdict
from collections.abc import Sequence

import ibis

from huisheng.app.analysis.doubtful import local_date
from huisheng.app.analysis.labelling import Tell
from huisheng.app.analysis.spoken_terms import LEAST_CUSTOMERS, unnamed_id
from huisheng.app.llm import Group, Patience, name_groups, permitted
from huisheng.errors import BadInputError
from huisheng.lake import Engine, Workspace
from huisheng.metrics import Window
from huisheng.metrics.window import day_number

MOST_GROUPS = 20
"""Groups of one shop that are asked about, those of most conversations."""
EXAMPLES = 8
"""Messages read of one group, the latest; some say the same."""
GROUP = ("shop_id", "phrase")


def ask_for_names(
    workspace: Workspace,
    engine: Engine,
    unnamed: ibis.Table,
    period: Window,
    *,
    now_us: int,
    tell: Tell,
    patience: Patience | None = None,
) -> str:
    """Ask for names of each shop's largest groups of a period that have none yet.

    `unnamed` is the `unnamed_talks` of `spoken_terms`. Returns why it ended early, empty where it
    did not or nobody allowed it. A service that fails, or a damaged permission, costs the names,
    never the analysis.
    """
    try:
        permission = permitted(workspace)
    except BadInputError as exc:
        tell(str(exc))
        return str(exc)
    if permission is None:
        return ""
    day = local_date(now_us, workspace.offset_us)
    shops = _groups(engine, unnamed, period)
    problem = name_groups(workspace, permission, shops, day, tell=tell, patience=patience)
    if problem:
        tell(f"语言模型没有起完名字：{problem}分析照常进行")
    return problem


def _groups(engine: Engine, unnamed: ibis.Table, period: Window) -> Sequence[Sequence[Group]]:
    """Return the largest groups of each shop, with what their buyers said last."""
    days = day_number(period.start), day_number(period.end)
    said = unnamed.filter((unnamed.phrase != "") & unnamed.day.between(*days))
    sums = said.group_by(*GROUP).aggregate(talks=said.count(), customers=said.customer.nunique())
    sums = sums.filter(sums.customers >= LEAST_CUSTOMERS)
    by_size = ibis.window(group_by="shop_id", order_by=[sums.talks.desc(), sums.phrase])
    ranked = sums.mutate(place=ibis.row_number().over(by_size))
    largest = ranked.filter(ranked.place < MOST_GROUPS).select(*GROUP, "place")
    spoken = said.select(*GROUP, "day", "msg_id").inner_join(largest, GROUP)
    by_day = ibis.window(group_by=list(GROUP), order_by=[spoken.day.desc(), spoken.msg_id])
    dated = spoken.mutate(age=ibis.row_number().over(by_day))
    latest = dated.filter(dated.age < EXAMPLES)
    messages = engine.table("messages").select("shop_id", "msg_id", "text")
    rows = latest.inner_join(messages, ["shop_id", "msg_id"]).order_by("shop_id", "place", "age")
    quotes: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in engine.arrow(rows).to_pylist():
        quotes[row["shop_id"], row["phrase"]][row["text"]] = None
    shops: dict[str, list[Group]] = defaultdict(list)
    for (shop_id, phrase), texts in quotes.items():
        shops[shop_id].append(Group(unnamed_id(shop_id, phrase), phrase, tuple(texts)))
    return list(shops.values())
