"""Gifts that come with goods: 送的鼠标, 赠品, 送一双袜子; the value is the gift's word.

Delivery (送货, 送到) and presents for others (送妈妈的) are none.
"""

import re
from collections.abc import Iterator

from huisheng.language.entities.definition import Definition, Example, Found, Said
from huisheng.language.entities.numerals import CHINESE

_WORD = re.compile(
    r"赠品|小礼[品物]|(?<!送)礼品(?!袋|盒|卡|店|包装)|(?<!送)礼物(?=没|呢|少|漏|忘|在哪|怎)|满赠|买[一二两三][送赠][一二两三]"
)
_GIVE = r"(?<![配派发运快递寄护断输保传推])(?:赠送|附送|附赠|白送|加送|多送|送|赠)"
_GIFT = r"(?P<gift>[\u4e00-\u9fffa-z]{1,6})"
_SENT = re.compile(
    rf"{_GIVE}(?:给?[我你您]们?)?的(?:[那这几][个双条只瓶包盒套件支袋片张块台])?{_GIFT}"
)
_COUNTED = re.compile(
    rf"{_GIVE}(?:给?[我你您]们?|了)?(?:(?:[0-9]{{1,2}}|{CHINESE}{{1,2}}|几)"
    rf"[个双条只瓶包盒套件支份袋片副张把块台根]|[个双条瓶支])(?!小时|月|星期|礼拜){_GIFT}"
)
_ENDS = re.compile(
    r"[的呢吗吧呗没不少坏是了在也都和怎有呀啊给漏还就会能要很太真好挺特哦为么跟与又已被质破碎丢算重比一我你您他她]"
    r"|可以|可能|哪|什么|(?<!试)用|(?<!旅)行"
)
_NO_GIFT = re.compile(
    r"[很太也是真时速及晚早不好挺还就特超地人快慢贼比有吗呢啊吧都妈爸老女男儿婆公货日]"
    r"|朋友|闺蜜|同事|亲戚|长辈|孩子|客户|领导|运费险|东西|话|[大小]\Z"
)


def _find(said: Said) -> Iterator[Found]:
    text = said.plain
    yield from (Found(*found.span(), found.group()) for found in _WORD.finditer(text))
    for pattern in (_SENT, _COUNTED):
        for found in pattern.finditer(text):
            gift = _ENDS.split(found["gift"])[0]
            if gift and not _NO_GIFT.match(gift):
                yield Found(found.start(), found.start("gift") + len(gift), gift)


DEFINITION = Definition(
    label="赠品",
    trigger=rf"[送赠](?:给?[我你您]|[的了0-9几个双条只瓶包盒套件]|{CHINESE})|赠品|礼[品物]|满赠",
    find=_find,
    examples=(
        Example("送的鼠标不能用", "送的鼠标", "鼠标"),
        Example("赠送的耳机呢", "赠送的耳机", "耳机"),
        Example("你们送的那个杯子碎了", "送的那个杯子", "杯子"),
        Example("有赠品吗", "赠品", "赠品"),
        Example("少了赠品", "赠品", "赠品"),
        Example("小礼物没收到", "小礼物", "小礼物"),
        Example("礼品怎么没发", "礼品", "礼品"),
        Example("送一双袜子吗", "送一双袜子", "袜子"),
        Example("送个鼠标垫呗", "送个鼠标垫", "鼠标垫"),
        Example("说好送您一个手机壳", "送您一个手机壳", "手机壳"),
        Example("附赠的螺丝刀没有", "附赠的螺丝刀", "螺丝刀"),
        Example("送的那瓶小样漏液了", "送的那瓶小样", "小样"),
        Example("再送两瓶小样可以吗", "送两瓶小样", "小样"),
        Example("买一送一吗", "买一送一", "买一送一"),
        Example("白送的充电线也太短了", "白送的充电线", "充电线"),
        Example("送了3包湿巾", "送了3包湿巾", "湿巾"),
        Example("满300送2个杯子", "送2个杯子", "杯子"),
    ),
    unlike=(
        "什么时候送货",
        "送到家吗",
        "配送的时间",
        "派送的快递员",
        "送的很快",
        "送的真快",
        "买来送妈妈的",
        "送的是女朋友",
        "送人合适吗",
        "送运费险吗",
        "送礼用的",
        "发送的图片",
        "今天能送达吗",
        "送朋友的",
        "快递送的时候摔了",
        "礼盒装",
    ),
)
