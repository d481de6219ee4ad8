"""Made-up buyers' lines, agents' lines and reviews, a million a second."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.language import taxonomy
from huisheng.language.encoding import encode_distinct

OPENINGS = (
    "", "", "", "", "亲，", "你好，", "在吗 ", "那个", "请问一下，", "老板，", "哎，", "麻烦问下 ",
)  # fmt: skip
SMALL_TALK = (
    "，谢谢", "，急用", "，麻烦了", "啊", "呢", "？？", "，等你回复", "，快点好吗", "哈", "，辛苦",
    "，我很着急", "，上次也是这样", "，给我妈买的", "，孩子等着用", "，家里人催我",
)  # fmt: skip
STREETS = ("西湖区文三路", "朝阳区建国路", "天河区体育西路", "武侯区人民南路", "江宁区胜太路")
CITIES = ("浙江省杭州市", "北京市", "广东省广州市", "四川省成都市", "江苏省南京市")
ANSWERS = (
    "亲，您好，已经帮您查询了，", "这边给您登记一下，", "非常抱歉给您带来不便，", "您好，",
    "亲亲稍等哦，", "好的呢，", "看到您的订单了，",
)  # fmt: skip
PROMISES = (
    "今天会安排发出，请您耐心等待。", "已经为您催促仓库了，有消息第一时间联系您。",
    "支持七天无理由退换，您可以放心购买。", "请您提供一下照片，这边给您核实处理。",
    "退款会在一到三个工作日内原路退回，请注意查收。", "这款目前有现货，四十八小时内发出。",
    "快递已经在派送途中，预计明天送达。", "运费险已经赠送，退货不用您承担运费。",
)  # fmt: skip
FEWEST_LETTERS, MOST_LETTERS = 20, 30
"""Of a message of about 25 letters."""
NO_TAIL, TALK, ORDER, SIZE, DAY, PHONE, ADDRESS, EMAIL = range(8)
TAIL_SHARES = (0.38, 0.27, 0.09, 0.09, 0.11, 0.03, 0.025, 0.005)


def buyer_lines(rng: np.random.Generator, count: int) -> pa.Array:
    """Return `count` buyers' lines; about two in three are distinct among a hundred thousand."""
    tails = pc.choose(
        pa.array(rng.choice(len(TAIL_SHARES), count, p=TAIL_SHARES)),
        pa.array([""] * count),
        drawn(rng, SMALL_TALK, count),
        joined("，订单号", _digits(rng, count, 10**18, 9 * 10**18)),
        joined("，要", _digits(rng, count, 1, 40), "个", _digits(rng, count, 30, 46), "号的"),
        joined("，", _digits(rng, count, 1, 13), "月", _digits(rng, count, 1, 29), "号拍的"),
        joined("，电话1", _digits(rng, count, 3 * 10**9, 10**10)),
        joined("，改到", _addresses(rng, count)),
        joined("，发到u", _digits(rng, count, 10**4, 10**8), "@qq.com"),
    )
    return joined(drawn(rng, OPENINGS, count), drawn(rng, _utterances(), count), tails)


def agent_lines(rng: np.random.Generator, count: int) -> pa.Array:
    """Return `count` lines of agents and robots."""
    numbers = joined("单号尾数", _digits(rng, count, 0, 10_000), "，")
    middle = pc.if_else(pa.array(rng.random(count) < 0.5), numbers, "")
    return joined(drawn(rng, ANSWERS, count), middle, drawn(rng, PROMISES, count))


def reviews(rng: np.random.Generator, count: int) -> pa.Array:
    """Return `count` reviews of two to four clauses of one mood."""
    signed = [pair for aspect in taxonomy().aspects.values() for pair in aspect.examples]
    good = [text for polarity, text in signed if polarity >= 0]
    bad = [text for polarity, text in signed if polarity < 0]
    glad = pa.array(rng.random(count) < 0.7)
    clauses = [pc.if_else(glad, drawn(rng, good, count), drawn(rng, bad, count)) for _ in range(4)]
    more = [
        pc.if_else(pa.array(rng.random(count) < 0.5), joined("，", clause), "")
        for clause in clauses[2:]
    ]
    return joined(clauses[0], "，", clauses[1], *more)


def distinct_messages(rng: np.random.Generator, count: int) -> pa.Array:
    """Return `count` messages of 20 to 30 letters, no two of which huisheng reads alike.

    Half are two sentences of a chat, half are reviews; letters that digits stand for count once.

    Raises:
        ValueError: so many cannot be made.
    """
    drawn_of_each = 4 * count
    chats = joined(buyer_lines(rng, drawn_of_each), "，", drawn(rng, _utterances(), drawn_of_each))
    halves = [_unlike(some)[: -(-count // 2)] for some in (chats, reviews(rng, drawn_of_each))]
    found = _unlike(pa.concat_arrays(halves))[:count]
    if len(found) < count:
        raise ValueError(f"only {len(found):,} messages are distinct, {count:,} were asked for")
    return found.take(pa.array(rng.permutation(count)))


def _unlike(texts: pa.Array) -> pa.Array:
    """Return the texts of 20 to 30 letters, of those that read alike the first."""
    letters = pc.utf8_length(texts)
    fitting = pc.and_(
        pc.greater_equal(letters, FEWEST_LETTERS), pc.less_equal(letters, MOST_LETTERS)
    )
    some = texts.filter(fitting)
    _, read_as = encode_distinct(some.cast(pa.large_string()))
    return some.take(pa.array(np.unique(read_as, return_index=True)[1]))


def _utterances() -> list[str]:
    said = [text for scene in taxonomy().scenes.values() for text in scene.utterances]
    return said + [text for mood in taxonomy().emotions.values() for text in mood.examples]


def drawn(rng: np.random.Generator, pool: tuple[str, ...] | list[str], count: int) -> pa.Array:
    """Return `count` texts of a pool, each as likely."""
    return pa.array(pool).take(pa.array(rng.integers(len(pool), size=count)))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return the parts written one after another, element by element."""
    return pc.binary_join_element_wise(*parts, "")


def _digits(rng: np.random.Generator, count: int, low: int, high: int) -> pa.Array:
    return pa.array(rng.integers(low, high, count)).cast(pa.string())


def _addresses(rng: np.random.Generator, count: int) -> pa.Array:
    place = rng.integers(len(CITIES), size=count)
    return joined(
        pa.array(CITIES).take(pa.array(place)),
        pa.array(STREETS).take(pa.array(place)),
        _digits(rng, count, 1, 400),
        "号",
        _digits(rng, count, 1, 30),
        "幢",
        _digits(rng, count, 101, 2800),
        "室",
    )
