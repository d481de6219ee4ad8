"""平台客服报表: the canonical `agent_reports` table."""

from huisheng.records.table import Table, code, date, integer, number

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
    ),
)
