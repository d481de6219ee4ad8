"""Nothing personal reaches the disk, by whatever column it comes in."""

import csv
import io
import json

import pytest

from huisheng.privacy import scan_tree

NAMES = ("欧阳娜娜", "司马相如", "诸葛孔明", "上官婉儿")
PHONES = ("13812345678", "15987654321", "18600001111", "17712349876")
EMAIL = "zhangsan.test@example.com"
ID_CARD = "11010519491231002X"
ADDRESS = "广东省深圳市南山区科技园南路88号1栋2单元301室"


def text_of(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def personal_rows(header: list[str], count: int = 4) -> list[list[str]]:
    """Return rows with something personal in every column that is not a plain key."""
    rows = [header]
    for at in range(count):
        sentence = f"我叫{NAMES[at]}，电话{PHONES[at]}，邮箱{EMAIL}，身份证{ID_CARD}，地址{ADDRESS}"
        cells = {"收货人": NAMES[at], "联系手机": PHONES[at], "收货地址": ADDRESS, "邮箱": EMAIL}
        cells |= {"身份证号": ID_CARD, "customer_key": PHONES[at], "receiver_hash": NAMES[at]}
        keys = {
            "order_no": f"A{at}",
            "msg_id": f"m{at}",
            "conv_id": f"C{at}",
            "ticket_no": f"T{at}",
        }
        times = {"created_at": "2026-08-01 10:00:00", "sent_at": "2026-08-01 10:00:00"}
        known = cells | keys | times | {"role": "buyer", "pay_amount": "1.00"}
        document = json.dumps({"说": sentence, "收货人": NAMES[at], "号码": int(PHONES[at])})
        known |= {"form": document, "ext": document, "nick_masked": NAMES[at]}
        rows.append([known.get(name, sentence) for name in header])
    return rows


def assert_clean(desk) -> None:
    assert scan_tree(desk.workspace.root) == []
    for path in desk.workspace.root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for secret in (*NAMES, *PHONES, EMAIL, ID_CARD, "科技园南路"):
                assert secret.encode() not in data, (path, secret)
    for table in ("orders", "messages", "tickets"):
        told = json.dumps(desk.rows(table), ensure_ascii=False, default=str)
        assert not [secret for secret in (*NAMES, *PHONES, EMAIL, ID_CARD) if secret in told]


@pytest.fixture(autouse=True)
def known_salt(desk):
    """Fix the salt: the digits of a random hash may look like a telephone number."""
    salt = desk.workspace.root / "secrets" / "shop.salt"
    salt.write_bytes(b"one salt for all of these tests!")
    salt.chmod(0o600)


def test_a_file_full_of_personal_data(desk):
    orders = [
        "order_no",
        "customer_key",
        "receiver_hash",
        "created_at",
        "buyer_memo",
        "close_reason",
    ]
    orders += [
        "seller_memo",
        "收货人",
        "联系手机",
        "收货地址",
        "邮箱",
        "身份证号",
        "赠言",
        "source",
        "ext",
    ]
    orders += ["flag_color", "agent_id_note"]
    report = desk.take("orders.csv", text_of(personal_rows(orders)))
    assert {"收货人", "联系手机", "收货地址", "邮箱", "身份证号"} <= set(report.dropped)
    messages = ["msg_id", "conv_id", "sent_at", "role", "text", "nick_masked", "urls"]
    desk.take("messages.csv", text_of(personal_rows(messages)))
    tickets = ["ticket_no", "created_at", "customer_key", "form", "content", "root_cause", "owner"]
    desk.take("tickets.csv", text_of(personal_rows(tickets)))
    assert len(desk.rows("orders")) == len(desk.rows("messages")) == len(desk.rows("tickets")) == 4
    assert_clean(desk)


def test_rejected_rows_are_masked_too(desk):
    rows = personal_rows(
        ["order_no", "收货人", "联系手机", "buyer_memo", "pay_amount", "customer_key"]
    )
    rows[1][4], rows[2][0] = "不是钱", ""
    text = text_of(rows) + f"A9,{NAMES[0]},{PHONES[0]}\n"
    report = desk.take("orders.csv", text)
    assert report.quarantined == 3
    assert not [s for s in (*NAMES, *PHONES) for row in report.examples if s in str(row.cells)]
    assert_clean(desk)


def test_mapped_files_keep_the_province_and_no_address(desk):
    header = "订单编号,实付金额,收货人姓名,联系手机,收货地址,买家会员名\n"
    line = f"A1,9.9,{NAMES[0]},{PHONES[0]},{ADDRESS},nick_小明\n"
    desk.take("导出.csv", header + line + line.replace("A1", "A2"))
    first, second = desk.rows("orders")
    assert (first["receiver_province"], first["receiver_city"]) == ("广东", "深圳")
    assert first["receiver_hash"] == second["receiver_hash"] != NAMES[0] + PHONES[0]
    assert_clean(desk)


def test_keys_join_within_a_shop_and_not_between_shops(desk):
    desk.take("orders.csv", "order_no,shop_id,customer_key\nA1,s1,u1\nA2,s1,u1\nA3,s2,u1\n")
    one, two, other = desk.column("orders", "customer_key")
    assert one == two != other
    again = f"conv_id,shop_id,customer_key,started_at\nC1,s1,{one},2026-08-01\n"
    desk.take("conversations.csv", again)
    assert desk.column("conversations", "customer_key") == [one]


def test_messages_tell_their_orders_and_products_before_they_are_masked(desk):
    text = "订单号 1930679858170647 在 https://item.taobao.com/item.htm?id=612345678901 买的"
    desk.take("messages.csv", f"msg_id,conv_id,sent_at,role,text\nm1,C1,2026-08-01,buyer,{text}\n")
    row = desk.rows("messages")[0]
    assert json.loads(row["order_nos"]) == ["1930679858170647"]
    assert json.loads(row["product_ids"]) == ["612345678901"]
    assert "1930679858170647" not in row["text"]


def test_agents_are_staff_and_keep_their_names(desk):
    desk.take(
        "messages.csv",
        "msg_id,conv_id,sent_at,role,text,nick_masked\nm1,C1,2026-08-01,agent,亲,旗舰店:小美\n"
        "m2,C1,2026-08-01,buyer,好,长江一号\n",
    )
    assert desk.column("messages", "nick_masked")[0] == "旗舰店:小美"
    assert "长江一号" not in desk.column("messages", "nick_masked")


CHAT = "小明88 2026-08-01 10:00:00\n在吗\n暖家旗舰店:阿青 2026-08-01 10:00:05\n在的\n"
PLUGIN = (
    "评论内容,追加评论,评分,日期,SKU,用户昵称,商家回复,平台\n好,,5,2026-08-01,红,小明88,,天猫\n"
)


@pytest.mark.parametrize(
    ("name", "content", "table", "column"),
    [
        ("chat.txt", CHAT, "messages", "conv_id"),
        ("chat.txt", CHAT, "conversations", "conv_id"),
        ("reviews.csv", PLUGIN, "reviews", "review_no"),
    ],
)
def test_what_is_made_of_a_nick_needs_the_salt(desk, name, content, table, column):
    """Two shops have two salts, so nobody who knows a nick and a day can make the key."""
    keys = []
    for shop in ("s1", "s2"):
        file = desk.write(name, content)
        assert not desk.report(file, shop_id=shop).errors
        assert not desk.report(file, shop_id=shop).changes[table].inserted
        keys.append({row[column] for row in desk.rows(table) if row["shop_id"] == shop})
    assert keys[0] and not keys[0] & keys[1]
    assert all(len(key.split("-")[0]) == 32 for each in keys for key in each)
