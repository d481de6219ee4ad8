"""The same rows as CSV, JSON lines, JSON, Parquet, XLSX and XLS-like tables land the same."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from huisheng.errors import BadInputError
from huisheng.intake import Progress
from tests.intake.importing import NOW_US, utc_us
from tests.intake.test_pitfalls import workbook

HEADER = ["order_no", "pay_amount", "created_at", "is_presale", "seller_memo"]
ROWS = [
    ["1930679858170647", "12.10", "2026-08-01 10:00:00", "是", "好"],
    ["A2", "0.30", "2026-08-02 00:00:00", "否", None],
]
LANDED = [
    {"pay_amount_fen": 1210, "created_at": utc_us("2026-08-01 10:00:00"), "is_presale": True},
    {"pay_amount_fen": 30, "created_at": utc_us("2026-08-02 00:00:00"), "is_presale": False},
]


def check(desk) -> None:
    assert desk.rows("orders", *LANDED[0]) == LANDED
    assert desk.column("orders", "order_no") == ["1930679858170647", "A2"]
    assert desk.column("orders", "seller_memo") == ["好", None]


def test_json_lines_with_typed_values_and_bad_lines(desk):
    first = dict(zip(HEADER, ["1930679858170647", 12.1, "2026-08-01T10:00:00+08:00", True, "好"],
                     strict=True))  # fmt: skip
    second = {"order_no": "A2", "pay_amount": 0.1 + 0.2, "created_at": 1785600000000,
              "is_presale": 0}  # fmt: skip
    text = f"{json.dumps(first)}\n\n{{broken\n[1]\n{json.dumps(second)}\n"
    report = desk.take("orders.jsonl", text)
    check(desk)
    assert [(row.row, row.reason) for row in report.examples] == [
        (3, "这一行不是 JSON 对象，请改正"),
        (4, "这一行不是 JSON 对象，请改正"),
    ]
    assert desk.column("orders", "source_row") == [1, 5]


def test_json_list(desk):
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    desk.take("orders.json", json.dumps(rows))
    check(desk)


def test_large_integers_in_json_stay_exact(desk):
    desk.take("orders.jsonl", '{"order_no": 1930679858170647001, "pay_amount": 1}\n')
    assert desk.column("orders", "order_no") == ["1930679858170647001"]


def test_parquet_typed(desk, tmp_path):
    table = pa.table(
        {
            "order_no": pa.array(["1930679858170647", "A2"]).dictionary_encode(),
            "pay_amount": pa.array([12.1, 0.1 + 0.2]),
            "created_at": pa.array(
                [datetime(2026, 8, 1, 2, tzinfo=UTC), datetime(2026, 8, 1, 16, tzinfo=UTC)],
                pa.timestamp("ns", "UTC"),
            ),
            "is_presale": [True, False],
            "seller_memo": ["好", None],
            "ext": [{"campaign_id": "c1"}, None],
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    desk.take("orders.parquet", (tmp_path / "orders.parquet").read_bytes())
    check(desk)
    assert desk.column("orders", "ext") == ['{"campaign_id": "c1"}', None]


def test_parquet_decimals_dates_and_local_clocks(desk, tmp_path):
    table = pa.table(
        {
            "order_no": pa.array([1930679858170647001, 2], pa.int64()),
            "pay_amount": pa.array([Decimal("12.10"), None], pa.decimal128(12, 2)),
            "created_at": pa.array([datetime.fromisoformat("2026-08-01T10:00:00.500"), None]),
            "paid_at": pa.array([date(2026, 8, 2), None]),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    desk.take("orders.parquet", (tmp_path / "x.parquet").read_bytes())
    first = desk.rows("orders")[0]
    assert first["order_no"] == "1930679858170647001"
    assert first["pay_amount_fen"] == 1210
    assert first["created_at"] == utc_us("2026-08-01 10:00:00.500")
    assert first["paid_at"] == utc_us("2026-08-02 00:00:00")


def test_workbook_of_several_sheets(desk):
    book = workbook(("orders", [HEADER, *ROWS]), ("空", []), ("refunds", [["refund_no"], ["R1"]]))
    report = desk.take("导出.xlsx", book)
    check(desk)
    assert desk.column("refunds", "refund_no") == ["R1"]
    assert len(report.recognised_as) == 2


def test_headers_alone_land_nothing_and_are_no_error(desk):
    report = desk.take("orders.csv", "order_no,pay_amount\n")
    assert report.rows_read == 0 and report.changes == {}


def test_canonical_tables_are_known_by_their_header_too(desk):
    report = desk.take("八月数据.csv", ",".join(HEADER) + "\n" + "A1,1,2026-08-01,是,x\n")
    assert report.recognised_as == ("订单（标准表 orders）",)


def test_unknown_columns_go_to_ext_and_computed_ones_are_dropped(desk):
    report = desk.take(
        "conversations.csv",
        'conv_id,started_at,first_resp_sec,级别,订单编号,ext\nC1,2026-08-01,3,"a""\\b",'
        '19306798581706470,"{""campaign_id"": ""c1""}"\n',
    )
    (row,) = desk.rows("conversations")
    assert json.loads(row["ext"]) == {
        "campaign_id": "c1",
        "级别": 'a"\\b',
        "订单编号": "19306798581706470",
    }
    assert report.dropped == {"first_resp_sec": "由系统计算，不导入"}


def test_masked_text_stands_in_for_text(desk):
    desk.take(
        "messages.csv",
        "msg_id,conv_id,sent_at,role,text,text_masked\nm1,C1,2026-08-01,buyer,,脱敏后\n"
        "m2,C1,2026-08-01,buyer,原文,脱敏后\n",
    )
    assert desk.column("messages", "text") == ["脱敏后", "原文"]


def test_words_of_platforms_become_ours_and_unknown_ones_are_told(desk):
    report = desk.take(
        "refunds.csv",
        "refund_no,type,status,need_return\nR1,退货退款,退款成功,否\nR2,仅退款,新状态,是\n",
    )
    assert desk.rows("refunds", "type", "status", "need_return") == [
        {"type": "return_refund", "status": "success", "need_return": False},
        {"type": "refund_only", "status": "新状态", "need_return": True},
    ]
    assert report.warnings == ("refunds.status 有 1 行是未收录的取值，已原样保留：新状态",)


@pytest.mark.parametrize(
    ("level", "score", "expected"),
    [("非常满意", "", ("很满意", 5)), ("", "2星", ("不满意", 2)), ("好评", "", ("满意", 4)),
     ("", "1", ("很不满意", 1)), ("5", "", ("很满意", 5))],
)  # fmt: skip
def test_levels_and_scores_say_the_same(desk, level, score, expected):
    desk.take(
        "session_ratings.csv", f"rating_id,rated_at,level,score\nG1,2026-08-01,{level},{score}\n"
    )
    (row,) = desk.rows("session_ratings")
    assert (row["level"], row["score"]) == expected


def test_a_proposed_mapping_is_saved_edited_and_used_again(desk):
    text = "订单编号,实付,神秘列\nA1,9.90,12.30\n"
    first = desk.take("x.csv", text)
    assert first.mapping is not None and first.mapping.is_file()
    assert desk.rows("orders", "pay_amount_fen", "shipping_fee_fen") == [
        {"pay_amount_fen": 990, "shipping_fee_fen": None}
    ]
    content = yaml.safe_load(first.mapping.read_text(encoding="utf-8"))
    content["tables"]["orders"]["shipping_fee"] = "神秘列"
    first.mapping.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    again = desk.take("y.csv", text)
    assert again.mapping == first.mapping
    assert desk.column("orders", "shipping_fee_fen") == [1230]


def test_a_mapping_for_a_header_nobody_knows_is_written_for_editing(desk):
    text = "甲,乙\nA1,9.90\n"
    error = desk.refusal("x.csv", text)
    (file,) = desk.workspace.mappings.glob("*.yaml")
    assert str(file) in error
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["tables"] = {"orders": {"order_no": "甲", "pay_amount": "乙"}}
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    desk.take("x.csv", text)
    assert desk.column("orders", "pay_amount_fen") == [990]


def test_a_shop_s_own_mapping_goes_before_the_shared_one(desk):
    text, fields = "甲,乙\n{},9.90\n", {"order_no": "甲", "pay_amount": "乙"}
    shared = desk.take("x.csv", text.format("A0"), answer={"tables": {"orders": fields}})
    for shop in ("s1", "s2"):
        report = desk.take("x.csv", text.format(f"A-{shop}"), shop_id=shop)
        assert report.mapping == shared.mapping, "the shared one serves who has none of their own"
    own = {"tables": {"orders": {"order_no": "甲"}}, "ignored": ["乙"]}
    report = desk.take("y.csv", text.format("A1"), shop_id="s1", answer=own)
    assert report.mapping == desk.workspace.mappings / "s1" / shared.mapping.name
    desk.take("z.csv", text.format("A2"), shop_id="s1")
    desk.take("z.csv", text.format("A3"), shop_id="s2")
    paid = {
        row["order_no"]: row["pay_amount_fen"]
        for row in desk.rows("orders", "order_no", "pay_amount_fen")
    }
    assert paid == {"A0": 990, "A-s1": 990, "A-s2": 990, "A1": None, "A2": None, "A3": 990}
    planned = desk.report(desk.write("w.csv", text.format("A4")), shop_id="s1", dry_run=True)
    assert planned.files[0].mapping == report.mapping


def test_what_was_only_begun_for_a_shop_gives_way_to_what_is_whole_for_all(desk):
    text = "甲,乙\nA1,9.90\n"
    assert "mappings/s1/" in desk.refusal("x.csv", text, shop_id="s1")
    desk.take("x.csv", text, answer={"tables": {"orders": {"order_no": "甲"}}})
    desk.take("x.csv", text, shop_id="s1")
    assert sorted(desk.column("orders", "shop_id")) == ["s1", "shop"]


def test_a_shop_cannot_be_named_like_another_folder(desk):
    with pytest.raises(BadInputError, match="店铺编号"):
        desk.report(desk.write("x.csv", "甲,乙\nA1,9.90\n"), shop_id="..")


def test_a_broken_mapping_says_what_is_wrong(desk):
    text = "甲,乙\nA1,9.90\n"
    desk.refusal("x.csv", text)
    (file,) = desk.workspace.mappings.glob("*.yaml")
    file.write_text("tables: {orders: {order_nr: 甲}}", encoding="utf-8")
    assert "没有字段「order_nr」，您是不是要找：order_no" in desk.refusal("x.csv", text)


def test_an_answer_maps_an_unknown_header(desk):
    answer = {"tables": {"orders": {"order_no": "甲", "pay_amount": "乙"}}}
    report = desk.take("x.csv", "甲,乙\nA1,9.90\n", answer=answer)
    assert desk.column("orders", "pay_amount_fen") == [990]
    assert report.mapping is not None and report.mapping.is_file()


def test_progress_goes_through_every_stage(desk):
    seen: list[Progress] = []
    desk.take("orders.csv", "order_no\nA1\n", progress=seen.append)
    assert list(dict.fromkeys(each.stage for each in seen)) == ["检查", "读取", "写入", "完成"]
    assert all(0 <= each.done_bytes <= each.total_bytes for each in seen)
    assert seen[-1].rows == 1


def test_rows_are_traced_to_their_file(desk):
    desk.take("orders_01.csv", "order_no\nA1\n")
    (row,) = desk.rows("orders")
    assert (row["source_file"], row["source_row"], row["imported_at"]) == (
        "orders_01.csv",
        2,
        NOW_US,
    )
