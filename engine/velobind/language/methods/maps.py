"""Methods of maps, of their views and of their entries."""

from __future__ import annotations

from velobind.language.faults import MethodFailed
from velobind.language.limits import MAX_ITEMS, check_count, watched
from velobind.language.methods.changes import changed, store
from velobind.language.methods.iterators import MapWalker
from velobind.language.methods.lists import (
    contains,
    contains_all,
    copied,
    items_of,
    size,
    to_array,
    unsupported,
)
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.methods.streams import Stream
from velobind.language.methods.views import Entry, EntrySet, KeySet, Values
from velobind.language.values import java_equals, to_key

Map = dict[object, object]
_MISSING = object()


def get(mapping: Map, key: object) -> object:
    """`Map.get`: None where the key is missing."""
    kind = type(key)
    if kind is str or kind is int:
        return mapping.get(key)
    return mapping.get(_find(mapping, key))


def _find(mapping: Map, key: object) -> object:
    """The key as the dict holds it: a caller's own dict may have doubles and booleans unwrapped."""
    held = to_key(key)
    if held is not key and isinstance(key, float | bool) and held not in mapping:
        return next((k for k in watched(list(mapping)) if type(k) is type(key) and k == key), held)
    return held


def contains_key(mapping: Map, key: object) -> bool:
    """`Map.containsKey`."""
    return _find(mapping, key) in mapping


def put(mapping: Map, key: object, value: object) -> object:
    """`Map.put`: what was there before."""
    held = key if type(key) is str else _find(mapping, key)
    old = mapping.get(held)
    if len(mapping) >= MAX_ITEMS:
        check_count(len(mapping) + 1)
    store(mapping, held, value)
    return old


def _get_or_default(mapping: Map, key: object, default: object) -> object:
    return mapping.get(_find(mapping, key), default)


def _contains_value(mapping: Map, value: object) -> bool:
    return any(java_equals(value, v) for v in watched(list(mapping.values())))


def _clear(mapping: Map) -> str:
    mapping.clear()
    changed(mapping)
    return ""


def _clone(mapping: Map) -> Map:
    check_count(2 * len(mapping))
    return dict(mapping)


def _put_all(mapping: Map, other: object) -> str:
    if not isinstance(other, dict):
        raise MethodFailed("java.lang.NullPointerException")
    check_count(len(mapping) + len(other))
    for held, value in list(other.items()):
        store(mapping, held, value)
    return ""


def _put_if_absent(mapping: Map, key: object, value: object) -> object:
    held = _find(mapping, key)
    old = mapping.get(held)
    if old is None:
        store(mapping, held, value)
    return old


def _remove(mapping: Map, key: object) -> object:
    held = _find(mapping, key)
    if held not in mapping:
        return None
    changed(mapping)
    return mapping.pop(held)


def _remove_pair(mapping: Map, key: object, value: object) -> bool:
    held = _find(mapping, key)
    if held in mapping and java_equals(value, mapping[held]):
        del mapping[held]
        changed(mapping)
        return True
    return False


def _replace(mapping: Map, key: object, value: object) -> object:
    held = _find(mapping, key)
    if held not in mapping:
        return None
    old = mapping[held]
    mapping[held] = value
    return old


def _replace_pair(mapping: Map, key: object, old: object, new: object) -> bool:
    held = _find(mapping, key)
    if held in mapping and java_equals(old, mapping[held]):
        mapping[held] = new
        return True
    return False


def _entry(_: object, key: object, value: object) -> Entry:
    if key is None or value is None:
        raise MethodFailed("java.lang.NullPointerException")
    return Entry(None, key, value)


def _of(_: object, *parts: object) -> Map:
    """`Map.of`: no null, no key twice. Java leaves the order open; here it is the order of the call."""
    if any(p is None for p in parts):
        raise MethodFailed("java.lang.NullPointerException")
    made = {to_key(k): v for k, v in zip(parts[::2], parts[1::2], strict=True)}
    if len(made) * 2 != len(parts):
        raise MethodFailed("java.lang.IllegalArgumentException", "duplicate key")
    return made


MAP: dict[str, Method | None] = {
    "clear()": _clear,
    "clone()": _clone,
    "compute(K,BiFunction)": null_function,
    "computeIfAbsent(K,Function)": null_function,
    "computeIfPresent(K,BiFunction)": null_function,
    "containsKey(Object)": contains_key,
    "containsValue(Object)": _contains_value,
    "copyOf(Map)": None,
    "entry(K,V)": _entry,
    "entrySet()": EntrySet,
    "forEach(BiConsumer)": null_function,
    "get(Object)": get,
    "getOrDefault(Object,V)": _get_or_default,
    "isEmpty()": lambda m: not m,
    "keySet()": KeySet,
    "merge(K,V,BiFunction)": null_function,
    **{f"of({','.join(['K,V'] * pairs)})": _of for pairs in range(11)},
    "put(K,V)": put,
    "putAll(Map)": _put_all,
    "putIfAbsent(K,V)": _put_if_absent,
    "remove(Object)": _remove,
    "remove(Object,Object)": _remove_pair,
    "replace(K,V)": _replace,
    "replace(K,V,V)": _replace_pair,
    "replaceAll(BiFunction)": null_function,
    "size()": len,
    "values()": Values,
    **OBJECT,
}


def _view_remove(view: KeySet | Values | EntrySet, item: object) -> bool:
    for key, value in zip(watched(list(view.mapping)), view.items(), strict=True):
        if java_equals(item, value):
            del view.mapping[key]
            changed(view.mapping)
            return True
    return False


def _view_keep(view: KeySet | Values | EntrySet, others: object, kept: bool) -> bool:
    items_of(others)
    pairs = zip(watched(list(view.mapping)), view.items(), strict=True)
    gone = [k for k, v in pairs if contains(others, v) is not kept]
    for key in gone:
        del view.mapping[key]
        changed(view.mapping)
    return bool(gone)


def _view_add_all(view: object, others: object) -> bool:
    if items_of(others):
        unsupported()
    return False


VALUES: dict[str, Method | None] = {
    "add(E)": unsupported,
    "addAll(Collection)": _view_add_all,
    "clear()": lambda v: _clear(v.mapping),
    "contains(Object)": contains,
    "containsAll(Collection)": contains_all,
    "forEach(Consumer)": null_function,
    "isEmpty()": lambda v: not v.mapping,
    "iterator()": MapWalker,
    "parallelStream()": lambda v: Stream(copied(v.items())),
    "remove(Object)": _view_remove,
    "removeAll(Collection)": lambda v, o: _view_keep(v, o, False),
    "removeIf(Predicate)": null_function,
    "retainAll(Collection)": lambda v, o: _view_keep(v, o, True),
    "size()": size,
    "spliterator()": None,
    "stream()": lambda v: Stream(copied(v.items())),
    "toArray()": to_array,
    "toArray(T[])": to_array,
    "toArray(IntFunction)": null_function,
    **OBJECT,
}
VIEW: dict[str, Method | None] = {"copyOf(Collection)": None, **VALUES}


def _set_value(entry: Entry, value: object) -> object:
    if entry.mapping is None:
        unsupported()
    old = entry.value
    if entry.mapping is not None and entry.held in entry.mapping:
        entry.mapping[entry.held] = value
    entry.seen = value
    return old


def _copy_of_entry(_: object, entry: Entry | None) -> Entry:
    if entry is None:
        raise MethodFailed("java.lang.NullPointerException")
    return _entry(None, entry.key, entry.value)


ENTRY: dict[str, Method | None] = {
    "comparingByKey(Comparator)": None,
    "comparingByKey()": None,
    "comparingByValue()": None,
    "comparingByValue(Comparator)": None,
    "copyOf(Map.Entry)": _copy_of_entry,
    "getKey()": lambda e: e.key,
    "getValue()": lambda e: e.value,
    "setValue(V)": _set_value,
    **OBJECT,
}
