"""Methods of BigDecimal. Decimals are exact: the scale is the negative exponent, and there is no negative zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_digits
from velobind.language.methods.compare import compare
from velobind.language.methods.doubles import java_decimal
from velobind.language.methods.integers import wrap
from velobind.language.methods.names import ROUNDINGS
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.methods.rounding import nearest_single, to_float
from velobind.language.values import Array, BigInteger, Byte, Long, Short, to_text

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def scale(number: Decimal) -> int:
    """Digits behind the point, negative where zeros are left out before it."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def digits(number: Decimal) -> int:
    """How many there are: 1 of zero."""
    return len(number.as_tuple().digits)


def unscaled(number: Decimal) -> int:
    """All digits as a whole number."""
    check_digits(digits(number))
    return int(number.scaleb(scale(number), EXACT))


def make(whole: int, places: int) -> Decimal:
    """`new BigDecimal(whole, places)`."""
    return Decimal(whole).scaleb(-places, EXACT) if whole else Decimal((0, (0,), -places))


def plus_zero(number: Decimal) -> Decimal:
    """Java has no negative zero among decimals."""
    return number.copy_abs() if number.is_zero() else number


def check_spread(a: Decimal, b: Decimal) -> None:
    """Raises LimitExceeded where an exact result would have too many digits."""
    places = (scale(a), scale(b), -a.adjusted(), -b.adjusted())
    check_digits(max(places) - min(places))


def divide_rounded(top: int, bottom: int, rounding: str) -> int:
    """top / bottom rounded to a whole number as the `decimal` module's rounding says."""
    quotient, rest = divmod(abs(top), abs(bottom))
    negative = (top < 0) != (bottom < 0)
    twice = (rest * 2 > abs(bottom)) - (rest * 2 < abs(bottom))
    if rest and rounding == "UNNECESSARY":
        raise MethodFailed("java.lang.ArithmeticException", "Rounding necessary")
    up = {
        ROUND_UP: rest > 0,
        ROUND_CEILING: rest > 0 and not negative,
        ROUND_FLOOR: rest > 0 and negative,
        ROUND_HALF_UP: twice >= 0,
        ROUND_HALF_DOWN: twice > 0,
        ROUND_HALF_EVEN: twice > 0 or (twice == 0 and quotient % 2 == 1),
    }.get(rounding, False)
    quotient += up
    return -quotient if negative else quotient


def divide_to_scale(a: Decimal, b: Decimal, places: int, rounding: str) -> Decimal:
    """`a.divide(b, places, rounding)`; raises MethodFailed for a zero `b`."""
    if b.is_zero():
        raise MethodFailed("java.lang.ArithmeticException", "/ by zero" if not a.is_zero() else "Division undefined")
    check_spread(a, b)
    check_digits(abs(places))
    shift = places + scale(b) - scale(a)
    check_digits(abs(shift) // 2)
    top, bottom = unscaled(a), unscaled(b)
    if shift >= 0:
        top *= 10**shift
    else:
        bottom *= 10**-shift
    return make(divide_rounded(top, bottom, rounding), places)


def set_scale(number: Decimal, places: int, rounding: str = "UNNECESSARY") -> Decimal:
    """`number.setScale(places, rounding)`."""
    shift = places - scale(number)
    check_digits(max(abs(shift), digits(number)))
    if shift >= 0:
        return make(unscaled(number) * 10**shift, places)
    return make(divide_rounded(unscaled(number), 10**-shift, rounding), places)


def _rounding(value: object) -> str:
    if isinstance(value, int):
        if not 0 <= value <= 7:
            raise MethodFailed("java.lang.IllegalArgumentException", "Invalid rounding mode")
        return list(ROUNDINGS.values())[value]
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    return ROUNDINGS[str(value)]


def _given(value: object) -> Decimal:
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    assert isinstance(value, Decimal)
    return value


def _add(a: Decimal, other: object) -> Decimal:
    b = _given(other)
    check_spread(a, b)
    return plus_zero(EXACT.add(a, b))


def _subtract(a: Decimal, other: object) -> Decimal:
    b = _given(other)
    check_spread(a, b)
    return plus_zero(EXACT.subtract(a, b))


def _multiply(a: Decimal, other: object) -> Decimal:
    b = _given(other)
    check_digits(digits(a) + digits(b))
    return plus_zero(EXACT.multiply(a, b))


def _divide(a: Decimal, other: object) -> Decimal:
    """The exact quotient at the preferred scale or the smallest that holds it; Java throws where there is none."""
    b = _given(other)
    preferred = scale(a) - scale(b)
    if b.is_zero():
        raise MethodFailed("java.lang.ArithmeticException", "Division undefined" if a.is_zero() else "Division by zero")
    if a.is_zero():
        return make(0, preferred)
    check_spread(a, b)
    top, bottom = unscaled(a), unscaled(b)
    common = math.gcd(top, bottom)
    rest = abs(bottom // common)
    twos = fives = 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        raise MethodFailed(
            "java.lang.ArithmeticException", "Non-terminating decimal expansion; no exact representable decimal result."
        )
    places = max(twos, fives)
    quotient = make(top * 10**places // bottom, preferred + places)
    while places and unscaled(quotient) % 10 == 0:
        places -= 1
        quotient = make(unscaled(quotient) // 10, preferred + places)
    return quotient


def _strip_to(number: Decimal, preferred: int) -> Decimal:
    whole, places = unscaled(number), scale(number)
    while places > preferred and whole % 10 == 0:
        whole //= 10
        places -= 1
    return make(whole, places)


def _integral(a: Decimal, other: object) -> Decimal:
    b = _given(other)
    preferred = scale(a) - scale(b)
    if b.is_zero():
        raise MethodFailed("java.lang.ArithmeticException", "Division undefined" if a.is_zero() else "Division by zero")
    whole = divide_to_scale(a, b, 0, ROUND_DOWN)
    if whole.is_zero():
        return make(0, preferred)
    return set_scale(whole, preferred) if preferred >= 0 else _strip_to(whole, preferred)


def _remainder(a: Decimal, other: object) -> Decimal:
    return _subtract(a, _multiply(_integral(a, other), other))


def _pow(a: Decimal, exponent: int) -> Decimal:
    if not 0 <= exponent <= 999999999:
        raise MethodFailed("java.lang.ArithmeticException", "Invalid operation")
    check_digits(digits(a) * exponent)
    return make(unscaled(a) ** exponent, scale(a) * exponent)


_CLASSES: dict[int, Callable[[int], int]] = {8: Byte, 16: Short, 64: Long.of}


def _exact(bits: int) -> Method:
    def run(a: Decimal) -> int:
        if a.adjusted() > 40:
            raise MethodFailed("java.lang.ArithmeticException", "Overflow")
        whole = int(a)
        if whole != a or not -(1 << bits - 1) <= whole < 1 << bits - 1:
            raise MethodFailed("java.lang.ArithmeticException", "Rounding necessary" if whole != a else "Overflow")
        return _CLASSES.get(bits, int)(whole)

    return run


def _whole(a: Decimal) -> int:
    check_digits(a.adjusted())
    return int(a)


def low_bits(a: Decimal) -> int:
    """A whole number with the same low 64 bits as the decimal's whole part: a large power of ten has none."""
    return 0 if scale(a) <= -64 else _whole(a)


def _big_exact(a: Decimal) -> int:
    whole = _whole(a)
    if whole != a:
        raise MethodFailed("java.lang.ArithmeticException", "Rounding necessary")
    return BigInteger.of(whole)


def plain(a: Decimal) -> str:
    """`toPlainString`: never an exponent."""
    check_digits(max(a.adjusted(), scale(a)))
    return format(a, "f")


def _engineering(a: Decimal) -> str:
    sign, places, exponent = a.as_tuple()
    text = "".join(map(str, places))
    assert isinstance(exponent, int)
    adjusted = exponent + len(text) - 1
    if exponent <= 0 and adjusted >= -6:
        return java_decimal(a)
    lead = adjusted % 3
    adjusted -= lead
    lead += 1
    if a.is_zero():
        if lead == 2:
            text, adjusted = "0.00", adjusted + 3
        elif lead == 3:
            text, adjusted = "0.0", adjusted + 3
    elif lead >= len(text):
        text = text.ljust(lead, "0")
    else:
        text = f"{text[:lead]}.{text[lead:]}"
    return ("-" if sign else "") + text + (f"E{adjusted:+d}" if adjusted else "")


def _strip(a: Decimal) -> Decimal:
    return Decimal(0) if a.is_zero() else EXACT.normalize(a)


def _move(a: Decimal, by: int) -> Decimal:
    moved = make(unscaled(a), scale(a) - by)
    return set_scale(moved, 0) if scale(moved) < 0 else moved


def _value_of(_: object, number: float) -> Decimal:
    if not math.isfinite(number):
        raise MethodFailed("java.lang.NumberFormatException")
    return plus_zero(Decimal(to_text(number)))


def _compare(a: Decimal, other: object) -> int:
    return compare(a, other)


BIG_DECIMAL: dict[str, Method | None] = {
    "abs(MathContext)": null_function,
    "abs()": lambda a: a.copy_abs(),
    "add(BigDecimal)": _add,
    "add(BigDecimal,MathContext)": null_function,
    "byteValue()": lambda a: Byte(wrap(low_bits(a), 8)),
    "byteValueExact()": _exact(8),
    "compareTo(Object)": _compare,
    "compareTo(BigDecimal)": _compare,
    "divide(BigDecimal,RoundingMode)": lambda a, b, r: divide_to_scale(a, _given(b), scale(a), _rounding(r)),
    "divide(BigDecimal)": _divide,
    "divide(BigDecimal,MathContext)": null_function,
    "divide(BigDecimal,int)": lambda a, b, r: divide_to_scale(a, _given(b), scale(a), _rounding(r)),
    "divide(BigDecimal,int,int)": lambda a, b, n, r: divide_to_scale(a, _given(b), n, _rounding(r)),
    "divide(BigDecimal,int,RoundingMode)": lambda a, b, n, r: divide_to_scale(a, _given(b), n, _rounding(r)),
    "divideAndRemainder(BigDecimal)": lambda a, b: Array([_integral(a, b), _remainder(a, b)], "BigDecimal"),
    "divideAndRemainder(BigDecimal,MathContext)": null_function,
    "divideToIntegralValue(BigDecimal)": _integral,
    "divideToIntegralValue(BigDecimal,MathContext)": null_function,
    "doubleValue()": to_float,
    "floatValue()": nearest_single,
    "intValue()": lambda a: wrap(low_bits(a), 32),
    "intValueExact()": _exact(32),
    "longValue()": lambda a: Long.of(wrap(low_bits(a), 64)),
    "longValueExact()": _exact(64),
    "max(BigDecimal)": lambda a, b: a if a >= _given(b) else b,
    "min(BigDecimal)": lambda a, b: a if a <= _given(b) else b,
    "movePointLeft(int)": lambda a, n: _move(a, -n) if n else a,
    "movePointRight(int)": lambda a, n: _move(a, n) if n else a,
    "multiply(BigDecimal)": _multiply,
    "multiply(BigDecimal,MathContext)": null_function,
    "negate(MathContext)": null_function,
    "negate()": lambda a: plus_zero(a.copy_negate()),
    "plus()": lambda a: a,
    "plus(MathContext)": null_function,
    "pow(int,MathContext)": null_function,
    "pow(int)": _pow,
    "precision()": digits,
    "remainder(BigDecimal)": _remainder,
    "remainder(BigDecimal,MathContext)": null_function,
    "round(MathContext)": null_function,
    "scale()": scale,
    "scaleByPowerOfTen(int)": lambda a, n: make(unscaled(a), scale(a) - n),
    "setScale(int)": set_scale,
    "setScale(int,int)": lambda a, n, r: set_scale(a, n, _rounding(r)),
    "setScale(int,RoundingMode)": lambda a, n, r: set_scale(a, n, _rounding(r)),
    "shortValue()": lambda a: Short(wrap(low_bits(a), 16)),
    "shortValueExact()": _exact(16),
    "signum()": lambda a: (a > 0) - (a < 0),
    "sqrt(MathContext)": null_function,
    "stripTrailingZeros()": _strip,
    "subtract(BigDecimal)": _subtract,
    "subtract(BigDecimal,MathContext)": null_function,
    "toBigInteger()": lambda a: BigInteger.of(_whole(a)),
    "toBigIntegerExact()": _big_exact,
    "toEngineeringString()": _engineering,
    "toPlainString()": plain,
    "ulp()": lambda a: make(1, scale(a)),
    "unscaledValue()": lambda a: BigInteger.of(unscaled(a)),
    "valueOf(double)": _value_of,
    "valueOf(long,int)": lambda _, n, places: make(n, places),
    "valueOf(long)": lambda _, n: Decimal(n),
    **OBJECT,
}
