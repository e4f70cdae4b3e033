"""Numbers from text as `Integer.parseInt`, `Long.parseLong`, `new BigInteger` and `Double.parseDouble` read them."""

from __future__ import annotations

import math
import re
import string
import unicodedata

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_digits, overdue

_DIGITS = string.digits + string.ascii_lowercase

_DOUBLE = re.compile(r"[+-]?(NaN|Infinity|(\d++(?:\.\d*+)?|\.\d++)([eE][+-]?\d++)?[fFdD]?)", re.ASCII)
_HEX = re.compile(r"[+-]?0[xX]([0-9a-fA-F]++(?:\.[0-9a-fA-F]*+)?|\.[0-9a-fA-F]++)[pP][+-]?\d++[fFdD]?", re.ASCII)


def digit_value(char: str, radix: int) -> int:
    """`Character.digit`: -1 where the character is no digit of that radix; full-width letters count."""
    try:
        value = unicodedata.decimal(char)
    except ValueError:
        code = ord(char)
        if 0xFF21 <= code <= 0xFF3A or 0xFF41 <= code <= 0xFF5A:
            code -= 0xFEE0
        value = code - 55 if 65 <= code <= 90 else code - 87 if 97 <= code <= 122 else -1
    return value if 0 <= value < radix else -1


def parse_integer(text: str, radix: int, bits: int) -> int:
    """A whole number in the radix; `bits` is 32 or 64, or 0 for any size. Raises MethodFailed as Java throws."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if len(digits) > HEAVY:
        overdue()
    values = {ord(c): digit_value(c, radix) for c in set(digits)}
    if not digits or -1 in values.values() or not 2 <= radix <= 36:
        shown = f'For input string: "{text}"' + (f" under radix {radix}" if radix != 10 and digits else "")
        raise MethodFailed("java.lang.NumberFormatException", shown)
    digits = digits.translate({code: _DIGITS[value] for code, value in values.items()}).lstrip("0") or "0"
    number = 1 << bits if 0 < bits < len(digits) else _whole(digits, radix)
    if text[0] == "-":
        number = -number
    if bits and not -(1 << bits - 1) <= number < 1 << bits - 1:
        shown = f'For input string: "{text}"' + (f" under radix {radix}" if radix != 10 else "")
        raise MethodFailed("java.lang.NumberFormatException", shown)
    return number


def _whole(digits: str, radix: int) -> int:
    """The number of digits without zeros before them."""
    check_digits(len(digits))
    number = 0
    for at in range(0, len(digits), 4000):  # Python refuses more than 4,300 at once
        part = digits[at : at + 4000]
        number = number * radix ** len(part) + int(part, radix)
    return number


def parse_double(text: str) -> float:
    """A double from decimal or hexadecimal text, blanks around it allowed. Raises MethodFailed as Java throws."""
    bare = text.strip("".join(map(chr, range(33))))
    if len(bare) > HEAVY:
        overdue()
    if _DOUBLE.fullmatch(bare):
        sign = -1.0 if bare[0] == "-" else 1.0
        if bare.endswith("NaN"):
            return math.nan
        if bare.endswith("Infinity"):
            return sign * math.inf
        return float(bare.rstrip("fFdD"))
    if _HEX.fullmatch(bare):
        try:
            return float.fromhex(bare.rstrip("fFdD") if bare[-1] in "fFdD" else bare)
        except OverflowError:
            return -math.inf if bare[0] == "-" else math.inf
    raise MethodFailed("java.lang.NumberFormatException", f'For input string: "{text}"' if bare else "empty String")


def decode_integer(text: object, bits: int) -> int:
    """`Integer.decode`: with a sign, and `0x`, `#` or `0` before other radixes."""
    if text is None:
        raise MethodFailed("java.lang.NullPointerException")
    body = str(text)
    if not body:
        raise MethodFailed("java.lang.NumberFormatException", "Zero length string")
    sign = body[0] if body[0] in "+-" else ""
    digits, radix = body[len(sign) :], 10
    if digits[:2].lower() == "0x":
        digits, radix = digits[2:], 16
    elif digits.startswith("#"):
        digits, radix = digits[1:], 16
    elif digits.startswith("0") and len(digits) > 1:
        digits, radix = digits[1:], 8
    if digits[:1] in ("+", "-"):
        raise MethodFailed("java.lang.NumberFormatException", "Sign character in wrong position")
    return parse_integer(("-" if sign == "-" else "") + digits, radix, bits)
