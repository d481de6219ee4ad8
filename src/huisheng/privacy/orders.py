"""Find what links a message to facts: order, refund, payment and tracking numbers, products."""

import re
from collections.abc import Iterator

from huisheng.privacy.folding import MASKED
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import View

_START = rf"(?<![0-9{MASKED}])(?<!\D0\.)(?<!^0\.)"
_END = rf"(?![0-9{MASKED}])"

_PINDUODUO_ORDER = re.compile(rf"(?<![0-9{MASKED}-])[0-9]{{6}}-[0-9]{{15}}{_END}")
# Alipay and WeChat Pay serials have 28 digits; nothing else a buyer sends is as long.
_PAYMENT = re.compile(rf"{_START}[0-9]{{20,64}}{_END}")
_NUMBER = re.compile(rf"{_START}(?:(?<![A-Za-z])[A-Za-z]{{1,4}})?([0-9]{{9,19}})(?:CN)?{_END}")
_PARCEL_PREFIX = re.compile(
    r"(?:SF|YT|JT|JD[A-Z]{0,2}|ZTO|STO|YD|DPK|KYE|DB|TT|AN|[EL][A-Z](?=[0-9]{9}CN))[0-9]", re.I
)
_WORDS = re.compile(
    r"(?P<parcel>快递|物流|运单|包裹|面单|寄件单|顺丰|中通|圆通|申通|韵达|极兔|邮政|德邦|京东物流|百世)"
    r"|(?P<order>订单|退款|售后单|退货单|order)"
    r"|(?P<product>商品|宝贝|货号|款号|型号|条码|链接|产品|sku|id)",
    re.I,
)
_PRODUCT_ID = re.compile(
    r"(?:(?:商品|宝贝|产品|货品|sku|spu|goods|item)[ _]?(?:id|编号|编码)|货号|款号|条形?码)"
    r"[:=为是 ]{0,2}\Z",
    re.I,
)

_PRODUCT_LINK = re.compile(
    r"(?:(?:item|detail)\.(?:[a-z0-9]+\.)*(?:taobao|tmall)\.(?:com|hk)/[^\s\"'<>]*?[?&]id="
    r"|taobao\.com/[^\s\"'<>]*?[?&]itemid="
    r"|item\.(?:m\.)?jd\.(?:com|hk)/(?:product/)?"
    r"|(?:yangkeduo|pinduoduo)\.com/goods[^\s\"'<>]*?[?&]goods_id="
    r"|jinritemai\.com/[^\s\"'<>]*?[?&]id="
    r"|kwaixiaodian\.com/[^\s\"'<>]*?[?&]id=)"
    r"(?P<item>[0-9]{5,20})(?![0-9])",
    re.IGNORECASE,
)
_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9]*[A-Fa-f])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|[0-9A-Fa-f]{128}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{24})"
    r"(?![0-9A-Za-z])"
)

PRODUCT_TRIGGER = "(?:taobao|tmall|jd[.]|yangkeduo|pinduoduo|jinritemai|kwaixiaodian)[^ ]*[0-9]{5}"
"""RE2: what every product link contains."""


def protect_keys(view: View) -> None:
    """Hide hashes and UUIDs: keys of ours or of a file, in which any digits may occur."""
    for found in _HASH.finditer(view.plain):
        view.protect(*found.span())


def find_products(view: View) -> Iterator[Entity]:
    """Yield the item id inside each product link; it is no personal data and stays."""
    for found in _PRODUCT_LINK.finditer(view.plain):
        start, end = found.span("item")
        yield Entity(Kind.PRODUCT_LINK, start, end, found["item"], view.original[start:end])


def find_orders(view: View) -> Iterator[Entity]:
    """Yield order, refund, payment and tracking numbers.

    Fifteen to nineteen digits are an order number unless parcel words stand nearest before them;
    nine to fifteen digits (京东 has about twelve) count only after order or parcel words.
    """
    for found in _PAYMENT.finditer(view.plain):
        yield _entity(Kind.PAYMENT_NO, *found.span(), found.group())
    for found in _PINDUODUO_ORDER.finditer(view.plain):
        yield _entity(Kind.ORDER_NO, *found.span(), found.group())
    for found in _NUMBER.finditer(view.plain):
        kind = _kind(found, view.before(found.start()))
        if kind is Kind.TRACKING_NO:
            yield _entity(kind, *found.span(), found.group().upper())
        elif kind is Kind.ORDER_NO:
            yield _entity(kind, *found.span(1), found.group(1))


def _kind(found: re.Match[str], before: str) -> Kind | None:
    length = len(found.group(1))
    word = max(_WORDS.finditer(before), key=re.Match.end, default=None)
    about = word.lastgroup if word else None
    lettered = found.start() < found.start(1)
    if _PARCEL_PREFIX.match(found.group()) and lettered and length <= 15:
        return Kind.TRACKING_NO
    if about == "parcel" and 10 <= length <= 15:
        return Kind.TRACKING_NO
    if length >= 15:
        return None if _PRODUCT_ID.search(before) else Kind.ORDER_NO
    return Kind.ORDER_NO if about == "order" and not lettered else None


def _entity(kind: Kind, start: int, end: int, value: str) -> Entity:
    return Entity(kind, start, end, value, mask_number(value))


def mask_number(number: str) -> str:
    """Return `***` and the last four."""
    return f"***{number[-4:]}"
