"""Seeded personal data, all made up, written the way buyers write it; and chat without any."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from huisheng.privacy import Kind

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超明霞平刚桂英华玉兰建国文轩子涵雨桐浩然梓萱思远嘉怡俊熙"
PLACES = [
    ("浙江省", "杭州市", "西湖区"),
    ("浙江", "宁波", "鄞州区"),
    ("广东省", "深圳市", "南山区"),
    ("北京市", "", "朝阳区"),
    ("上海", "", "浦东新区"),
    ("四川省", "成都市", "武侯区"),
    ("内蒙古自治区", "呼和浩特市", "新城区"),
    ("河南省", "周口市", "商水县"),
    ("江苏", "苏州市", "工业园区"),
    ("新疆", "乌鲁木齐市", "天山区"),
]
ROADS = ["文三路", "解放大道", "中山北路", "建设街", "长江路", "人民西路", "学院路", "和平里街"]
ESTATES = ["阳光花园", "翠苑小区", "万科城市花园", "锦绣家园", "东方公寓", "国贸大厦"]
OPENINGS = ["你好，", "麻烦看下 ", "亲 ", "在吗？", "", "帮我登记一下：", "我刚才说的，", "好的 "]
ENDINGS = ["，谢谢", " 麻烦了", "。", "", "，尽快处理吧", " 可以吗？", "，收到回复我"]
HAN_DIGITS = "零一二三四五六七八九"
SPOKEN_DIGITS = "洞幺两三四五六拐八勾"
FULL_WIDTH = "０１２３４５６７８９"
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence with one datum in it."""

    kind: Kind
    text: str
    raw: str


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def mobile(rng: random.Random) -> str:
    return f"1{rng.choice('3456789')}{digits(rng, 9)}"


def id_card(rng: random.Random) -> str:
    body = (
        f"{rng.choice(['110101', '330106', '440305', '510107'])}"
        f"{rng.randint(1950, 2015)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{digits(rng, 3)}"
    )
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def bank_card(rng: random.Random) -> str:
    body = f"62{digits(rng, rng.choice([14, 16]))}"
    for check in "0123456789":
        number = body + check
        total = 0
        for place, digit in enumerate(reversed(number)):
            value = int(digit) * (2 if place % 2 else 1)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return number
    raise AssertionError(body)


def person(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))


def account(rng: random.Random) -> str:
    return (
        rng.choice("abchjklmwxyz")
        + "".join(rng.choices("abcdefghjkmnpqrstuvwxyz0123456789_", k=7))
        + "7"
    )


def written_mobile(rng: random.Random) -> tuple[str, str]:
    number = mobile(rng)
    three = f"{number[:3]}{{0}}{number[3:7]}{{0}}{number[7:]}"
    return number, rng.choice(
        [
            number,
            f"电话{number}",
            f"手机号是{number}",
            f"+86{number}",
            f"+86 {number}",
            three.format(" "),
            three.format("-"),
            three.format("."),
            f"{number[:7]} {number[7:]}",
            " ".join(number),
            f"联系电话 {number[:3]} {number[3:6]} {number[6:9]} {number[9:]}",
            "".join(FULL_WIDTH[int(digit)] for digit in number),
            "".join(HAN_DIGITS[int(digit)] for digit in number),
            "".join(SPOKEN_DIGITS[int(digit)] for digit in number),
            "".join(CIRCLED[int(digit)] for digit in number),
            "".join(f"{digit}\ufe0f\u20e3" for digit in number),
            "-".join(HAN_DIGITS[int(digit)] for digit in number),
            number.replace("0", "o", 1),
        ]
    )


def written_landline(rng: random.Random) -> tuple[str, str]:
    tail = f"{rng.randint(2, 8)}{digits(rng, 7)}"
    area = rng.choice(["010", "021", "0571", "0755"])
    service = digits(rng, 7)
    return rng.choice(
        [
            (area + tail, f"{area}-{tail}"),
            (area + tail, f"({area}){tail}"),
            (area + tail, f"{area}{tail}"),
            (area + tail, f"{area} {tail[:4]} {tail[4:]}"),
            (tail, f"座机{tail}"),
            ("400" + service, f"400-{service[:3]}-{service[3:]}"),
            ("400" + service, f"400{service}"),
        ]
    )


def written_virtual(rng: random.Random) -> tuple[str, str]:
    number, extension = mobile(rng), digits(rng, 4)
    form = rng.choice(["{}-{}", "{}转{}", "{} 转 {}", "{}分机{}"])
    return f"{number}-{extension}", form.format(number, extension)


def written_name(rng: random.Random) -> tuple[str, str]:
    name = person(rng)
    form = rng.choice(
        [
            "收件人：{}",
            "收货人{}，别写错",
            "姓名:{}",
            "我叫{}",
            "名字改成{}",
            "联系人是{}",
            "户名：{}",
            "收款人 {}",
            "发票抬头：{}",
            "{} 13812345678",
            "13812345678，{}",
        ]
    )
    return name, form.format(name)


def written_address(rng: random.Random) -> tuple[str, str]:
    province, city, district = rng.choice(PLACES)
    road, estate, number = rng.choice(ROADS), rng.choice(ESTATES), rng.randint(1, 300)
    house = (
        f"{rng.randint(1, 30)}栋{rng.randint(1, 4)}单元{rng.randint(1, 30)}0{rng.randint(1, 4)}室"
    )
    gap = rng.choice(["", " "])
    text = rng.choice(
        [
            gap.join(filter(None, (province, city, district, f"{road}{number}号{estate}{house}"))),
            gap.join(filter(None, (province, city, district, f"{road}{number}号"))),
            f"{province}{city}{district}{estate}{house}",
            f"{district}{road}{number}号{estate}{rng.randint(1, 9)}号楼{rng.randint(101, 2904)}",
            f"{district}{road}{number}号{house}",
        ]
    )
    local = text[text.index(district) + len(district) :].strip()
    return local, rng.choice(["寄到{}", "地址：{}", "改到 {}", "我在{}", "{}"]).format(text)


def written_order(rng: random.Random) -> tuple[str, str]:
    number = f"{rng.choice('123478')}{digits(rng, rng.choice([15, 17, 18]))}"
    group = f"2{rng.randint(30101, 51231)}-{digits(rng, 15)}"
    twelve = f"3{digits(rng, 11)}"
    return rng.choice(
        [
            (number, f"订单号{number}"),
            (number, f"订单编号：{number} 退款"),
            (number, f"{number}这个订单"),
            (group, f"{group} 什么时候发货"),
            (twelve, f"订单号：{twelve}"),
        ]
    )


def written_parcel(rng: random.Random) -> tuple[str, str]:
    number = rng.choice(["SF1", "YT8", "JT5", "JDVC1"]) + digits(rng, 12)
    plain = "7" + digits(rng, rng.choice([11, 12, 13]))
    return rng.choice(
        [
            (number, f"快递单号{number}"),
            (number, f"{number} 到哪了"),
            (plain, f"中通快递 {plain}"),
            (plain, f"退货的运单号是{plain}"),
        ]
    )


def written_wechat(rng: random.Random) -> tuple[str, str]:
    name = account(rng)
    form = rng.choice(
        [
            "微信{}",
            "微信号：{}",
            "加v：{}",
            "VX:{}",
            "vx{}",
            "薇信 {}",
            "V信 {}",
            "wx {}",
            "加微 {}",
            "ＶＸ：{}",
            "威信号是{}",
            "➕v {}",
            "wechat: {}",
            "微 信 {}",
        ]
    )
    return name, form.format(name)


def written_qq(rng: random.Random) -> tuple[str, str]:
    number = str(rng.randint(10_000_000, 3_999_999_999))
    form = rng.choice(["QQ{}", "QQ：{}", "qq号是{}", "扣扣 {}", "加Q Q {}", "企鹅号{}", "Q号：{}"])
    return number, form.format(number)


def written_id_card(rng: random.Random) -> tuple[str, str]:
    number = id_card(rng)
    form = rng.choice(["身份证{}", "{}", "清关用的身份证号：{}", "证件号 {}"])
    shown = rng.choice([number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"])
    return number, form.format(shown)


def written_bank_card(rng: random.Random) -> tuple[str, str]:
    number = bank_card(rng)
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    form = rng.choice(["卡号{}", "{}", "打款到工行 {}", "银行卡：{}", "转账到{}"])
    return number, form.format(rng.choice([number, grouped]))


def written_email(rng: random.Random) -> tuple[str, str]:
    address = (
        f"{account(rng)}@{rng.choice(['qq.com', '163.com', 'gmail.com', 'mail.example.com.cn'])}"
    )
    form = rng.choice(["邮箱{}", "电子发票发到{}", "{}", "支付宝账号 {}"])
    return address, form.format(rng.choice([address, address.replace("@", "＠"), address.upper()]))


def written_tax_id(rng: random.Random) -> tuple[str, str]:
    number = f"91{digits(rng, 6)}MA{''.join(rng.choices('0123456789ABCDEFGHJK', k=8))}"
    form = rng.choice(["税号{}", "税号：{}", "纳税人识别号 {}", "统一社会信用代码是{}"])
    return number, form.format(number)


def written_nick(rng: random.Random) -> tuple[str, str]:
    default, chosen = f"tb{digits(rng, 8)}", f"小{rng.choice('鱼猫熊兔')}儿{digits(rng, 3)}"
    return rng.choice(
        [
            (default, f"我是{default}"),
            (chosen, f"昵称：{chosen}"),
            (chosen, f"旺旺号:{chosen}"),
            (default, f"淘宝名是{default}"),
        ]
    )


def written_secret(rng: random.Random) -> tuple[str, str]:
    code, password = digits(rng, rng.choice([4, 6])), f"Abc{digits(rng, 5)}"
    return rng.choice(
        [
            (code, f"验证码{code}"),
            (code, f"验证码是：{code}"),
            (code, f"{code}是您的验证码"),
            (password, f"密码：{password}"),
            (password, f"密码是{password}"),
            (code, f"短信码 {code}"),
        ]
    )


WRITERS: dict[Kind, Callable[[random.Random], tuple[str, str]]] = {
    Kind.PHONE: written_mobile,
    Kind.LANDLINE: written_landline,
    Kind.VIRTUAL_PHONE: written_virtual,
    Kind.NAME: written_name,
    Kind.ADDRESS: written_address,
    Kind.ORDER_NO: written_order,
    Kind.TRACKING_NO: written_parcel,
    Kind.WECHAT: written_wechat,
    Kind.QQ: written_qq,
    Kind.ID_CARD: written_id_card,
    Kind.BANK_CARD: written_bank_card,
    Kind.EMAIL: written_email,
    Kind.TAX_ID: written_tax_id,
    Kind.NICK: written_nick,
    Kind.SECRET: written_secret,
}


def cases(seed: int, per_kind: int) -> Iterator[Case]:
    """Yield `per_kind` sentences of each kind."""
    rng = random.Random(seed)
    for kind, write in WRITERS.items():
        for _ in range(per_kind):
            raw, written = write(rng)
            yield Case(kind, f"{rng.choice(OPENINGS)}{written}{rng.choice(ENDINGS)}", raw)
