"""问卷回答: the canonical `survey_answers` table."""

from huisheng.records.table import Table, code, integer, key, masked, number

TABLE = Table(
    label="问卷回答",
    key=("survey_id", "question_code"),
    columns=(
        key("survey_id", "问卷编号"),
        code("question_code", "题目"),
        number("value_num", "数值回答"),
        masked("value_text", "文字回答"),
        integer("scale_min", "量表下限"),
        integer("scale_max", "量表上限"),
    ),
)
