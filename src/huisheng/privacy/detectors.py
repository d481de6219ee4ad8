"""The order of matching, and for each detector what a text must contain to be worth its while.

Triggers are regular expressions that Arrow's RE2 and Python's `re` read alike: a column is
prefiltered by the very patterns that gate each detector, so the two cannot disagree.
"""

from dataclasses import dataclass

from huisheng.privacy import accounts, addresses, cards, flags, names, orders, phones
from huisheng.privacy.folding import INVISIBLE, SPACES, folded_characters, spoken_characters
from huisheng.privacy.kinds import Kind
from huisheng.privacy.view import Finder

_DIGIT = f"[0-9{spoken_characters()}]"
_BETWEEN = rf"[ \t\-‐-―_.·•,，、/~～:：()（）{SPACES}{INVISIBLE}]"
_NUMBER = f"(?:{_DIGIT}{_BETWEEN}{{0,3}}){{6}}{_DIGIT}"

FOLDED = f"[{folded_characters()}]"
"""RE2: a text that `fold` changes may contain any trigger once folded."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One finder, the kinds it yields, and the triggers of which a text must contain one."""

    kinds: tuple[Kind, ...]
    find: Finder
    triggers: tuple[str, ...] = (_NUMBER,)


# Digit runs overlap, so the order decides: the strictest form first, the loosest context last.
DETECTORS = (
    Detector((Kind.PRODUCT_LINK,), orders.find_products, (orders.PRODUCT_TRIGGER,)),
    Detector((Kind.ID_CARD,), cards.find_id_cards),
    Detector((Kind.TAX_ID,), cards.find_tax_ids, (cards.TAX_TRIGGER, _NUMBER)),
    Detector((Kind.BANK_CARD,), cards.find_bank_cards),
    Detector((Kind.PHONE, Kind.VIRTUAL_PHONE), phones.find_mobiles),
    Detector((Kind.LANDLINE,), phones.find_landlines),
    Detector((Kind.ORDER_NO, Kind.TRACKING_NO, Kind.PAYMENT_NO), orders.find_orders),
    Detector((Kind.EMAIL,), accounts.find_emails, (accounts.EMAIL_TRIGGER,)),
    Detector((Kind.WECHAT,), accounts.find_wechat, (accounts.WECHAT_TRIGGER,)),
    Detector((Kind.QQ,), accounts.find_qq, (accounts.QQ_TRIGGER,)),
    Detector((Kind.PAYEE,), accounts.find_payees, (accounts.PAYEE_TRIGGER,)),
    Detector((Kind.SECRET,), accounts.find_secrets, (accounts.SECRET_TRIGGER,)),
    Detector((Kind.NICK,), accounts.find_nicks, (accounts.NICK_TRIGGER,)),
    Detector((Kind.ADDRESS,), addresses.find_addresses, addresses.TRIGGERS),
    Detector((Kind.NAME,), names.find_names, (*names.TRIGGERS, _NUMBER, *addresses.TRIGGERS)),
)

FLAG_DETECTORS = (
    Detector((Kind.HEALTH,), flags.find_health, (flags.HEALTH_TRIGGER,)),
    Detector((Kind.MINOR,), flags.find_minors, (flags.MINOR_TRIGGER,)),
)
