"""Methods of Float."""

from __future__ import annotations

import math
import struct
from decimal import Decimal

from velobind.language.faults import MethodFailed
from velobind.language.methods.compare import compare, compare_doubles
from velobind.language.methods.integers import wrap
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.parsing import parse_double
from velobind.language.methods.reals import hexadecimal, larger, smaller
from velobind.language.methods.rounding import cut, nearest_single, to_float
from velobind.language.methods.streams import Optional
from velobind.language.values import Byte, Short, Single, java_hash, to_text


def parse_single(text: str) -> Single:
    """`Float.parseFloat`: rounded once, from the text's own digits. Raises MethodFailed as Java throws."""
    double = parse_double(text)
    bare = text.strip("".join(map(chr, range(33)))).rstrip("fFdD")
    exact = math.isfinite(double) and double and "x" not in bare.lower()
    return nearest_single(Decimal(bare) if exact else double)


def _parse(_: object, text: object) -> Single:
    if text is None:
        raise MethodFailed("java.lang.NullPointerException")
    return parse_single(str(text))


def _raw_bits(_: object, number: float) -> int:
    bits: int = struct.unpack("<i", struct.pack("<f", number))[0]
    return bits


def _from_bits(_: object, bits: int) -> Single:
    return Single(struct.unpack("<f", struct.pack("<i", bits))[0])


def _hex(_: object, number: float) -> str:
    """`Float.toHexString`: a number too small for a float's usual form keeps that form's exponent."""
    if not math.isfinite(number):
        return to_text(Single(number))
    sign = "-" if math.copysign(1, number) < 0 else ""
    size = abs(number)
    if 0 < size < 2.0**-126:
        digits = format(int(math.ldexp(size, 149)) << 1, "06x").rstrip("0")
        return f"{sign}0x0.{digits}p-126"
    return sign + hexadecimal(size)


FLOAT: dict[str, Method | None] = {
    "byteValue()": lambda f: Byte(wrap(cut(f, 32), 8)),
    "compare(float,float)": lambda _, a, b: compare_doubles(a, b),
    "compareTo(Float)": compare,
    "compareTo(Object)": compare,
    "describeConstable()": Optional,
    "doubleValue()": to_float,
    "floatToIntBits(float)": lambda _, f: 0x7FC00000 if f != f else _raw_bits(_, f),
    "floatToRawIntBits(float)": _raw_bits,
    "floatValue()": lambda f: f,
    "hashCode(float)": lambda _, f: java_hash(f),
    "intBitsToFloat(int)": _from_bits,
    "intValue()": lambda f: cut(f, 32),
    "isFinite(float)": lambda _, f: math.isfinite(f),
    "isInfinite()": math.isinf,
    "isInfinite(float)": lambda _, f: math.isinf(f),
    "isNaN()": math.isnan,
    "isNaN(float)": lambda _, f: math.isnan(f),
    "longValue()": lambda f: cut(f, 64),
    "max(float,float)": lambda _, a, b: Single(larger(_, a, b)),
    "min(float,float)": lambda _, a, b: Single(smaller(_, a, b)),
    "parseFloat(String)": _parse,
    "resolveConstantDesc(MethodHandles.Lookup)": None,
    "shortValue()": lambda f: Short(wrap(cut(f, 32), 16)),
    "sum(float,float)": lambda _, a, b: nearest_single(a + b),
    "toHexString(float)": _hex,
    "toString(float)": lambda _, f: to_text(f),
    "valueOf(String)": _parse,
    "valueOf(float)": lambda _, f: f,
    **OBJECT,
}
