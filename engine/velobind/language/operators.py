"""Velocity's operators: arithmetic, comparison, truth and ranges, with Java's number types.

Integers are Integer, Long or BigInteger by their size (`velobind.language.values` has classes for the exceptions),
floats are Double, decimals BigDecimal. An operation that Velocity refuses yields None, as its engine logs and goes on.
The commonest exact types come first in every function, for compiled code calls these in its inner loops.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_DOWN, Decimal

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_bits, check_digits, overdue
from velobind.language.methods.decimals import EXACT, check_spread, digits, divide_to_scale, low_bits, plus_zero, scale
from velobind.language.methods.doubles import parse_decimal
from velobind.language.methods.integers import wrap
from velobind.language.methods.rounding import cut, nearest_single
from velobind.language.values import (
    BigInteger,
    Byte,
    Long,
    Short,
    Single,
    is_empty,
    java_equals,
    same_class,
    string_of,
    to_text,
)

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
EXACT_MAX = 2**53

_SIGNS = frozenset("+-.")
_NUMBERS = frozenset((int, float, Decimal, Byte, Short, Long, BigInteger, Single))

Number = int | float | Decimal


def as_number(value: object) -> Number | None:
    """The value as a number, text that spells one included; None for everything else (`DuckType.asNumber`)."""
    kind = type(value)
    if kind in _NUMBERS:
        return value  # type: ignore[return-value]
    if value is None or kind is list or kind is dict or kind is bool:
        return None
    if isinstance(value, int):
        return int(value)
    text = value if kind is str else to_text(value)
    first = text[:1]  # type: ignore[index]
    return parse_decimal(text) if first.isdecimal() or first in _SIGNS else None  # type: ignore[arg-type]


def add(left: object, right: object, left_source: str = "null", right_source: str = "null") -> object:
    """`left + right`: joins where either is text, else adds.

    The sources are the operands' own template text: they stand for a null beside a text, as in the genuine engine.
    """
    if type(left) is str:
        if type(right) is str:
            return left + right
        return left + (right_source if right is None else _joined(right))
    if type(right) is str:
        return (left_source if left is None else _joined(left)) + right
    if type(left) is int and type(right) is int and _both_int(left, right):
        return left + right
    if type(left) is float and type(right) is float:
        return left + right
    pair = _operands(left, right)
    if pair is None:
        return None
    a, b = pair
    if isinstance(a, int) and isinstance(b, int):
        return _typed(a + b, a, b)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        check_spread(a, b)
        return EXACT.add(a, b)
    return _real(float(a + b), a, b)  # type: ignore[operator]


def _joined(value: object) -> str:
    text = string_of(value)
    if text is None:
        raise MethodFailed("java.lang.NullPointerException")
    return text


def sub(left: object, right: object) -> object:
    """`left - right`."""
    if type(left) is int and type(right) is int and _both_int(left, right):
        return left - right
    pair = _operands(left, right)
    if pair is None:
        return None
    a, b = pair
    if isinstance(a, int) and isinstance(b, int):
        return _typed(a - b, a, b)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        check_spread(a, b)
        return EXACT.subtract(a, b)
    return _real(float(a - b), a, b)  # type: ignore[operator]


def mul(left: object, right: object) -> object:
    """`left * right`."""
    if type(left) is int and type(right) is int and _both_int(left, right):
        return left * right
    pair = _operands(left, right)
    if pair is None:
        return None
    a, b = pair
    if isinstance(a, int) and isinstance(b, int):
        if b == -1 and a == LONG_MIN and not isinstance(a, BigInteger) and not isinstance(b, BigInteger):
            return a  # Velocity divides to see an overflow, and misses this one
        check_bits(a.bit_length() + b.bit_length())
        return _typed(a * b, a, b)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        check_digits(digits(a) + digits(b))
        return plus_zero(EXACT.multiply(a, b))
    return _real(float(a * b), a, b)  # type: ignore[operator]


def div(left: object, right: object) -> object:
    """`left / right`: whole for integers, to the left side's scale for decimals; None for a zero on the right."""
    pair = _operands(left, right)
    if pair is None:
        return None
    a, b = pair
    if b == 0:
        return None
    if isinstance(a, int) and isinstance(b, int):
        quotient = abs(a) // abs(b)
        if (a < 0) != (b < 0):
            quotient = -quotient
        if quotient == LONG_MAX + 1 and a == LONG_MIN:
            quotient = a
        return _typed(quotient, a, b)
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return divide_to_scale(a, b, scale(a), ROUND_HALF_DOWN)
    return _real(float(a / b), a, b)  # type: ignore[operator]


def mod(left: object, right: object) -> object:
    """`left % right`: the remainder has the left side's sign; None for a zero on the right.

    Raises MethodFailed for decimals, and for a BigInteger with a negative right side, where the engine stops too.
    """
    pair = _operands(left, right)
    if pair is None:
        return None
    a, b = pair
    if b == 0:
        return None
    if isinstance(a, int) and isinstance(b, int):
        if _is_big(a) or _is_big(b):
            if b < 0:
                raise MethodFailed("java.lang.ArithmeticException", "BigInteger: modulus not positive")
            return BigInteger.of(a % b)
        return _typed(int(math.copysign(1, a)) * (abs(a) % abs(b)), a, b)
    if isinstance(a, Decimal):
        raise MethodFailed("java.lang.ArithmeticException", "Cannot calculate the modulo of BigDecimals.")
    x, y = float(a), float(b)
    unknown = math.isinf(x) or math.isnan(x) or math.isnan(y)
    return _real(math.nan if unknown else math.fmod(x, y), a, b)


def negate(value: object) -> object:
    """`-value`; None where the value is no number."""
    if type(value) is int and INT_MIN < value <= INT_MAX:
        return -value
    number = as_number(value)
    if number is None:
        return None
    if isinstance(number, int):
        return _typed(-number, number, number)
    if isinstance(number, Decimal):
        return plus_zero(number.copy_negate())
    return _real(-number, number, number)


def equals(left: object, right: object) -> bool:
    """`left == right`: numbers by value, text beside a number as the number it spells, else by `equals` or by text."""
    kind, other = type(left), type(right)
    if kind is other and (kind is str or kind is int or kind is bool):
        if kind is str and len(left) > HEAVY:  # type: ignore[arg-type]
            overdue()
        return left == right
    if left is None or right is None:
        return left is right
    if kind is not str or other is not str:
        order = _compare(left, right)
        if order is not None:
            return order == 0
    if same_class(left, right):
        return java_equals(left, right)
    text = string_of(left)
    return text is not None and text == to_text(right)


def less(left: object, right: object) -> bool:
    """`left < right`; false where either is no number: two texts never compare, even two that spell numbers."""
    if type(left) is int and type(right) is int:
        return left < right
    return _order(left, right) == -1


def less_equal(left: object, right: object) -> bool:
    """`left <= right`."""
    if type(left) is int and type(right) is int:
        return left <= right
    order = _order(left, right)
    return order is not None and order <= 0


def greater(left: object, right: object) -> bool:
    """`left > right`."""
    if type(left) is int and type(right) is int:
        return left > right
    return _order(left, right) == 1


def greater_equal(left: object, right: object) -> bool:
    """`left >= right`."""
    if type(left) is int and type(right) is int:
        return left >= right
    order = _order(left, right)
    return order is not None and order >= 0


def truth(value: object) -> bool:
    """What `#if` makes of a value: null, false, zero and whatever is empty are false."""
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[return-value]
    if kind is str or kind is int or kind is list or kind is dict or kind is float:
        return bool(value)
    return value is not None and not is_empty(value)


def make_range(first: object, last: object) -> range | None:
    """`[first..last]`, downwards where the first is larger: a read-only list; None where either is no number."""
    if type(first) is not int or type(last) is not int or not _both_int(first, last):
        a, b = as_number(first), as_number(last)
        if a is None or b is None:
            return None
        first, last = int_value(a), int_value(b)
    return range(first, last - 1, -1) if first >= last else range(first, last + 1)


def int_value(number: Number) -> int:
    """`Number.intValue`: a double is cut to the nearest int, whole numbers and decimals keep their low 32 bits."""
    if isinstance(number, float):
        return cut(number, 32)
    return wrap(low_bits(number) if isinstance(number, Decimal) else int(number), 32)


def to_decimal(number: Number) -> Decimal:
    """`MathUtils.toBigDecimal`: Integer and Long go through a double, so 2 becomes 2.0."""
    if isinstance(number, Decimal):
        return number
    if isinstance(number, int) and _is_big(number):
        return Decimal(number)
    value = float(number)
    if math.isnan(value) or math.isinf(value):
        raise MethodFailed("java.lang.NumberFormatException", None)
    return plus_zero(Decimal(to_text(value)))


def compare_numbers(a: Number, b: Number) -> int:
    """`MathUtils.compare`: -1, 0 or 1; a NaN is equal to everything."""
    if not (isinstance(a, int) and isinstance(b, int)):
        a, b = _common(a, b)
    return (a > b) - (a < b)


def _both_int(a: int, b: int) -> bool:
    return INT_MIN <= a <= INT_MAX and INT_MIN <= b <= INT_MAX


def _is_big(number: int) -> bool:
    return not LONG_MIN <= number <= LONG_MAX or type(number) is BigInteger


def _typed(result: int, a: int, b: int) -> int:
    """The result in the larger of the operands' classes, or in the next that holds it."""
    if _is_big(a) or _is_big(b):
        return BigInteger.of(result)
    one, two = type(a), type(b)
    if one is Long or two is Long or not _both_int(a, b):
        return Long.of(result)
    if one is int or two is int:
        return int(result)
    return Short.of(result) if one is Short or two is Short else Byte.of(result)


def _operands(left: object, right: object) -> tuple[Number, Number] | None:
    """Both sides as numbers of one class of arithmetic, None where either is no number."""
    a, b = as_number(left), as_number(right)
    if a is None or b is None:
        return None
    if isinstance(a, int) and isinstance(b, int):
        return a, b
    return _common(a, b)


def _common(a: Number, b: Number) -> tuple[Number, Number]:
    if type(a) is float and type(b) is float:
        return a, b
    decimals = isinstance(a, Decimal) or isinstance(b, Decimal)
    if decimals or (isinstance(a, int) and _is_big(a)) or (isinstance(b, int) and _is_big(b)):
        return to_decimal(a), to_decimal(b)
    if type(a) is not float and type(b) is not float:
        return nearest_single(a), nearest_single(b)
    return float(a), float(b)


def _real(result: float, a: Number, b: Number) -> float:
    """The result of two floats is a float again."""
    return nearest_single(result) if type(a) is Single and type(b) is Single else result


def _plain(value: object) -> int | None:
    """The whole number that a value is or spells, where Java would compare it exactly."""
    if type(value) is int:
        return value if -EXACT_MAX <= value <= EXACT_MAX else None
    if type(value) is str and len(value) < 16 and value.isdigit() and value.isascii():
        return int(value)
    return None


def _compare(left: object, right: object) -> int | None:
    x = _plain(left)
    if x is not None:
        y = _plain(right)
        if y is not None:
            return (x > y) - (x < y)
    a = as_number(left)
    if a is None:
        return None
    b = as_number(right)
    return None if b is None else compare_numbers(a, b)


def _order(left: object, right: object) -> int | None:
    if left is None or right is None or (type(left) is str and type(right) is str):
        return None
    return _compare(left, right)


__all__ = [
    "add", "div", "equals", "greater", "greater_equal", "less", "less_equal", "make_range", "mod",
    "mul", "negate", "sub", "truth",
]  # fmt: skip
