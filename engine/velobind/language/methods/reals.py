"""Methods of Double."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

from velobind.language.faults import MethodFailed
from velobind.language.methods.compare import compare, compare_doubles
from velobind.language.methods.integers import wrap
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.parsing import parse_double
from velobind.language.methods.rounding import cut, nearest_single
from velobind.language.methods.streams import Optional
from velobind.language.values import Byte, Long, Short, java_hash, to_text


def _bits(_: object, number: float) -> int:
    if number != number:
        return 0x7FF8000000000000
    return Long.of(struct.unpack("<q", struct.pack("<d", number))[0])


def _from_bits(_: object, bits: int) -> float:
    number: float = struct.unpack("<d", struct.pack("<q", bits))[0]
    return number


def _parse(_: object, text: object) -> float:
    if text is None:
        raise MethodFailed("java.lang.NullPointerException")
    return parse_double(str(text))


def hexadecimal(size: float, precision: int = -1) -> str:
    """A finite size as `0x1.8p1`, to so many digits where a precision is given."""
    if size == 0:
        return "0x0.0p0" if precision < 0 else f"0x0.{'0' * max(precision, 1)}p0"
    exponent = math.frexp(size)[1] - 1
    if precision < 0:
        exponent = max(exponent, -1022)
    bits = int(math.ldexp(size, 52 - exponent))
    if 0 <= precision < 13:
        drop = 4 * (13 - max(precision, 1))
        bits = round(Fraction(bits, 1 << drop)) << drop
        if bits >> 53:
            bits >>= 1
            exponent += 1
    digits = format(bits & (1 << 52) - 1, "013x")
    shown = digits.rstrip("0") or "0" if precision < 0 else digits[: max(precision, 1)].ljust(precision, "0")
    return f"0x{bits >> 52}.{shown}p{exponent}"


def _hex(_: object, number: float) -> str:
    if not math.isfinite(number):
        return to_text(number)
    return ("-" if math.copysign(1, number) < 0 else "") + hexadecimal(abs(number))


def larger(_: object, a: float, b: float) -> float:
    """`Double.max` and `Float.max`."""
    return math.nan if a != a or b != b else b if compare_doubles(a, b) < 0 else a


def smaller(_: object, a: float, b: float) -> float:
    """`Double.min` and `Float.min`."""
    return math.nan if a != a or b != b else a if compare_doubles(a, b) < 0 else b


DOUBLE: dict[str, Method | None] = {
    "byteValue()": lambda d: Byte(wrap(cut(d, 32), 8)),
    "compare(double,double)": lambda _, a, b: compare_doubles(a, b),
    "compareTo(Double)": compare,
    "compareTo(Object)": compare,
    "describeConstable()": Optional,
    "doubleToLongBits(double)": _bits,
    "doubleToRawLongBits(double)": _bits,
    "doubleValue()": lambda d: d,
    "floatValue()": nearest_single,
    "hashCode(double)": lambda _, d: java_hash(d),
    "intValue()": lambda d: cut(d, 32),
    "isFinite(double)": lambda _, d: math.isfinite(d),
    "isInfinite()": math.isinf,
    "isInfinite(double)": lambda _, d: math.isinf(d),
    "isNaN()": math.isnan,
    "isNaN(double)": lambda _, d: math.isnan(d),
    "longBitsToDouble(long)": _from_bits,
    "longValue()": lambda d: cut(d, 64),
    "max(double,double)": larger,
    "min(double,double)": smaller,
    "parseDouble(String)": _parse,
    "resolveConstantDesc(MethodHandles.Lookup)": None,
    "shortValue()": lambda d: Short(wrap(cut(d, 32), 16)),
    "sum(double,double)": lambda _, a, b: a + b,
    "toHexString(double)": _hex,
    "toString(double)": lambda _, d: to_text(d),
    "valueOf(String)": _parse,
    "valueOf(double)": lambda _, d: d,
    **OBJECT,
}
