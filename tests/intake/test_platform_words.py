"""The words platforms really write, and what they mean."""

import pyarrow as pa
import pytest

from huisheng.intake import platform_words as words
from huisheng.intake.columns import recode

CASES = [
    *[(words.ORDER_STATUS, word, "待付款") for word in ("等待买家付款", "待支付", "等待付款")],
    *[
        (words.ORDER_STATUS, word, "待发货")
        for word in ("买家已付款,等待卖家发货", "备货中", "等待出库", "卖家部分发货", "待发货")
    ],
    *[
        (words.ORDER_STATUS, word, "已发货")
        for word in ("卖家已发货，等待买家确认", "已发货，待签收", "等待确认收货", "已发货")
    ],
    *[(words.ORDER_STATUS, word, "交易成功") for word in ("交易成功", "已收货", "完成", "已完成")],
    *[
        (words.ORDER_STATUS, word, "交易关闭")
        for word in ("交易关闭", "已取消", "(删除)等待出库", "未发货，退款成功", "已发货，退款成功")
    ],
    *[
        (words.REFUND_TYPE, word, "refund_only")
        for word in ("仅退款", "否", "不需要退货", "未发货退款")
    ],
    *[(words.REFUND_TYPE, word, "refund_only") for word in ("我要退款(无需退货)", "退款")],
    *[(words.REFUND_TYPE, word, "return_refund") for word in ("退货退款", "是", "需要退货")],
    *[(words.REFUND_TYPE, "换货", "exchange"), (words.REFUND_TYPE, "维修", "repair")],
    (words.REFUND_TYPE, "补寄", "resend"),
    (words.REFUND_STATUS, "买家已经申请退款，等待卖家同意", "applied"),
    (words.REFUND_STATUS, "待商家处理", "applied"),
    (words.REFUND_STATUS, "卖家已经同意退款，等待买家退货", "agreed"),
    (words.REFUND_STATUS, "待买家退货", "agreed"),
    (words.REFUND_STATUS, "买家已经退货，等待卖家确认收货", "returning"),
    (words.REFUND_STATUS, "待商家收货", "returning"),
    (words.REFUND_STATUS, "待商家发货", "received"),
    (words.REFUND_STATUS, "卖家拒绝退款", "rejected"),
    (words.REFUND_STATUS, "卖家不同意协议，等待买家修改", "rejected"),
    (words.REFUND_STATUS, "商家拒绝，待用户处理", "rejected"),
    (words.REFUND_STATUS, "同意退款，退款成功", "success"),
    (words.REFUND_STATUS, "换货成功", "success"),
    (words.REFUND_STATUS, "退款关闭", "closed"),
    (words.DUTY_PARTY, "消费者责任", "消费者责任"),
    (words.DUTY_PARTY, "用户", "消费者责任"),
    (words.DUTY_PARTY, "买家", "买家责任"),
    (words.DUTY_PARTY, "商家", "商家责任"),
    (words.FINISHED_BY, "手工退款", "merchant"),
    (words.FINISHED_BY, "系统退款", "system"),
    (words.REVIEW_TYPE, "好评", "good"),
    (words.REVIEW_TYPE, "3星", "mid"),
    (words.REVIEW_TYPE, "1", "bad"),
    (words.STARS, "五星", "5"),
    (words.STARS, "4.0", "4"),
]


@pytest.mark.parametrize(("rules", "word", "code"), CASES)
def test_a_platform_word_has_one_meaning(rules, word, code):
    assert recode(pa.array([word, None]), rules).to_pylist() == [code, None]


def test_a_new_word_is_kept():
    assert recode(pa.array(["平台新词"]), words.ORDER_STATUS).to_pylist() == ["平台新词"]
