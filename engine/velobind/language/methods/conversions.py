"""Velocity's explicit conversions of arguments: to numbers, booleans and text, and of the last ones to an array."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_digits
from velobind.language.methods.classes import UNBOXED, assignable, java_class
from velobind.language.methods.doubles import parse_decimal
from velobind.language.methods.names import ROUNDINGS
from velobind.language.methods.parsing import parse_double, parse_integer
from velobind.language.methods.rounding import nearest_single, to_float
from velobind.language.values import Array, BigInteger, Character, string_of, to_text

Change = Callable[[object], object]

_BITS = {"byte": 8, "short": 16, "int": 32, "long": 64}
_NUMBERS = frozenset(("byte", "short", "int", "long", "float", "double", "BigInteger", "BigDecimal"))


def _number_format(text: str) -> MethodFailed:
    return MethodFailed("java.lang.NumberFormatException", f'For input string: "{text}"')


def _inexact(reason: str) -> MethodFailed:
    return MethodFailed("java.lang.IllegalArgumentException", f"java.lang.ArithmeticException: {reason}")


def _to_whole(bits: int) -> Change:
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def change(value: object) -> object:
        if isinstance(value, Decimal):
            if value != value.to_integral_value():
                raise _inexact("Rounding necessary")
            value = BigInteger(value) if value.adjusted() < 20 else BigInteger(high + 1)
        if isinstance(value, BigInteger) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
            if not low <= value <= high:
                raise _inexact("out of range")
            return int(value)
        if isinstance(value, float):
            if math.isnan(value):
                return 0
            if not float(low) <= value <= float(high):
                raise MethodFailed("java.lang.NumberFormatException", f"value out of range: {to_text(value)}")
            return min(high, int(value))
        assert isinstance(value, int)
        if not low <= value <= high:
            raise MethodFailed("java.lang.NumberFormatException", f"value out of range: {value}")
        return int(value)

    return change


def _text_to_whole(bits: int) -> Change:
    def change(value: object) -> object:
        return parse_integer(str(value), 10, bits)

    return change


def _to_boolean(value: object) -> object:
    if isinstance(value, Character):
        return value.value != "\0"
    # `Double.compare` with 0.0: a negative zero is another number.
    return value != 0 or (type(value) is float and math.copysign(1, value) < 0)


def _text_to_decimal(value: object) -> object:
    number = parse_decimal(str(value))
    if number is None:
        raise _number_format(str(value))
    return number


def _to_decimal(value: object) -> object:
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            raise _number_format(to_text(value))
        number = Decimal(to_text(float(value)))
        return number.copy_abs() if number.is_zero() else number
    return Decimal(int(value))  # type: ignore[call-overload]


def _decimal_to_big(value: object) -> object:
    assert isinstance(value, Decimal)
    check_digits(value.adjusted())
    if value != value.to_integral_value():
        raise _inexact("Rounding necessary")
    return BigInteger.of(int(value))


def _text_to_single(value: object) -> object:
    from velobind.language.methods.singles import parse_single

    return parse_single(str(value))


def _widen(value: object) -> object:
    return float(value)  # type: ignore[arg-type]


def converter(formal: str, actual: str, boxed: str | None = None) -> Change | None:
    """How a value of class `actual` (unboxed) becomes one of class `formal`; None where it needs none or can't.

    `boxed` is given when the method is about to run: then widening an integer to a double is a change too.
    """
    plain = UNBOXED.get(formal, formal)
    if plain == actual:
        return _unit if boxed and formal == "char" else None
    if formal == "String":
        return string_of
    if plain == "boolean":
        if actual == "String":
            return lambda value: str(value).lower() == "true"
        return _to_boolean if actual in _NUMBERS or actual == "char" else None
    if plain in _BITS:
        if actual == "String":
            return _text_to_whole(_BITS[plain])
        if actual == "boolean":
            return int  # type: ignore[return-value]
        if boxed and actual in _BITS and _BITS[actual] < _BITS[plain]:
            return None
        return _to_whole(_BITS[plain]) if actual in _NUMBERS else None
    if plain == "double":
        if actual == "String":
            return lambda value: parse_double(str(value))
        return to_float if actual in _NUMBERS else None  # type: ignore[return-value]
    if plain == "float":
        return _text_to_single if actual == "String" else nearest_single if actual in _NUMBERS else None  # type: ignore[return-value]
    if formal == "BigInteger":
        if actual == "String":
            return lambda value: BigInteger.of(int(parse_integer(str(value), 10, 0)))
        if actual == "BigDecimal":
            return _decimal_to_big
        return (lambda value: BigInteger.of(int(value))) if actual in _BITS else None  # type: ignore[call-overload]
    if formal == "BigDecimal":
        if actual == "String":
            return _text_to_decimal
        return _to_decimal if actual in _NUMBERS else None
    if actual == "String":
        return {"Locale": _text_to_locale, "RoundingMode": _text_to_rounding}.get(formal)
    return None


def _text_to_locale(value: object) -> object:
    from velobind.language.tools.locales import locale_of_text

    return locale_of_text(str(value))


def _text_to_rounding(value: object) -> object:
    if value not in ROUNDINGS:
        raise MethodFailed("java.lang.IllegalArgumentException", f"No enum constant java.math.RoundingMode.{value}")
    return value


def _unit(value: object) -> object:
    return value.value if isinstance(value, Character) else value


def pack_array(item: str, last: int, args: list[object], fits: Callable[[str, str | None, bool], bool]) -> list[object]:
    """The arguments with those from place `last` on in one array, where they are not one array already."""
    if len(args) == last:
        return [*args, Array([], item)]
    if len(args) == last + 1:
        value = args[last]
        if isinstance(value, Array):
            if not assignable(f"{item}[]", java_class(value)):
                raise MethodFailed("java.lang.IllegalArgumentException", "argument type mismatch")
        elif value is not None and fits(item, java_class(value), False):
            args[last] = Array([value], item)
        return args
    extra: Sequence[object] = args[last:]
    for value in extra:
        if value is not None and not fits(item, java_class(value), False):
            raise MethodFailed("java.lang.IllegalArgumentException", "array element type mismatch")
    return [*args[:last], Array(list(extra), item)]
