import pytest

from huisheng.language import load_model, taxonomy

PRAISE = [
    "质量合格",
    "质量很好，没有问题",
    "质量没问题，会回购",
    "没有异味，做工也没有瑕疵，很满意",
    "用了三个月都没坏，质量真不错",
    "包装完好，没有破损，好评",
    "实物和图片一样，没有色差，很喜欢",
    "一点都不掉色，也不起球，面料舒服",
    "果然没有让人失望，物超所值",
    "没有漏发，赠品也收到了，卖家很用心",
]
BLAME = {
    "电饭煲内胆掉涂层了": {"POST04"},
    "质量太差了，才用一周就坏了": {"POST03", "POST04", "POST18"},
    "袖子开线了": {"POST04"},
    "和图片完全不一样": {"POST05"},
    "收到就碎了": {"MID11", "POST04"},
    "用两天就不通电了": {"POST03"},
}


def _complaints(text: str) -> set[str]:
    scenes = taxonomy().scenes
    named = {scene["id"] for scene in load_model().label([text]).as_json(0)["scenes"]}
    return {name for name in named if scenes[name].complaint}


@pytest.mark.parametrize("text", PRAISE)
def test_praise_is_no_complaint(text: str) -> None:
    assert _complaints(text) == set()


@pytest.mark.parametrize("text", BLAME)
def test_complaints_are_still_heard(text: str) -> None:
    assert _complaints(text) & BLAME[text]


def test_what_is_blamed_in_a_pleased_review_is_noticed() -> None:
    labels = load_model().label(
        ["效果很好，包装也精致，就是物流太慢了", "效果很好，包装也精致，物流也快"]
    )
    assert labels.blamed_p[0] > 0.5 > labels.blamed_p[1]


def test_complaints_are_marked_in_the_taxonomy() -> None:
    marked = {scene.id for scene in taxonomy().scenes.values() if scene.complaint}
    assert {"POST03", "POST04", "POST05", "POST18"} <= marked
    assert not marked & {"PRE16", "MID05", "POST01", "ANY02"}


REQUESTS = (
    "能开发票吗", "发票怎么开", "我要开发票，抬头写公司", "可以改地址吗，写错门牌号了",
    "什么时候发货呀", "退货运费谁出", "这个降价了能价保吗", "运费险怎么申请", "可以今天发货吗",
    "帮我把订单取消了吧", "请问有赠品吗", "这款支持保修多久", "专票需要提供什么资料",
)  # fmt: skip
QUESTIONS = (
    "噪音大吗", "味道大吗", "尺码偏大吗", "电池耐用吗", "会起球吗", "没有赠品吗", "包装结实吗",
)  # fmt: skip
COMPLAINTS = (
    "发票都拖了一个月还不开，太差劲了", "到现在还不发货，什么意思", "退货运费凭什么让我出，气死人",
    "客服态度恶劣，问发票也不理", "又降价又不给价保，坑人",
)  # fmt: skip


def test_who_asks_for_something_blames_nobody():
    """Polarity is learned from reviews; a calm request is none, whatever it is about."""
    labels = load_model().label(REQUESTS)
    found = [labels.as_json(place) for place in range(len(REQUESTS))]
    blaming = [text for text, one in zip(REQUESTS, found, strict=True) if blames(one)]
    assert blaming == []


@pytest.mark.parametrize("text", QUESTIONS)
def test_who_asks_whether_it_is_so_neither_praises_nor_blames(text):
    assert not any(polarities(text).values())


@pytest.mark.parametrize("text", COMPLAINTS)
def test_who_complains_while_asking_still_blames(text):
    assert blames(load_model().label([text]).as_json(0))


def blames(one):
    return one["sentiment"]["label"] == "negative" or any(
        aspect["polarity"] < 0 for aspect in one["aspects"]
    )


# --- what is neither praised nor blamed, and harm that is denied --------------------------------

LUKEWARM = {
    "质量一般": "P03", "做工一般般吧": "P04", "包装一般": "L06", "价格一般": "P09",
    "补水效果一般": "P02", "物流很一般": "L02", "不知道是不是正品": "P06", "希望是正品": "P06",
}  # fmt: skip
DENIED = {
    "洗完脸不紧绷": "P02", "上妆不会浮粉": "P02", "一点都不油腻": "P02", "打游戏不卡顿": "P02",
    "价格不贵": "P09", "包装没有破损": "L06", "没有酒精味，味道淡淡的": "P05",
}  # fmt: skip
BLAMED = {
    "用完脸很紧绷": "P02", "上脸就浮粉": "P02", "价格太贵": "P09", "包装都破了": "L06",
    "一股酒精味": "P05", "包装一般还破了": "L06",
}  # fmt: skip


def polarities(text):
    return {one["id"]: one["polarity"] for one in load_model().label([text]).as_json(0)["aspects"]}


@pytest.mark.parametrize("text", LUKEWARM)
def test_a_lukewarm_word_neither_praises_nor_blames(text):
    assert polarities(text)[LUKEWARM[text]] == 0


@pytest.mark.parametrize("text", DENIED)
def test_harm_that_is_denied_is_praise(text):
    assert polarities(text)[DENIED[text]] == 1


@pytest.mark.parametrize("text", BLAMED)
def test_the_same_harm_is_blame_where_nothing_denies_it(text):
    assert polarities(text)[BLAMED[text]] == -1


ONE_OF_EACH = {
    "物流很快，但是质量太差": {"L02": 1, "P03": -1},
    "客服态度好，东西垃圾，用了两天就坏": {"C02": 1, "P03": -1},
    "味道刺鼻，不过价格实惠": {"P05": -1, "P09": 1},
    "包装很好，可是效果一般": {"L06": 1, "P02": 0},
}


@pytest.mark.parametrize("text", ONE_OF_EACH)
def test_blame_of_one_thing_leaves_praise_of_another(text):
    assert polarities(text) == ONE_OF_EACH[text]


@pytest.mark.parametrize(
    "text", ["开机速度很快", "这电脑运行很快", "手机反应速度快", "水壶烧水很快"]
)
def test_a_fast_thing_is_no_fast_courier(text):
    assert "L02" not in polarities(text)


@pytest.mark.parametrize("text", ["颜值很高", "外观漂亮", "外形很时尚"])
def test_looks_are_the_things_own_and_not_its_packaging(text):
    found = polarities(text)
    assert found["P04"] == 1 and "L06" not in found
