"""One file per pitfall of real exports: what it looks like, and what must land."""

import io
from datetime import datetime

import xlsxwriter

from tests.intake.importing import utc_us

MORNING = datetime.fromisoformat("2023-05-06T08:00:00")
ORDERS = "order_no,pay_amount,created_at\n"


def workbook(*sheets) -> bytes:
    """Return an XLSX of sheets given as (name, rows), empty cells left out."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(
                        y, x, cell, book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
                    )
                elif cell is not None:
                    sheet.write(y, x, cell)
    book.close()
    return stream.getvalue()


def test_d01_gb18030_is_found_out_and_reported(desk):
    text = "order_no,seller_memo,created_at\nA1,请发顺丰𠮷野家,2026-08-01 10:00:00\n"
    report = desk.take("orders.csv", text.encode("gb18030"))
    assert report.encoding == "gb18030"
    assert desk.column("orders", "seller_memo") == ["请发顺丰𠮷野家"]


def test_d01_the_whole_file_decides_not_its_head(desk):
    head = "order_no,seller_memo,created_at\n" + "A,ascii,2026-08-01 10:00:00\n" * 60_000
    report = desk.take("orders.csv", head.encode() + "B,备注,2026-08-01 10:00:00\n".encode("gbk"))
    assert report.encoding == "gb18030"
    assert desk.column("orders", "seller_memo") == ["ascii", "备注"]


def test_d01_utf16_with_a_mark(desk):
    report = desk.take("orders.csv", (ORDERS + "A1,1,2026-08-01\n").encode("utf-16"))
    assert report.encoding == "utf-16"
    assert desk.column("orders", "order_no") == ["A1"]


def test_d02_byte_order_mark_and_invisible_spaces_in_headers(desk):
    text = "\ufeff order_no ,pay_amount\u3000,\u200bcreated_at,ｓｏｕｒｃｅ\nA1,3,2026-08-01,app\n"
    report = desk.take("orders.csv", text)
    assert report.encoding == "utf-8-sig"
    assert desk.rows("orders", "order_no", "pay_amount_fen", "source") == [
        {"order_no": "A1", "pay_amount_fen": 300, "source": "app"}
    ]


def test_d03_wrapped_ids(desk):
    cells = ['"=""19306798581706%02d"""', "'19306798581706%02d", '"\t19306798581706%02d"', " %02d "]
    lines = "".join(f"{cell % at},1,2026-08-01\n" for at, cell in enumerate(cells, 10))
    desk.take("orders.csv", ORDERS + lines)
    assert desk.column("orders", "order_no") == [
        *("13", "1930679858170610", "1930679858170611", "1930679858170612")
    ]


def test_d04_ids_that_lost_digits_are_refused_not_guessed(desk):
    cells = ["1.93068E+18", "1.93068e18", "1930679858170647000.0", "A2"]
    report = desk.take("orders.csv", ORDERS + "".join(f"{cell},1,2026-08-01\n" for cell in cells))
    assert desk.column("orders", "order_no") == ["A2"]
    assert [(row.row, row.column) for row in report.examples] == [
        (row, "order_no") for row in (2, 3, 4)
    ]


def test_d04_numeric_ids_in_excel(desk):
    rows = [["order_no", "created_at"], [1930679858170647000, "2026-08-01"], [123456789012, None]]
    report = desk.take("orders.xlsx", workbook(("Sheet1", rows)))
    assert desk.column("orders", "order_no") == ["123456789012"]
    assert report.quarantined == 1


def test_d05_money_with_words_and_signs(desk):
    cells = ['"¥1,234.50"', "12元", "无退款申请", "-3.20", "1e2", "0.1000"]
    lines = "".join(f"R{i},{cell}\n" for i, cell in enumerate(cells))
    desk.take("refunds.csv", "refund_no,refund_amount\n" + lines)
    assert desk.column("refunds", "refund_amount_fen") == [123450, 1200, 0, -320, 10000, 10]


def test_d05_money_that_is_none_is_refused(desk):
    cells = ["12.345", "约12", "12.3.4", "１２元五", "1e99", "12"]
    lines = "".join(f"R{i},{cell}\n" for i, cell in enumerate(cells))
    report = desk.take("refunds.csv", "refund_no,refund_amount\n" + lines)
    assert desk.column("refunds", "refund_no") == ["R5"]
    assert {row.column for row in report.examples} == {"refund_amount"}


def test_d06_placeholders_are_no_data_never_zero(desk):
    cells = ["-", "--", "~", "", "无", "null", "NULL", "None", "nan", "0"]
    lines = "".join(f"A{i},{cell},2026-08-01\n" for i, cell in enumerate(cells))
    desk.take("orders.csv", ORDERS + lines)
    assert desk.column("orders", "pay_amount_fen") == [None] * 9 + [0]


def test_d07_titles_group_headers_and_summary_rows(desk):
    rows = [
        ["客服日报", None, None, None],
        ["account", "接待", None, "满意度"],
        [None, "consult_customers", "human_sessions", "satisfied_count"],
        ["店铺汇总值", 30, 30, 9],
        ["店铺平均值", 15, 15, 4.5],
        ["旗舰店:小美", 10, 10, 4],
        ["旗舰店:小丽", 20, 20, 5],
    ]
    report = desk.take("agent_reports.xlsx", workbook(("整体", rows)))
    landed = desk.rows("agent_reports", "account", "consult_customers", "satisfied_count")
    assert sorted(row["consult_customers"] for row in landed) == [10, 20]
    assert report.warnings == ("略去 2 行汇总行",)
    assert desk.column("agent_reports", "source_row") in ([6, 7], [7, 6])


def test_d07_cells_merged_downwards_hold_for_every_row(desk):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("order_items")
    sheet.write_row(0, 0, ["order_no", "sku_id", "qty"])
    sheet.merge_range(1, 0, 2, 0, "A1")
    sheet.write_row(1, 1, ["S1", 1])
    sheet.write_row(2, 1, ["S2", 2])
    book.close()
    desk.take("明细.xlsx", stream.getvalue())
    assert desk.rows("order_items", "sub_order_no", "order_no", "qty") == [
        {"sub_order_no": "A1-S1", "order_no": "A1", "qty": 1},
        {"sub_order_no": "A1-S2", "order_no": "A1", "qty": 2},
    ]


def test_d08_a_row_per_sku_does_not_double_the_order(desk):
    desk.take(
        "export.csv",
        "平台订单号,实付,SKU编码,件数\nJ1,30.00,S1,1\nJ1,30.00,S2,2\nJ1,30.00,S2,1\n",
    )
    assert desk.rows("orders", "order_no", "pay_amount_fen") == [
        {"order_no": "J1", "pay_amount_fen": 3000}
    ]
    assert desk.column("order_items", "sub_order_no") == ["J1-S1", "J1-S2", "J1-S2-2"]


def test_d09_numbers_are_told_apart_by_their_column(desk):
    desk.take(
        "refunds.csv",
        "refund_no,order_no,sub_order_no\n222222222222222222,111111111111111111,333333333333333333\n",
    )
    assert desk.rows("refunds", "refund_no", "order_no", "sub_order_no") == [
        {
            "refund_no": "222222222222222222",
            "order_no": "111111111111111111",
            "sub_order_no": "333333333333333333",
        }
    ]


def test_d10_durations_become_seconds(desk):
    cells = ["2分30秒", "7小时41分52秒", "11秒", "1天2小时", "00:02:30", "32.5"]
    lines = "".join(f"a{i},2026-08-01,{cell}\n" for i, cell in enumerate(cells))
    desk.take("agent_reports.csv", "account,report_date,avg_resp_sec\n" + lines)
    assert desk.column("agent_reports", "avg_resp_sec") == [150, 27712, 11, 93600, 150, 32.5]


SAME_MOMENT = (
    *("2023-05-06 08:00:00", "2023-05-06T08:00:00", "2023年5月6日 8:00", "2023/5/6 8:00:00"),
    *("5/6/23 8:00", "5/6/2023 8:00", "2023-05-06T00:00:00Z", "2023-05-06T08:00:00+08:00"),
    *("2023-05-05T19:00:00.000-05:00", "1683331200000", "1683331200", "45052.3333333333"),
    *("2023年5月6日8时0分0秒", "2023/5/6 上午 8:00", "20230506080000", "2023-5-6 8:00:00"),
    *("2023.05.06 08:00", "2023-05-06 08:00:00 CST", "2023/5/6 8:00:00 AM", "2023-5-6  8:00"),
)


def test_d11_one_parser_for_all_dates(desk):
    lines = "".join(f"A{at:02},1,{cell}\n" for at, cell in enumerate(SAME_MOMENT))
    report = desk.take("orders.csv", ORDERS + lines)
    assert report.examples == ()
    for cell, row in zip(SAME_MOMENT, desk.rows("orders"), strict=True):
        assert row["created_at"] == utc_us("2023-05-06 08:00:00"), cell
        assert (row["local_date"], row["local_hour"]) == ("2023-05-06", 8)


def test_d11_impossible_dates_are_refused_not_guessed(desk):
    cells = [
        "2023-02-30 08:00:00",
        "13/5/23 8:00",
        "昨天",
        "2023-05-06 25:00:00",
        "123456",
        "5月6日",
    ]
    lines = "".join(f"A{at},1,{cell}\n" for at, cell in enumerate(cells))
    report = desk.take("orders.csv", ORDERS + lines + "B,1,2026-08-01 10:00:00\n")
    assert desk.column("orders", "order_no") == ["B"]
    assert report.quarantined == len(cells)
    assert {row.column for row in report.examples} == {"created_at"}


def test_d11_excel_dates(desk):
    rows = [["order_no", "created_at"], ["A1", MORNING], ["A2", 45052.3333333333]]
    desk.take("orders.xlsx", workbook(("orders", rows)))
    assert desk.column("orders", "created_at") == [utc_us("2023-05-06 08:00:00")] * 2


def test_d12_masked_nicks_and_ciphers_identify_nobody(desk):
    desk.take(
        "orders.csv",
        "order_no,customer_key\nA1,t***8\nA2,##Xk9/密文==\nA3,$$abc$1$\nA4,buyer_1\nA5,buyer_1\n",
    )
    keys = desk.column("orders", "customer_key")
    assert keys[:3] == [None, None, None]
    assert keys[3] == keys[4] != "buyer_1"


def test_d13_tabs_before_ids_and_hidden_regions(desk):
    desk.take(
        "orders.csv",
        'order_no,receiver_province,receiver_city\n"\t6921000000000000001",广东省,深圳市\n'
        "210101-123456789012345,****,****\n",
    )
    assert desk.rows("orders", "order_no", "receiver_province", "receiver_city") == [
        {
            "order_no": "210101-123456789012345",
            "receiver_province": None,
            "receiver_city": None,
        },
        {
            "order_no": "6921000000000000001",
            "receiver_province": "广东",
            "receiver_city": "深圳",
        },
    ]


def test_d14_overlapping_files_split_by_day_meet_by_key(desk):
    first = desk.write("orders_2026-08-01.csv", ORDERS + "A1,1,2026-08-01\nA2,2,2026-08-01\n")
    second = desk.write("orders-2.csv", ORDERS + "A2,2,2026-08-01\nA3,3,2026-08-02\n")
    report = desk.report(first, second)
    assert desk.column("orders", "order_no") == ["A1", "A2", "A3"]
    total = report.changes["orders"]
    assert (total.inserted, total.updated, total.unchanged) == (3, 0, 1)
    assert len(desk.rows("import_batches")) == 2


def test_d15_renamed_fields_mean_the_same(desk):
    desk.take("old.csv", "订单编号,买家实际支付金额,宝贝标题,商品ID\nA1,9.90,杯子,P1\n")
    desk.take("new.csv", "订单编号,买家实付金额,商品标题,商品id\nA2,9.90,杯子,P1\n")
    assert desk.column("orders", "pay_amount_fen") == [990, 990]
    assert desk.column("order_items", "title") == ["杯子", "杯子"]


def test_d16_system_and_recalled_lines_are_no_speech(desk):
    desk.take(
        "messages.csv",
        "conv_id,sent_at,role,text\nC1,2026-08-01 10:00:00,买家,你好\n"
        "C1,2026-08-01 10:00:05,客服,小美撤回了一条消息\n"
        "C1,2026-08-01 10:00:06,系统消息,接待结束\n",
    )
    assert desk.rows("messages", "msg_id", "role", "type", "is_recalled") == [
        {"msg_id": "C1-0", "role": "buyer", "type": "text", "is_recalled": None},
        {"msg_id": "C1-1", "role": "agent", "type": "recall", "is_recalled": True},
        {"msg_id": "C1-2", "role": "system", "type": "text", "is_recalled": None},
    ]


def test_d17_sub_accounts(desk):
    desk.take("agents.csv", "agent_id,account\na1,旗舰店:小美\na2,客服二号\n")
    assert desk.rows("agents", "account", "display_name", "aliases") == [
        {"account": "旗舰店:小美", "display_name": "小美", "aliases": '["小美"]'},
        {"account": "客服二号", "display_name": None, "aliases": None},
    ]


def test_d18_pictures_and_voices_are_not_text(desk):
    desk.take(
        "messages.csv",
        "msg_id,conv_id,sent_at,role,type,text\nm1,C1,2026-08-01,buyer,图片,\n"
        "m2,C1,2026-08-01,buyer,,[语音]\nm3,C1,2026-08-01,buyer,,😀好\n",
    )
    assert desk.rows("messages", "type", "parsed", "text") == [
        {"type": "image", "parsed": False, "text": None},
        {"type": "voice", "parsed": False, "text": "[语音]"},
        {"type": "text", "parsed": True, "text": "😀好"},
    ]


def test_d19_ties_and_disorder_keep_the_order_of_the_file(desk):
    desk.take(
        "messages.csv",
        "conv_id,sent_at,role,text\nC1,2026-08-01 10:00:01,buyer,二\n"
        "C2,2026-08-01 10:00:00,buyer,x\n"
        "C1,2026-08-01 10:00:01,buyer,三\nC1,2026-08-01 10:00:00,buyer,一\n",
    )
    rows = [row for row in desk.rows("messages") if row["conv_id"] == "C1"]
    ordered = sorted(rows, key=lambda row: (row["sent_at"], row["seq"]))
    assert [row["text"] for row in ordered] == ["一", "二", "三"]


def test_d20_missing_is_not_zero(desk):
    desk.take("conversations.csv", "conv_id,started_at,transfer_count\nC1,2026-08-01,\n")
    assert desk.column("conversations", "transfer_count") == [None]
    assert desk.rows("messages") == []
