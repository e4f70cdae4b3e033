"""Doubles and decimals as text, and decimals from text.

`Double.toString` is JDK 17's: not always the shortest digits, so Python's `repr` alone won't do.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal, InvalidOperation

from velobind.language.limits import MANY_DIGITS, check_digits, overdue

_FIVE_BITS = tuple((5**n).bit_length() for n in range(27))
_HIDDEN = 1 << 52
_DECIMAL = re.compile(r"[+-]?(\d++(?:\.\d*+)?|\.\d++)([eE][+-]?\d{1,10}+)?")


def java_double(number: float) -> str:
    """`Double.toString`: `1.0`, `0.001`, `1.0E10`, `NaN`, `-Infinity`."""
    size = abs(number)
    if 1e-3 <= size < 1e7:
        short = repr(number)
        # Up to 15 digits the shortest decimal is what Java's older algorithm finds too.
        if len(short) <= 16:
            return short
    elif size == 0:
        return "-0.0" if math.copysign(1, number) < 0 else "0.0"
    elif size == math.inf:
        return "Infinity" if number > 0 else "-Infinity"
    elif number != number:
        return "NaN"
    return ("-" if number < 0 else "") + lay_out(*decimal_digits(size))


def lay_out(digits: str, exponent: int) -> str:
    """0.DIGITS * 10**exponent as Java writes a double or a float."""
    if 0 < exponent < 8:
        whole = digits[:exponent].ljust(exponent, "0")
        return f"{whole}.{digits[exponent:] or '0'}"
    if -3 < exponent <= 0:
        return f"0.{'0' * -exponent}{digits}"
    return f"{digits[0]}.{digits[1:] or '0'}E{exponent - 1}"


def decimal_digits(number: float, precision: int = 53) -> tuple[str, int]:
    """Digits and decimal point's place (0.DIGITS * 10**place) that the JDK before 19 gives for a positive double.

    `precision` is 24 for a float.
    """
    bits = struct.unpack("<q", struct.pack("<d", number))[0]
    exponent, fraction = bits >> 52, bits & (_HIDDEN - 1)
    if exponent:
        fraction |= _HIDDEN
        significant = precision
    else:
        significant = fraction.bit_length()
        shift = 53 - significant
        fraction <<= shift
        exponent = 1 - shift
    exponent -= 1023
    tail = (fraction & -fraction).bit_length() - 1
    width = 53 - tail
    tiny = max(0, width - exponent - 1)
    if tiny == 0 and -21 <= exponent <= 62 and width + 1 < 64:
        shift = exponent - 52
        return _whole(fraction << shift if shift >= 0 else fraction >> -shift, exponent, significant)
    return _generate(fraction, exponent, significant, tail, width, tiny)


def _whole(number: int, exponent: int, significant: int) -> tuple[str, int]:
    """A whole number, without the decimal digits that lie under its last binary one."""
    dropped = 0
    power = exponent - significant - 1
    if exponent > significant and power > 1:
        dropped = len(str(1 << power)) - 1
    if dropped:
        number, rest = divmod(number, 10**dropped)
        if rest >= 10**dropped >> 1:
            number += 1
    text = str(number)
    return text.rstrip("0"), len(text) + dropped


def _generate(fraction: int, exponent: int, significant: int, tail: int, width: int, tiny: int) -> tuple[str, int]:
    """Steele and White's digit generation with the JDK's own estimate, stopping rule and rounding."""
    mantissa = 1.0 + (fraction & (_HIDDEN - 1)) / _HIDDEN
    place = math.floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981)
    value5 = max(0, -place)
    value2 = value5 + tiny + exponent
    scale5 = max(0, place)
    scale2 = scale5 + tiny
    margin2 = value2 - significant
    fraction >>= tail
    value2 -= width - 1
    common = min(value2, scale2)
    value2 -= common
    scale2 -= common
    margin2 -= common
    if width == 1:  # a power of two: the next smaller double is half as far
        margin2 -= 1
    if margin2 < 0:
        value2 -= margin2
        scale2 -= margin2
        margin2 = 0
    value_bits = width + value2 + (_FIVE_BITS[value5] if value5 < 27 else value5 * 3)
    scale_bits = scale2 + 1 + (_FIVE_BITS[scale5 + 1] if scale5 + 1 < 27 else (scale5 + 1) * 3)
    # The JDK counts a margin that is just reached as `high` only in its big-number branch.
    inclusive = 0 if value_bits < 64 and scale_bits < 64 else 1
    value = fraction * 5**value5 << value2
    scale = 5**scale5 << scale2
    margin = 5**value5 << margin2
    tens = scale * 10
    digit, value = divmod(value, scale)
    value *= 10
    margin *= 10
    low = value < margin
    high = value + margin + inclusive > tens
    digits: list[int] = []
    if digit == 0 and not high:
        place -= 1
    else:
        digits.append(digit)
    if place < -3 or place >= 8:
        low = high = False
    while not low and not high:
        digit, value = divmod(value, scale)
        value *= 10
        margin *= 10
        low = value < margin
        high = value + margin + inclusive > tens
        digits.append(digit)
    if high and (not low or 2 * value > tens or (2 * value == tens and digits[-1] & 1)):
        place += _round_up(digits)
    return "".join(map(str, digits)), place + 1


def _round_up(digits: list[int]) -> int:
    """Adds one to the last digit; 1 where that makes a new first digit."""
    at = len(digits) - 1
    while digits[at] == 9:
        digits[at] = 0
        if at == 0:
            digits[0] = 1
            return 1
        at -= 1
    digits[at] += 1
    return 0


def java_decimal(number: Decimal) -> str:
    """`BigDecimal.toString`: plain, or with an exponent where the scale is negative or the number is under 1E-6."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):  # NaN and infinities, which Java's BigDecimal has not
        return str(number)
    if len(digits) > MANY_DIGITS:
        overdue()
    text = "".join(map(str, digits)) or "0"
    adjusted = exponent + len(text) - 1
    if exponent <= 0 and adjusted >= -6:
        if exponent < 0:
            text = text.rjust(1 - exponent, "0")
            text = f"{text[:exponent]}.{text[exponent:]}"
    else:
        text = (f"{text[0]}.{text[1:]}" if len(text) > 1 else text) + f"E{adjusted:+d}"
    return "-" + text if sign else text


def parse_decimal(text: str) -> Decimal | None:
    """`new BigDecimal(text)`: None where Java throws; a scale beyond 32 bits is refused as there.

    Raises LimitExceeded for a text of too many digits.
    """
    if len(text) > MANY_DIGITS:
        overdue()
    if _DECIMAL.fullmatch(text) is None:
        return None
    if len(text) > MANY_DIGITS:
        check_digits(len(text))
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not -(2**31) < exponent < 2**31:
        return None
    return number.copy_abs() if number.is_zero() else number
