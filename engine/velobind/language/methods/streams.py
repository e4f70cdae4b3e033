"""Streams and optionals: of their methods, those that need no function, for templates can't write one."""

from __future__ import annotations

from collections.abc import Iterable

from velobind.language.faults import MethodFailed
from velobind.language.limits import watched
from velobind.language.methods.compare import natural_sort
from velobind.language.methods.iterators import StreamWalker
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.values import Array, FixedList, JavaObject, Key, Long, java_equals, java_hash, to_text


class Optional(JavaObject):
    """A `java.util.Optional`: `value` is None where it is empty."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def text(self) -> str:
        return "Optional.empty" if self.value is None else f"Optional[{to_text(self.value)}]"

    def empty(self) -> bool:
        return self.value is None

    def __bool__(self) -> bool:
        return not self.empty()

    def same(self, other: object) -> bool:
        return isinstance(other, Optional) and java_equals(self.value, other.value)

    def code(self) -> int:
        return java_hash(self.value)


class Stream(JavaObject):
    """A `java.util.stream.Stream` over the items that a list has when the stream is used, which can be done once."""

    __slots__ = ("held", "used")

    def __init__(self, items: list[object]) -> None:
        self.held = items
        self.used = False

    def take(self) -> list[object]:
        if self.used:
            raise MethodFailed("java.lang.IllegalStateException", "stream has already been operated upon or closed")
        self.used = True
        return list(self.held)

    def walk(self) -> StreamWalker:
        self.take()
        return StreamWalker(self.held)

    def text(self) -> str:
        return f"java.util.stream.ReferencePipeline$Head@{self.code():x}"


class IntStream(Stream):
    """`$s.chars()`: units as Integers."""

    __slots__ = ()

    def __init__(self, items: Iterable[object]) -> None:
        super().__init__(list(items))

    def text(self) -> str:
        return f"java.util.stream.IntPipeline$Head@{self.code():x}"


def _distinct(items: list[object]) -> list[object]:
    return [k.value for k in dict.fromkeys(map(Key, watched(items)))]


def _limit(items: list[object], count: int) -> list[object]:
    if count < 0:
        raise MethodFailed("java.lang.IllegalArgumentException", str(count))
    return items[:count]


def _skip(items: list[object], count: int) -> list[object]:
    if count < 0:
        raise MethodFailed("java.lang.IllegalArgumentException", str(count))
    return items[count:]


def _first(items: list[object]) -> Optional:
    if items and items[0] is None:
        raise MethodFailed("java.lang.NullPointerException")
    return Optional(items[0] if items else None)


STREAM: dict[str, Method | None] = {
    "allMatch(Predicate)": null_function,
    "anyMatch(Predicate)": null_function,
    "collect(Collector)": null_function,
    "count()": lambda s: Long.of(len(s.take())),
    "distinct()": lambda s: Stream(_distinct(s.take())),
    "filter(Predicate)": null_function,
    "findAny()": lambda s: _first(s.take()),
    "findFirst()": lambda s: _first(s.take()),
    "forEach(Consumer)": null_function,
    "iterator()": lambda s: s.walk(),
    "limit(long)": lambda s, n: Stream(_limit(s.take(), n)),
    "map(Function)": null_function,
    "max(Comparator)": null_function,
    "min(Comparator)": null_function,
    "noneMatch(Predicate)": null_function,
    "skip(long)": lambda s, n: Stream(_skip(s.take(), n)),
    "sorted()": lambda s: Stream(natural_sort(s.take())),
    "toArray()": lambda s: Array(s.take()),
    "toList()": lambda s: FixedList(s.take()),
    **OBJECT,
}

INT_STREAM: dict[str, Method | None] = {
    "boxed()": lambda s: Stream(s.take()),
    "count()": lambda s: Long.of(len(s.take())),
    "distinct()": lambda s: IntStream(_distinct(s.take())),
    "limit(long)": lambda s, n: IntStream(_limit(s.take(), n)),
    "skip(long)": lambda s, n: IntStream(_skip(s.take(), n)),
    "sorted()": lambda s: IntStream(natural_sort(s.take())),
    "sum()": lambda s: sum(s.take()),
    "toArray()": lambda s: Array(s.take(), "int"),
    **OBJECT,
}


def _get(optional: Optional) -> object:
    if optional.value is None:
        raise MethodFailed("java.util.NoSuchElementException", "No value present")
    return optional.value


def _of(_: Optional, value: object) -> Optional:
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    return Optional(value)


def _if_present(optional: Optional, function: object) -> str:
    if optional.value is not None:
        raise MethodFailed("java.lang.NullPointerException")
    return ""


def _no_function_if_empty(optional: Optional, function: object) -> object:
    if optional.value is None:
        raise MethodFailed("java.lang.NullPointerException")
    return optional.value


OPTIONAL: dict[str, Method | None] = {
    "empty()": lambda _: Optional(None),
    "filter(Predicate)": null_function,
    "flatMap(Function)": null_function,
    "get()": _get,
    "ifPresent(Consumer)": _if_present,
    "isEmpty()": lambda o: o.value is None,
    "isPresent()": lambda o: o.value is not None,
    "map(Function)": null_function,
    "of(T)": _of,
    "ofNullable(T)": lambda _, value: Optional(value),
    "or(Supplier)": null_function,
    "orElse(T)": lambda o, other: other if o.value is None else o.value,
    "orElseGet(Supplier)": _no_function_if_empty,
    "orElseThrow(Supplier)": _no_function_if_empty,
    "orElseThrow()": _get,
    "stream()": lambda o: Stream([] if o.value is None else [o.value]),
    **OBJECT,
}
