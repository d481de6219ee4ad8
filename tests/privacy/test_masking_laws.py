"""Laws of masking, on any text and on text made of the pieces that masks are made of."""

import re

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng.privacy import Kind, MaskKind, mask_column, mask_text

KEPT = {Kind.PRODUCT_LINK, Kind.HEALTH, Kind.MINOR}
TOKENS = """
13812345678 138****5678 138 1381 2345678 5678 -1234 转801 0571- 88886666 400-123-4567 0.
4123456789012345678 6222021234567890128 110101199003078515 773012345678 SF 240506- 612345678901
* ** *** **** - ， ： , : / ( ) . 、 的 了 元 t x l o １３８ 一三八 零零 幺 ① 死 爸
收件人 姓名 我叫 抬头 张三 张三丰 可可 张 王 收 谢谢 电话 手机 快递 订单 单号 卡号 身份证
浙江省 浙江 杭州市 西湖区 文三路 123号 5栋 1001室 1001 市 路 号 寄到 地址 商品ID
微信 wx VX 加v abc123 wxid_a1b2c3 QQ 扣扣 12345678 a@x.com zhang@qq.com @ 支付宝 .com
验证码 密码 是 为 昵称 旺旺 tb12345678 税号 91330106MA27XXXX1Y Tom 3岁 过敏
item.taobao.com/item.htm?id= d41d8cd98f00b204e9800998ecf8427e
"""
PIECES = [*TOKENS.split(), " ", "\n"]
composed = st.lists(st.sampled_from(PIECES), min_size=1, max_size=10).map("".join)
texts = st.one_of(composed, st.text(max_size=40))
law = settings(max_examples=150)


@given(texts)
@law
def test_masking_twice_changes_nothing_and_finds_nothing(text: str) -> None:
    masked = mask_text(text).text
    again = mask_text(masked)
    assert again.text == masked
    assert {entity.kind for entity in again.entities} <= KEPT


@given(texts)
@law
def test_the_masks_put_in_place_give_the_masked_text(text: str) -> None:
    result = mask_text(text)
    rebuilt, done = "", 0
    for entity in result.entities:
        if entity.kind not in (Kind.HEALTH, Kind.MINOR):
            assert done <= entity.start < entity.end <= len(text)
            rebuilt += text[done : entity.start] + entity.masked
            done = entity.end
    assert rebuilt + text[done:] == result.text


@given(st.lists(texts, max_size=5))
@settings(max_examples=100)
def test_a_column_is_masked_like_its_texts(values: list[str]) -> None:
    column = mask_column(pa.array(values, pa.string()), MaskKind.FREE_TEXT)
    assert column.to_pylist() == [mask_text(value).text for value in values]


@given(texts, st.sampled_from(list(MaskKind)))
@law
def test_every_kind_of_column_is_idempotent(value: str, kind: MaskKind) -> None:
    once = mask_column(pa.array([value]), kind)
    assert mask_column(once, kind) == once


@given(st.text("0123456789 ，张收的*a：", max_size=30), st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
@law
def test_no_mobile_survives(around: str, mobile: str) -> None:
    text = f"{around[:15]} {mobile}{around[15:]}"
    masked = mask_text(text).text
    free = re.search(r"(?<![0-9*.])1[3-9][0-9]{9}(?![0-9*])", masked)
    assert free is None


@given(st.text("你好吗发货了谢亲这款有没怎么用衣服颜色真不错，。！？~ ", max_size=60))
@law
def test_plain_words_stay(text: str) -> None:
    result = mask_text(text)
    assert result.text == text
    assert result.entities == ()
