"""Methods of BigInteger."""

from __future__ import annotations

import math
from collections.abc import Callable

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_bits
from velobind.language.methods.compare import compare
from velobind.language.methods.integers import text_in_radix, wrap
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.rounding import nearest_single, to_float
from velobind.language.values import Array, BigInteger, Byte, Long, Short

_of = BigInteger.of
_CLASSES: dict[int, Callable[[int], int]] = {8: Byte, 16: Short, 64: Long.of}


def _given(value: object) -> int:
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    assert isinstance(value, int)
    return int(value)


def _arithmetic(reason: str) -> MethodFailed:
    return MethodFailed("java.lang.ArithmeticException", reason)


def _quotient(a: int, b: int) -> tuple[int, int]:
    """Division that cuts towards zero, with the rest."""
    if b == 0:
        raise _arithmetic("BigInteger divide by zero")
    quotient = abs(a) // abs(b)
    if (a < 0) != (b < 0):
        quotient = -quotient
    return quotient, a - quotient * b


def _multiply(a: int, other: object) -> int:
    b = _given(other)
    check_bits(a.bit_length() + b.bit_length())
    return _of(int(a) * b)


def _pow(a: int, exponent: int) -> int:
    if exponent < 0:
        raise _arithmetic("Negative exponent")
    check_bits(a.bit_length() * exponent if abs(a) > 1 else 0)
    return _of(int(a) ** exponent)


def _mod(a: int, other: object) -> int:
    b = _given(other)
    if b <= 0:
        raise _arithmetic("BigInteger: modulus not positive")
    return _of(a % b)


def _mod_inverse(a: int, other: object) -> int:
    b = _given(other)
    if b <= 0:
        raise _arithmetic("BigInteger: modulus not positive")
    try:
        return _of(pow(a, -1, b))
    except ValueError:
        raise _arithmetic("BigInteger not invertible.") from None


def _mod_pow(a: int, exponent: object, modulus: object) -> int:
    power, by = _given(exponent), _given(modulus)
    if by <= 0:
        raise _arithmetic("BigInteger: modulus not positive")
    check_bits((power.bit_length() + by.bit_length()) * 4)
    try:
        return _of(pow(a, power, by))
    except ValueError:
        raise _arithmetic("BigInteger not invertible.") from None


def _shift(a: int, by: int) -> int:
    if by > 0:
        check_bits(a.bit_length() + by if a else 0)
        return _of(a << by if a else 0)
    return _of(a >> min(-by, a.bit_length() + 1))


def _bit(a: int, at: int) -> int:
    if at < 0:
        raise _arithmetic("Negative bit address")
    check_bits(at)
    return 1 << at


def _exact(bits: int, name: str) -> Method:
    def run(a: int) -> int:
        if not -(1 << bits - 1) <= a < 1 << bits - 1:
            raise _arithmetic(f"BigInteger out of {name} range")
        return _CLASSES.get(bits, int)(a)

    return run


def _sqrt(a: int) -> int:
    if a < 0:
        raise _arithmetic("Negative BigInteger")
    return math.isqrt(a)


def _is_prime(a: int, certainty: int) -> bool:
    """Miller and Rabin's test with fixed bases, exact far beyond 64 bits' worth of certainty."""
    n = abs(int(a))
    if certainty <= 0 or n == 2:
        return True
    if n < 2 or n % 2 == 0:
        return False
    check_bits(n.bit_length() * 16)
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if n % base == 0:
            return n == base
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        if not any((x := x * x % n) == n - 1 for _ in range(twos - 1)):
            return False
    return True


def _next_prime(a: int) -> int:
    if a < 0:
        raise _arithmetic(f"start < 0: {a}")
    check_bits(a.bit_length() * 128)
    n = int(a) + 1
    while not _is_prime(n, 100):
        n += 1
    return _of(n)


def _radix(a: int, radix: int) -> str:
    return text_in_radix(int(a), radix)


def _byte_array(a: int) -> Array:
    data = int(a).to_bytes((a if a >= 0 else ~a).bit_length() // 8 + 1, "big", signed=True)
    return Array([Byte(b - 256 if b > 127 else b) for b in data], "byte")


BIG_INTEGER: dict[str, Method | None] = {
    "abs()": lambda a: _of(abs(a)),
    "add(BigInteger)": lambda a, b: _of(int(a) + _given(b)),
    "and(BigInteger)": lambda a, b: _of(int(a) & _given(b)),
    "andNot(BigInteger)": lambda a, b: _of(int(a) & ~_given(b)),
    "bitCount()": lambda a: (a if a >= 0 else ~a).bit_count(),
    "bitLength()": lambda a: (a if a >= 0 else ~a).bit_length(),
    "byteValue()": lambda a: Byte(wrap(a, 8)),
    "byteValueExact()": _exact(8, "byte"),
    "clearBit(int)": lambda a, at: _of(int(a) & ~_bit(a, at)),
    "compareTo(Object)": compare,
    "compareTo(BigInteger)": lambda a, b: compare(a, None if b is None else _of(b)),
    "divide(BigInteger)": lambda a, b: _of(_quotient(a, _given(b))[0]),
    "divideAndRemainder(BigInteger)": lambda a, b: Array(list(map(_of, _quotient(a, _given(b)))), "BigInteger"),
    "doubleValue()": to_float,
    "flipBit(int)": lambda a, at: _of(int(a) ^ _bit(a, at)),
    "floatValue()": nearest_single,
    "gcd(BigInteger)": lambda a, b: _of(math.gcd(a, _given(b))),
    "getLowestSetBit()": lambda a: (a & -a).bit_length() - 1,
    "intValue()": lambda a: wrap(a, 32),
    "intValueExact()": _exact(32, "int"),
    "isProbablePrime(int)": _is_prime,
    "longValue()": lambda a: Long.of(wrap(a, 64)),
    "longValueExact()": _exact(64, "long"),
    "max(BigInteger)": lambda a, b: _of(max(a, _given(b))),
    "min(BigInteger)": lambda a, b: _of(min(a, _given(b))),
    "mod(BigInteger)": _mod,
    "modInverse(BigInteger)": _mod_inverse,
    "modPow(BigInteger,BigInteger)": _mod_pow,
    "multiply(BigInteger)": _multiply,
    "negate()": lambda a: _of(-a),
    "nextProbablePrime()": _next_prime,
    "not()": lambda a: _of(~a),
    "or(BigInteger)": lambda a, b: _of(int(a) | _given(b)),
    "pow(int)": _pow,
    "probablePrime(int,Random)": None,
    "remainder(BigInteger)": lambda a, b: _of(_quotient(a, _given(b))[1]),
    "setBit(int)": lambda a, at: _of(int(a) | _bit(a, at)),
    "shiftLeft(int)": _shift,
    "shiftRight(int)": lambda a, by: _shift(a, -by),
    "shortValue()": lambda a: Short(wrap(a, 16)),
    "shortValueExact()": _exact(16, "short"),
    "signum()": lambda a: (a > 0) - (a < 0),
    "sqrt()": lambda a: _of(_sqrt(a)),
    "sqrtAndRemainder()": lambda a: Array([_of(_sqrt(a)), _of(a - _sqrt(a) ** 2)], "BigInteger"),
    "subtract(BigInteger)": lambda a, b: _of(int(a) - _given(b)),
    "testBit(int)": lambda a, at: bool(int(a) & _bit(a, at)),
    "toByteArray()": _byte_array,
    "toString(int)": _radix,
    "valueOf(long)": lambda _, n: _of(n),
    "xor(BigInteger)": lambda a, b: _of(int(a) ^ _given(b)),
    **OBJECT,
}
