"""Numbers as `String.format` lays them out: signs, zeros, groups of three, digits after the point, exponents."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from velobind.language.methods.decimals import divide_rounded, scale, set_scale, unscaled
from velobind.language.methods.doubles import java_double
from velobind.language.values import to_text


class Layout(NamedTuple):
    """What a specifier says: flags, width and precision (-1 where not given), conversion letter."""

    flags: str
    width: int
    precision: int
    conversion: str


def group(digits: str) -> str:
    """The whole part with a comma between threes."""
    whole, point, rest = digits.partition(".")
    return f"{int(whole):,}{point}{rest}" if len(whole) < 4000 else digits


def _signed(digits: str, negative: bool, layout: Layout, used: int = 0) -> str:
    """Digits with their sign, filled with zeros to the width less what else is used of it."""
    flags = layout.flags
    before = ("(" if "(" in flags else "-") if negative else "+" if "+" in flags else " " if " " in flags else ""
    after = ")" if negative and "(" in flags else ""
    if "," in flags:
        digits = group(digits)
    if "0" in flags:
        digits = digits.rjust(layout.width - used - len(before) - len(after), "0")
    return f"{before}{digits}{after}"


def whole_text(value: int, bits: int, layout: Layout) -> str:
    """`%d`, `%o` or `%x` of a Byte (8 bits), Short (16), Integer (32), Long (64) or BigInteger (0)."""
    if layout.conversion == "d":
        return _signed(to_text(abs(value)), value < 0, layout)
    letter = layout.conversion.lower()
    prefix = ("0x" if letter == "x" else "0") if "#" in layout.flags else ""
    if bits:
        digits = format(value & ((1 << bits) - 1), letter)
        if "0" in layout.flags:
            digits = digits.rjust(layout.width - len(prefix), "0")
        return prefix + digits
    inner = format(abs(value), letter)
    flags = layout.flags
    before = ("(" if "(" in flags else "-") if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
    after = ")" if value < 0 and "(" in flags else ""
    if "0" in flags:
        inner = inner.rjust(layout.width - len(before) - len(prefix) - len(after), "0")
    return f"{before}{prefix}{inner}{after}"


def float_text(value: float, layout: Layout) -> str:
    """`%f`, `%e`, `%g` or `%a` of a double: rounded half up on the digits that `Double.toString` gives."""
    if math.isnan(value):
        return "NaN"
    negative = math.copysign(1, value) < 0
    if math.isinf(value):
        return _signed("Infinity", negative, layout._replace(flags=layout.flags.replace("0", "").replace(",", "")))
    if layout.conversion in "aA":
        return _hexadecimal(abs(value), negative, layout)
    return _laid_out(Decimal(java_double(abs(value))) if value else Decimal(0), negative, layout, is_double=True)


def decimal_text(value: Decimal, layout: Layout) -> str:
    """The same of a BigDecimal."""
    return _laid_out(abs(value), value < 0, layout, is_double=False)


def _laid_out(size: Decimal, negative: bool, layout: Layout, *, is_double: bool) -> str:
    precision = 6 if layout.precision < 0 else layout.precision
    letter = layout.conversion.lower()
    if letter == "g":
        precision = max(precision, 1)
        letter, precision, size = _general(size, precision, is_double)
    point = "." if "#" in layout.flags and precision == 0 else ""
    if letter == "f":
        digits = format(set_scale(size, precision, ROUND_HALF_UP), "f")
        return _signed(digits + point, negative, layout)
    mantissa, exponent = _scientific(size, precision)
    power = f"e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    body = _signed(mantissa + point, negative, layout, len(power))
    return body[:-1] + power + ")" if body.endswith(")") else body + power


def _scientific(size: Decimal, precision: int) -> tuple[str, int]:
    """Digits with one before the point, and the power of ten."""
    if size.is_zero():
        return "0" + ("." + "0" * precision if precision else ""), -scale(size)
    rounded = _rounded(size, precision + 1)
    exponent = rounded.adjusted()
    digits = str(unscaled(rounded)).ljust(precision + 1, "0")[: precision + 1]
    return digits[0] + ("." + digits[1:] if precision else ""), exponent


def _rounded(size: Decimal, digits: int) -> Decimal:
    """To so many digits, half up; shorter numbers stay."""
    extra = len(size.as_tuple().digits) - digits
    if extra <= 0:
        return size
    return Decimal(divide_rounded(unscaled(size), 10**extra, ROUND_HALF_UP)).scaleb(extra - scale(size))


def _general(size: Decimal, precision: int, is_double: bool) -> tuple[str, int, Decimal]:
    """`%g`: plain between 10**-4 and 10**precision after rounding, else scientific."""
    if size.is_zero():
        return "e" if scale(size) else "f", precision - 1, size
    rounded = _rounded(size, precision)
    exponent = rounded.adjusted()
    if -4 <= exponent < precision:
        return "f", max(precision - exponent - 1, 0), rounded if is_double else size
    return "e", precision - 1, size


def _hexadecimal(size: float, negative: bool, layout: Layout) -> str:
    from velobind.language.methods.reals import hexadecimal

    digits = hexadecimal(size, layout.precision)[2:]
    flags = layout.flags
    before = "-" if negative else "+" if "+" in flags else " " if " " in flags else ""
    if "0" in flags:
        digits = digits.rjust(layout.width - 2 - len(before), "0")
    return f"{before}0x{digits}"
