"""平台客服报表: the canonical `agent_reports` table."""

from huisheng.records.table import Table, code, date, integer, money, number

TABLE = Table(
    label="平台客服报表",
    key=("account", "report_date"),
    columns=(
        code("account", "客服账号"),
        date("report_date", "日期"),
        integer("consult_customers", "咨询人数"),
        integer("human_sessions", "人工接待会话量"),
        number("avg_resp_sec", "平均响应秒"),
        number("resp_3min_rate", "三分钟人工响应率"),
        integer("satisfied_count", "满意评价量"),
        integer("rating_count", "评价量"),
        integer("received_customers", "有效接待人数"),
        integer("inquiry_customers", "询单人数"),
        integer("ordering_customers", "下单人数"),
        money("ordered_amount", "下单金额"),
        integer("paying_customers", "销售人数"),
        money("sales_amount", "销售额"),
        integer("sales_qty", "销售量"),
        integer("sales_orders", "订单量"),
        number("sales_share", "个人销售额占比"),
        money("refunded_amount", "成功退款金额"),
        money("net_sales_amount", "净销售额"),
        number("inquiry_conversion_rate", "询单转化率"),
        number("satisfaction_rate", "客户满意率"),
        number("reply_rate", "旺旺回复率"),
        number("refund_only_hours", "仅退款自主完结小时"),
        number("return_refund_hours", "退货退款完结小时"),
        number("help_rate", "平台求助率"),
        number("liability_rate", "平台判责率"),
    ),
)
