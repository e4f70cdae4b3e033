"""Numbers narrowed to a float or a whole, as Java's `floatValue`, `intValue` and `longValue` do."""

from __future__ import annotations

import math
import struct
from decimal import Decimal

from velobind.language.methods.doubles import decimal_digits, lay_out
from velobind.language.values import TEXT, Long, Single


def to_float(number: float | Decimal) -> float:
    """`doubleValue`: infinite where the number is too large."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def nearest_single(number: float | Decimal) -> Single:
    """`floatValue`: the nearest float, rounded once."""
    value = to_float(number)
    if value != number and math.isfinite(value) and not struct.pack("<d", value)[0] & 1:
        # A double that stands in for a longer number must not look like a tie: its last bit says that there is more.
        value = math.nextafter(value, math.inf if number > value else -math.inf)
    try:
        return Single(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return Single(math.copysign(math.inf, value))


def cut(number: float, bits: int) -> int:
    """A double as a whole number of 32 or 64 bits: cut, held at the ends, 0 for NaN."""
    if number != number:
        return 0
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    whole = low if number <= low else high if number >= high else int(number)
    return Long.of(whole) if bits == 64 else whole


def _single_text(number: Single) -> str:
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if not number:
        return "-0.0" if math.copysign(1, number) < 0 else "0.0"
    return ("-" if number < 0 else "") + lay_out(*decimal_digits(abs(number), min(24, math.frexp(number)[1] + 149)))


TEXT[Single] = _single_text
