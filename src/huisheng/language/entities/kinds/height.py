"""A person's height in centimetres: 165cm, 1米65, 一米六五, 身高165; of children too.

Lengths of things (1.5米的床) are none.
"""

from collections.abc import Iterator

from huisheng.language.entities.body import HEIGHT_TRIGGER, heights_in
from huisheng.language.entities.definition import Definition, Example, Found, Said


def _find(said: Said) -> Iterator[Found]:
    for height in heights_in(said.plain):
        yield Found(height.start, height.stop, low=height.low, high=height.high)


DEFINITION = Definition(
    label="身高",
    unit="cm",
    trigger=HEIGHT_TRIGGER,
    find=_find,
    examples=(
        Example("身高165穿什么码", "165", low=165),
        Example("身高１６５穿什么码", "１６５", low=165),
        Example("我165cm", "165cm", low=165),
        Example("165公分穿多大", "165公分", low=165),
        Example("我1米65穿多大", "1米65", low=165),
        Example("1米7的男生穿几码", "1米7", low=170),
        Example("一米六五，偏瘦", "一米六五", low=165),
        Example("身高一米八", "一米八", low=180),
        Example("本人1.72m能穿吗", "1.72m", low=172),
        Example("身高165体重110", "165", low=165),
        Example("165/110穿M还是L", "165", low=165),
        Example("163/105斤要S还是M", "163", low=163),
        Example("178 75kg 穿多大", "178", low=178),
        Example("我168想穿宽松点，选什么码", "168", low=168),
        Example("宝宝身高90cm", "90cm", low=90),
        Example("身高一七八，偏瘦", "一七八", low=178),
        Example("身高160到165都能穿吗", "160到165", low=160, high=165),
    ),
    unlike=(
        "要1.5米的床单",
        "线有2米长吗",
        "买110的",
        "165元",
        "165/88A的有吗",
        "宽120cm",
        "桌子高75cm",
        "我买的2米窗帘",
        "iPhone15",
        "17cm的表带，我手腕细",
        "满165可以用券",
        "身高没写",
    ),
)
