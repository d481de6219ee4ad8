"""Dangers in wordings that no rule knows; the sentences here are never trained on."""

from math import isclose

from huisheng.language import load_model
from huisheng.language.dangers import DANGERS

DANGEROUS = (
    "插座一插上就冒火星子，吓死我了", "充电宝半夜自己鼓起来了，摸着滚烫",
    "孩子啃了一口就满嘴起红点", "喝完你家奶粉宝宝拉了三天", "锅盖突然炸开，手上全是水泡",
    "电热毯睡到一半闻到焦糊味", "梯子的脚突然折了，我妈摔下来脚踝骨折", "面膜敷完脸肿得像馒头",
    "瓶盖里有碎玻璃，差点喝下去", "吃了两包饼干全家都上吐下泻",
    "这个暖手宝漏液把我大腿烫掉一层皮", "猫吃了你们的罐头一直吐，送医院了",
    "热水器外壳带电，一碰麻一下", "儿童车轮子掉了，娃直接栽到地上", "咖啡里喝出一只蟑螂",
    "吹风机用着用着冒烟了", "眉笔用了眼睛红得睁不开", "拖鞋太滑，老人在浴室摔了一跤",
    "玩具的小零件被孩子抠下来塞嘴里了", "腊肉打开全是绿毛还有虫在爬", "排插烧黑了一大片",
    "手机充着电着起来了", "药膏抹上去皮肤开始溃烂", "这个架子倒下来砸到我脚了",
    "牛奶结块发臭，喝了一口就想吐", "杯子底掉了开水浇了我一身",
    "一通电就跳闸，还有噼里啪啦的声音", "穿了你们的袜子脚起泡流水", "刀片自己弹出来割了手",
    "燃气灶点不着还老有味",
)  # fmt: skip
HARMLESS = (
    "插座有几个孔，能插三脚的吗", "充电宝鼓鼓囊囊的包装挺大", "孩子吃了一口就停不下来，还要买",
    "宝宝喝你家奶粉三年了，长得壮", "锅盖能单独买一个吗", "电热毯有几档温度",
    "梯子承重多少斤，脚垫防滑吗", "面膜敷完脸滑滑的像剥壳鸡蛋", "瓶盖拧不开怎么办",
    "饼干有没有独立包装", "暖手宝充满电要多久", "猫很爱吃你们的罐头", "热水器上门安装收费吗",
    "儿童车轮子可以拆下来洗吗", "咖啡是速溶的还是挂耳", "吹风机声音大不大",
    "眉笔防水吗，会不会晕染", "拖鞋的底是软的吗", "玩具适合几岁的孩子", "腊肉怎么保存",
    "这个排插线多长", "手机充电快不快", "药膏一天抹几次", "架子需要自己安装吗",
    "牛奶什么时候到期", "杯子底有logo吗", "跳绳的声音会不会吵到楼下", "袜子是纯棉的吗",
    "刀片能换吗", "燃气灶是天然气的还是液化气的", "猫罐头很香，我家猫抢着吃",
    "孩子喝了酸奶说太酸了", "宝宝今天会走路了，鞋子正合适", "电热水壶的开关在哪里",
    "婴儿床的护栏能升降吗", "这个锅能炸东西吗", "充电线一米五的有吗", "狗狗吃完在睡觉",
    "面膜一周敷几次", "爷爷用的拐杖高度能调吗", "这个灯会不会太刺眼", "插座是公牛的吗",
    "牙膏含氟吗，孩子能用吗", "水壶的盖子不太好拧", "奶粉冲出来没有结块",
    "小朋友骑车上学用的，安全头盔有小号吗", "热水袋能充电几次", "剃须刀刀头多久换一次",
    "这药一盒吃几天", "火锅底料辣不辣",
)  # fmt: skip
UNKNOWN_TO_RULES = "手机充着电着起来了"


def dangers_in(texts):
    labels = load_model().label(list(texts))
    rows = [labels.as_json(place)["risks"] for place in range(len(texts))]
    return [[risk for risk in row if risk["id"] in DANGERS] for row in rows]


def test_dangers_are_heard_however_they_are_worded():
    """Rules alone hear 22 of the 30; with the head it was 29, measured once."""
    missed = [
        text for text, found in zip(DANGEROUS, dangers_in(DANGEROUS), strict=True) if not found
    ]
    assert len(missed) <= 2, missed


def test_the_same_things_where_nothing_is_wrong_are_mostly_let_pass():
    alarms = [text for text, found in zip(HARMLESS, dangers_in(HARMLESS), strict=True) if found]
    assert len(alarms) <= 5, alarms


def test_what_a_rule_takes_back_the_head_does_not_bring_again():
    assert dangers_in(["没有冒烟", "不漏电", "没炸", "没烫着", "会不会漏电"]) == [[]] * 5


def test_a_danger_names_its_probability_and_the_pieces_that_speak_for_it():
    ((risk,),) = dangers_in([UNKNOWN_TO_RULES])
    assert risk["p"] != 0.9, "that would be a rule"
    (reason,) = [one for one in load_model().explain(UNKNOWN_TO_RULES) if one.head == "risk"]
    told = reason.bias + sum(one.weight for one in reason.grams) + reason.rest
    assert isclose(reason.logit, told, abs_tol=1e-6)
    assert reason.grams and not reason.rules
