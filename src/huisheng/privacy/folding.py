"""One character for one: fold full-width and foreign forms so that patterns need only ASCII.

Unicode's NFKC may change the length of a text, and then a match could not be traced back to the
original. These tables hold only the foldings of one character into one.
"""

import re
import string
import unicodedata
from collections.abc import Iterator

_BLANK_FIRST, _BLANK_LAST = 0xE000, 0xE0FF
_CIRCLED_BLOCK = range(0x2070, 0x27C0)
_LAST_BMP, _BEYOND_BMP = "\uffff", "\U00010000-\U0001ffff"
_FOLDED_BLOCKS = (range(0xA0, 0x3400), range(0xA4D0, 0xAC00), range(0xF900, 0x20000))

# Numerals first, then the sounds and shapes buyers use to slip a number past a filter.
_SPOKEN = {
    "0": "〇零洞灵oO",
    "1": "一壹幺弌衣依lI",
    "2": "二贰两俩弍",
    "3": "三叁散伞弎",
    "4": "四肆",
    "5": "五伍舞",
    "6": "六陆溜",
    "7": "七柒拐",
    "8": "八捌巴",
    "9": "九玖勾酒久",
}
# Everyday words of the same sound: a number only where they are many.
_SOUNDS_LIKE = {
    "0": "另林",
    "1": "腰妖医",
    "2": "爱尔儿",
    "3": "山仨",
    "4": "死思斯",
    "5": "无吾武午",
    "6": "留流",
    "7": "起气妻期",
    "8": "爸吧发",
    "9": "就旧狗",
}
EVERYDAY = "".join(_SOUNDS_LIKE.values())
"""The characters that are digits only in the company of others."""

MASKED = f"*{chr(_BLANK_FIRST)}-{chr(_BLANK_LAST)}"
"""Character class body of what is masked already, by us or by a platform. No pattern may reach
into it or end beside it: that is what makes masking idempotent."""

INVISIBLE = "\u200b-\u200f\u2060\ufe0f\u20e3\ufeff"
"""Character class body of characters that show nothing (zero width, keycap)."""


SPACES = "\u00a0\u2000-\u200a\u202f\u3000"
"""Character class body of the spaces that fold to one."""

_USUAL_PUNCTUATION = "，：；！？（）～;"


def blank(index: int) -> str:
    """Return the character that stands for text claimed by the kind of this index."""
    return chr(_BLANK_FIRST + index)


def fold(text: str) -> str:
    """Return the text in plain forms, of equal length: full-width to ASCII, every digit to 0–9."""
    return text if text.isascii() else _FOLDABLE.sub(_form, text)


def _form(found: re.Match[str]) -> str:
    return _FORMS.get(found.group(), found.group())


def fold_spoken(folded: str) -> str:
    """Return folded text with spoken and disguised digits (一, 幺, ①, o) as 0–9 too."""
    return folded.translate(_DIGITS)


def spoken_characters() -> str:
    """Return every character that `fold_spoken` makes a digit, circled forms included."""
    return "".join(map(chr, _DIGITS))


def folded_characters() -> str:
    """Return every character that `fold` makes ASCII, but for spaces and usual punctuation."""
    return "".join(
        chr(code)
        for code, plain in _PLAIN.items()
        if 0x20 < plain < 0x80 and chr(code) not in _USUAL_PUNCTUATION
    )


def any_of(words: str) -> str:
    """Return a regular expression for any of the words, in their usual cases.

    `_` is an optional space. Written out as plain literals: `re` finds these several times faster
    than classes and (?i).
    """
    spelled = {
        cased.replace("_", space)
        for word in words.split()
        for space in ("", " ")
        for cased in (word, word.upper(), word.capitalize(), word.title())
    }
    return "|".join(re.escape(each) for each in sorted(spelled))


def _plain() -> Iterator[tuple[int, int]]:
    for block in _FOLDED_BLOCKS:
        for code in block:
            character = chr(code)
            digit = unicodedata.decimal(character, None)
            plain = unicodedata.normalize("NFKC", character) if digit is None else str(digit)
            # ① stays: beside a number it is a bullet; `fold_spoken` reads it as a digit.
            if (
                len(plain) == 1
                and plain != character
                and (digit is not None or plain not in string.digits)
            ):
                yield code, ord(plain)
    for code in range(_BLANK_FIRST, _BLANK_LAST + 1):
        yield code, 0x20


def _digits() -> Iterator[tuple[int, int]]:
    for digit, characters in (*_SPOKEN.items(), *_SOUNDS_LIKE.items()):
        yield from ((ord(character), ord(digit)) for character in characters)
    for code in _CIRCLED_BLOCK:
        number = unicodedata.digit(chr(code), None)
        if number is not None:
            yield code, ord(str(number))


_PLAIN = dict(_plain())
_DIGITS = dict(_digits())
# Few characters of a chat fold, so looking for them beats translating every one.
_FORMS = {chr(code): chr(plain) for code, plain in _PLAIN.items()}
_FOLDABLE = re.compile(f"[{''.join(char for char in _FORMS if char <= _LAST_BMP)}{_BEYOND_BMP}]")
