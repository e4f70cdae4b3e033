"""The natural order of Java values, as `compareTo` and `List.sort(null)` know it."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Iterable
from decimal import Decimal

from velobind.language.faults import MethodFailed
from velobind.language.methods.classes import java_class
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
    if a.isascii() and b.isascii():
        for x, y in zip(a, b, strict=False):
            if x != y:
                return ord(x) - ord(y)
        return len(a) - len(b)
    left, right = units(a), units(b)
    for p, q in zip(left, right, strict=False):
        if p != q:
            return p - q
    return len(left) - len(right)


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
    return sorted(values, key=functools.cmp_to_key(compare))
