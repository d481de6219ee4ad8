"""现行标签: of several judgements on a row the one that holds: human over model over rule.

A language model (`llm`) is asked only where a version of the model was not sure: it holds over that
version, and the next version over it.
"""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

LANGUAGE_MODEL = "llm"
TRUST = {"human": 3, "model": 2, LANGUAGE_MODEL: 2, "rule": 1}
HEAD_OF_ROW = ("shop_id", "table_name", "row_id", "head")
COLUMNS = (*HEAD_OF_ROW, "label", "value", "p", "source", "version", "at")
NOTHING = ("", "NONE")
"""What a person writes to say that no label of this head applies."""


def build(facts: Facts) -> ibis.Table:
    """Return the labels that hold, one row per table_name, row_id, head and label.

    Columns: shop_id, table_name, row_id, head, label, value, p, source, version, at. All labels
    that one judge in one version gave a row under one head stand or fall together; a model and the
    rules of its own version are one judge, since one run of it marks which of the two spoke.
    Versions are ordered by the first three numbers in them, then as text («1.9» before «1.10»).
    """
    labels = facts.table("labels").select(COLUMNS)
    contested = _contested(labels)
    agreed = labels.anti_join(contested, HEAD_OF_ROW)
    return agreed.filter(~agreed.label.isin(NOTHING)).union(
        _decided(labels.semi_join(contested, HEAD_OF_ROW))
    )


def _contested(labels: ibis.Table) -> ibis.Table:
    """Return the rows and heads that a judge other than the busiest one has judged: few.

    Ranking judgements is costly, and there is nothing to rank where one judge alone has spoken.
    """
    judges = labels.group_by("source", "version").aggregate(count=labels.count())
    busiest = judges.order_by(judges["count"].desc(), judges.source, judges.version).limit(1)
    others = labels.anti_join(busiest, ["source", "version"])
    return others.select(HEAD_OF_ROW).distinct()


def _decided(labels: ibis.Table) -> ibis.Table:
    judged = labels.mutate(
        trust=ibis.cases(
            *[(labels.source == source, trust) for source, trust in TRUST.items()], else_=0
        ),
        asked_on=(labels.source == LANGUAGE_MODEL).fill_null(False).cast("int64"),
        major=_number(labels.version, 0),
        minor=_number(labels.version, 1),
        patch=_number(labels.version, 2),
    )
    best_first = ibis.window(
        group_by=[judged[name] for name in HEAD_OF_ROW],
        order_by=[
            judged.trust.desc(),
            judged.major.desc(),
            judged.minor.desc(),
            judged.patch.desc(),
            judged.version.desc(),
            judged.asked_on.desc(),
        ],
    )
    placed = judged.mutate(place=ibis.dense_rank().over(best_first))
    of_row = ibis.window(group_by=[placed[name] for name in HEAD_OF_ROW])
    placed = placed.mutate(
        best_trust=placed.trust.max().over(of_row),
        best_version=placed.version.max(where=placed.place == 0).over(of_row),
        best_asked_on=placed.asked_on.max(where=placed.place == 0).over(of_row),
    )
    same_run = (
        (placed.best_trust < TRUST["human"])
        & (placed.version == placed.best_version)
        & (placed.best_asked_on == 0)
    )
    holding = placed.filter(((placed.place == 0) | same_run) & ~placed.label.isin(NOTHING))
    surest = ibis.window(
        group_by=[holding[name] for name in (*HEAD_OF_ROW, "label")],
        order_by=[holding.trust.desc()],
    )
    once = holding.mutate(sure=ibis.row_number().over(surest))
    return once.filter(once.sure == 0).select(COLUMNS)


def _number(version: ibis.Value, index: int) -> ibis.Value:
    """Return the number at `index` in a version text, 0 where there is none."""
    pattern = r"^\D*" + r"\d+\D+" * index + r"(\d{1,15})"
    found: ibis.Value = version.re_extract(pattern, 1).nullif("")
    return found.cast("int64").fill_null(0)


def _label(row: str, label: str, source: str, version: str, head: str = "scene") -> dict[str, str]:
    return {
        "table_name": "messages",
        "row_id": row,
        "head": head,
        "label": label,
        "source": source,
        "version": version,
    }


RELATION = Relation(
    label="现行标签",
    build=build,
    proofs=(
        RelationProof(
            name="human over model over rule, newest version, llm over the model of its version",
            rows={
                "labels": (
                    _label("a", "POST01", "rule", "9"),
                    _label("a", "POST02", "model", "1.9"),
                    _label("a", "POST03", "model", "1.10"),
                    _label("a", "POST04", "model", "1.10"),
                    _label("b", "POST05", "model", "2.0"),
                    _label("b", "POST06", "human", "1"),
                    _label("b", "complaining", "rule", "1", "emotion"),
                    _label("c", "POST07", "model", "2.0"),
                    _label("c", "", "human", "1"),
                    _label("d", "POST08", "rule", "2026-08-09"),
                    _label("d", "POST09", "rule", "2026-08-10"),
                    _label("e", "POST10", "model", "3"),
                    _label("e", "POST11", "rule", "3"),
                    _label("e", "POST10", "rule", "3"),
                    _label("e", "POST12", "rule", "4"),
                    _label("f", "POST01", "model", "2.0"),
                    _label("f", "POST02", "rule", "2.0"),
                    _label("f", "POST03", "llm", "2.0"),
                    _label("g", "POST01", "model", "2.1"),
                    _label("g", "POST02", "llm", "2.0"),
                    _label("h", "POST01", "llm", "2.0"),
                    _label("h", "POST02", "human", "1"),
                    _label("i", "POST01", "model", "2.0"),
                    _label("i", "NONE", "llm", "2.0"),
                )
            },
            expect=(
                {"row_id": "a", "label": "POST03", "source": "model", "version": "1.10"},
                {"row_id": "a", "label": "POST04"},
                {"row_id": "b", "label": "POST06", "source": "human"},
                {"row_id": "b", "label": "complaining", "head": "emotion"},
                {"row_id": "d", "label": "POST09"},
                {"row_id": "e", "label": "POST10", "source": "model"},
                {"row_id": "e", "label": "POST11", "source": "rule"},
                {"row_id": "f", "label": "POST03", "source": "llm"},
                {"row_id": "g", "label": "POST01", "source": "model"},
                {"row_id": "h", "label": "POST02", "source": "human"},
            ),
        ),
    ),
)
