"""Chinese names of every id that findings and reports mention."""

from huisheng.app.report.document import Names
from huisheng.insight import Vocabulary, step_name, steps
from huisheng.language import taxonomy
from huisheng.metrics import DIMENSIONS, Facts, all_metrics

LONGEST_NAME = 24


def vocabulary(facts: Facts) -> Vocabulary:
    """Return the words that findings are written with."""
    book = taxonomy()
    return Vocabulary(
        aspects={id_: (aspect.label, aspect.department) for id_, aspect in book.aspects.items()},
        scenes={id_: scene.label for id_, scene in book.scenes.items()},
        metrics={id_: metric.label for id_, metric in all_metrics().items()},
        dimensions={id_: label for id_, (label, _) in DIMENSIONS.items()},
        values=_values(facts),
    )


def report_names(facts: Facts, words: Vocabulary, shops: dict[str, str]) -> Names:
    """Return the names that a report shows instead of ids."""
    reasons = {
        reason: sentence
        for metric in all_metrics().values()
        for reason, sentence in metric.reasons.items()
    }
    book = taxonomy()
    return {
        "shops": shops,
        "metrics": dict(words.metrics),
        "aspects": {id_: label for id_, (label, _) in words.aspects.items()},
        "scenes": dict(words.scenes),
        "departments": {id_: item.label for id_, item in book.departments.items()},
        "dimensions": dict(words.dimensions),
        "reasons": reasons,
        "products": _named(words, "product_id") | _named(words, "sku_id"),
        "agents": _named(words, "agent_id"),
        "steps": {id_: step_name(id_) for id_ in steps()},
    }


def shop_names(facts: Facts, shop_ids: list[str]) -> dict[str, str]:
    """Return every shop's name, its id where it has none."""
    shops = facts.table("shops").select("shop_id", "name").order_by("shop_id")
    known = {row["shop_id"]: row["name"] for row in facts.engine.arrow(shops).to_pylist()}
    return {shop_id: known.get(shop_id) or shop_id for shop_id in shop_ids}


def _named(words: Vocabulary, dimension: str) -> dict[str, str]:
    return {value: name for (_, kind, value), name in words.values.items() if kind == dimension}


def _values(facts: Facts) -> dict[tuple[str, str, str], str]:
    products = facts.table("products").select("shop_id", "product_id", "title")
    titles = {
        (row["shop_id"], row["product_id"]): row["title"][:LONGEST_NAME]
        for row in facts.engine.arrow(products).to_pylist()
        if row["title"]
    }
    skus = facts.table("skus").select("shop_id", "sku_id", "product_id", "spec")
    agents = facts.table("agents").select("shop_id", "agent_id", "display_name")
    found = {(shop, "product_id", product): title for (shop, product), title in titles.items()}
    for row in facts.engine.arrow(skus).to_pylist():
        title = titles.get((row["shop_id"], row["product_id"]), row["product_id"] or "")
        found[(row["shop_id"], "sku_id", row["sku_id"])] = f"{title} {row['spec'] or ''}".strip()
    for row in facts.engine.arrow(agents).to_pylist():
        if row["display_name"]:
            found[(row["shop_id"], "agent_id", row["agent_id"])] = row["display_name"]
    return dict(sorted(found.items()))
