"""Methods of lists that can't change or can't grow: what `List.of` gives, ranges, arrays taken as lists."""

from __future__ import annotations

from velobind.language.faults import MethodFailed
from velobind.language.limits import watched
from velobind.language.methods.classes import check_item
from velobind.language.methods.compare import natural_sort
from velobind.language.methods.integers import wrap
from velobind.language.methods.lists import (
    READING,
    contains,
    contains_all,
    index_of,
    items_of,
    last_index_of,
    unsupported,
)
from velobind.language.methods.objects import get_class, null_function
from velobind.language.methods.overloads import Method
from velobind.language.values import Array, java_equals, java_hash


def _fixed_index_of(value: object, item: object) -> int:
    if item is None:
        raise MethodFailed("java.lang.NullPointerException")
    return index_of(value, item)


def _fixed_last_index_of(value: object, item: object) -> int:
    return last_index_of(value, item) if _fixed_index_of(value, item) >= 0 else -1


def _fixed_contains_all(value: object, others: object) -> bool:
    return all(_fixed_index_of(value, item) >= 0 for item in watched(items_of(others)))


def _range_index_of(value: range, item: object) -> int:
    from velobind.language.operators import as_number, int_value

    if item is None:
        raise MethodFailed("java.lang.NullPointerException")
    number = as_number(item)
    if number is None:
        raise MethodFailed("java.lang.NumberFormatException")
    whole = int_value(number)
    return value.index(whole) if whole in value else -1


def _range_get(value: range, index: int) -> object:
    # The engine's range checks one end only: an index under zero counts on below the first number.
    item = wrap(value.start + value.step * index, 32)
    if not (item > value[-1] if value.step > 0 else item < value[-1]):
        return item
    raise MethodFailed("java.lang.IndexOutOfBoundsException")


FIXED_LIST: dict[str, Method | None] = {
    "add(int,E)": unsupported,
    "add(E)": unsupported,
    "addAll(int,Collection)": unsupported,
    "addAll(Collection)": unsupported,
    "clear()": unsupported,
    "remove(Object)": unsupported,
    "remove(int)": unsupported,
    "removeAll(Collection)": unsupported,
    "removeIf(Predicate)": unsupported,
    "replaceAll(UnaryOperator)": unsupported,
    "retainAll(Collection)": unsupported,
    "set(int,E)": unsupported,
    "sort(Comparator)": unsupported,
    **READING,
    "contains(Object)": lambda c, o: _fixed_index_of(c, o) >= 0,
    "indexOf(Object)": _fixed_index_of,
    "lastIndexOf(Object)": _fixed_last_index_of,
    "containsAll(Collection)": _fixed_contains_all,
}


def _range_remove(value: range, item: object) -> bool:
    if any(java_equals(item, i) for i in watched(value)):
        unsupported()
    return False


def _range_keep(value: range, others: object, kept: bool) -> bool:
    items_of(others)
    if any(contains(others, i) is not kept for i in watched(value)):
        unsupported()
    return False


def _range_add_all(value: range, others: object) -> bool:
    if items_of(others):
        unsupported()
    return False


def _range_insert_all(value: range, index: int, others: object) -> bool:
    if not 0 <= index <= len(value):
        raise MethodFailed("java.lang.IndexOutOfBoundsException", f"Index: {index}, Size: {len(value)}")
    return _range_add_all(value, others)


def _range_sort(value: range, comparator: object) -> str:
    unsupported()
    return ""


RANGE: dict[str, Method | None] = {
    **FIXED_LIST,
    "contains(Object)": contains,
    "containsAll(Collection)": contains_all,
    "addAll(Collection)": _range_add_all,
    "addAll(int,Collection)": _range_insert_all,
    "get(int)": _range_get,
    "indexOf(Object)": _range_index_of,
    "lastIndexOf(Object)": _range_index_of,
    "remove(Object)": _range_remove,
    "removeAll(Collection)": lambda c, o: _range_keep(c, o, False),
    "removeIf(Predicate)": null_function,
    "replaceAll(UnaryOperator)": null_function,
    "retainAll(Collection)": lambda c, o: _range_keep(c, o, True),
    "sort(Comparator)": _range_sort,
}


def _array_set(array: Array, index: int, item: object) -> object:
    if not 0 <= index < len(array):
        raise MethodFailed("java.lang.ArrayIndexOutOfBoundsException", f"Index {index} out of bounds")
    check_item(array, item)
    old = array.items[index]
    array.items[index] = item
    return old


def _array_get(array: Array, index: int) -> object:
    if not 0 <= index < len(array):
        raise MethodFailed("java.lang.ArrayIndexOutOfBoundsException", f"Index {index} out of bounds")
    return array.items[index]


def _array_clear(array: Array) -> str:
    if array.items:
        unsupported()
    return ""


def _array_sort(array: Array, comparator: object) -> str:
    array.items[:] = natural_sort(array.items)
    return ""


def _array_remove(array: Array, item: object) -> bool:
    if contains(array, item):
        unsupported()
    return False


def _array_keep(array: Array, others: object, kept: bool) -> bool:
    items_of(others)
    if any(contains(others, i) is not kept for i in watched(array.items)):
        unsupported()
    return False


ARRAY: dict[str, Method | None] = {
    **READING,
    "add(int,E)": unsupported,
    "add(E)": unsupported,
    "addAll(int,Collection)": _range_insert_all,
    "addAll(Collection)": _range_add_all,
    "clear()": _array_clear,
    "get(int)": _array_get,
    "remove(int)": unsupported,
    "remove(Object)": _array_remove,
    "removeAll(Collection)": lambda a, o: _array_keep(a, o, False),
    "removeIf(Predicate)": null_function,
    "replaceAll(UnaryOperator)": null_function,
    "retainAll(Collection)": lambda a, o: _array_keep(a, o, True),
    "set(int,Object)": _array_set,
    "sort(Comparator)": _array_sort,
    "toString()": lambda a: f"{get_class(a).name}@{java_hash(a):x}",
}
