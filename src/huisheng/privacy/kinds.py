"""The nouns of masking: what can be found, what a column holds, what comes back."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of text is."""

    PRODUCT_LINK = "product_link"
    ID_CARD = "id_card"
    TAX_ID = "tax_id"
    BANK_CARD = "bank_card"
    VIRTUAL_PHONE = "virtual_phone"
    PHONE = "phone"
    LANDLINE = "landline"
    TRACKING_NO = "tracking_no"
    ORDER_NO = "order_no"
    PAYMENT_NO = "payment_no"
    EMAIL = "email"
    WECHAT = "wechat"
    QQ = "qq"
    PAYEE = "payee"
    SECRET = "secret"
    NICK = "nick"
    ADDRESS = "address"
    NAME = "name"
    HEALTH = "health"
    MINOR = "minor"


class MaskKind(StrEnum):
    """What a column holds, and therefore how each of its values is masked."""

    FREE_TEXT = "free_text"
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    NICK = "nick"
    PAYEE = "payee"
    EMAIL = "email"
    TAX_ID = "tax_id"
    SECRET = "secret"


LINK_KINDS = frozenset({Kind.ORDER_NO, Kind.TRACKING_NO, Kind.PRODUCT_LINK})
"""What ties a message to an order, a parcel or a product."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing found in a text.

    Args:
        kind: what it is.
        start: offset in the original text, in characters.
        end: offset after its last character.
        value: the plain value, normalised (digits only for a phone). It lives in memory only:
            make a key of it, never store or print it.
        masked: what stands in its place; equal to the original for what is only flagged
            (product links, health, minors).
    """

    kind: Kind
    start: int
    end: int
    value: str
    masked: str

    def __repr__(self) -> str:
        return f"Entity({self.kind}, {self.start}, {self.end}, {self.masked!r})"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text safe to store, and what was found in it, in order of appearance."""

    text: str
    entities: tuple[Entity, ...]
