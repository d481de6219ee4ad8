"""Flag talk of health and of children under 14: sensitive, shown only on purpose, not altered."""

import re
from collections.abc import Iterator

from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import View

_HEALTH = re.compile(
    "过敏|病历|诊断|怀孕|孕妇|孕期|备孕|哺乳期|月子|流产|糖尿病|高血压|高血糖|高血脂|心脏病|哮喘|湿疹"
    "|荨麻疹|皮炎|皮肤病|红疹|起疹|癌|肿瘤|化疗|手术|住院|急诊|抑郁|焦虑症|癫痫|残疾|骨折|艾滋|乙肝"
    "|肾病|中毒|灼伤|烫伤|过敏史|体检报告|医院证明"
)
_AGE = re.compile(
    r"(?<![0-9.])(?:[0-9]|1[0-3])(?:周岁|岁)(?!以上|老店|起)|(?<![0-9.])[0-9]{1,2}个?月(?:大的?|龄)?(?:的)?(?:宝宝|婴儿|孩子)"
    r"|(?<![十一二三四五六七八九])(?:[一二两三四五六七八九]|十[一二三]?)(?:周岁|岁)(?!以上|老店|起)"
    r"|(?:宝宝|孩子|小孩|女儿|儿子|闺女)(?:刚|才|今年|现在|快|已经|有)*(?:[0-9]|1[0-3])(?:个月|岁)"
    r"|(?:读|上|念)(?:幼儿园|小学|[一二三四五六]年级)|未成年|未满14|新生儿|幼儿园小朋友"
)

HEALTH_TRIGGER = _HEALTH.pattern
MINOR_TRIGGER = "岁|个月|月龄|月大|未成年|未满14|新生儿|幼儿园|小学|年级"
"""RE2: what every flagged text contains."""


def find_health(view: View) -> Iterator[Entity]:
    """Yield words of illness and pregnancy; `masked` equals the original."""
    return _flagged(view, Kind.HEALTH, _HEALTH)


def find_minors(view: View) -> Iterator[Entity]:
    """Yield mentions of a child under 14; `masked` equals the original."""
    return _flagged(view, Kind.MINOR, _AGE)


def _flagged(view: View, kind: Kind, pattern: re.Pattern[str]) -> Iterator[Entity]:
    for found in pattern.finditer(view.plain):
        words = view.original[found.start() : found.end()]
        yield Entity(kind, *found.span(), words, words)
