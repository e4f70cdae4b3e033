"""Methods of lists: `ArrayList`, what `List.of` gives, ranges, parts of lists, and arrays taken as lists."""

from __future__ import annotations

from collections.abc import Sequence

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, STEP, check_count, overdue, watched
from velobind.language.methods.changes import changed
from velobind.language.methods.classes import assignable, java_class
from velobind.language.methods.compare import natural_sort
from velobind.language.methods.iterators import FixedWalker, ListIterator, RangeWalker, Walker
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.methods.streams import Stream
from velobind.language.methods.views import SubList
from velobind.language.values import Array, FixedList, elements, java_equals


def items_of(value: object) -> Sequence[object]:
    """The items of a collection argument; Java throws where it is null."""
    items = elements(value)
    if items is None:
        raise MethodFailed("java.lang.NullPointerException")
    return items


def copied(items: Sequence[object]) -> list[object]:
    """A list of the same items, if there may be one more."""
    check_count(len(items))
    return list(items)


def out_of_bounds(index: int, size: int) -> MethodFailed:
    """What a list throws for a bad index."""
    return MethodFailed("java.lang.IndexOutOfBoundsException", f"Index {index} out of bounds for length {size}")


def unsupported(*_: object) -> object:
    """What a list that can't change does."""
    raise MethodFailed("java.lang.UnsupportedOperationException")


def contains(value: object, item: object) -> bool:
    """`Collection.contains`."""
    return index_of(value, item) >= 0


def index_of(value: object, item: object) -> int:
    """`List.indexOf`: the first place of an equal item, or -1."""
    items = items_of(value)
    if type(item) is str and type(items) is list:
        return _index_of_text(items, item)
    return next((at for at, i in enumerate(watched(items)) if java_equals(item, i)), -1)


def _index_of_text(items: list[object], item: str) -> int:
    if len(items) <= STEP and len(item) <= HEAVY:
        return items.index(item) if item in items else -1
    # Two long texts that are equal up to their ends take long to compare.
    step = max(1, 10_000_000 // (len(item) + 1000))
    for start in range(0, len(items), step):
        overdue()
        part = items[start : start + step]
        if item in part:
            return start + part.index(item)
    return -1


def last_index_of(value: object, item: object) -> int:
    """`List.lastIndexOf`."""
    items = items_of(value)
    return next((at for at in watched(range(len(items) - 1, -1, -1)) if java_equals(item, items[at])), -1)


def contains_all(value: object, others: object) -> bool:
    """`Collection.containsAll`."""
    return all(contains(value, item) for item in watched(items_of(others)))


def get(value: object, index: int) -> object:
    """`List.get`."""
    items = items_of(value)
    if 0 <= index < len(items):
        return items[index]
    raise out_of_bounds(index, len(items))


def size(value: object) -> int:
    """`Collection.size`."""
    return len(items_of(value))


def to_array(value: object, target: object = None) -> Array:
    """`Collection.toArray`: into the array that is given, where all find room in it."""
    items = copied(items_of(value))
    if not isinstance(target, Array):
        return Array(items)
    if target.component != "Object" and not all(
        i is None or assignable(target.component, java_class(i)) for i in watched(items)
    ):
        raise MethodFailed("java.lang.ArrayStoreException")
    if len(items) > len(target):
        return Array(items, target.component)
    target.items[: len(items)] = items
    if len(items) < len(target):
        target.items[len(items)] = None
    return target


def sub_list(value: list[object] | range | Array | SubList, start: int, stop: int) -> SubList:
    """`List.subList`."""
    if start < 0 or stop > len(value):
        raise MethodFailed("java.lang.IndexOutOfBoundsException")
    if start > stop:
        raise MethodFailed("java.lang.IllegalArgumentException", f"fromIndex({start}) > toIndex({stop})")
    return SubList(value, start, stop)


def list_of(_: object, *items: object) -> FixedList:
    """`List.of`: no null in it."""
    if any(i is None for i in watched(items)):
        raise MethodFailed("java.lang.NullPointerException")
    check_count(len(items))
    return FixedList(items)


def _list_of_array(_: object, array: object) -> FixedList:
    return list_of(None, *items_of(array))


def _list_iterator(value: object, start: int = 0) -> ListIterator:
    if isinstance(value, range):
        return RangeWalker(value, start)
    items = items_of(value)
    if not 0 <= start <= len(items):
        raise MethodFailed("java.lang.IndexOutOfBoundsException", f"Index: {start}")
    return ListIterator(value, start)


def _iterator(value: object) -> ListIterator:
    if isinstance(value, range):
        return RangeWalker(value)
    root = value.root if isinstance(value, SubList) else value
    if isinstance(root, FixedList | tuple):
        return FixedWalker(value)
    return (Walker if type(value) is list or type(value) is Array else ListIterator)(value)


def _check_growth(value: Sequence[object], more: int = 1) -> None:
    check_count(len(value) + more)


def _add(value: list[object], item: object) -> bool:
    _check_growth(value)
    value.append(item)
    changed(value)
    return True


def _insert(value: list[object], index: int, item: object) -> str:
    if not 0 <= index <= len(value):
        raise MethodFailed("java.lang.IndexOutOfBoundsException", f"Index: {index}, Size: {len(value)}")
    _check_growth(value)
    value.insert(index, item)
    changed(value)
    return ""


def _add_all(value: list[object], others: object) -> bool:
    items = list(items_of(others))
    _check_growth(value, len(items))
    value.extend(items)
    changed(value)
    return bool(items)


def _insert_all(value: list[object], index: int, others: object) -> bool:
    if not 0 <= index <= len(value):
        raise MethodFailed("java.lang.IndexOutOfBoundsException", f"Index: {index}, Size: {len(value)}")
    items = list(items_of(others))
    _check_growth(value, len(items))
    value[index:index] = items
    changed(value)
    return bool(items)


def _clear(value: list[object]) -> str:
    value.clear()
    changed(value)
    return ""


def _remove(value: list[object], item: object) -> bool:
    at = index_of(value, item)
    if at >= 0:
        del value[at]
        changed(value)
    return at >= 0


def _remove_at(value: list[object], index: int) -> object:
    if not 0 <= index < len(value):
        raise out_of_bounds(index, len(value))
    changed(value)
    return value.pop(index)


def _keep(value: list[object], others: object, kept: bool) -> bool:
    items_of(others)
    rest = [i for i in watched(value) if contains(others, i) is kept]
    if len(rest) == len(value):
        return False
    value[:] = rest
    changed(value)
    return True


def _set(value: list[object], index: int, item: object) -> object:
    if not 0 <= index < len(value):
        raise out_of_bounds(index, len(value))
    old = value[index]
    value[index] = item
    return old


def _sort(value: list[object], comparator: object) -> str:
    value[:] = natural_sort(value)
    changed(value)
    return ""


def _trim(value: list[object]) -> str:
    changed(value)
    return ""


def _ensure(value: list[object], capacity: int) -> str:
    """`ArrayList.ensureCapacity`, which counts as a change where the list has no room for so many items."""
    room = 10
    while room < len(value):
        room += room >> 1
    if capacity > room:
        changed(value)
    return ""


READING: dict[str, Method | None] = {
    "contains(Object)": contains,
    "containsAll(Collection)": contains_all,
    "copyOf(Collection)": lambda _, c: list_of(None, *items_of(c)),
    "forEach(Consumer)": null_function,
    "get(int)": get,
    "indexOf(Object)": index_of,
    "isEmpty()": lambda c: not size(c),
    "iterator()": _iterator,
    "lastIndexOf(Object)": last_index_of,
    "listIterator()": _list_iterator,
    "listIterator(int)": _list_iterator,
    **{f"of({','.join(['E'] * count)})": list_of for count in (4, 3, 2, 1)},
    "of()": list_of,
    **{f"of({','.join(['E'] * count)})": list_of for count in (8, 7, 6, 5, 10, 9)},
    "of(E[])": _list_of_array,
    "parallelStream()": lambda c: Stream(c if type(c) is list else copied(items_of(c))),
    "size()": size,
    "spliterator()": None,
    "stream()": lambda c: Stream(c if type(c) is list else copied(items_of(c))),
    "subList(int,int)": sub_list,
    "toArray(T[])": to_array,
    "toArray()": to_array,
    "toArray(IntFunction)": null_function,
    **OBJECT,
}


ARRAY_LIST: dict[str, Method | None] = {
    "add(E)": _add,
    "add(int,E)": _insert,
    "addAll(Collection)": _add_all,
    "addAll(int,Collection)": _insert_all,
    "clear()": _clear,
    "clone()": copied,
    "ensureCapacity(int)": _ensure,
    "remove(Object)": _remove,
    "remove(int)": _remove_at,
    "removeAll(Collection)": lambda c, o: _keep(c, o, False),
    "removeIf(Predicate)": null_function,
    "replaceAll(UnaryOperator)": null_function,
    "retainAll(Collection)": lambda c, o: _keep(c, o, True),
    "set(int,E)": _set,
    "sort(Comparator)": _sort,
    "trimToSize()": _trim,
    **READING,
}


def _part(change: Method) -> Method:
    """A change of a list done to a part of one: on a copy, which then takes the part's place."""

    def run(part: SubList, *args: object) -> object:
        items = list(part.items())
        result = change(items, *args)
        part.splice(0, len(part), items)
        return result

    return run


SUB_LIST: dict[str, Method | None] = {
    **READING,
    "add(int,E)": _part(_insert),
    "add(E)": _part(_add),
    "addAll(int,Collection)": lambda p, at, others: bool(items_of(others)) and _part(_insert_all)(p, at, others),
    "addAll(Collection)": lambda p, others: bool(items_of(others)) and _part(_add_all)(p, others),
    "clear()": SubList.clear,
    "remove(int)": _part(_remove_at),
    "remove(Object)": _part(_remove),
    "removeAll(Collection)": _part(lambda c, o: _keep(c, o, False)),
    "removeIf(Predicate)": null_function,
    "replaceAll(UnaryOperator)": null_function,
    "retainAll(Collection)": _part(lambda c, o: _keep(c, o, True)),
    "set(int,E)": _part(_set),
    "sort(Comparator)": _part(_sort),
}
