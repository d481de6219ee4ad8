"""Days, hours and distances in time: 明天, 周五前, 下午3点, 48小时内, 3-5天到货.

How long a thing lasts (充电2小时) is no time, nor are greetings and 一点 for «a little».
"""

from collections.abc import Iterator

from huisheng.language.entities.definition import Definition, Example, Found, Said
from huisheng.language.entities.moment_words import TRIGGER, moments_in

_WEDNESDAY = "2026-11-11 15:00"


def _find(said: Said) -> Iterator[Found]:
    for told in moments_in(said.plain):
        yield Found(told.start, told.stop, moment=told.moment)


def _point(text: str, words: str, since: str, until: str | None = None) -> Example:
    return Example(text, words, since=since, until=until or since, said_at=_WEDNESDAY)


def _deadline(text: str, words: str, until: str) -> Example:
    return Example(text, words, since=_WEDNESDAY, until=until, deadline=True, said_at=_WEDNESDAY)


DEFINITION = Definition(
    label="时间",
    trigger=TRIGGER,
    find=_find,
    examples=(
        _point("快递今天能到吗", "今天", "2026-11-11", "2026-11-12"),
        _point("后天要用的", "后天", "2026-11-13", "2026-11-14"),
        _point("昨天买的", "昨天", "2026-11-10", "2026-11-11"),
        _point("明早八点来取件", "明早八点", "2026-11-12 08:00"),
        _point("明天下午送来可以吗", "明天下午", "2026-11-12 12:00", "2026-11-12 18:00"),
        _point("下周一发行不行", "下周一", "2026-11-16", "2026-11-17"),
        _point("这周末在家", "这周末", "2026-11-14", "2026-11-16"),
        _point("11月8号买的", "11月8号", "2026-11-08", "2026-11-09"),
        _point("下午三点半我在家", "下午三点半", "2026-11-11 15:30"),
        _point("凌晨1点付的款", "凌晨1点", "2026-11-11 01:00"),
        _point("今晚１２点开抢", "今晚１２点", "2026-11-12"),
        _point("3天前买的", "3天前", "2026-11-08", "2026-11-09"),
        _point("3-5天到货", "3-5天", "2026-11-14", "2026-11-17"),
        _point("两三天能到吗", "两三天", "2026-11-13", "2026-11-15"),
        _point("退款3-5个工作日到账", "3-5个工作日", "2026-11-16", "2026-11-19"),
        _point("下个月五号我搬家", "下个月五号", "2026-12-05", "2026-12-06"),
        _point("月底能补货吗", "月底", "2026-11-21", "2026-12-01"),
        _point("下个月有活动吗", "下个月", "2026-12-01", "2027-01-01"),
        _deadline("明天下午前能到吗", "明天下午前", "2026-11-12 18:00"),
        _deadline("明天中午前能到吗", "明天中午前", "2026-11-12 12:00"),
        _deadline("今晚12点前付款", "今晚12点前", "2026-11-12"),
        _deadline("5点之前发得了吗", "5点之前", "2026-11-11 17:00"),
        _deadline("48小时内发货", "48小时内", "2026-11-13 15:00"),
        _deadline("半小时内回复您", "半小时内", "2026-11-11 15:30"),
        _deadline("周五之前要收到", "周五之前", "2026-11-14"),
        _deadline("12号前发货", "12号前", "2026-11-13"),
        _deadline("最晚周六要到", "周六", "2026-11-15"),
        _deadline("月底前到就行", "月底前", "2026-12-01"),
        _deadline("双12前能到吗", "双12前", "2026-12-12"),
        _deadline("元旦之前要用", "元旦之前", "2027-01-01"),
        _deadline("2026-11-15 18:30前送到", "2026-11-15 18:30前", "2026-11-15 18:30"),
    ),
    unlike=(
        "一点都不好用",
        "便宜一点吧",
        "有两点建议",
        "说三点要求",
        "等了半天没人理",
        "续航只有2小时",
        "充电要3个小时",
        "用了3天就坏了",
        "看了3小时后就坏了",
        "7天无理由退货吗",
        "一年质保吗",
        "早上好",
        "晚上睡觉用的",
        "以前天天用",
        "然后天天等",
        "拍1号链接",
        "5号电池有送吗",
        "2号色好看",
        "一周一次就够",
        "每周一都上新",
        "后天性的",
        "比例16:9的",
        "给个好点的评价",
        "几点了",
    ),
)
