"""Label every text with the merchant's concerns, whenever it was said, and land what changed.

Every analysis asks all texts again, so that a new edition of the concerns holds for history too,
and an order that became known late brings its category. Only rows whose concerns are others than
before are written, as judgements of the newest edition; what earlier editions said stays.
"""

from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from huisheng.app.analysis.labelling import TEXTS_AT_ONCE, Tell, label_records, texts_by_table
from huisheng.lake import Engine, Workspace, open_engine, writing
from huisheng.language import Book, ConcernReader, taxonomy
from huisheng.metrics import Facts

HEAD = "concern"
ROW = ("shop_id", "table_name", "row_id")
SAID = (*ROW, "label", "value")
NOTHING = "NONE"


def label_concerns(workspace: Workspace, book: Book, *, now_us: int, tell: Tell) -> int:
    """Bring the labels of all texts up to a book of concerns; return how many were written."""
    if not book.edition:
        return 0
    tell("按关注点给文字打标签")
    engine = open_engine(workspace)
    facts = Facts(engine, keeps_relations=True)
    found = _found(engine, ConcernReader(book, taxonomy()))
    said = _felt(facts, _of_category(facts, book, ibis.memtable(found)))
    news = engine.arrow(_news(facts, engine.kept(said)))
    if not news.num_rows:
        return 0
    news = news.append_column("head", pa.repeat(pa.scalar(HEAD), news.num_rows))
    news = news.append_column("p", pa.nulls(news.num_rows, pa.float64()))
    labels = label_records(
        news, "rule", str(book.edition), offset_us=engine.offset_us, now_us=now_us
    )
    _land(workspace, labels, tell)
    return len(labels)


def _land(workspace: Workspace, labels: pa.Table, tell: Tell) -> None:
    path: Path = workspace.lake / "staging" / "concerns.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        pq.write_table(labels, path, compression="zstd")
        with writing(workspace, ["labels"], on_wait=tell) as write:
            write.upsert("labels", [path])
    finally:
        path.unlink(missing_ok=True)


def _found(engine: Engine, reader: ConcernReader) -> pa.Table:
    """Return shop_id, table_name, row_id, label and its aspect of every concern in every text."""
    schema = pa.schema([(name, pa.string()) for name in (*ROW, "label", "aspect")])
    return pa.Table.from_batches(_batches(engine, reader, schema), schema)


def _batches(engine: Engine, reader: ConcernReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    live = [reader.book.defined[id_] for id_ in reader.book.live]
    names, aspects = pa.array([one.id for one in live]), pa.array([one.aspect for one in live])
    for table, rows in texts_by_table(engine).items() if live else ():
        suspects = rows.filter(rows.text.re_search(reader.raw_pattern))
        for batch in engine.batches(suspects.select("shop_id", "row_id", "text"), TEXTS_AT_ONCE):
            item, place = reader.read(batch.column("text"))
            yield pa.RecordBatch.from_arrays(
                [
                    batch.column("shop_id").take(pa.array(item)).cast(pa.string()),
                    pa.repeat(pa.scalar(table), len(item)),
                    batch.column("row_id").take(pa.array(item)).cast(pa.string()),
                    names.take(pa.array(place)),
                    aspects.take(pa.array(place)),
                ],
                schema=schema,
            )


def _of_category(facts: Facts, book: Book, found: ibis.Table) -> ibis.Table:
    """Drop concerns of other categories than those of the product a text is about."""
    wanted = [(id_, name) for id_ in book.live for name in book.defined[id_].categories]
    if not wanted:
        return found
    scopes = ibis.memtable(
        pa.table({"label": [id_ for id_, _ in wanted], "category": [name for _, name in wanted]})
    )
    mentions = facts.relation("mentions")
    about = mentions.filter(mentions["head"] == "sentiment").select(*ROW, "order_no", "product_id")
    ordered = facts.relation("order_products").select("shop_id", "order_no", "category").distinct()
    products = facts.relation("product_categories")
    categories = (
        about.inner_join(ordered, ["shop_id", "order_no"])
        .select(*ROW, "category")
        .union(about.inner_join(products, ["shop_id", "product_id"]).select(*ROW, "category"))
        .distinct()
    )
    limited = found.filter(found.label.isin([id_ for id_, _ in wanted]))
    inside = limited.inner_join(scopes, "label").semi_join(categories, [*ROW, "category"])
    others = found.filter(~found.label.isin([id_ for id_, _ in wanted]))
    return others.union(inside.select(found.columns).distinct())


def _felt(facts: Facts, found: ibis.Table) -> ibis.Table:
    """Add the polarity: that of the aspect a concern belongs to, else of the whole text."""
    holding = facts.relation("current_labels").select(*ROW, "head", "label", "value")
    aspects = holding.filter(holding["head"] == "aspect")
    of_aspect = aspects.select(*ROW, aspect="label", said="value").view()
    whole = holding.filter(holding["head"] == "sentiment").select(*ROW, whole="value").view()
    joined = found.left_join(of_aspect, [*ROW, "aspect"]).select(
        *[found[name] for name in found.columns], of_aspect.said
    )
    felt = joined.left_join(whole, list(ROW)).select(
        *[joined[name] for name in joined.columns], whole.whole
    )
    value = felt.said.coalesce(felt.whole, ibis.literal(0)).cast("int64")
    return felt.select(*ROW, "label", value=value).distinct()


def _news(facts: Facts, said: ibis.Table) -> ibis.Table:
    """Return what is to be written: of rows whose concerns changed all, or that there are none."""
    holding = facts.relation("current_labels")
    concerns = holding.filter(holding["head"] == HEAD)
    by_people = concerns.filter(concerns.source == "human").select(*ROW).distinct()
    before = facts.engine.kept(concerns.select(*SAID))
    changed = (
        said.anti_join(before, SAID)
        .select(*ROW)
        .union(before.anti_join(said, SAID).select(*ROW))
        .distinct()
        .anti_join(by_people, list(ROW))
    )
    changed = facts.engine.kept(changed)
    gone = changed.anti_join(said, list(ROW))
    nothing = gone.mutate(label=ibis.literal(NOTHING), value=ibis.literal(0, "int64"))
    news = said.semi_join(changed, list(ROW)).select(*SAID).union(nothing.select(*SAID))
    dated = holding.filter(holding["head"] == "sentiment").select(*ROW, "at").view()
    written = news.left_join(dated, list(ROW)).select(*[news[name] for name in SAID], dated["at"])
    return written.order_by(*ROW, "label")
