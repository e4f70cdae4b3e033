"""Short ways for the calls that templates make most: exact types first, the dispatcher for all else.

Each function here takes the dispatcher that it stands before, and gives a method which prints the same.
"""

from __future__ import annotations

from collections.abc import Callable

from velobind.language.limits import MAX_ITEMS
from velobind.language.methods.changes import MARKS, changed
from velobind.language.methods.model import Array
from velobind.language.methods.overloads import Method

Shortcut = Callable[[Method], Method]
_NONE = object()
_META = frozenset("\\^$.|?*+()[]{}")
_BLANKS = "".join(map(chr, range(33)))


def _length(slow: Method) -> Method:
    def length(text: str, *args: object) -> object:
        return len(text) if not args and text.isascii() else slow(text, *args)

    return length


def _substring(slow: Method) -> Method:
    def substring(text: str, *args: object) -> object:
        if text.isascii():
            if len(args) == 2:
                begin, end = args
                if type(begin) is int and type(end) is int and 0 <= begin <= end <= len(text):
                    return text[begin:end]
            elif len(args) == 1:
                begin = args[0]
                if type(begin) is int and 0 <= begin <= len(text):
                    return text[begin:]
        return slow(text, *args)

    return substring


def _of_text(find: Callable[[str, str], object]) -> Shortcut:
    """A method of one text argument whose answer has nothing to do with UTF-16 units."""

    def shortcut(slow: Method) -> Method:
        def method(text: str, *args: object) -> object:
            if len(args) == 1:
                part = args[0]
                if type(part) is str:
                    return find(text, part)
            return slow(text, *args)

        return method

    return shortcut


def _index_of(slow: Method) -> Method:
    def index_of(text: str, *args: object) -> object:
        if len(args) == 1:
            part = args[0]
            if type(part) is str and text.isascii():
                return text.find(part)
        return slow(text, *args)

    return index_of


def _bare(run: Callable[[str], object]) -> Shortcut:
    """A method without arguments."""

    def shortcut(slow: Method) -> Method:
        def method(receiver: str, *args: object) -> object:
            return slow(receiver, *args) if args else run(receiver)

        return method

    return shortcut


def _replace(slow: Method) -> Method:
    def replace(text: str, *args: object) -> object:
        if len(args) == 2 and len(text) < 100_000:
            old, new = args
            if type(old) is str and old and type(new) is str and len(new) < 100:
                return text.replace(old, new)
        return slow(text, *args)

    return replace


def _split(slow: Method) -> Method:
    def split(text: str, *args: object) -> object:
        if len(args) == 1:
            mark = args[0]
            if type(mark) is str and len(mark) == 1 and mark not in _META and len(text) < 100_000:
                parts: list[object] = list(text.split(mark))
                if len(parts) > 1:
                    while parts and parts[-1] == "":
                        parts.pop()
                return Array(parts, "String")
        return slow(text, *args)

    return split


def _list_add(slow: Method) -> Method:
    def add(items: list[object], *args: object) -> object:
        if len(args) == 1 and len(items) < MAX_ITEMS:
            items.append(args[0])
            if MARKS:
                changed(items)
            return True
        return slow(items, *args)

    return add


def _map_put(slow: Method) -> Method:
    def put(mapping: dict[object, object], *args: object) -> object:
        if len(args) == 2 and type(args[0]) is str and len(mapping) < MAX_ITEMS:
            key, value = args
            if MARKS and key not in mapping:
                changed(mapping)
            old = mapping.get(key)
            mapping[key] = value
            return old
        return slow(mapping, *args)

    return put


def _list_get(slow: Method) -> Method:
    def get(items: list[object], index: object = _NONE, *more: object) -> object:
        if type(index) is int and not more and 0 <= index < len(items):
            return items[index]
        return slow(items, index, *more) if index is not _NONE else slow(items)

    return get


def _map_get(slow: Method) -> Method:
    def get(mapping: dict[object, object], key: object = _NONE, *more: object) -> object:
        if type(key) is str and not more:
            return mapping.get(key)
        return slow(mapping, key, *more) if key is not _NONE else slow(mapping)

    return get


def _contains_key(slow: Method) -> Method:
    def contains_key(mapping: dict[object, object], *args: object) -> object:
        if len(args) == 1 and type(args[0]) is str:
            return args[0] in mapping
        return slow(mapping, *args)

    return contains_key


SHORTCUTS: dict[type, dict[str, Shortcut]] = {
    str: {
        "length": _length,
        "substring": _substring,
        "equals": _of_text(str.__eq__),
        "contains": _of_text(str.__contains__),
        "startsWith": _of_text(str.startswith),
        "endsWith": _of_text(str.endswith),
        "indexOf": _index_of,
        "isEmpty": _bare(lambda text: not text),
        "toUpperCase": _bare(str.upper),
        "toString": _bare(lambda text: text),
        "trim": _bare(lambda text: text.strip(_BLANKS)),
        "replace": _replace,
        "split": _split,
    },
    list: {"get": _list_get, "add": _list_add, "size": _bare(len), "isEmpty": _bare(lambda items: not items)},
    dict: {
        "get": _map_get,
        "put": _map_put,
        "containsKey": _contains_key,
        "size": _bare(len),
        "isEmpty": _bare(lambda mapping: not mapping),
    },
}


def shorten(kind: type, methods: dict[str, Method]) -> dict[str, Method]:
    """The methods of a type with its shortcuts before them."""
    for name, shortcut in SHORTCUTS.get(kind, {}).items():
        slow = methods[name]
        method = methods[name] = shortcut(slow)
        method.bare = slow.bare  # type: ignore[attr-defined]
    return methods
