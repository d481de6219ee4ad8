"""关系: tables computed from records and shared by several metrics."""

from collections.abc import Mapping, Sequence

from huisheng.metrics import Window, all_metrics, all_relations
from huisheng.metrics.facts import Relation, RelationProof
from huisheng.records import all_tables
from pages.empty_shop import WatchedFacts
from pages.examples import cells, given
from pages.markdown import code, page_of, table
from pages.metrics import SAMPLE_DAYS

TYPES = {"int64": "整数", "string": "文字", "boolean": "是否", "float64": "小数"}


def page(facts: WatchedFacts) -> str:
    """Return the page; `facts` need no rows."""
    relations = all_relations()
    users = _users(facts)
    described = [
        _relation(name, relation, facts, users[name]) for name, relation in relations.items()
    ]
    return page_of(
        "关系",
        f"共 {len(relations)} 个关系。关系由标准表算出，供多个指标和分析共用，不能导入。"
        "时间列一律是 UTC 微秒，金额一律是分。",
        table(("编号", "名称"), [(f"[{n}](#{n})", r.label) for n, r in relations.items()]),
        *described,
    )


def _users(facts: WatchedFacts) -> Mapping[str, list[str]]:
    window = Window(*SAMPLE_DAYS, facts.offset_us)
    users: dict[str, list[str]] = {name: [] for name in all_relations()}
    facts.take_asked()
    for name, metric in all_metrics().items():
        for version in metric.versions:
            version.cases(facts, window)
        for relation in facts.take_asked():
            users[relation].append(name)
    return users


def _relation(name: str, relation: Relation, facts: WatchedFacts, users: Sequence[str]) -> str:
    meanings = _meanings()
    schema = facts.relation(name).schema()
    columns = [
        (code(column), TYPES.get(str(kind), str(kind)), meanings.get(column, ""))
        for column, kind in schema.items()
    ]
    used = "、".join(f"[{metric}](metrics.md#{metric})" for metric in users)
    parts = (
        f"## {name}",
        f"**{relation.label}**",
        f"直接用到它的指标：{used or '没有，由其他关系或分析使用'}。",
        table(("列", "类型", "与标准表同名列的意思"), columns),
        "算例：",
        "\n".join(_proof(n, proof, meanings) for n, proof in enumerate(relation.proofs, 1)),
    )
    return "\n\n".join(parts)


def _meanings() -> dict[str, str]:
    """Return what a column means wherever all canonical tables that have it agree."""
    found: dict[str, set[str]] = {}
    for each in all_tables().values():
        for column in each.own.values():
            found.setdefault(column.stored, set()).add(column.means)
    agreed = {name: means.pop() for name, means in found.items() if len(means) == 1}
    return {"shop_id": "店铺", **agreed}


def _proof(number: int, proof: RelationProof, meanings: Mapping[str, str]) -> str:
    names = {name: code(name) for name in meanings}
    results = [f"   - 得到 {cells(row, names)}" for row in proof.expect]
    return "\n".join(
        [
            f"{number}. 给出的行与得到的行：",
            *(f"   - 给出 {sentence}" for sentence in given(proof.rows)),
            *(results or ["   - 得到 零行"]),
        ]
    )
