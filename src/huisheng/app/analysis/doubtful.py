"""Let a permitted language model judge the texts whose labels are in doubt, and land its verdicts.

Its labels have source `llm` and the version of the model that was not sure: they hold over that
version (and below every person, see `current_labels`), and give way to the next version until it
is in doubt as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from huisheng.app.analysis.labelling import Tell, label_records, texts_by_table
from huisheng.app.llm import (
    PROMPT_VERSION,
    Patience,
    Permission,
    Reading,
    Verdict,
    permitted,
    read_texts,
)
from huisheng.errors import BadInputError
from huisheng.lake import Engine, Workspace, open_engine, writing
from huisheng.language import MODEL_VERSION

DOUBTFUL = {"scene": 0.5, "sentiment": 0.55}
"""Heads that are asked about, and the probability of the best label below which they are."""
SOURCE = "llm"
MOST_ROWS = 20_000
"""Rows of one analysis that are asked about, the newest first; many say the same words."""
_VALUES = {"positive": 1, "neutral": 0, "negative": -1}
Row = dict[str, object]


def ask_about_doubtful(
    workspace: Workspace, *, now_us: int, tell: Tell, patience: Patience | None = None
) -> Reading | None:
    """Ask about what is in doubt and has not been answered; None where nobody allowed it.

    A service that fails, or a damaged permission, costs the answers, never the analysis.
    """
    try:
        permission = permitted(workspace)
    except BadInputError as exc:
        tell(str(exc))
        return None
    if permission is None:
        return None
    engine = open_engine(workspace)
    rows = _doubtful(engine)
    texts = list(dict.fromkeys(str(row["text"]) for row in rows))
    if not texts:
        return Reading()
    day = local_date(now_us, workspace.offset_us)
    reading = read_texts(workspace, permission, texts, day, tell=tell, patience=patience)
    said = [entry for row in rows for entry in _entries(row, reading.verdicts)]
    if said:
        _land(workspace, permission, said, now_us, tell)
    if reading.problem:
        tell(f"语言模型没有答完：{reading.problem}分析照常进行")
    return reading


def _doubtful(engine: Engine) -> list[Row]:
    """Return the rows in doubt: shop_id, table_name, row_id, at, text, and each head's best p."""
    labels = engine.table("labels")
    ours = labels.filter((labels.version == MODEL_VERSION) & labels.source.isin(("model", "rule")))
    best = {head: ours.p.max(where=ours["head"] == head) for head in DOUBTFUL}
    judged = ours.group_by("shop_id", "table_name", "row_id").aggregate(**best)
    low = ibis.or_(*[(judged[head] < p).fill_null(False) for head, p in DOUBTFUL.items()])
    settled = labels.filter(
        (labels.source == "human") | ((labels.source == SOURCE) & (labels.version == MODEL_VERSION))
    ).select("shop_id", "table_name", "row_id")
    left = judged.filter(low).anti_join(settled.distinct(), ["shop_id", "table_name", "row_id"])
    texts = ibis.union(
        *[
            table.select("shop_id", "row_id", "at", "text", table_name=ibis.literal(name))
            for name, table in texts_by_table(engine).items()
        ]
    )
    joined = left.inner_join(texts, ["shop_id", "table_name", "row_id"])
    newest = joined.order_by(joined["at"].desc(), "shop_id", "table_name", "row_id")
    found: list[Row] = engine.arrow(newest.limit(MOST_ROWS)).to_pylist()
    return found


def _entries(row: Row, verdicts: Mapping[str, Verdict]) -> Iterator[Row]:
    """Yield the labels of a row's heads that were in doubt."""
    verdict = verdicts.get(str(row["text"]))
    if verdict is None:
        return
    said = {
        "scene": (verdict.scene, 0),
        "sentiment": (verdict.sentiment, _VALUES[verdict.sentiment]),
    }
    for head, limit in DOUBTFUL.items():
        p = row[head]
        if isinstance(p, float) and p < limit:
            label, value = said[head]
            same = {name: row[name] for name in ("shop_id", "table_name", "row_id", "at")}
            yield {**same, "head": head, "label": label, "value": value, "p": None}


def _land(
    workspace: Workspace, permission: Permission, said: Sequence[Row], now_us: int, tell: Tell
) -> None:
    schema = {"at": pa.int64(), "value": pa.int64(), "p": pa.float64()}
    columns = {
        name: pa.array([row[name] for row in said], schema.get(name, pa.string()))
        for name in said[0]
    }
    offset_us = workspace.offset_us
    records = label_records(
        pa.table(columns), SOURCE, MODEL_VERSION, offset_us=offset_us, now_us=now_us
    )
    place = records.schema.get_field_index("source_file")
    by = pa.repeat(pa.scalar(f"{SOURCE}:{permission.model}:{PROMPT_VERSION}"), len(said))
    staged = workspace.lake / "staging" / "doubtful.parquet"
    staged.parent.mkdir(parents=True, exist_ok=True)
    try:
        pq.write_table(records.set_column(place, records.schema.field(place), by), staged)
        with writing(workspace, ["labels"], on_wait=tell) as write:
            write.upsert("labels", [staged])
    finally:
        staged.unlink(missing_ok=True)


def local_date(now_us: int, offset_us: int) -> date:
    """Return the shops' date at a moment, both in microseconds."""
    return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=now_us + offset_us)).date()
