"""One letter for one: half width, lower case, simplified, so that offsets stay those of a text."""

from huisheng.language.spelling import SIMPLER

_FORMS = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(pair[0]): pair[1] for pair in ("\u3000 ", "\xa0 ", "–-", "—-", "～~", "￥¥", "：:")},
    **SIMPLER,
}
_PLAIN = {**_FORMS, **{code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}}
_PLAIN |= {code + 0xFEE0: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
UNPLAIN = f"[０-９Ａ-Ｚａ-ｚ：－．／～￥{''.join(map(chr, SIMPLER))}]"
"""RE2: what keeps a text in small letters from being read by a screen."""


def plain(text: str) -> str:
    """Return a text of equal length that patterns can read."""
    return text.translate(_PLAIN)
