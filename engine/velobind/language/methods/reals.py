"""Methods of Double."""

from __future__ import annotations

import math
import struct

from velobind.language.faults import MethodFailed
from velobind.language.methods.compare import compare, compare_doubles
from velobind.language.methods.integers import wrap
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.parsing import parse_double
from velobind.language.methods.rounding import cut, float_text
from velobind.language.values import Long, java_hash, to_text


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


def _hex(_: object, number: float) -> str:
    if not math.isfinite(number):
        return to_text(number)
    sign = "-" if math.copysign(1, number) < 0 else ""
    size = abs(number)
    if size == 0:
        return f"{sign}0x0.0p0"
    fraction, power = math.frexp(size)
    exponent = max(power - 1, -1022)
    lead = 1 if power - 1 >= -1022 else 0
    digits = format(int((math.ldexp(size, -exponent) - lead) * 2**52), "013x").rstrip("0") or "0"
    return f"{sign}0x{lead}.{digits}p{exponent}"


def _larger(_: object, a: float, b: float) -> float:
    return math.nan if a != a or b != b else b if compare_doubles(a, b) < 0 else a


def _smaller(_: object, a: float, b: float) -> float:
    return math.nan if a != a or b != b else a if compare_doubles(a, b) < 0 else b


DOUBLE: dict[str, Method | None] = {
    "byteValue()": lambda d: wrap(cut(d, 32), 8),
    "compare(double,double)": lambda _, a, b: compare_doubles(a, b),
    "compareTo(Double)": compare,
    "compareTo(Object)": compare,
    "describeConstable()": None,
    "doubleToLongBits(double)": _bits,
    "doubleToRawLongBits(double)": _bits,
    "doubleValue()": lambda d: d,
    "floatValue()": float_text,
    "hashCode(double)": lambda _, d: java_hash(d),
    "intValue()": lambda d: cut(d, 32),
    "isFinite(double)": lambda _, d: math.isfinite(d),
    "isInfinite()": math.isinf,
    "isInfinite(double)": lambda _, d: math.isinf(d),
    "isNaN()": math.isnan,
    "isNaN(double)": lambda _, d: math.isnan(d),
    "longBitsToDouble(long)": _from_bits,
    "longValue()": lambda d: cut(d, 64),
    "max(double,double)": _larger,
    "min(double,double)": _smaller,
    "parseDouble(String)": _parse,
    "resolveConstantDesc(MethodHandles.Lookup)": None,
    "shortValue()": lambda d: wrap(cut(d, 32), 16),
    "sum(double,double)": lambda _, a, b: a + b,
    "toHexString(double)": _hex,
    "toString(double)": lambda _, d: to_text(d),
    "valueOf(String)": _parse,
    "valueOf(double)": lambda _, d: d,
    **OBJECT,
}
