"""The texts of a shop that people may be asked to judge: drawn from the lake, or found there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.lake import Engine
from huisheng.language import MODEL_VERSION, licence


@dataclass(frozen=True, slots=True)
class Stored:
    """A text of the lake with the lines before it, oldest first, one below the other."""

    text: str
    context: str


def sample(
    engine: Engine, shop: str, size: int, seed: int, heads: Sequence[str] = licence.JUDGED
) -> Iterator[dict[str, str]]:
    """Yield the rows of a template: masked texts of one shop, by stratum of their rarest label.

    Only labels of `heads` make strata, so that a sample for few heads finds more of their labels.

    Raises:
        BadInputError: nothing of the shop was labelled by this model yet.
    """
    rows = _strata(engine, shop, heads)
    if not rows.num_rows:
        raise BadInputError(
            f"店铺 {shop}", "还没有这一版模型打过标签的文字", "请先运行 huisheng analyze"
        )
    _, stratum = np.unique(rows["stratum"].to_numpy(), return_inverse=True)
    drawn = licence.draw(stratum.astype(np.int64), size, seed)
    some = rows.take(pa.array(drawn.places)).to_pylist()
    ids = [f"{row['table_name']}/{row['row_id']}" for row in some]
    chosen = dict(zip(ids, drawn.probability.tolist(), strict=True))
    texts = found(engine, shop, chosen)
    for id_, probability in chosen.items():
        if id_ in texts and texts[id_].text:
            yield {
                "id": id_,
                "probability": repr(probability),
                "text": texts[id_].text,
                "context": texts[id_].context,
            }


def _strata(engine: Engine, shop: str, heads: Sequence[str]) -> pa.Table:
    """Return table_name, row_id and stratum of all labelled texts: the rarest label of each.

    Texts without any label of the heads are one stratum; the sentiment head always answers.
    """
    labels = engine.table("labels")
    own = labels.filter(
        (labels.shop_id == shop) & (labels.version == MODEL_VERSION) & (labels.source == "model")
    )
    every = own.filter(own["head"] == "sentiment").select("table_name", "row_id")
    own = own.filter(own["head"].isin(heads))
    what = ("head", "label", "value")
    kinds = own.group_by(what).aggregate(texts=own.count())
    rarest_first = ibis.window(order_by=[kinds.texts, *(kinds[name] for name in what)])
    kinds = kinds.mutate(stratum=ibis.row_number().over(rarest_first))
    placed = own.inner_join(kinds, what)
    keys = ("table_name", "row_id")
    rarest = placed.group_by(keys).aggregate(stratum=placed.stratum.min())
    rows = every.left_join(rarest, keys).select(*keys, stratum=ibis._.stratum.fill_null(-1))
    return engine.arrow(rows.order_by(keys))


def found(engine: Engine, shop: str, ids: Iterable[str]) -> Mapping[str, Stored]:
    """Return the texts that stand in the lake under some ids, `table/row`."""
    from huisheng.app.analysis import CONTEXT_TURNS, texts_by_table

    turns = range(CONTEXT_TURNS, 0, -1)
    wanted: dict[str, list[str]] = {}
    for id_ in ids:
        table, _, row = id_.partition("/")
        wanted.setdefault(table, []).append(row)
    stored: dict[str, Stored] = {}
    for table, rows in texts_by_table(engine).items():
        if table in wanted:
            own = rows.filter((rows.shop_id == shop) & rows.row_id.isin(wanted[table]))
            for row in engine.arrow(own).to_pylist():
                stored[f"{table}/{row['row_id']}"] = Stored(
                    _line(row["text"]), _context(row, turns)
                )
    return stored


def _context(row: Mapping[str, str | None], turns: Iterable[int]) -> str:
    said = [(row.get(f"role_{turn}"), row.get(f"text_{turn}")) for turn in turns]
    return "\n".join(
        f"{'买家' if role == 'buyer' else '客服'}：{_line(text)}"
        for role, text in said
        if text is not None
    )


def _line(text: str) -> str:
    """Return a text without the blanks around it and on one line, which reads alike."""
    return " ".join(text.splitlines()).strip()
