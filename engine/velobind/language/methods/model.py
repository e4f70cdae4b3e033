"""Java values that Python has no type for, and what every value prints and equals.

Text, lists, maps, numbers, booleans and null are Python's own. Here are the rest: characters, numbers whose Java class
is not the one that their size says, arrays, classes (their names only), and the base of collections and other objects.
"""

from __future__ import annotations

import datetime
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from velobind.errors import LimitExceeded
from velobind.language.faults import MethodFailed
from velobind.language.limits import STEP, overdue
from velobind.language.methods.doubles import java_decimal, java_double

MAX_PRINTED = 1 << 21
# Longer lists look at the clock while they make their text.
FEW = 16


class RegexTimeout(LimitExceeded):
    """A regular expression of a template ran longer than it may."""


class Character:
    """A `java.lang.Character`: `value` is one UTF-16 unit, so half of a pair is a lone surrogate."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is Character and other.value == self.value

    def __hash__(self) -> int:
        return ord(self.value)

    def __repr__(self) -> str:
        return f"Character({self.value!r})"


class Byte(int):
    """A `java.lang.Byte`, as `$n.byteValue()` gives."""

    __slots__ = ()

    @classmethod
    def of(cls, number: int) -> int:
        """The number as a Byte, or in the next class that holds it."""
        return cls(number) if -(2**7) <= number < 2**7 else Short.of(number)


class Short(int):
    """A `java.lang.Short`, as `$n.shortValue()` gives."""

    __slots__ = ()

    @classmethod
    def of(cls, number: int) -> int:
        """The number as a Short, or in the next class that holds it."""
        return cls(number) if -(2**15) <= number < 2**15 else int(number)


class Long(int):
    """A `java.lang.Long` that an Integer could hold, as `$n.longValue()` gives; larger Longs are plain int."""

    __slots__ = ()

    @classmethod
    def of(cls, number: int) -> int:
        return cls(number) if -(2**31) <= number < 2**31 else int(number)


class Single(float):
    """A `java.lang.Float`: a double that prints with a float's digits."""

    __slots__ = ()


class BigInteger(int):
    """A `java.math.BigInteger` that a Long could hold; larger ones are plain int."""

    __slots__ = ()

    @classmethod
    def of(cls, number: int) -> int:
        return cls(number) if -(2**63) <= number < 2**63 else int(number)


class NullText(str):
    """The class of `NULL_TEXT`."""

    __slots__ = ()


NULL_TEXT = NullText("null")
"""What `text` gives for an object whose `toString` gives null: joined to other text it is `null`."""


class Array:
    """A Java array, fixed in length, its items replaceable; `component` is the items' Java class (`String`, `char`)."""

    __slots__ = ("component", "items")

    def __init__(self, items: list[object], component: str = "Object") -> None:
        self.items = items
        self.component = component

    def __iter__(self) -> Iterator[object]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class JavaClass:
    """What `$x.class` gives: a name to print, and the static methods of the value's `kind`, which is a Python type."""

    __slots__ = ("kind", "name")

    def __init__(self, name: str, kind: type | None = None) -> None:
        self.name = name
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return type(other) is JavaClass and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class JavaObject:
    """Base of the other Java values: entries, views, iterators, streams, optionals."""

    __slots__ = ()

    def text(self) -> str:
        """What `toString` gives."""
        raise NotImplementedError

    def empty(self) -> bool:
        """What `isEmpty` gives, False for a class without it."""
        return False

    def same(self, other: object) -> bool:
        """What `equals` gives: identity, if not overridden."""
        return self is other

    def code(self) -> int:
        """What `hashCode` gives, before it is cut to 32 bits."""
        return id(self) >> 4 & 0x7FFFFFFF

    def class_name(self) -> str | None:
        """The full name of the Java class, where the Python class does not tell it."""
        return None


class JavaCollection(JavaObject):
    """Base of collections that are no plain list: parts of lists, views of maps. `order` is what `equals` goes by."""

    __slots__ = ()
    order: str = "list"  # "list", "set", or "none" for identity

    def items(self) -> Sequence[object]:
        """The present items."""
        raise NotImplementedError

    def text(self) -> str:
        return _list_text(self.items(), self)

    def empty(self) -> bool:
        return len(self.items()) == 0

    def __iter__(self) -> Iterator[object]:
        return iter(self.items())

    def __len__(self) -> int:
        return len(self.items())


class FixedList(list[object]):
    """What `List.of` gives: a list that refuses every change."""

    __slots__ = ()


class Held:
    """Base of a map's key that stands for a value which Python would not hash, or would take for another."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def from_key(key: object) -> object:
    """The Java key that a dict's key stands for."""
    return key.value if isinstance(key, Held) else key


_SURROGATE = re.compile("[\ud800-\udfff]")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date_text(value: datetime.datetime) -> str:
    """`java.util.Date.toString` in the value's own zone: `Wed Sep 02 00:00:00 UTC 2020`."""
    return (
        f"{_WEEKDAYS[value.weekday()]} {_MONTHS[value.month - 1]} {value.day:02d} "
        f"{value.hour:02d}:{value.minute:02d}:{value.second:02d} {value.tzname() or 'UTC'} {value.year}"
    )


def _integer_text(number: int) -> str:
    try:
        return int.__repr__(number)
    except ValueError:  # Python refuses more than 4,300 digits
        overdue()
        return format(Decimal(int(number)), "f")


def _part(value: object) -> str:
    return "null" if value is None else to_text(value)


def _list_text(items: Sequence[object], holder: object = None) -> str:
    holder = items if holder is None else holder
    if len(items) > FEW:
        return _long_text(items, holder)
    parts = [i if type(i) is str else "(this Collection)" if i is holder else _part(i) for i in items]
    return _bounded("[", parts, "]")


def _long_text(items: Sequence[object], holder: object) -> str:
    """The same with an eye on the clock and on the length before there is a text."""
    if 2 * len(items) > MAX_PRINTED:  # each item takes two characters and more
        raise _too_long()
    overdue()
    parts: list[str] = []
    size = 0
    for item in items:
        part = item if type(item) is str else "(this Collection)" if item is holder else _part(item)
        parts.append(part)
        size += len(part) + 2
        if size > MAX_PRINTED:
            raise _too_long()
        if not len(parts) & 255:
            overdue()
    return f"[{', '.join(parts)}]"


def _map_text(mapping: dict[object, object]) -> str:
    parts: list[str] = []
    size = 0
    for key, value in mapping.items():
        name = "(this Map)" if from_key(key) is mapping else _part(from_key(key))
        shown = "(this Map)" if value is mapping else _part(value)
        size += len(name) + len(shown) + 3
        if size > MAX_PRINTED:
            raise _too_long()
        parts.append(f"{name}={shown}")
        if not len(parts) & 255:
            overdue()
    return _bounded("{", parts, "}")


def _bounded(start: str, parts: list[str], end: str) -> str:
    """The text of a collection; a few lists that hold each other twice over would print for ever."""
    size = sum(map(len, parts))
    if size > MAX_PRINTED:
        raise _too_long()
    if size > STEP:
        overdue()
    return f"{start}{', '.join(parts)}{end}"


def _too_long() -> LimitExceeded:
    return LimitExceeded(f"a list or map prints more than {MAX_PRINTED:,} characters")


TEXT: dict[type, Callable[..., str]] = {
    str: str,
    int: _integer_text,
    Byte: _integer_text,
    Short: _integer_text,
    Long: _integer_text,
    BigInteger: _integer_text,
    float: java_double,
    Decimal: java_decimal,
    bool: lambda b: "true" if b else "false",
    list: _list_text,
    dict: _map_text,
    range: _list_text,
    FixedList: _list_text,
    tuple: _list_text,
    Character: lambda c: c.value,
    Array: lambda a: _list_text(a.items),
    JavaClass: lambda c: f"class {c.name}",
    Held: lambda k: _part(k.value),
    datetime.datetime: _date_text,
    datetime.date: datetime.date.isoformat,
    type(None): lambda _: "null",
}


def to_text(value: object) -> str:
    """What `toString()` of the value gives; null inside a list or a map is `null`.

    Raises MethodFailed (`StackOverflowError`) for a list or map that holds itself through another.
    """
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    write = TEXT.get(kind)
    try:
        if write is None:
            if isinstance(value, JavaObject):
                return value.text()
            write = TEXT.get(base_type(kind), str)
        return write(value)
    except RecursionError:
        raise MethodFailed("java.lang.StackOverflowError") from None


def string_of(value: object) -> str | None:
    """`String.valueOf`: the text of the value, `null` for null; None where the value's own text is null."""
    if value is None:
        return "null"
    text = to_text(value)
    return None if text is NULL_TEXT else text


def units(text: str) -> Sequence[int]:
    """The text's UTF-16 units."""
    data = text.encode("utf-16-le", "surrogatepass")
    return struct.unpack(f"<{len(data) // 2}H", data)


def join_pairs(text: str) -> str:
    """The text with surrogate halves that stand together joined to their character."""
    if text.isascii() or _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def printable(text: str) -> str:
    """The text as it leaves the engine: pairs joined, a half of a pair that is left alone as `?`."""
    if text.isascii() or _SURROGATE.search(text) is None:
        return text
    return _SURROGATE.sub("?", join_pairs(text))


def elements(value: object) -> Sequence[object] | None:
    """The items of a Java collection or array, None for anything else."""
    if isinstance(value, list | range | tuple):
        return value
    if isinstance(value, JavaCollection):
        return value.items()
    return value.items if isinstance(value, Array) else None


def base_type(kind: type) -> type:
    """The nearest class of a value's that is one of the model's: an OrderedDict is a dict; itself where none is."""
    return next((base for base in kind.__mro__ if base in TEXT), kind)


def is_empty(value: object) -> bool:
    """Whether `#if` takes a value that is no null and no boolean for false: of no length, or zero."""
    if isinstance(value, int | float | Decimal | str | list | dict | tuple):
        return not value
    if isinstance(value, Array | range):
        return len(value) == 0
    return isinstance(value, JavaObject) and value.empty()
