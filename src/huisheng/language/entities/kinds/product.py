"""Products that a link names; the value is the product's id on its platform."""

from huisheng.language.entities.definition import Definition, Example
from huisheng.language.entities.keyed import finder_of
from huisheng.privacy import Kind

DEFINITION = Definition(
    label="商品",
    trigger="(?:taobao|tmall|jd[.]|yangkeduo|pinduoduo|jinritemai|kwaixiaodian)[^ ]*[0-9]{5}",
    find=finder_of(Kind.PRODUCT_LINK),
    examples=(
        Example(
            "https://item.taobao.com/item.htm?id=612345678901 这款", "612345678901", "612345678901"
        ),
        Example("detail.tmall.com/item.htm?spm=a1&id=712345678901", "712345678901", "712345678901"),
        Example("https://item.jd.com/100012345678.html", "100012345678", "100012345678"),
        Example(
            "mobile.yangkeduo.com/goods.html?goods_id=345678901234", "345678901234", "345678901234"
        ),
        Example(
            "https://haohuo.jinritemai.com/views/product/item2?id=3456789012345678901",
            "3456789012345678901",
            "3456789012345678901",
        ),
    ),
    unlike=(
        "item.taobao.com",
        "https://www.taobao.com/",
        "店铺链接 shop123456.taobao.com",
        "612345678901",
        "id=612345678901",
        "淘宝搜得到吗",
        "jd.com",
        "https://example.com/item?id=612345678901",
        "链接发我",
        "商品id是多少",
    ),
)
