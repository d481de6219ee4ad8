"""Other places to buy: 拼多多, 别家, and the rivals a shop names; the value is the id or the rival.

Carriers, accounts and cards of the same name (京东快递, 淘宝号) are none.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

import yaml

from huisheng.errors import DefinitionError
from huisheng.language.entities.definition import Definition, Example, Found, Said

_FILE = "competitors.yaml"
_FIELDS = {"label", "words", "unless"}


def _read() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the id of each word, and the pattern of all words that nothing of `unless` follows."""
    text = files("huisheng.language").joinpath("taxonomy", _FILE).read_text(encoding="utf-8")
    rows = yaml.safe_load(text)
    if not all(row.keys() == _FIELDS for row in rows.values()):
        raise DefinitionError(f"taxonomy/{_FILE}", f"每一项应恰有 {'、'.join(sorted(_FIELDS))}")
    ids = {word: id_ for id_, row in rows.items() for word in row["words"]}
    longest = sorted(ids, key=lambda word: (-len(word), word))
    return ids, re.compile("|".join(_pattern(word, rows[ids[word]]["unless"]) for word in longest))


def _pattern(word: str, unless: list[str]) -> str:
    words = rf"(?<![0-9a-z]){word}(?![0-9a-z])" if word.isascii() else re.escape(word)
    return f"{words}(?!{'|'.join(map(re.escape, unless))})" if unless else words


_IDS, _WORDS = _read()


def _find(said: Said) -> Iterator[Found]:
    for found in _WORDS.finditer(said.plain):
        yield Found(*found.span(), _IDS[found.group()])
    for rival, words in said.rivals.items():
        yield from (Found(*found.span(), rival) for found in words.finditer(said.plain))


DEFINITION = Definition(
    label="竞品",
    trigger="|".join(map(re.escape, sorted(_IDS))),
    find=_find,
    reads_rivals=True,
    examples=(
        Example("拼多多上更便宜", "拼多多", "pinduoduo"),
        Example("PDD才卖20", "PDD", "pinduoduo"),
        Example("ｐｄｄ才卖20", "ｐｄｄ", "pinduoduo"),
        Example("京东比你们便宜", "京东", "jd"),
        Example("狗东明天就到", "狗东", "jd"),
        Example("别家都包邮", "别家", "generic"),
        Example("隔壁才卖50", "隔壁", "generic"),
        Example("别的店送运费险", "别的店", "generic"),
        Example("人家天猫有发票", "天猫", "tmall"),
        Example("抖音直播间便宜20", "抖音", "douyin"),
        Example("1688拿货价才几块", "1688", "1688"),
        Example("得物上是正品吗", "得物", "dewu"),
        Example("唯品会打五折", "唯品会", "vip"),
        Example("小红书上看到更便宜的", "小红书", "xiaohongshu"),
        Example("山姆一样的才19.9", "山姆", "sams"),
        Example("其他家没有这么贵", "其他家", "generic"),
    ),
    unlike=(
        "发京东快递吗",
        "京东物流到哪了",
        "我的淘宝号是多少",
        "天猫精灵能连吗",
        "隔壁邻居收的",
        "放隔壁小区",
        "快手快脚的",
        "亚马逊雨林",
        "物品不对",
        "支付宝付款",
        "订单16881234",
        "家里别的都好",
        "手机没电",
    ),
)
