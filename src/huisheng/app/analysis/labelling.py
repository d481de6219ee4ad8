"""Label every text that has no label of this model yet, and land the labels as records."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huisheng.lake import Engine, Workspace, open_engine, writing
from huisheng.language import MODEL_VERSION, Model, Turns, load_model
from huisheng.records import all_tables

SOURCES = {
    "reviews": ("review_no", ("content", "append_content"), "created_at"),
    "session_ratings": ("rating_id", ("comment",), "rated_at"),
    "refunds": ("refund_no", ("reason_text",), "applied_at"),
    "disputes": ("dispute_no", ("content",), "launched_at"),
    "tickets": ("ticket_no", ("content",), "created_at"),
}
"""Tables with buyers' words besides messages and survey answers: row id, text, instant."""

TEXTS_AT_ONCE = 100_000
CONTEXT_TURNS = 2
SPEAKERS = {"buyer": "buyer", "agent": "agent", "robot_assist": "agent", "robot_auto": "agent"}

Tell = Callable[[str], None]


def label_new_texts(workspace: Workspace, *, now_us: int, tell: Tell) -> int:
    """Label what is new in every table with buyers' words; return how many texts there were."""
    engine = open_engine(workspace)
    done = _labelled(engine)
    staging = workspace.lake / "staging" / "labels"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    model = load_model()
    staged: list[Path] = []
    count = 0
    try:
        for name, batch in _batches(engine, done):
            count += batch.num_rows
            tell(f"给文字打标签：{all_tables()[name].label}，已完成 {count:,} 条")
            path = staging / f"{len(staged):05}.parquet"
            labels = _labels(model, name, batch, engine.offset_us, now_us)
            pq.write_table(labels, path, compression="zstd")
            staged.append(path)
        if staged:
            with writing(workspace, ["labels"], on_wait=tell) as write:
                write.upsert("labels", staged)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return count


def _labelled(engine: Engine) -> ibis.Table:
    """Return the rows that this model has read: the sentiment head always answers."""
    labels = engine.table("labels")
    own = labels.filter((labels.version == MODEL_VERSION) & (labels["head"] == "sentiment"))
    return own.select("shop_id", "table_name", "row_id").distinct()


def _batches(engine: Engine, done: ibis.Table) -> Iterator[tuple[str, pa.Table]]:
    """Yield (table, rows with shop_id, row_id, at, text, and the turns before) not yet read."""
    for name, rows in texts_by_table(engine).items():
        for batch in engine.batches(_unread(engine, done, name, rows), TEXTS_AT_ONCE):
            if batch.num_rows:
                yield name, pa.table(batch)


def texts_by_table(engine: Engine) -> dict[str, ibis.Table]:
    """Return, of every table with buyers' words, shop_id, row_id, at and text of its rows.

    Messages have the turns before each besides.
    """
    own = {name: _texts(engine, name) for name in SOURCES}
    return {"messages": _messages(engine), **own, "survey_answers": _answers(engine)}


def _unread(engine: Engine, done: ibis.Table, name: str, rows: ibis.Table) -> ibis.Table:
    read = done.filter(done.table_name == name).select("shop_id", "row_id")
    return rows.anti_join(read, ["shop_id", "row_id"])


def _messages(engine: Engine) -> ibis.Table:
    """Return buyers' text lines with the two lines spoken before each in the conversation."""
    messages = engine.table("messages")
    spoken = messages.filter(
        (messages.type.fill_null("text") == "text")
        & messages.role.isin(tuple(SPEAKERS))
        & messages.text.notnull()
        & ~messages.is_recalled.fill_null(False)
    )
    order = [spoken.sent_at, spoken.seq, spoken.msg_id]
    before = ibis.window(group_by=[spoken.shop_id, spoken.conv_id], order_by=order)
    lines = spoken.select(
        "shop_id",
        row_id=spoken.msg_id,
        at=spoken.sent_at,
        text=spoken.text,
        role=spoken.role,
        **{f"text_{n}": spoken.text.lag(n).over(before) for n in range(1, CONTEXT_TURNS + 1)},
        **{f"role_{n}": spoken.role.lag(n).over(before) for n in range(1, CONTEXT_TURNS + 1)},
    )
    return lines.filter(lines.role == "buyer").drop("role")


def _texts(engine: Engine, name: str) -> ibis.Table:
    row_id, columns, at = SOURCES[name]
    rows = engine.table(name)
    text = rows[columns[0]].fill_null("")
    for column in columns[1:]:
        text = text + ibis.ifelse(rows[column].notnull(), "。" + rows[column], "")
    texts = rows.select("shop_id", row_id=rows[row_id], at=rows[at], text=text.fill_null(""))
    return texts.filter(texts.text != "")


def _answers(engine: Engine) -> ibis.Table:
    """Return each survey's written answers as one text."""
    answers = engine.table("survey_answers")
    written = answers.filter(answers.value_text.notnull() & answers.value_text.re_search("[一-龥]"))
    surveys = engine.table("surveys").select("shop_id", "survey_id", "answered_at", "sent_at")
    joined = written.inner_join(surveys, ["shop_id", "survey_id"])
    return joined.group_by("shop_id", row_id=joined.survey_id).aggregate(
        at=joined.answered_at.coalesce(joined.sent_at).max(), text=joined.value_text.max()
    )


def _labels(model: Model, name: str, batch: pa.Table, offset_us: int, now_us: int) -> pa.Table:
    texts = batch["text"].combine_chunks()
    found = model.label(texts, _contexts(batch)).long()
    rows = batch.select(["shop_id", "row_id", "at"]).take(found["item"])
    # Rules and linear heads speak as one model: its measured precision is theirs together.
    said = rows.append_column("table_name", pa.repeat(pa.scalar(name), found.num_rows))
    for column in ("head", "label", "value", "p"):
        said = said.append_column(column, found[column])
    return label_records(said, "model", MODEL_VERSION, offset_us=offset_us, now_us=now_us)


def label_records(
    said: pa.Table, source: str, version: str, *, offset_us: int, now_us: int
) -> pa.Table:
    """Return what one judge said as records of the table `labels`.

    `said` has shop_id, table_name, row_id, at, head, label, value and p.
    """
    count = said.num_rows
    columns = {
        **{name: said[name] for name in said.column_names},
        "value": said["value"].cast(pa.int64()),
        "p": said["p"].cast(pa.float64()),
        "source": pa.repeat(pa.scalar(source), count),
        "version": pa.repeat(pa.scalar(version), count),
        "source_file": pa.repeat(pa.scalar("huisheng.language"), count),
        "imported_at": pa.repeat(pa.scalar(now_us), count),
        "local_date": _local_dates(said["at"], offset_us),
    }
    schema = all_tables()["labels"].schema
    arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _contexts(batch: pa.Table) -> Turns | None:
    """Return the turns before each text, the latest last."""
    if "text_1" not in batch.column_names:
        return None
    turns = range(CONTEXT_TURNS, 0, -1)
    return Turns([batch[f"role_{n}"] for n in turns], [batch[f"text_{n}"] for n in turns])


def _local_dates(instants: pa.ChunkedArray, offset_us: int) -> pa.Array:
    """Return the local date of each instant, `none` where it is null; each day is written once."""
    local = pc.add(instants.combine_chunks().cast(pa.int64()), offset_us).cast(pa.timestamp("us"))
    days = pc.floor_temporal(local, unit="day").dictionary_encode()
    dates = pc.strftime(days.dictionary, format="%Y-%m-%d")
    return pc.fill_null(dates.take(days.indices), "none")
