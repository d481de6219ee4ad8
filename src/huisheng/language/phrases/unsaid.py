"""What texts and phrases that say nothing about a shop are made of: greetings, thanks, filler."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.language.phrases.units import NOISE
from huisheng.language.spelling import text_array

_LETTERS = (
    "的了吗呢啊吧呀哦噢嘛么哈呗啦哟喔嗯呃额哎唉诶欸得地着过们个我你您他她它咱这那哪"
    "和与跟给把被让对从向在到于为以及或但而且是就都也还又再才很太挺蛮真更最只已便却并"
    "会能要想去来说看请将该应一两几些点下上里有没不行恩好咋啥哪谁帮刚喂亲号件次天年月日块元斤岁度楼寸升"
)
_WORDS = """
你好 您好 在吗 在么 在不在 有人吗 有人 客服 老板 掌柜 哈喽 hi hello ok emmm cm kg ml
谢谢 多谢 感谢 辛苦 麻烦 请问 请教 打扰 不好意思 抱歉 再见 拜拜 可以 知道 明白 了解 没事 没关系
没有 有没有 是不是 能不能 可不可以 会不会 要不要 行不行 好不好 对不对
什么 怎么 怎样 怎么样 咋样 如何 为什么 为啥 多少 多久 几个 哪里 何时 时候
这样 那样 这里 那里 这边 那边 这款 那款 自己 大家 一样 一般
因为 所以 不过 如果 要是 或者 还是 然后 虽然 刚才 现在 今天 明天 昨天 后天 今晚
上午 下午 晚上 早上 中午 时间 之前 之后 以后 以前 当时 最近 马上 立刻
可能 必须 需要 觉得 感觉 问 咨询 告诉 帮忙 东西 事情 问题 情况 意思 方面 地方
特别 非常 比较 其他 别的 全部 所有 每个 呵呵 表情 图片 话说 直接 到底 反正 其实 居然 竟然
究竟 总是 经常 不用 好嘞 有人回 回一下 订单号
"""
"""Words that make no phrase, alone, one after another, or together with the letters above."""

_NOTHING = "|".join(
    [*map(re.escape, sorted(_WORDS.split(), key=len, reverse=True)), f"[{_LETTERS}]"]
)
_SAYS_NOTHING = rf"^(?:{_NOTHING}|[0-9])+$"
_OPENS = (
    "的了吗呢啊吧呀哦噢嘛么哈呗啦哟喔嗯呃额哎唉诶欸得着过们个我你您他她它咱这那哪和与跟给把被让"
    "对从向在于为以及或但而且是就都也还又再才很太挺真更最只已便却并会想请将该应些点里说"
)
_CLOSES = (
    "的了吗呢啊吧呀哦噢嘛么哈呗啦哟喔嗯呃额哎唉诶欸得着过们我你您他她它咱这那哪和与跟给把被让对从"
    "向在于为以及或但而且是就都也还又再才很太挺真更最只已便却并会能要想请将该应没不说一几有先"
)
_HALVES = "^(?:天[^天猫气然]|号[^码]|期[^待间望]|斤|岁|[0-9]+[天号斤岁点年月日周])"
"""Beginnings that are the rest of «几天», «几号», or a day or weight that is one of many."""
_BAD_EDGES = (
    f"{_HALVES}|^[{_OPENS}]|[{_CLOSES}]$|^(?:请问|麻烦|你好|您好|亲)|(?:谢谢|谢啦|麻烦了|的话)$"
)


def says_nothing(words: pa.Array) -> NDArray[np.bool_]:
    """Return bool[n]: which phrases are no name of anything: they are, begin or end with filler."""
    empty = pc.or_(
        pc.match_substring_regex(words, _SAYS_NOTHING), pc.match_substring_regex(words, _BAD_EDGES)
    )
    flags: NDArray[np.bool_] = empty.to_numpy(zero_copy_only=False)
    return flags


def gist(texts: Sequence[str] | pa.Array) -> pa.Array:
    """Return what each text says in letters alone, empty where it says nothing by itself.

    Texts that differ in punctuation, pictures, case, width or numbers have one gist.
    """
    said = pc.utf8_normalize(text_array(texts), form="NFKC")
    said = pc.replace_substring_regex(pc.utf8_lower(said), NOISE, "")
    said = pc.replace_substring_regex(said, r"[^\p{L}\p{N}]+", "")
    said = pc.replace_substring_regex(said, "[0-9]+", "0")
    return pc.if_else(pc.match_substring_regex(said, _SAYS_NOTHING), "", said)
