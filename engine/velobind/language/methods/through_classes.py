"""Methods called on a class: `$name.class.join('-', $words)`.

Velocity looks among the methods of the class that the value stands for. A static one runs; any other that fits fails,
for there is no object to run it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.methods.integers import INTEGER
from velobind.language.methods.overloads import Method, Overload, dispatcher, parse
from velobind.language.methods.tables import CLASSES, signatures_of
from velobind.language.tools.base import Tool
from velobind.language.values import Byte, Character, JavaClass, Long, Short, Single

# Classes whose methods with parameters are static, but for these.
_OF_PLAIN_VALUES = (int, Long, Byte, Short, float, Single, bool, Character)
_OF_OBJECTS = frozenset(("compareTo", "equals", "wait", "resolveConstantDesc"))
# The static methods of the other classes.
_STATIC = frozenset(
    "valueOf format join copyValueOf of ofNullable copyOf entry comparingByKey comparingByValue probablePrime".split()
)


def call_through(receiver: JavaClass, name: str, args: tuple[object, ...]) -> object:
    """Runs the static method; raises NoSuchMethod where none fits, MethodFailed for one that needs an object."""
    method = None if receiver.kind is None else _methods(receiver.kind).get(name)
    if method is None:
        raise NoSuchMethod
    return method(receiver, *args)


def _needs_object(*_: object) -> object:
    raise MethodFailed("java.lang.IllegalArgumentException", "object is not an instance of declaring class")


def _is_static(kind: type, name: str, overload: Overload) -> bool:
    if kind in _OF_PLAIN_VALUES:
        return bool(overload.formals) and name not in _OF_OBJECTS
    return name in _STATIC


def _plain(method: Method) -> list[Overload]:
    """The one overload of a function that takes any values: as many as it has parameters after the object."""
    code = getattr(method, "__code__", None)
    return [Overload(("Object",) * (code.co_argcount - 1), method)] if code is not None else []


@cache
def _methods(kind: type) -> Mapping[str, Method]:
    if issubclass(kind, Tool):
        found = {name: getattr(method, "overloads", _plain(method)) for name, method in kind.velocity_methods.items()}
        return {name: dispatcher([Overload(o.formals, _needs_object) for o in each]) for name, each in found.items()}
    if kind is not int and kind not in CLASSES:
        return {}
    table = parse(INTEGER if kind is int else signatures_of(kind))
    return {
        name: dispatcher([o if _is_static(kind, name, o) else Overload(o.formals, _needs_object) for o in overloads])
        for name, overloads in table.items()
    }
