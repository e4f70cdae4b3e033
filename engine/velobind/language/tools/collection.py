"""`$collection` and `$sorter`: lists in order, and texts cut to lists."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from velobind.language.limits import check_count, watched
from velobind.language.methods.classes import java_class
from velobind.language.methods.compare import sorted_by
from velobind.language.methods.units import spread
from velobind.language.tools.base import Tool
from velobind.language.tools.calendar import Calendar
from velobind.language.tools.configured import SAFE_METHODS
from velobind.language.tools.properties import PropertyError, get_property
from velobind.language.tools.signatures import method
from velobind.language.values import Array, Character, elements, to_text

_BLANKS = "".join(map(chr, range(33)))
_COMPARABLE = (str, int, float, Decimal, bool, datetime.date, Character, Calendar)


class CollectionTool(Tool):
    """`$collection`."""

    velocity_methods: ClassVar[dict[str, Any]] = {}


class SortTool(CollectionTool):
    """`$sorter`, the older name."""


class _NotComparable(Exception):
    """Java's sort would have thrown, which the tool answers with null."""


def compare(left: object, right: object) -> int:
    """`left.compareTo(right)`. Raises `_NotComparable` where the classes differ or have no order."""
    if java_class(left) != java_class(right) or not isinstance(left, _COMPARABLE):
        raise _NotComparable
    one: Any = left
    two: Any = right
    if isinstance(left, str):
        one, two = _units(one), _units(two)
    elif isinstance(left, Character):
        one, two = one.value, two.value
    elif isinstance(left, Calendar):
        one, two = one.millis, two.millis
    elif isinstance(left, float):
        # Java puts NaN last and knows -0.0 from 0.0.
        one, two = _double_order(one), _double_order(two)
    return int(one > two) - int(one < two)


def _double_order(value: float) -> tuple[bool, float, bool]:
    return (value != value, 0.0 if value != value else value, str(value) != "-0.0")


def _units(text: str) -> str:
    return text if text.isascii() else spread(text)


def _fold(text: str) -> str:
    """Characters as `compareToIgnoreCase` compares them: to upper case one by one, then to lower case."""
    if text.isascii():
        return text.lower()
    out = []
    for c in watched(_units(text)):
        upper = c.upper()
        c = upper if len(upper) == 1 else c
        lower = c.lower()
        out.append(lower if len(lower) == 1 else c)
    return "".join(out)


def _comparator(properties: Sequence[object]) -> Callable[[object, object], int]:
    """Compares by one property after another; `name:desc` turns the order around."""
    keys = []
    for each in properties:
        if each is None:
            raise _NotComparable
        name, _, direction = to_text(each).partition(":")
        keys.append((name, -1 if direction.lower() == "desc" else 1))

    def run(left: object, right: object) -> int:
        for name, sign in keys:
            one, two = _comparable(left, name), _comparable(right, name)
            order = _order(one, two)
            if order:
                return order * sign
        return 0

    return run


def _comparable(item: object, name: str) -> object:
    try:
        value = get_property(item, name)
    except PropertyError:
        raise _NotComparable from None
    if value is not None and not isinstance(value, _COMPARABLE):
        raise _NotComparable
    return value


def _order(one: object, two: object) -> int:
    if one is None and two is None:
        return 0
    if isinstance(one, str):
        if not isinstance(two, str):
            raise _NotComparable
        left, right = _fold(one), _fold(two)
        return (left > right) - (left < right)
    return compare(one, two)


def _sort(items: Sequence[object] | None, properties: Sequence[object] | None) -> list[object] | None:
    from velobind.language.faults import MethodFailed

    if items is None:
        raise MethodFailed("java.lang.NullPointerException")
    kept = [item for item in watched(items) if item is not None]
    check_count(len(kept))
    try:
        if properties is None:
            return sorted_by(kept, compare)
        return sorted_by(kept, _comparator(properties), plain=False)
    except _NotComparable:
        return None


def _items(value: object) -> Sequence[object] | None:
    """The items of a list, of an array, or the values of a map; None for anything else."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, Array) and value.component in ("int", "long", "double", "char", "byte"):
        return None
    return elements(value)


def _sort_any(tool: object, value: object, properties: Sequence[object] | None = None) -> list[object] | None:
    items = _items(value)
    return None if items is None else _sort(items, properties)


def _sort_by_list(tool: object, value: object, properties: object = None) -> list[object] | None:
    return _sort(_items(value), elements(properties))


def _split(tool: object, value: str | None) -> Array | None:
    return None if value is None else Array(list(split(value)), "String")


def split(text: str) -> list[str]:
    """The parts between commas without the blanks around them; empty parts at the end fall away."""
    check_count(text.count(","))
    parts = text.split(",")
    if len(parts) > 1:
        while parts and not parts[-1]:
            parts.pop()
    return [trim(part) for part in watched(parts)]


def trim(text: str) -> str:
    """`String.trim`: without spaces and control characters at both ends."""
    return text.strip(_BLANKS)


def _no_comparator(tool: object, value: object, comparator: object) -> object:
    """A template has no comparator to give but null, with which Java sorts by the items' own order, or fails."""
    from velobind.language.faults import MethodFailed

    items = _items(value)
    if items is None:
        return None
    sorted_items = _sort(items, None)
    if sorted_items is None:
        raise MethodFailed("java.lang.ClassCastException")
    return sorted_items


CollectionTool.velocity_methods = SortTool.velocity_methods = {
    **SAFE_METHODS,
    "sort": method(
        ("Collection, Comparator", _no_comparator),
        ("Object[], Comparator", _no_comparator),
        ("Map, Comparator", _no_comparator),
        ("Object, Comparator", _no_comparator),
        ("Collection", _sort_by_list),
        ("Object[]", _sort_by_list),
        ("Map", _sort_by_list),
        ("Object", _sort_any),
        ("Object, String", lambda tool, value, name: _sort_any(tool, value, [name])),
        ("Collection, List", _sort_by_list),
        ("Map, List", _sort_by_list),
        ("Object[], List", _sort_by_list),
    ),
    "split": method(("String", _split)),
    "getStringsDelimiter": method(("", lambda tool: ",")),
    "getStringsTrim": method(("", lambda tool: True)),
}
