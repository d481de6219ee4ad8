"""What the made-up merchant sells, where, and who answers: read from `texts/catalogue.yaml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from huisheng.app.demo.frame import Floats, Ints, Words

POPULARITY_EXPONENT = 0.9  # share of the product at rank k falls as k to the power of minus this


def read_yaml(name: str) -> Any:  # noqa: ANN401 - YAML's shape is known by the reader of each file
    """Return the content of `texts/<name>.yaml`."""
    text = files("huisheng.app.demo.texts").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


@dataclass(frozen=True)
class Storefront:
    """One shop as the catalogue describes it.

    Attributes:
        kind: "appliance" or "apparel", which decides what buyers talk about.
        share: its part of all orders.
        main: the platform's main account, before the colon of every sub-account.
    """

    shop_id: str
    name: str
    platform: str
    kind: str
    share: float
    warehouse: str
    products: int
    main: str
    robot: str
    buyer_prefix: str
    product_base: int
    order_digits: int
    order_lead: str
    presale_agents: tuple[str, ...]
    aftersale_agents: tuple[str, ...]


@dataclass(frozen=True)
class Goods:
    """The products and SKUs of one shop, as columns; row 0 is the most popular product.

    `sku_product` gives each SKU's product row; `first_sku` each product's first SKU row.
    """

    product_id: Words
    title: Words
    short: Words
    category: Words
    path: Words
    price_fen: Ints
    warranty_days: Ints
    weight: Floats
    parts: tuple[tuple[str, ...], ...]
    faults: tuple[tuple[str, ...], ...]
    sku_id: Words
    sku_code: Words
    sku_product: Ints
    sku_color: Words
    sku_size: Words
    sku_spec: Words
    sku_weight: Floats

    @property
    def sku_price_fen(self) -> Ints:
        """Return the price of each SKU."""
        return self.price_fen[self.sku_product]

    @cached_property
    def sibling(self) -> Ints:
        """Return another product row of the same category, for each product."""
        rows = np.arange(len(self.category))
        groups = [rows[self.category == name] for name in dict.fromkeys(self.category)]
        out = np.zeros(len(rows), dtype=np.int64)
        for group in groups:
            out[group] = np.roll(group, -1)
        return out


@dataclass(frozen=True)
class Geography:
    """Where parcels go: provinces with shares, road hours and cities; carriers with shares."""

    provinces: Words
    share: Floats
    road_hours: Floats
    cities: tuple[tuple[str, ...], ...]
    carriers: Words
    carrier_share: Floats


@cache
def _catalogue() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml("catalogue")
    return found


@cache
def storefronts() -> tuple[Storefront, ...]:
    """Return the merchant's shops, largest first."""
    return tuple(_storefront(shop) for shop in _catalogue()["shops"])


def _storefront(entry: dict[str, Any]) -> Storefront:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Storefront(**values)


@cache
def geography() -> Geography:
    """Return provinces and carriers."""
    provinces, carriers = _catalogue()["provinces"], _catalogue()["carriers"]
    rows = list(provinces.values())
    return Geography(
        provinces=words(list(provinces)),
        share=np.array([row[0] for row in rows], dtype=np.float64),
        road_hours=np.array([row[1] for row in rows], dtype=np.float64),
        cities=tuple(tuple(row[2].split()) for row in rows),
        carriers=words(list(carriers)),
        carrier_share=np.array(list(carriers.values()), dtype=np.float64),
    )


def words(values: Sequence[str | None]) -> Words:
    """Return `values` as an object array, which numpy indexing can spread over rows."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def goods_of(shop: Storefront) -> Goods:
    """Return what `shop` sells: the same articles have other ids on every platform."""
    rows = _products(shop.kind)[: shop.products]
    skus = [
        (at, color, size)
        for at, row in enumerate(rows)
        for color in row["colors"]
        for size in (row["sizes"] if shop.kind == "apparel" else [""])
    ]
    counts = np.bincount([at for at, _, _ in skus], minlength=len(rows))
    order_in_product = np.concatenate([np.arange(count) for count in counts])
    codes = [f"{'YZ' if shop.kind == 'apparel' else 'XN'}{at:03d}" for at in range(len(rows))]
    return Goods(
        product_id=words([str(shop.product_base + 137 * (at + 1)) for at in range(len(rows))]),
        title=words([row["title"] for row in rows]),
        short=words([row["short"] for row in rows]),
        category=words([row["category"] for row in rows]),
        path=words([row["path"] for row in rows]),
        price_fen=np.array([row["price"] * 100 for row in rows], dtype=np.int64),
        warranty_days=np.array([row["warranty"] for row in rows], dtype=np.int64),
        weight=np.arange(1, len(rows) + 1, dtype=np.float64) ** -POPULARITY_EXPONENT,
        parts=tuple(tuple(row["parts"]) for row in rows),
        faults=tuple(tuple(row["faults"]) for row in rows),
        sku_id=words(
            [f"{shop.product_base + 137 * (at + 1)}{n:02d}" for n, (at, _, _) in enumerate(skus)]
        ),
        sku_code=words([f"{codes[at]}-{n:03d}" for n, (at, _, _) in enumerate(skus)]),
        sku_product=np.array([at for at, _, _ in skus], dtype=np.int64),
        sku_color=words([color for _, color, _ in skus]),
        sku_size=words([size or None for _, _, size in skus]),
        sku_spec=words([f"颜色:{color}" + (f";尺码:{s}" if s else "") for _, color, s in skus]),
        sku_weight=np.where(order_in_product == 0, 1.3, 1.0),
    )


@cache
def _products(kind: str) -> list[dict[str, Any]]:
    """Return the articles of one kind, most popular first: the categories take turns."""
    groups = [
        [_product(name, group, line) for line in group["products"]]
        for name, group in _catalogue()["categories"].items()
        if group["kind"] == kind
    ]
    return [product for turn in zip(*groups, strict=True) for product in turn]


def _product(name: str, group: dict[str, Any], line: str) -> dict[str, Any]:
    title, short, price, colors, *warranty = (part.strip() for part in line.split("|"))
    return {
        "title": title,
        "short": short,
        "price": int(price),
        "colors": colors.split(","),
        "warranty": int(warranty[0]) if warranty else 0,
        "category": name,
        **{key: group[key] for key in ("path", "parts", "faults", "sizes")},
    }
