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


@pytest.mark.parametrize("text", COMPLAINTS)
def test_who_complains_while_asking_still_blames(text):
    assert blames(load_model().label([text]).as_json(0))


def blames(one):
    return one["sentiment"]["label"] == "negative" or any(
        aspect["polarity"] < 0 for aspect in one["aspects"]
    )
