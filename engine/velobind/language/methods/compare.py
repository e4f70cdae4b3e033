"""The natural order of Java values, as `compareTo` and `List.sort(null)` know it."""

from __future__ import annotations

import datetime
import functools
import itertools
import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, STEP, check_count, overdue
from velobind.language.methods.classes import java_class
from velobind.language.methods.units import length
from velobind.language.values import Byte, Character, Short, units


def compare_doubles(a: float, b: float) -> int:
    """`Double.compare`: -0.0 before 0.0, NaN after all."""
    if a < b:
        return -1
    if a > b:
        return 1
    left = (2 if a != a else 0) or (-1 if a == 0 and math.copysign(1, a) < 0 else 0)
    right = (2 if b != b else 0) or (-1 if b == 0 and math.copysign(1, b) < 0 else 0)
    return (left > right) - (left < right)


def compare_texts(a: str, b: str) -> int:
    """`String.compareTo`."""
    same = 0
    if len(a) > STEP:
        if len(a) > HEAVY:
            overdue()
        while same < len(a) and a[same : same + STEP] == b[same : same + STEP]:
            same += STEP
        same = max(0, min(same, len(a), len(b)) - 1)  # the last one may be half of a pair
    if a.isascii() and b.isascii():
        for x, y in zip(a[same : same + STEP + 1], b[same : same + STEP + 1], strict=False):
            if x != y:
                return ord(x) - ord(y)
        return len(a) - len(b)
    left, right = units(a[same : same + STEP + 1]), units(b[same : same + STEP + 1])
    for p, q in zip(left, right, strict=False):
        if p != q:
            return p - q
    return length(a) - length(b)


def compare(left: object, right: object) -> int:
    """`left.compareTo(right)`; raises MethodFailed for null, other classes and what has no order."""
    if left is None or right is None:
        raise MethodFailed("java.lang.NullPointerException")
    if isinstance(left, str) and isinstance(right, str):
        return compare_texts(left, right)
    if java_class(left) != java_class(right):
        raise MethodFailed("java.lang.ClassCastException")
    if isinstance(left, float) and isinstance(right, float):
        return compare_doubles(left, right)
    if isinstance(left, Byte | Short) and isinstance(right, int):
        return int(left - right)
    if isinstance(left, Character) and isinstance(right, Character):
        return ord(left.value) - ord(right.value)
    for kind in (int, Decimal, datetime.datetime, datetime.date):
        if isinstance(left, kind) and isinstance(right, kind):
            return int(left > right) - int(left < right)  # type: ignore[operator]
    raise MethodFailed("java.lang.ClassCastException")


def natural_sort(items: Iterable[object]) -> list[object]:
    """The items in their natural order; raises MethodFailed as `compare` does."""
    values = list(items)
    if len(values) < 2:
        return values
    check_count(len(values))
    return sorted_by(values, compare)


def sorted_by(values: list[object], order: Callable[[object, object], int], *, plain: bool = True) -> list[object]:
    """The values in an order, with looks at the clock.

    `plain`: it is Python's for whole numbers of one class, and for texts of ASCII.
    """
    if plain and _plain(values):
        return sorted(values)  # type: ignore[type-var]
    if len(values) <= STEP:
        return sorted(values, key=functools.cmp_to_key(order))
    calls = itertools.count(1)

    def paced(left: object, right: object) -> int:
        if not next(calls) & 255:
            overdue()
        return order(left, right)

    return sorted(values, key=functools.cmp_to_key(paced))


def _plain(values: list[object]) -> bool:
    """Whether Python has the same order for these: Integers only, or short texts of ASCII only."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return min(values) >= -(2**31) and max(values) < 2**31  # type: ignore[type-var, operator]
    if kinds == {str}:
        texts: Any = values
        return sum(map(len, texts)) < 64 * len(values) + HEAVY and all(map(str.isascii, texts))
    return False
