"""A tool's method with its overloads, chosen as Velocity chooses between Java's."""

from __future__ import annotations

from collections.abc import Callable, Container

from velobind.language.faults import NoSuchMethod
from velobind.language.methods.overloads import Overload, dispatcher


def method(*overloads: tuple[str, Callable[..., object]]) -> Callable[..., object]:
    """A function `(tool, *args)` that runs the overload which the arguments mean.

    `method(("Object, int", f), ...)`: each overload is its parameter classes by their short Java names and a function
    that takes the tool and the converted arguments; `Object...` takes any number of them, as one array. The function
    raises `NoSuchMethod` where none fits or several do.
    """
    found = [
        Overload(tuple(t.strip().replace("...", "[]") for t in types.split(",") if t.strip()), function)
        for types, function in overloads
    ]
    run = _of_objects(*overloads[0]) if len(found) == 1 and set(found[0].formals) <= {"Object"} else dispatcher(found)
    # Whether a property's look-up may call it: `$esc.dollar` is `getDollar()`, but `$display.list` is no `list()`.
    run.bare = any(not o.formals for o in found)  # type: ignore[attr-defined]
    run.overloads = found  # type: ignore[attr-defined]
    return run


def of_two(
    slow: Callable[..., object], first: Container[type], second: Container[type], function: Callable[..., object]
) -> Callable[..., object]:
    """The method with a short way before it: the function, where there are two arguments of just these types.

    The function takes the tool and the arguments, and gives what the method would.
    """

    def call(tool: object, *args: object) -> object:
        if len(args) == 2:
            one, two = args
            if type(one) in first and type(two) in second:
                return function(tool, one, two)
        return slow(tool, *args)

    call.bare = slow.bare  # type: ignore[attr-defined]
    call.overloads = slow.overloads  # type: ignore[attr-defined]
    return call


def _of_objects(types: str, function: Callable[..., object]) -> Callable[..., object]:
    """A lone overload that takes anything: only the number of arguments can be wrong."""
    count = types.count("Object")

    def call(tool: object, *args: object) -> object:
        if len(args) != count:
            raise NoSuchMethod
        return function(tool, *args)

    return call
