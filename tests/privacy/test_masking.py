"""Golden vectors: what each kind looks like masked, what comes first, and what is left alone."""

import pytest

from huisheng.privacy import Kind, mask_text

GOLDEN = [
    ("电话13812345678", "电话138****5678", Kind.PHONE),
    ("138 1234 5678", "138****5678", Kind.PHONE),
    ("138-1234-5678", "138****5678", Kind.PHONE),
    ("(138) 1234.5678", "(138****5678", Kind.PHONE),
    ("1 3 8 1 2 3 4 5 6 7 8", "138****5678", Kind.PHONE),
    ("１３８１２３４５６７８", "138****5678", Kind.PHONE),
    ("一三八一二三四五六七八", "138****5678", Kind.PHONE),
    ("幺三八洞洞幺三八洞洞洞", "138****8000", Kind.PHONE),
    ("壹叁捌壹贰叁肆伍陆柒捌", "138****5678", Kind.PHONE),
    ("①③⑧①②③④⑤⑥⑦⑧", "138****5678", Kind.PHONE),
    ("138oo138ooo", "138****8000", Kind.PHONE),
    ("一伞八妖儿仨四武六起爸", "138****5678", Kind.PHONE),
    ("手机 138 123 456 78", "手机 138****5678", Kind.PHONE),
    ("+8613812345678", "+86138****5678", Kind.PHONE),
    ("tel13812345678", "tel138****5678", Kind.PHONE),
    ("010-88886666", "010-****6666", Kind.LANDLINE),
    ("(0571)8888 6666", "0571-****6666", Kind.LANDLINE),
    ("02188886666", "021-****6666", Kind.LANDLINE),
    ("座机88886666", "座机****6666", Kind.LANDLINE),
    ("400-123-4567", "400-****4567", Kind.LANDLINE),
    ("13812345678-1234", "****34", Kind.VIRTUAL_PHONE),
    ("17012345678转0801", "****01", Kind.VIRTUAL_PHONE),
    ("收件人：张三", "收件人：张**", Kind.NAME),
    ("我叫张三丰快点发货", "我叫张**快点发货", Kind.NAME),
    ("收货人欧阳明月，", "收货人欧**，", Kind.NAME),
    ("姓名：阿依古丽·买买提", "姓名：阿**", Kind.NAME),
    ("李四 13812345678", "李** 138****5678", Kind.NAME),
    ("抬头：王小明", "抬头：王**", Kind.NAME),
    ("寄到浙江省杭州市西湖区文三路123号5栋1001室", "寄到浙江省杭州市***", Kind.ADDRESS),
    ("浙江杭州余杭区五常街道阳光小区3栋502", "浙江杭州***", Kind.ADDRESS),
    ("北京市朝阳区建国路88号院3号楼1001", "北京市***", Kind.ADDRESS),
    ("朝阳区建国路88号院3号楼", "***", Kind.ADDRESS),
    ("地址：文三路123号", "地址：***", Kind.ADDRESS),
    ("订单号1930679858170647", "订单号***0647", Kind.ORDER_NO),
    ("4123456789012345678还没发", "***5678还没发", Kind.ORDER_NO),
    ("240506-123456789012345", "***2345", Kind.ORDER_NO),
    ("订单号：312345678901", "订单号：***8901", Kind.ORDER_NO),
    ("流水2024050622001412345678901234", "流水***1234", Kind.PAYMENT_NO),
    ("快递 773012345678", "快递 ***5678", Kind.TRACKING_NO),
    ("SF1234567890123到哪了", "***0123到哪了", Kind.TRACKING_NO),
    ("微信abc12345", "wx:****", Kind.WECHAT),
    ("加v：hello_world", "wx:****", Kind.WECHAT),
    ("ＶＸ：wxid_a1b2c3", "wx:****", Kind.WECHAT),
    ("薇信 zhangsan88", "wx:****", Kind.WECHAT),
    ("QQ：12345678", "QQ:****", Kind.QQ),
    ("扣扣号是 12345678", "QQ:****", Kind.QQ),
    ("110101199003078515", "110***********8515", Kind.ID_CARD),
    ("11010519491231002x", "110***********002X", Kind.ID_CARD),
    ("身份证110101 19900307 1234", "身份证110***********1234", Kind.ID_CARD),
    ("6222021234567890128", "6222 **** **** 0128", Kind.BANK_CARD),
    ("卡号6222 0212 3456 7890 123", "卡号6222 **** **** 0123", Kind.BANK_CARD),
    ("a@x.com", "***@x.com", Kind.EMAIL),
    ("ab@x.com", "a***@x.com", Kind.EMAIL),
    ("13812345678@163.com", "1***@163.com", Kind.EMAIL),
    ("zhangsan＠qq.com", "z***@qq.com", Kind.EMAIL),
    ("支付宝：zhangsan_88", "支付宝：z***", Kind.PAYEE),
    ("税号91330106MA27XXXX1Y", "税号***XX1Y", Kind.TAX_ID),
    ("91350100M000100Y43", "***0Y43", Kind.TAX_ID),
    ("旺旺号：t1234568", "旺旺号：t***8", Kind.NICK),
    ("tb12345678", "t***8", Kind.NICK),
    ("验证码是123456", "验证码是******", Kind.SECRET),
    ("123456是您的验证码", "******是您的验证码", Kind.SECRET),
    ("密码：abc12345", "密码：******", Kind.SECRET),
]


@pytest.mark.parametrize(("text", "masked", "kind"), GOLDEN)
def test_every_kind_is_masked_as_the_table_shows(text: str, masked: str, kind: Kind) -> None:
    result = mask_text(text)
    assert result.text == masked
    assert kind in {entity.kind for entity in result.entities}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        # An identity number is also 18 digits, a card, and begins like an order number.
        ("110101199003078515", Kind.ID_CARD, "110101199003078515"),
        ("清关110101199003078516", Kind.ID_CARD, "110101199003078516"),
        ("订单110101199003078516", Kind.ORDER_NO, "110101199003078516"),
        ("6222021234567890128", Kind.BANK_CARD, "6222021234567890128"),
        ("订单号6222021234567890128", Kind.ORDER_NO, "6222021234567890128"),
        ("退款打款到银行卡6222021234567890128", Kind.BANK_CARD, "6222021234567890128"),
        ("6222021234567890127", Kind.ORDER_NO, "6222021234567890127"),
        ("快递员电话13812345678", Kind.PHONE, "13812345678"),
        ("订单的快递单号773012345678901", Kind.TRACKING_NO, "773012345678901"),
        ("快递没到，订单号412345678901234", Kind.ORDER_NO, "412345678901234"),
        ("加微信13812345678", Kind.PHONE, "13812345678"),
        ("税号110101199003078515", Kind.ID_CARD, "110101199003078515"),
        ("QQ邮箱12345678@qq.com", Kind.EMAIL, "12345678@qq.com"),
    ],
)
def test_the_strictest_reading_of_digits_comes_first(text: str, kind: Kind, value: str) -> None:
    (entity,) = mask_text(text).entities
    assert (entity.kind, entity.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "满300减50",
        "打12315投诉",
        "E3和E3 Pro，170/65kg",
        "¥1,599.00退了1599元",
        "2024-05-06 12:30:45",
        "1990-05-12 185cm",
        "139 159 199 99",
        "150 160 170 180 190码",
        "商品ID：3501234567890123456",
        "https://item.taobao.com/item.htm?spm=a.1&id=612345678901",
        "https://mobile.yangkeduo.com/goods.html?goods_id=412345678901",
        "比例0.13812345678和0.4503599627370496",
        "d41d8cd98f0013812345678998ecf842",
        "550e8400-e29b-41d4-a716-446655440000",
        "icon@2x.png",
        "北京、上海、广州、深圳",
        "收件人改一下",
        "138****5678 张**",
        "##密文13812345",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    result = mask_text(text)
    assert result.text == text
    assert {entity.kind for entity in result.entities} <= {Kind.PRODUCT_LINK}


def test_entities_tell_where_and_what_in_the_original() -> None:
    text = "收件人：张三，１３８ １２３４ ５６７８，浙江省杭州市西湖区文三路1号"
    result = mask_text(text)
    assert [entity.kind for entity in result.entities] == [Kind.NAME, Kind.PHONE, Kind.ADDRESS]
    assert [text[entity.start : entity.end] for entity in result.entities] == [
        "张三",
        "１３８ １２３４ ５６７８",
        "浙江省杭州市西湖区文三路1号",
    ]
    assert result.entities[1].value == "13812345678"


def test_an_entity_does_not_print_its_value() -> None:
    (entity,) = mask_text("13812345678").entities
    assert "13812345678" not in repr(entity)


def test_product_links_are_found_and_kept() -> None:
    result = mask_text("看这个 https://detail.tmall.com/item.htm?id=612345678901 和快递")
    (entity,) = result.entities
    assert (entity.kind, entity.value) == (Kind.PRODUCT_LINK, "612345678901")
    assert "612345678901" in result.text


def test_the_shop_keeps_its_own_numbers() -> None:
    text = "打400-123-4567或13812345678，邮箱Shop@x.com"
    own = ["4001234567", "shop@x.com"]
    assert mask_text(text, own).text == "打400-123-4567或138****5678，邮箱Shop@x.com"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("用了脸上过敏起红疹", Kind.HEALTH),
        ("我怀孕了能用吗", Kind.HEALTH),
        ("孩子5岁能用吗", Kind.MINOR),
        ("宝宝才8个月", Kind.MINOR),
        ("三岁穿多大", Kind.MINOR),
    ],
)
def test_sensitive_talk_is_flagged_not_altered(text: str, kind: Kind) -> None:
    result = mask_text(text)
    assert result.text == text
    assert kind in {entity.kind for entity in result.entities}


@pytest.mark.parametrize("text", ["我今年35岁", "穿了15年", "十五岁的儿子", "买3件"])
def test_adults_and_numbers_are_no_children(text: str) -> None:
    assert mask_text(text).entities == ()
