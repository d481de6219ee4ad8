"""Provinces and cities of China: plain names without 省, 市, 自治区; nothing finer is kept."""

import re

import pyarrow as pa

from huisheng.intake.cells import PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import Outcome, read_distinct

PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江"),
    *("安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆"),
    *(
        "四川",
        "贵州",
        "云南",
        "西藏",
        "陕西",
        "甘肃",
        "青海",
        "宁夏",
        "新疆",
        "台湾",
        "香港",
        "澳门",
    ),
)
_MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})
_PROVINCE = re.compile(
    rf"(?:中国|中华人民共和国)?\s*(?P<name>{'|'.join(PROVINCES)})"
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)?[\s,，/-]*"
)
_CITY = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,11}?)(?:市|地区|自治州|盟)")


def parse_province(cells: pa.Array) -> Outcome:
    """Return provinces out of province names or whole addresses; masked ones are null."""
    return read_distinct(nulled(cells, PLACEHOLDERS), province_of, pa.string())


def parse_city(cells: pa.Array) -> Outcome:
    """Return cities out of city names or whole addresses; masked ones are null."""
    return read_distinct(nulled(cells, PLACEHOLDERS), city_of, pa.string())


def province_of(text: str) -> str | None:
    """Return the province a text begins with; a short unknown word is kept, an address is not."""
    found = _PROVINCE.match(text)
    if found:
        return found["name"]
    return _short_word(text)


def city_of(text: str) -> str | None:
    """Return the city a text begins with, after its province."""
    found = _PROVINCE.match(text)
    rest = text[found.end() :] if found else text
    city = _CITY.match(rest)
    if city:
        return city["name"]
    if found:
        return found["name"] if found["name"] in _MUNICIPALITIES else _short_word(rest)
    return _short_word(text)


def _short_word(text: str) -> str | None:
    # Whatever else stands here might be a street or a person; `****` is what PDD shows.
    if "*" in text or not 2 <= len(text) <= 6 or not re.fullmatch(r"[\u4e00-\u9fff]+", text):
        return None
    return re.sub(r"(?:省|市|自治区)$", "", text)
