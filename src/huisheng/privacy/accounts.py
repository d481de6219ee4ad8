"""Find accounts and secrets: e-mail, WeChat and QQ however disguised, payees, nicks, codes."""

import re
from collections.abc import Iterator

from huisheng.privacy.folding import MASKED, any_of
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import EMAIL_HOST, View

_GAP = rf"[^A-Za-z0-9@{MASKED}]"

_EMAIL = re.compile(rf"(?<![A-Za-z0-9._%+*-])[A-Za-z0-9._%+-]+@{EMAIL_HOST}", re.IGNORECASE)

_WECHAT_PLAIN = any_of("微_信 we_chat wei_xin")
_WECHAT_EVASIVE = any_of(
    "薇_信 威_信 徽_信 维_信 溦_信 徾_信 嶶_信 v_信 w_信 wei_信 v_x w_x 微_x"
    " 加_v 加_薇 加_威 加_微 ➕_v ➕_薇 ➕_微 +_v +_薇 +_微 v_: v_："
    " 卫星 绿泡 微号 微_❤ 薇_❤ 威_❤ v_❤ 微_♥ 薇_♥ 威_♥ v_♥"
)
_WECHAT = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=[^\x00-\x7f]))(?:(?P<evasive>{_WECHAT_EVASIVE})|{_WECHAT_PLAIN})"
    rf"(?P<gap>{_GAP}{{0,5}}(?:id{_GAP}{{1,2}})?)"
    rf"(?P<id>[A-Za-z][A-Za-z0-9_-]{{5,19}}|[0-9]{{6,11}}(?![.]| ?[元块件个折%]))"
    rf"(?![A-Za-z0-9{MASKED}])",
    re.IGNORECASE,
)
_ID_FOLLOWS = re.compile(r"号|id|[:：=]|加|是|为|搜|➕", re.IGNORECASE)
_MARKERS_ONLY = re.compile(
    r"(?:号码?|id|账号|帐号|是|为|加|搜|同号?|我|的|[:=,.~_( \-])*", re.IGNORECASE
)
_PRODUCT_WORDS = re.compile(
    r"iphone|ipad|android|airpods|macbook|xiaomi|huawei|redmi|honor|vivo|oppo|windows|office|switch",
    re.IGNORECASE,
)

_QQ_WORDS = any_of("q_q 扣扣 叩叩 抠抠 企鹅 秋秋 球球 q号 扣号 加_q q_: q_：")
_QQ = re.compile(
    rf"(?<![A-Za-z@.])(?:{_QQ_WORDS})"
    r"(?:号码?|群|账号|帐号|是|为|加|我|的|[:=,.~_( \-]){0,5}"
    rf"([1-9][0-9]{{4,10}})(?![0-9@{MASKED}])",
    re.IGNORECASE,
)

_ALIPAY_WORDS = any_of("支付宝 zfb alipay")
_ALIPAY = re.compile(
    rf"(?:{_ALIPAY_WORDS})(?:账号|帐号|账户|号)?[:=是为 ]{{1,3}}([A-Za-z][A-Za-z0-9_.-]{{4,29}})"
    rf"(?![A-Za-z0-9@{MASKED}])",
    re.IGNORECASE,
)

_CODE_WORDS = "验证码|校验码|动态码|短信码|动态密码|取件码|提货码|安全码"
_CODE_WORD = f"(?:{_CODE_WORDS})"
_PASSWORD_WORDS = any_of("密码 口令 password passwd")
_CODE_AFTER = re.compile(
    rf"{_CODE_WORD}[^0-9{MASKED}]{{0,4}}"
    rf"([0-9]{{1,3}}-[0-9]-[0-9]{{4}}|[0-9]{{4,8}})(?![0-9{MASKED}])"
)
_CODE_BEFORE = re.compile(
    rf"(?<![0-9.{MASKED}-])([0-9]{{4,8}})"
    rf"(?:[ ,]|是|为|您的|你的|我的|这个|本次|登录){{0,4}}{_CODE_WORD}"
)
_PASSWORD = re.compile(
    rf"(?:{_PASSWORD_WORDS})(?:是|为|[:= ]){{0,3}}"
    rf"((?=[!-~]*[0-9])[!-)+-~]{{4,32}})(?![!-~{MASKED}])",
    re.IGNORECASE,
)

_NICK = re.compile(
    r"(?:旺旺号?|昵称|会员名|用户名|网名|淘宝[名号]|淘宝账号|买家账号)"
    r"(?:[:=] ?|[是为叫](?=[A-Za-z0-9]))(?!什么|多少|哪|不|没|显示)"
    rf"([^\W_][\w-]{{1,24}})(?![\w{MASKED}-])"
    rf"|(?<![A-Za-z0-9_{MASKED}-])"
    r"(tb[0-9]{6,12}(?:_[0-9]{2,4})?|t_[0-9]{10,16}(?:_[0-9]{1,4})?|jd_[0-9a-z]{8,16})"
    rf"(?![A-Za-z0-9_{MASKED}-])",
    re.IGNORECASE,
)

EMAIL_TRIGGER = "@"
WECHAT_TRIGGER = f"(?:{_WECHAT_PLAIN}|{_WECHAT_EVASIVE})[^A-Za-z0-9]{{0,8}}[A-Za-z0-9]"
QQ_TRIGGER = f"(?:{_QQ_WORDS})[^0-9]{{0,10}}[0-9]{{5}}"
PAYEE_TRIGGER = f"(?:{_ALIPAY_WORDS})[^A-Za-z]{{0,5}}[A-Za-z]"
SECRET_TRIGGER = f"(?:{_CODE_WORDS}|{_PASSWORD_WORDS})"
NICK_TRIGGER = (
    "旺旺|昵称|会员名|用户名|网名|淘宝[名号账]|买家账号|tb[0-9]{6}|t_[0-9]{6}|jd_[0-9a-z]"
)
"""RE2: what every account or secret of its kind contains."""


def find_emails(view: View) -> Iterator[Entity]:
    """Yield e-mail addresses."""
    for found in _EMAIL.finditer(view.plain):
        masked = mask_email(view.original[found.start() : found.end()].replace("＠", "@"))
        yield Entity(Kind.EMAIL, *found.span(), found.group().lower(), masked)


def mask_email(address: str) -> str:
    """Return `a***@x.com`; a name of one letter is hidden whole."""
    name, _, host = address.partition("@")
    return f"{name[0] if len(name) > 1 else ''}***@{host}"


def find_wechat(view: View) -> Iterator[Entity]:
    """Yield WeChat ids after 微信 and its disguises.

    A word of letters alone (`微信 office`) needs an evasive spelling or a marker (号, ：, 是, 加);
    so does an id of digits, which may have nothing else before it.
    """
    for found in _WECHAT.finditer(view.plain):
        account, gap = found["id"], found["gap"]
        marked = bool(found["evasive"] or _ID_FOLLOWS.search(gap))
        lettered = account[0].isalpha()
        mixed = lettered and re.search(r"[0-9_-]", account) is not None
        if _PRODUCT_WORDS.match(account) or not (marked or mixed):
            continue
        if lettered or _MARKERS_ONLY.fullmatch(gap):
            yield Entity(Kind.WECHAT, *found.span(), account, "wx:****")


def find_qq(view: View) -> Iterator[Entity]:
    """Yield QQ numbers after QQ and its disguises."""
    for found in _QQ.finditer(view.plain):
        yield Entity(Kind.QQ, *found.span(), found.group(1), "QQ:****")


def find_payees(view: View) -> Iterator[Entity]:
    """Yield Alipay account names; accounts that are phones or e-mails are found as such."""
    for found in _ALIPAY.finditer(view.plain):
        yield Entity(Kind.PAYEE, *found.span(1), found.group(1), f"{found.group(1)[0]}***")


def find_secrets(view: View) -> Iterator[Entity]:
    """Yield one-time codes and passwords; the caller should raise an alert."""
    for pattern in (_CODE_AFTER, _CODE_BEFORE, _PASSWORD):
        for found in pattern.finditer(view.plain):
            yield Entity(Kind.SECRET, *found.span(1), found.group(1), "******")


def find_nicks(view: View) -> Iterator[Entity]:
    """Yield nicks that are named as such or have a platform's default form."""
    for found in _NICK.finditer(view.plain):
        index = found.lastindex or 0
        start, end = found.span(index)
        yield Entity(Kind.NICK, start, end, found.group(index), mask_nick(view.original[start:end]))


def mask_nick(nick: str) -> str:
    """Return `t***8`; of two characters only the first."""
    return f"{nick[0]}***{nick[-1] if len(nick) > 2 else ''}"
