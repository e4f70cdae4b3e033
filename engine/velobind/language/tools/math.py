"""`$math`: arithmetic over numbers and over texts that say numbers.

The results are of the type that the arguments suggest: whole numbers stay whole, anything with a decimal point is a
double (`MathTool.matchType`). Where an argument is no number the result is null.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, reduce
from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.limits import watched
from velobind.language.tools.base import Tool
from velobind.language.tools.configured import FORMAT_METHODS
from velobind.language.tools.decimal_format import NumberFormat, number_format
from velobind.language.tools.locales import Locale
from velobind.language.tools.numbers import (
    Number,
    double_value,
    int_value,
    integer,
    is_number,
    long,
    long_value,
    to_number,
)
from velobind.language.tools.properties import PropertyError, get_property
from velobind.language.tools.signatures import method, of_two
from velobind.language.values import Array, elements, to_text

_SMALLEST, _LARGEST = 5e-324, 1.7976931348623157e308
# Whole numbers up to this one are doubles too, and sums and products of them that stay under it are exact.
_EXACT = 2**53
_PLAIN = frozenset((int, float))


class MathTool(Tool):
    """`$math`, which reads texts by the locale's decimal point."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def number(self, value: object) -> Number | None:
        if type(value) is str:
            return self.form.read(value)
        return value if is_number(value) else to_number(value, "default", self.locale)

    @cached_property
    def form(self) -> NumberFormat:
        """How the locale writes numbers."""
        return number_format("default", self.locale)

    def numbers(self, values: Iterable[object]) -> list[Number] | None:
        found: list[Number] = []
        items = values if type(values) is tuple else elements(values)
        for value in watched(items) if items is not None else values:
            number = self.number(value)
            if number is None:
                return None
            found.append(number)
        return found


def match_type(result: float, inputs: Sequence[Number | None]) -> Number:
    """A whole result of whole inputs is an Integer, or a Long where it is too large; any other a Double."""
    if math.isnan(result) or (math.isfinite(result) and result != math.floor(result)):
        return result
    for number in inputs:
        if number is None:
            break
        if "." in to_text(number):
            return result
    if -(2**31) <= result < 2**31:
        return int(result)
    return long_value(result)


def _folded(step: Callable[[float, float], float | None], start: float | None) -> Callable[..., object]:
    """A method over any number of numbers; `start` None begins with the first number."""

    def run(tool: MathTool, values: Iterable[object] | None) -> object:
        numbers = tool.numbers(_given(values))
        if numbers is None:
            return None
        doubles = [double_value(n) for n in numbers]
        total = start
        for value in doubles:
            total = value if total is None else step(total, value)
            if total is None:
                return None
        return match_type(0.0 if total is None else total, numbers)

    return run


def _given(values: Iterable[object] | None) -> Iterable[object]:
    if values is None:
        raise MethodFailed("java.lang.NullPointerException", 'Cannot read the array length because "nums" is null')
    return values


def _divide(one: float, two: float) -> float | None:
    return None if two == 0 else one / two


def _java_max(one: float, two: float) -> float:
    return math.nan if math.isnan(one) or math.isnan(two) else max(one, two)


def _java_min(one: float, two: float) -> float:
    return math.nan if math.isnan(one) or math.isnan(two) else min(one, two)


def _bitwise(step: Callable[[int, int], int], start: int) -> Callable[..., object]:
    def run(tool: MathTool, values: Iterable[object] | None) -> object:
        numbers = tool.numbers(_given(values))
        if numbers is None:
            return None
        longs = [long(long_value(n)) for n in numbers]
        return match_type(float(reduce(step, longs, start)), longs)

    return run


def _pair(many: Callable[..., object]) -> Callable[..., object]:
    return lambda tool, one, two: many(tool, (one, two))


def _variable(many: Callable[..., object]) -> Any:
    return method(("Object, Object", _pair(many)), ("Object...", many))


def _simple(step: Callable[[Any, Any], Any], start: float | None) -> Any:
    """A method that folds any number of numbers, with a short way for two of the commonest types."""
    many = _folded(step, start)

    def run(tool: MathTool, one: Any, two: Any) -> object:
        if -_EXACT <= one <= _EXACT and -_EXACT <= two <= _EXACT:
            value = step(one, two)
            if value and -_EXACT <= value <= _EXACT:
                if type(one) is float or type(two) is float:
                    return value
                return int(value) if value == int(value) else value
        return many(tool, (one, two))

    return of_two(_variable(many), _PLAIN, _PLAIN, run)


def _power(tool: MathTool, one: object, two: object) -> object:
    numbers = tool.numbers((one, two))
    if numbers is None:
        return None
    base, exponent = (double_value(n) for n in numbers)
    return match_type(java_power(base, exponent), numbers)


def java_power(base: float, exponent: float) -> float:
    """`Math.pow`: NaN and infinity where Python raises."""
    odd = math.isfinite(exponent) and exponent == math.floor(exponent) and exponent % 2 == 1
    if math.isinf(exponent) and abs(base) == 1:
        return math.nan
    if base == 1 and math.isnan(exponent):
        return math.nan
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        if base == 0:
            return math.copysign(math.inf, base) if odd else math.inf
        return math.nan


def _whole_parts(tool: MathTool, one: object, two: object) -> tuple[int, int] | None:
    first, second = tool.number(one), tool.number(two)
    if first is None or second is None or int_value(second) == 0:
        return None
    return int_value(first), int_value(second)


def _whole_division(tool: MathTool, one: object, two: object) -> object:
    parts = _whole_parts(tool, one, two)
    if parts is None:
        return None
    quotient = abs(parts[0]) // abs(parts[1])
    return int_value(quotient if (parts[0] < 0) == (parts[1] < 0) else -quotient)


def _remainder(tool: MathTool, one: object, two: object) -> object:
    parts = _whole_parts(tool, one, two)
    if parts is None:
        return None
    rest = abs(parts[0]) % abs(parts[1])
    return -rest if parts[0] < 0 else rest


def _of_one(step: Callable[[float], float]) -> Callable[..., object]:
    """An Integer made of the number's double."""

    def run(tool: MathTool, value: object) -> object:
        number = tool.number(value)
        if number is None:
            return None
        double = double_value(number)
        return int_value(float(step(double)) if math.isfinite(double) else double)

    return run


def _absolute(tool: MathTool, value: object) -> object:
    number = tool.number(value)
    return None if number is None else match_type(abs(double_value(number)), (number,))


def java_round(value: float) -> int:
    """`Math.round`: halves go up, the result is a Long."""
    if not math.isfinite(value):
        return long_value(value)
    floor = math.floor(value)
    return long_value(float(floor + 1 if value - floor >= 0.5 else floor)) if abs(value) < 2**53 else long_value(value)


def _round_to(tool: MathTool, decimals: object, value: object) -> object:
    places, number = tool.number(decimals), tool.number(value)
    if places is None or number is None:
        return None
    # Java keeps ten to the power of the places in an int, which overflows.
    power = int_value(pow(10, max(int_value(places), 1), 2**32))
    rounded = float(java_round(double_value(number) * power))
    if power == 0:
        return math.nan if rounded == 0 else math.copysign(math.inf, rounded)
    return rounded / power


def _random(tool: MathTool, one: object, two: object) -> object:
    numbers = tool.numbers((one, two))
    if numbers is None:
        return None
    low, high = (double_value(n) for n in numbers)
    drawn = (high - low) * random.random() + low
    if any("." in to_text(n) for n in numbers):
        return drawn
    return match_type(float(math.floor(drawn)) if math.isfinite(drawn) else drawn, numbers)


def _converted(make: Callable[[Number], object]) -> Callable[..., object]:
    def run(tool: MathTool, value: object) -> object:
        number = tool.number(value)
        return None if number is None else make(number)

    return run


def _total(tool: MathTool, values: Iterable[object] | None) -> Number | None:
    if values is None:
        return None
    numbers = tool.numbers(values)
    if numbers is None:
        return None
    return match_type(sum((double_value(n) for n in numbers), 0.0), (numbers[0] if numbers else None,))


def _total_of(tool: MathTool, items: Iterable[object] | None, field: str | None) -> Number | None:
    if items is None or field is None:
        return None
    total, first = 0.0, None
    try:
        for item in watched(elements(items) or ()):
            number = tool.number(get_property(item, field))
            if number is not None:
                first = number if first is None else first
                total += double_value(number)
    except PropertyError:
        return None
    return match_type(total, (first,))


def _mean(total: Number | None, count: int) -> Number | None:
    if total is None:
        return None
    value = double_value(total)
    average = value / count if count else (math.nan if value == 0 else math.copysign(math.inf, value))
    return match_type(average, (total,))


def _average(tool: MathTool, values: Any) -> Number | None:
    return None if values is None else _mean(_total(tool, values), len(values))


def _average_of(tool: MathTool, items: Any, field: str | None) -> Number | None:
    return None if items is None else _mean(_total_of(tool, items, field), len(items))


def _total_of_doubles(tool: MathTool, values: Array | None) -> object:
    return None if values is None else sum((double_value(v) for v in values.items if is_number(v)), 0.0)


def _average_of_doubles(tool: MathTool, values: Array | None) -> object:
    if values is None:
        return None
    total = sum((double_value(v) for v in values.items if is_number(v)), 0.0)
    return total / len(values) if len(values) else math.nan


def _total_of_longs(tool: MathTool, values: Array | None) -> object:
    return None if values is None else long(long_value(sum(v for v in values.items if isinstance(v, int))))


def _average_of_longs(tool: MathTool, values: Array | None) -> object:
    if values is None:
        return None
    total = long_value(sum(v for v in values.items if isinstance(v, int)))
    return _mean(long(total), len(values))


MathTool.velocity_methods = {
    **FORMAT_METHODS,
    "add": _simple(lambda a, b: a + b, 0.0),
    "sub": _simple(lambda a, b: a - b, None),
    "mul": _simple(lambda a, b: a * b, 1.0),
    "div": _simple(_divide, None),
    "max": _variable(_folded(_java_max, _SMALLEST)),
    "min": _variable(_folded(_java_min, _LARGEST)),
    "bitwiseOr": _variable(_bitwise(lambda a, b: a | b, 0)),
    "bitwiseAnd": _variable(_bitwise(lambda a, b: a & b, -1)),
    "bitwiseXOr": _variable(_bitwise(lambda a, b: a ^ b, 0)),
    "pow": method(("Object, Object", _power)),
    "idiv": method(("Object, Object", _whole_division)),
    "mod": method(("Object, Object", _remainder)),
    "abs": method(("Object", _absolute)),
    "ceil": method(("Object", _of_one(math.ceil))),
    "floor": method(("Object", _of_one(math.floor))),
    "round": method(("Object", _of_one(round))),
    "roundTo": method(("Object, Object", _round_to)),
    "getRandom": method(("", lambda tool: random.random())),
    "random": method(("Object, Object", _random)),
    "toInteger": method(("Object", _converted(lambda n: integer(int_value(n))))),
    "toLong": method(("Object", _converted(lambda n: long(long_value(n))))),
    "toDouble": method(("Object", _converted(double_value))),
    "toNumber": method(("Object", _converted(lambda n: n))),
    "getTotal": method(
        ("Collection, String", _total_of),
        ("Object[], String", _total_of),
        ("Collection", _total),
        ("Object...", _total),
        ("double...", _total_of_doubles),
        ("long...", _total_of_longs),
    ),
    "getAverage": method(
        ("Collection, String", _average_of),
        ("Object[], String", _average_of),
        ("Collection", _average),
        ("Object...", _average),
        ("double...", _average_of_doubles),
        ("long...", _average_of_longs),
    ),
}
