"""`$json`: a JSON text as values that templates walk, as lenient as the json-simple library that Velocity Tools has.

Commas between items may be missing or too many, and so may the colon after a key; an unknown escape stays as it is
written. Numbers are decimals. Objects keep Java's `HashMap` order, which is not the order of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_digits, overdue, watched
from velobind.language.methods.iterators import ListIterator
from velobind.language.methods.views import KeySet
from velobind.language.tools.base import Tool
from velobind.language.tools.configured import SAFE_METHODS
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method
from velobind.language.values import NULL_TEXT, java_hash, join_pairs, string_of, to_text

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<text>"(?:[^"\\]++|\\.)*+")
      | (?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
      | (?P<word>true|false|null)
      | (?P<mark>[\[\]{},:])
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([\"\\/bfnrt]))")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
_DEEPEST = 1_000
_START = object()


class _Malformed(Exception):
    """The text is no JSON."""


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return _ESCAPED.get(match[2], match[2])


def _tokens(text: str) -> Iterator[tuple[str, Any]]:
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            raise _Malformed
        position = match.end()
        kind = str(match.lastgroup)
        found = match[kind]
        if kind == "text":
            inner = found[1:-1]
            yield "value", join_pairs(_ESCAPE.sub(_unescape, inner)) if "\\" in inner else inner
        elif kind == "number":
            yield "value", _decimal(found)
        elif kind == "word":
            yield "value", _WORDS[found]
        else:
            yield (found or "end"), None
            if kind == "end":
                return


def _decimal(text: str) -> Decimal:
    check_digits(len(text))
    if len(text.lower().partition("e")[2].lstrip("+-0")) > 9:
        raise _Malformed
    number = Decimal(text)
    # A BigDecimal has no negative zero.
    return -number if number.is_zero() and number.is_signed() else number


class _Open:
    """An object or a list whose end has not come yet; `key` is the object's key that waits for its value."""

    def __init__(self, container: dict[object, object] | list[object]) -> None:
        self.container = container
        self.key: object = _START

    def take(self, value: object) -> None:
        if isinstance(self.container, list):
            self.container.append(value)
        elif self.key is _START:
            if not isinstance(value, str):
                raise _Malformed
            self.key = value
        else:
            self.container[self.key] = value
            self.key = _START

    def closed(self) -> dict[object, object] | list[object]:
        if isinstance(self.container, list):
            return self.container
        if self.key is not _START:
            raise _Malformed
        return hash_ordered(self.container)

    def accepts(self, mark: str) -> bool:
        if isinstance(self.container, list):
            return mark == ","
        return mark == ("," if self.key is _START else ":")


def parse_json(text: str) -> dict[object, object] | list[object] | None:
    """The object or the list that the text is; None where it is neither, or malformed."""
    try:
        return _parse(text)
    except _Malformed:
        return None


def _parse(text: str) -> dict[object, object] | list[object] | None:
    stack: list[_Open] = []
    done: object = _START
    for turn, (kind, value) in enumerate(_tokens(text), 1):
        if not turn & 255:
            overdue()
        if kind == "end":
            break
        if done is not _START:
            raise _Malformed
        if kind in "{[":
            # Where an object waits for a key, nothing but a text may come.
            if stack and isinstance(stack[-1].container, dict) and stack[-1].key is _START:
                raise _Malformed
            if len(stack) >= _DEEPEST:
                raise _Malformed
            stack.append(_Open({} if kind == "{" else []))
        elif kind in "}]":
            if not stack or isinstance(stack[-1].container, dict) != (kind == "}"):
                raise _Malformed
            closed = stack.pop().closed()
            if stack:
                stack[-1].take(closed)
            else:
                done = closed
        elif kind == "value":
            if not stack:
                raise _Malformed
            stack[-1].take(value)
        elif not stack or not stack[-1].accepts(kind):
            raise _Malformed
    return done if isinstance(done, dict | list) else None


def hash_ordered(items: dict[object, object]) -> dict[object, object]:
    """The items in the order in which a `java.util.HashMap` that they were put into one by one would give them."""
    size = 16
    while len(items) > size * 3 // 4:
        size *= 2

    def bucket(key: object) -> int:
        code = java_hash(key) & 0xFFFFFFFF
        return (code ^ code >> 16) & (size - 1)

    buckets = {key: bucket(key) for key in watched(list(items))}
    return dict(sorted(items.items(), key=lambda item: buckets[item[0]]))


class JsonContent(Tool):
    """An object or a list of a JSON text: `get`, its properties, `size`, and what `#foreach` walks."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, content: dict[object, object] | list[object]) -> None:
        self.content = content

    def text(self) -> str:
        return to_text(self.content)

    def empty(self) -> bool:
        return not self.content

    def __bool__(self) -> bool:
        return not self.empty()

    def velocity_iterate(self) -> Iterator[object]:
        return iter(list(self.content))

    def get(self, key: str | None) -> object:
        if key is None:
            return None
        if isinstance(self.content, dict):
            return _wrapped(self.content.get(key))
        digits = key[1:] if key[:1] in ("+", "-") else key
        return self.at(int(key)) if digits.isdecimal() and len(digits) < 10 else None

    def at(self, index: int) -> object:
        if isinstance(self.content, dict):
            return _wrapped(self.content.get(str(index)))
        if not 0 <= index < len(self.content):
            message = f"Index {index} out of bounds for length {len(self.content)}"
            raise MethodFailed("java.lang.IndexOutOfBoundsException", message)
        return _wrapped(self.content[index])


def _wrapped(value: object) -> object:
    return JsonContent(value) if isinstance(value, dict | list) else value


class JsonTool(Tool):
    """`$json`, which remembers the text that it parsed last."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        self.root: JsonContent | None = None

    def for_render(self) -> JsonTool:
        return JsonTool()

    def text(self) -> str:
        return NULL_TEXT if self.root is None else self.root.text()

    def empty(self) -> bool:
        return not _size_of_root(self)

    def __bool__(self) -> bool:
        return not self.empty()

    def velocity_iterate(self) -> Iterator[object] | None:
        return None if self.root is None else self.root.velocity_iterate()


def _parse_text(tool: JsonTool, text: str | None) -> JsonTool:
    """The tool itself, without content where the text is no JSON."""
    if text is not None:
        content = parse_json(text)
        tool.root = None if content is None else JsonContent(content)
    return tool


def _keys(self: JsonContent) -> KeySet | None:
    return KeySet(self.content) if isinstance(self.content, dict) else None


def _key_iterator(self: JsonContent) -> ListIterator | None:
    return ListIterator(list(self.content)) if isinstance(self.content, dict) else None


def _of_root(act: Any) -> Any:
    return lambda tool, *args: None if tool.root is None else act(tool.root, *args)


def _size_of_root(tool: JsonTool) -> int:
    if tool.root is None:
        raise MethodFailed("java.lang.NullPointerException")
    return len(tool.root.content)


JsonContent.velocity_methods = {
    **OBJECT_METHODS,
    "get": method(("int", JsonContent.at), ("String", JsonContent.get)),
    "keys": method(("", _key_iterator)),
    "keySet": method(("", _keys)),
    "iterator": method(("", lambda self: ListIterator(list(self.content)))),
    "size": method(("", lambda self: len(self.content))),
    "isNull": method(("", lambda self: False)),
    "isObject": method(("", lambda self: isinstance(self.content, dict))),
    "isArray": method(("", lambda self: isinstance(self.content, list))),
    "getObject": method(("", lambda self: self.content if isinstance(self.content, dict) else None)),
    "getArray": method(("", lambda self: self.content if isinstance(self.content, list) else None)),
}
JsonTool.velocity_methods = {
    **SAFE_METHODS,
    "parse": method(("String", _parse_text)),
    "root": method(("", lambda tool: tool.root)),
    "get": method(("int", _of_root(JsonContent.at)), ("String", _of_root(JsonContent.get))),
    "keys": method(("", _of_root(_key_iterator))),
    "keySet": method(("", _of_root(_keys))),
    "iterator": method(("", _of_root(lambda root: ListIterator(list(root.content))))),
    "size": method(("", _size_of_root)),
    "toString": method(("", string_of)),
}
