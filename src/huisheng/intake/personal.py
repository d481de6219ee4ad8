"""Which unknown columns may not be kept: names that say a cell identifies or reaches a person."""

import re

_PERSONAL = re.compile(
    "收货人|收件人|联系人|姓名|真实名|电话|手机|号码$|座机|地址|住址|街道|邮编|身份证|证件|护照|生日|"
    "出生|银行|卡号|支付宝|微信|QQ|邮箱|邮件|开户|抬头|税号|昵称|会员名|用户名|买家账号|下单帐号|下单账号|"
    "旺旺号|买家旺旺|头像|签名|客户名|收款|付款人|付款账|户名|IP$|设备|经度|纬度|OAID|openid|unionid|"
    r"\b(?:receiver|consignee|recipient|contact|full_?name|real_?name|first_?name|last_?name|phone|"
    r"mobile|tel|telephone|address|addr|street|zip|postcode|id_?card|idcard|passport|birthday|"
    r"birth|bank|alipay|wechat|weixin|email|e-?mail|mail|nick|nickname|user_?name|buyer_?name|"
    r"customer_?name|buyer_?nick|avatar|ip|device_?id|lat|lng|longitude|latitude|payee)\b",
    re.IGNORECASE,
)
_NOT_PERSONAL = re.compile(r"快递|物流|运单|商品|宝贝|sku|店铺|仓库|快递单号", re.IGNORECASE)
_KEYS = re.compile(
    r"(?:^|_)(?:id|ids|no|nos|sku|skus|code|codes|product|products|order|orders)$|编号$|单号$|编码$|ID$"
)
_PERSON_WORD = re.compile("收货人|收件人|姓名|电话|手机|地址", re.IGNORECASE)


def looks_personal(header: str) -> bool:
    """Return whether a column of this name may identify a person or tell how to reach one.

    The shop's own parcels, goods and warehouses are not persons, unless the name also says so.
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header).replace("_", " ")
    joined = spaced.replace(" ", "_")
    if not (_PERSONAL.search(spaced) or _PERSONAL.search(joined)):
        return False
    return not _NOT_PERSONAL.search(header) or _PERSON_WORD.search(header) is not None


def names_keys(header: str) -> bool:
    """Return whether a column or field of this name holds numbers of things, which are keys."""
    return _KEYS.search(header) is not None and not looks_personal(header)
