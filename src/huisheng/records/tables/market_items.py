"""市场商品: the canonical `market_items` table, which no own-shop metric reads."""

from huisheng.records.table import Table, code, date, integer, key, masked, money, number

TABLE = Table(
    label="市场商品",
    key=("item_id", "observed_on"),
    columns=(
        key("item_id", "竞品商品编号"),
        date("observed_on", "观察日期"),
        code("peer_shop", "竞品店铺"),
        masked("title", "竞品标题"),
        code("category", "类目路径"),
        integer("rank", "行业排名"),
        money("price", "到手价"),
        money("list_price", "一口价"),
        integer("sales_qty", "销量（平台显示的约数）"),
        integer("review_count", "评价数"),
        number("good_rate", "好评率"),
        number("trade_index", "交易指数"),
        number("traffic_index", "流量指数"),
        number("search_index", "搜索指数"),
    ),
)
