"""Methods that compiled code does in place when the receiver is a plain text, list or map.

Each entry gives the class of the receiver and a function that makes the Python expression, for a call whose arguments
have these kinds: `text` and `whole` are literals, `any` is whatever is cheap and safe to evaluate twice. What is made
must give what the full method gives for every receiver of that class; where it can't, the entry adds a condition.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from velobind.language.limits import HEAVY
from velobind.language.pyast import LOAD, call, compare, constant, has_class, method

Make = Callable[..., ast.expr]
Shortcut = tuple[str, Make, Callable[..., ast.expr] | None]

# What Java's trim takes off: everything up to the blank.
TRIM = "".join(map(chr, range(0x21)))


def _subscript(receiver: ast.expr, index: ast.expr) -> ast.expr:
    return ast.Subscript(receiver, index, LOAD)


def _long_enough(receiver: ast.expr, index: ast.expr) -> ast.expr:
    return compare(call("len", receiver), ast.Gt(), index)


def _stays_short(receiver: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    assert isinstance(old, ast.Constant) and isinstance(new, ast.Constant)
    if not old.value:
        return constant(False)  # between UTF-16 units, not characters
    return compare(call("len", receiver), ast.Lt(), constant(2 * HEAVY // (len(str(new.value)) + 1)))


def _within(receiver: ast.expr, index: ast.expr) -> ast.expr:
    """Whether an index lies in a text that is not long."""
    return ast.Compare(index, [ast.LtE(), ast.Lt()], [call("len", receiver), constant(HEAVY)])


def _short(receiver: ast.expr, *arguments: ast.expr) -> ast.expr:
    """Long texts take so long that the full call looks at the clock."""
    return compare(call("len", receiver), ast.Lt(), constant(HEAVY))


SHORTCUTS: dict[tuple[str, tuple[str, ...]], list[Shortcut]] = {
    ("toUpperCase", ()): [("str", lambda r: method(r, "upper"), _short)],
    ("toLowerCase", ()): [("str", lambda r: method(r, "lower"), _short)],
    ("trim", ()): [("str", lambda r: method(r, "strip", constant(TRIM)), _short)],
    ("toString", ()): [("str", lambda r: r, None)],
    ("isEmpty", ()): [
        ("str", lambda r: ast.UnaryOp(ast.Not(), r), None),
        ("list", lambda r: ast.UnaryOp(ast.Not(), r), None),
    ],
    # A text of ASCII has as many UTF-16 units as characters.
    ("length", ()): [("str", lambda r: call("len", r), lambda r: method(r, "isascii"))],
    ("size", ()): [("list", lambda r: call("len", r), None)],
    ("get", ("whole",)): [("list", _subscript, _long_enough)],
    ("get", ("any",)): [("dict", lambda r, k: method(r, "get", k), lambda r, k: has_class(k, "str"))],
    ("contains", ("text",)): [("str", lambda r, a: ast.Compare(a, [ast.In()], [r]), _short)],
    ("containsKey", ("text",)): [("dict", lambda r, a: ast.Compare(a, [ast.In()], [r]), None)],
    ("startsWith", ("text",)): [("str", lambda r, a: method(r, "startswith", a), None)],
    ("endsWith", ("text",)): [("str", lambda r, a: method(r, "endswith", a), None)],
    ("equals", ("text",)): [("str", lambda r, a: compare(r, ast.Eq(), a), None)],
    # The full method limits how long the result may get.
    ("replace", ("text", "text")): [("str", lambda r, a, b: method(r, "replace", a, b), _stays_short)],
    ("substring", ("whole",)): [
        (
            "str",
            lambda r, a: _subscript(r, ast.Slice(a)),
            lambda r, a: ast.BoolOp(ast.And(), [method(r, "isascii"), _within(r, a)]),
        )
    ],
    ("substring", ("whole", "whole")): [
        (
            "str",
            lambda r, a, b: _subscript(r, ast.Slice(a, b)),
            lambda r, a, b: ast.BoolOp(ast.And(), [method(r, "isascii"), compare(a, ast.LtE(), b), _within(r, b)]),
        )
    ],
}


def shortcut(method_name: str, kinds: tuple[str, ...]) -> list[Shortcut]:
    """The shortcuts of a call, most specific kinds first."""
    exact = SHORTCUTS.get((method_name, kinds))
    if exact is not None:
        return exact
    if len(kinds) == 1:
        return SHORTCUTS.get((method_name, ("any",)), [])
    return []
