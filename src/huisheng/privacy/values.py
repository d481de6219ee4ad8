"""Mask one value of a structured column, which is known to hold names, phones or the like."""

import re
from collections.abc import Callable

from huisheng.privacy.accounts import mask_email, mask_nick
from huisheng.privacy.addresses import mask_address, place_end
from huisheng.privacy.cards import mask_tax_id
from huisheng.privacy.folding import fold
from huisheng.privacy.kinds import MaskKind
from huisheng.privacy.names import mask_name
from huisheng.privacy.text import mask_text

_CIPHERTEXT = re.compile(r"##|\$\$")
_DIGIT = re.compile(r"[0-9]")
_HAN_WORD = re.compile("[\u4e00-\u9fff]{2,}")


def mask_value(value: str, kind: MaskKind) -> str:
    """Mask one value of a column that holds `kind`; ciphertext and blanks stay."""
    bare = value.strip()
    return value if not bare or _CIPHERTEXT.match(bare) else _MASKS[kind](bare)


def _name(value: str) -> str:
    return value if _is_masked(value) else mask_name(value)


def _nick(value: str) -> str:
    return value if _is_masked(value) else mask_nick(value)


def _phone(value: str) -> str:
    masked = mask_text(value).text
    digits = _DIGIT.findall(fold(masked))
    # A number in a foreign or broken form: nothing but its end may be seen.
    return masked if "*" in masked or len(digits) < 5 else f"****{''.join(digits[-2:])}"


def _address(value: str) -> str:
    plain = fold(value)
    kept = place_end(plain)
    return mask_address(value, kept) if plain[kept:].strip(" *,") else value


def _payee(value: str) -> str:
    """Mask phones, e-mails and cards as such, every other word as a name."""
    masked = _HAN_WORD.sub(lambda found: mask_name(found.group()), mask_text(value).text)
    return masked if "*" in masked else mask_name(masked)


def _email(value: str) -> str:
    plain = fold(value)
    if "@" not in plain:
        return _name(value)
    return value if "***@" in plain else mask_email(plain)


def _secret(_: str) -> str:
    return "******"


def _is_masked(value: str) -> bool:
    return "*" in value and len(value.replace("*", "")) <= 2


_MASKS: dict[MaskKind, Callable[[str], str]] = {
    MaskKind.FREE_TEXT: lambda value: mask_text(value).text,
    MaskKind.NAME: _name,
    MaskKind.PHONE: _phone,
    MaskKind.ADDRESS: _address,
    MaskKind.NICK: _nick,
    MaskKind.PAYEE: _payee,
    MaskKind.EMAIL: _email,
    MaskKind.TAX_ID: mask_tax_id,
    MaskKind.SECRET: _secret,
}
