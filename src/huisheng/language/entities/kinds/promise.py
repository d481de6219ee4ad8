"""What the shop promises to do by a time: 明天下午前给您发出, 24小时内回电, 后天能到.

Only the shop's own words count. Buyers' duties (请您7天内寄回), conditions (今晚12点前下单),
questions, refusals, what is done already, and hedges (尽量, 应该, 一般) promise nothing. The value
is the deed. A promise stands beside the time that it holds.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from huisheng.language.entities.actions import ACTION
from huisheng.language.entities.definition import Definition, Example, Found, Said
from huisheng.language.entities.moment_words import TRIGGER, moments_in
from huisheng.language.entities.moments import Told

_END = "。!！?？;；\n"
_SENTENCE = re.compile(rf"[^{_END}]*[{_END}]?")
_CLAUSE = re.compile(r"[,，、]")
_DEED = re.compile(ACTION)
_FAR = 16
"""Letters between a time and the deed it is for."""
_LONG = 60
"""Letters of a sentence before a time that are read."""
_UNDONE = re.compile(r"(?:[不没未别]|无法|难以|不能|没法|来不及|不到)[^,，。]{0,3}\Z")
_REFUSED = re.compile(r"[不没](?![出超过]|好意思|仅)")
_UNABLE = re.compile(r"[吗么]|不[了出到成]|[了过](?![吗没嘛]|$)|完成后|失败")
_ASKED = re.compile(
    r"什么时候|是不是|是否|有没有|方便吗|了吗|了没|收到了|哪天|几点|麻烦您?"
    r"|请您?(?!放心|注意|耐心|稍)|建议|记得|务必"
)
_NOT_OURS = re.compile(
    r"尽量|争取|可能|应该|也许|或许|说不定|一般|通常|正常|不一定|不保证|不能保证|无法保证|已经|之前说"
    rf"|{_ASKED.pattern}"
)
"""Hedges, questions and requests."""
_YOURS = re.compile(
    r"(?<![给为帮跟和到与替向让])[您你](?:这边|那边)?(?:可以|需要?|要|再|先|得|自己)?[在于]? ?\Z"
)
_CONDITION = re.compile(
    r" ?[您你]?(?:下单|付款|拍下?|支付|购买|申请|提交|寄回|退货|签收|收到|确认"
    r"|领取?|参加|使用|有效|截止|结束|再来?|记得|的?(?:订单|单|货)|无理由)"
)


def _find(said: Said) -> Iterator[Found]:
    for told in moments_in(said.plain):
        deed = None if told.moment.is_past else _deed(said.plain, told)
        if deed:
            yield Found(
                min(told.start, deed.start()),
                max(told.stop, deed.end()),
                value=deed.group(),
                moment=replace(told.moment, ahead=True),
            )


def _deed(text: str, told: Told) -> re.Match[str] | None:
    """Return what is to be done at a time; None where nothing is promised."""
    start = max(text.rfind(end, max(0, told.start - _LONG), told.start) for end in _END) + 1
    sentence = _SENTENCE.match(text, start)
    stop = sentence.end() if sentence else len(text)
    clause = _CLAUSE.split(text[max(start, told.start - _LONG) : told.start])[-1]
    if _NOT_OURS.search(clause) or _YOURS.search(clause) or _CONDITION.match(text, told.stop):
        return None
    after = _DEED.search(text, told.stop, min(stop, told.stop + _FAR))
    if after:
        return after if _is_promised(text, after, text[told.stop : after.start()], stop) else None
    before = [
        deed
        for deed in _DEED.finditer(text, max(start, told.start - _FAR), told.start)
        if len(deed.group()) > 1
    ]
    if before and _is_promised(text, before[-1], text[before[-1].end() : told.start], stop):
        return before[-1]
    return None


def _is_promised(text: str, deed: re.Match[str], between: str, stop: int) -> bool:
    """Return whether a deed is said to be done; `between` stands between it and its time."""
    if _UNDONE.search(text[max(0, deed.start() - 5) : deed.start()]):
        return False
    if _UNABLE.match(text, deed.end()) or _NOT_OURS.search(between) or _REFUSED.search(between):
        return False
    return not _ASKED.search(text, deed.end(), min(stop, deed.end() + 8))


def _example(text: str, words: str, deed: str, until: str, *, deadline: bool = True) -> Example:
    said_at = "2026-11-11 15:00"
    return Example(
        text, words, deed, until=until, deadline=deadline, said_at=said_at, by_agent=True
    )


DEFINITION = Definition(
    label="承诺",
    trigger=TRIGGER,
    find=_find,
    only_agents=True,
    stands_beside=True,
    examples=(
        _example("明天下午前给您发出", "明天下午前给您发出", "发出", "2026-11-12 18:00"),
        _example("亲，48小时内发货哦", "48小时内发货", "发货", "2026-11-13 15:00"),
        _example(
            "24小时内会有专员给您回电的",
            "24小时内会有专员给您回电",
            "回电",
            "2026-11-12 15:00",
        ),
        _example("今晚12点前一定给您退款", "今晚12点前一定给您退款", "退款", "2026-11-12"),
        _example("预计5点之前给您回电您看可以吗？", "5点之前给您回电", "回电", "2026-11-11 17:00"),
        _example("预计3个工作日到账哦", "3个工作日到账", "到账", "2026-11-17"),
        _example("退款3天内到账", "3天内到账", "到账", "2026-11-15"),
        _example("最迟周五给您补发", "周五给您补发", "补发", "2026-11-14"),
        _example("请您耐心等待，2小时内给您答复", "2小时内给您答复", "答复", "2026-11-11 17:00"),
        _example("这边加急，12号前送到您手里", "12号前送到", "送到", "2026-11-13"),
        _example("已经反馈了，明天中午前处理好", "明天中午前处理", "处理", "2026-11-12 12:00"),
        _example("后天能到哦", "后天能到", "到", "2026-11-14", deadline=False),
        _example("包裹明天送达", "明天送达", "送达", "2026-11-13", deadline=False),
        _example("安排仓库明天发货", "明天发货", "发货", "2026-11-13", deadline=False),
        _example("您的快递3-5天到货", "3-5天到货", "到货", "2026-11-17", deadline=False),
        _example("下周一给您寄出新的", "下周一给您寄出", "寄出", "2026-11-17", deadline=False),
    ),
    unlike=("明天下午前给我发出", "48小时内发货吗", "你们说明天送达的"),
    unlike_of_agents=(
        "请您7天内寄回",
        "麻烦您明天再联系我们",
        "今晚12点前下单有优惠",
        "明天发不了货哦",
        "周末不发货的",
        "明天没法送达呢",
        "昨天已经给您发出了",
        "尽量明天给您发货",
        "应该后天能到",
        "您明天方便吗",
        "您什么时候下单的，今天吗",
        "支持7天无理由退货",
        "活动今晚12点前结束",
        "这款续航2小时",
        "一般3-5天到货",
        "今天天气不错",
    ),
)
