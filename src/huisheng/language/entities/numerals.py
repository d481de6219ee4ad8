"""Numbers as shoppers write them: 165, 1.5, 五十, 一百二, 两千五, 半."""

import re

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
CHINESE = f"[{''.join(DIGITS)}{''.join(UNITS)}]"
"""Character class of Chinese numerals."""
ARABIC = r"[0-9]{1,7}(?:\.[0-9]{1,2})?"
NUMBER = rf"(?:{ARABIC}|{CHINESE}{{1,8}}|半)"
"""What `number_of` reads, as it may stand in a longer pattern."""
START = r"(?<![0-9a-z*.:\-])"
"""A number begins here: not within a longer one, a model's name or a masked one."""
_WHOLE = re.compile(rf"{ARABIC}\Z")


def number_of(words: str) -> float | None:
    """Return the number that words say; None where they say none.

    A digit that ends a number counts the unit below the last one: 一百二 is 120, 两千五 is 2500.
    """
    if words == "半":
        return 0.5
    if _WHOLE.match(words):
        return float(words)
    if not words or any(letter not in DIGITS and letter not in UNITS for letter in words):
        return None
    if all(letter in DIGITS for letter in words):
        return float("".join(str(DIGITS[letter]) for letter in words))
    return _counted(words)


def _counted(words: str) -> float:
    total, section, digit, last = 0, 0, None, 1
    for letter in words:
        if letter in DIGITS:
            digit = DIGITS[letter]
            last = 1 if letter in "零〇" else last
            continue
        unit = UNITS[letter]
        if unit == UNITS["万"]:
            total, section = (section + (digit or 0)) * unit, 0
        else:
            section += (1 if digit is None else digit) * unit
        digit, last = None, unit
    tail = (digit or 0) * (last // 10 if last >= 100 else 1)
    return float(total + section + tail)
