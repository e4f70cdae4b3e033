"""Java's conversions of numbers, and what the tools take for a number."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import TypeGuard

from velobind.language.faults import MethodFailed
from velobind.language.tools.calendar import Calendar, Date, millis_of
from velobind.language.tools.decimal_format import number_format
from velobind.language.tools.locales import Locale
from velobind.language.values import Long, to_text

Number = int | float | Decimal

_NUMBERS = frozenset((int, float, Decimal))
_KINDS = (int, float, Decimal)
_DATES = (datetime.date, Date)
_INT = 2**31
_LONG = 2**63


def is_number(value: object) -> TypeGuard[Number]:
    """Whether Java would call the value a Number: a boolean is none."""
    kind = type(value)
    return kind in _NUMBERS or (kind is not str and kind is not bool and isinstance(value, _KINDS))


def integer(value: int) -> int:
    """An int as a Java Integer."""
    return int(value)


def long(value: int) -> int:
    """An int as a Java Long, which stays one where an Integer could hold it."""
    return Long(value) if -_INT <= value < _INT else value


def _wrapped(value: int, half: int) -> int:
    return (value + half) % (2 * half) - half


def _truncated(value: float, half: int) -> int:
    if math.isnan(value):
        return 0
    return int(max(min(value, float(half)), -float(half))) if abs(value) < half else (half - 1 if value > 0 else -half)


def _whole(value: Number) -> int:
    if isinstance(value, Decimal):
        # The whole part of a number as long as this is its low bits, which are all zero.
        return 0 if not value.is_finite() or value.adjusted() > 1_000 else int(value)
    return int(value)


def int_value(value: Number) -> int:
    """`Number.intValue`: a double is cut off at Integer's limits, other numbers keep their low 32 bits."""
    return _truncated(value, _INT) if isinstance(value, float) else _wrapped(_whole(value), _INT)


def long_value(value: Number) -> int:
    """`Number.longValue`, as a plain int."""
    return _truncated(value, _LONG) if isinstance(value, float) else _wrapped(_whole(value), _LONG)


def double_value(value: Number) -> float:
    """`Number.doubleValue`: infinity where the number is too large."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def as_number(value: object) -> Number | None:
    """A number, or a date as its milliseconds; None for anything else, text included."""
    if is_number(value):
        return value
    if type(value) is str:
        return None
    if isinstance(value, _DATES):
        return long(millis_of(value))
    if isinstance(value, Calendar):
        return long(value.millis)
    return None


def to_number(value: object, style: str, locale: Locale) -> Number | None:
    """`ConversionUtils.toNumber`: a number, a date's milliseconds, or what the start of the text says; else None.

    Raises `MethodFailed` where `style` is a malformed pattern and is needed.
    """
    number = as_number(value)
    if number is not None:
        return number
    return parse_number(to_text(value), style, locale)


def parse_number(text: str, style: str, locale: Locale) -> Number | None:
    """The number at the start of the text, None where there is none or the format is malformed."""
    try:
        return number_format(style, locale).read(text)
    except MethodFailed:
        return None
