"""How a template reaches into values: methods, properties, indexes and what `#foreach` walks.

The rules are those of Velocity's `UberspectImpl`. Nothing of Python is reachable: the values' own methods come from
the tables of `velobind.language.methods`, tools have theirs, and objects of the caller's show the names that the
caller allowed for their class or a base of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.methods import METHODS, find_method
from velobind.language.methods.changes import store
from velobind.language.methods.iterators import ListIterator, iterator_of, walk, walk_list
from velobind.language.tools.base import LiveItems, Tool, Walkable
from velobind.language.values import Array, FixedList, JavaClass, base_type, elements

__all__ = ["Uberspect", "find_method"]

Method = Callable[..., object]
_NOTHING: Mapping[str, Method] = {}
# Properties of a map that its own methods answer before a key does (Velocity before 2.5).
MAP_PROPERTIES = frozenset(
    ("class", "Class", "getClass", "clear", "clone", "entrySet", "hashCode", "isEmpty", "keySet", "notify", "of")
)
MAP_PROPERTIES |= {"notifyAll", "size", "toString", "values", "wait"}
_ARRAY_METHODS = frozenset(("getClass", "hashCode", "notify", "notifyAll", "toString", "wait"))
_VOID = frozenset(("clear", "remove", "trimToSize", "stop", "stopAll"))


class Uberspect:
    """The introspector of one environment.

    `allowed` maps a class to the names of its attributes and methods that templates may use; it holds for its
    subclasses too. Every method raises NoSuchMethod where Velocity finds nothing, MethodFailed where Java throws.
    """

    def __init__(self, allowed: Mapping[type, Collection[str]] | None = None) -> None:
        self._allowed = {kind: frozenset(names) for kind, names in (allowed or {}).items()}
        self._names: dict[type, frozenset[str]] = {}
        self._tables: dict[type, Mapping[str, Method]] = {}
        self._getters: dict[tuple[type, str], Method | None] = {}

    def call(self, receiver: object, name: str, args: tuple[object, ...]) -> object:
        """`$receiver.name(args)`. Void methods give an empty text; None is Java's null."""
        kind = type(receiver)
        table = self._tables.get(kind)
        if table is None:
            table = self._table(kind)
        method = table.get(name)
        if method is not None:
            try:
                return method(receiver, *args)
            except TypeError:
                if _takes(method, len(args)):
                    raise
                raise NoSuchMethod from None
            except NoSuchMethod:
                if kind is not JavaClass:
                    raise
        if kind is JavaClass:
            from velobind.language.methods.through_classes import call_through

            return call_through(receiver, name, args)  # type: ignore[arg-type]
        if name in self._allowed_names(kind):
            target = getattr(receiver, name)
            if callable(target):
                return target(*args)
        raise NoSuchMethod

    def get(self, receiver: object, name: str) -> object:
        """`$receiver.name`: getName(), getname(), name(), the map's key, get("name"), isName()."""
        kind = type(receiver)
        if kind is dict and name not in MAP_PROPERTIES:
            return receiver.get(name)  # type: ignore[attr-defined]
        key = (kind, name)
        try:
            getter = self._getters[key]
        except KeyError:
            getter = self._getters[key] = self._find_getter(kind, name)
        if getter is not None:
            return getter(receiver)
        names = self._allowed_names(kind)
        if name in names:
            return getattr(receiver, name)
        raise NoSuchMethod

    def set(self, receiver: object, name: str, value: object) -> None:
        """`#set($receiver.name = value)`: setName(value), or the map's key."""
        if isinstance(receiver, dict):
            store(receiver, name, value)
            return
        table = self._table(type(receiver))
        for setter in (f"set{name}", f"set{_toggled(name)}"):
            if setter in table:
                table[setter](receiver, value)
                return
        if "put" in table:
            table["put"](receiver, name, value)
            return
        raise NoSuchMethod

    def get_index(self, receiver: object, index: object) -> object:
        """`$receiver[index]`: get(index), where an Integer under zero counts from the end."""
        if type(index) is int:
            if type(receiver) is list and -len(receiver) <= index < len(receiver):
                return receiver[index]
            if -(2**31) <= index < 0:
                index = self._from_end(receiver, index)
        return self.call(receiver, "get", (index,))

    def set_index(self, receiver: object, index: object, value: object) -> None:
        """`#set($receiver[index] = value)`: set(index, value), else put(index, value)."""
        if type(index) is int and -(2**31) <= index < 0:
            index = self._from_end(receiver, index)
        try:
            self.call(receiver, "set", (index, value))
        except NoSuchMethod:
            self.call(receiver, "put", (index, value))

    def iterate(self, value: object) -> Iterable[object] | None:
        """What `#foreach` walks: items of a collection or array, values of a map; None where there is nothing."""
        kind = type(value)
        if kind is dict:
            return value.values()  # type: ignore[attr-defined, no-any-return]
        if kind is list:
            return walk_list(value)  # type: ignore[arg-type]
        if kind is range or kind is FixedList or kind is tuple:
            return iter(value)  # type: ignore[call-overload, no-any-return]
        if kind is str:
            return None
        if isinstance(value, dict):
            return value.values()
        if isinstance(value, ListIterator):
            return LiveWalk(value)
        if elements(value) is not None:
            return walk(iterator_of(value))
        if isinstance(value, Walkable):
            return value.velocity_iterate()
        if "__iter__" in self._allowed_names(type(value)):
            return iter(value)  # type: ignore[call-overload, no-any-return]
        return None

    def _from_end(self, receiver: object, index: int) -> int:
        try:
            size = self.call(receiver, "size", ())
        except NoSuchMethod:
            raise MethodFailed(
                "org.apache.velocity.exception.VelocityException", "a 'size()' method is required for a negative index"
            ) from None
        if type(size) is not int:
            raise MethodFailed("org.apache.velocity.exception.VelocityException", "size() gave no Integer")
        return size + index

    def _table(self, kind: type) -> Mapping[str, Method]:
        table = self._tables.get(kind)
        if table is None:
            if issubclass(kind, Tool):
                table = kind.velocity_methods
            else:
                try:
                    table = METHODS[base_type(kind)]
                except KeyError:
                    table = _NOTHING
            self._tables[kind] = table
        return table

    def _find_getter(self, kind: type, name: str) -> Method | None:
        table = self._table(kind)
        for candidate in (f"get{name}", f"get{_toggled(name)}", name):
            if _takes_nothing(table.get(candidate)) and (kind is not Array or candidate in _ARRAY_METHODS):
                method = table[candidate]
                return _void(method) if candidate in _VOID else method
        if issubclass(kind, dict):
            return lambda receiver: dict.get(receiver, name)
        if issubclass(kind, Tool) and "get" in table:
            return lambda receiver: table["get"](receiver, name)
        for candidate in (f"is{name}", f"is{_toggled(name)}"):
            if _takes_nothing(table.get(candidate)):
                return table[candidate]
        return None

    def _allowed_names(self, kind: type) -> frozenset[str]:
        names = self._names.get(kind)
        if names is None:
            found = {n for base in kind.__mro__ for n in self._allowed.get(base, ())} if self._allowed else ()
            names = self._names[kind] = frozenset(n for n in found if not n.startswith("_") or n == "__iter__")
        return names


# How long a walk past its end is, which never meets it: long enough for the limits to be looked at.
ENDLESS = 1 << 40


class LiveWalk(LiveItems):
    """The rest of an iterator that `#foreach` was given, which the loop's body may move, too."""

    def __init__(self, iterator: ListIterator) -> None:
        self.iterator = iterator
        self.walked = 0

    def __iter__(self) -> Iterator[object]:
        while self.iterator.has_next():
            item = self.iterator.next()
            self.walked += 1
            self.iterator.has_next()  # Velocity looks ahead before it runs the body, and some iterators read ahead then
            yield item

    def __len__(self) -> int:
        left = self.iterator.left()
        return ENDLESS if left < 0 else self.walked + left

    def __bool__(self) -> bool:
        return self.iterator.has_next()


def _void(method: Method) -> Method:
    """A void method run as a property: that gives null, where a call gives an empty text."""

    def run(receiver: object) -> None:
        method(receiver)

    return run


def _toggled(name: str) -> str:
    first = name[:1]
    return (first.upper() if first.islower() else first.lower()) + name[1:]


def _takes_nothing(method: Method | None) -> bool:
    if method is None:
        return False
    bare: bool | None = getattr(method, "bare", None)
    return _takes(method, 0) if bare is None else bare


def _takes(method: Method, count: int) -> bool:
    """Whether a tool's function takes the tool and so many arguments."""
    try:
        inspect.signature(method).bind(*[None] * (count + 1))
    except TypeError:
        return False
    except ValueError:  # a builtin that does not tell
        return True
    return True
