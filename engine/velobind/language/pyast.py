"""Short names for the pieces of Python's syntax tree that the compiler puts together."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

LOAD = ast.Load()
STORE = ast.Store()


def name(identifier: str) -> ast.expr:
    return ast.Name(identifier, LOAD)


def target(identifier: str) -> ast.Name:
    return ast.Name(identifier, STORE)


def constant(value: object) -> ast.expr:
    return ast.Constant(value)  # type: ignore[arg-type]


def call(function: str | ast.expr, *arguments: ast.expr) -> ast.expr:
    return ast.Call(name(function) if isinstance(function, str) else function, list(arguments), [])


def method(receiver: ast.expr, attribute: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(receiver, attribute, LOAD), list(arguments), [])


def walrus(identifier: str, value: ast.expr) -> ast.expr:
    return ast.NamedExpr(target(identifier), value)


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    return ast.IfExp(test, then, otherwise)


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [operator], [right])


def is_none(value: ast.expr) -> ast.expr:
    return ast.Compare(value, [ast.Is()], [constant(None)])


def has_class(value: ast.expr, class_name: str) -> ast.expr:
    """`value.__class__ is class_name`: an exact type, which is what a fast path may rely on."""
    return ast.Compare(ast.Attribute(value, "__class__", LOAD), [ast.Is()], [name(class_name)])


def tuple_of(items: Iterable[ast.expr]) -> ast.expr:
    return ast.Tuple(list(items), LOAD)


def assign(identifier: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([target(identifier)], value)


def expression(value: ast.expr) -> ast.stmt:
    return ast.Expr(value)


def if_(test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt] | None = None) -> ast.stmt:
    return ast.If(test, then or [ast.Pass()], otherwise or [])


def function(identifier: str, parameters: Sequence[str], body: list[ast.stmt], rest: str | None = None) -> ast.stmt:
    """A function; the list `body` may still grow after this call, if it is not empty now."""
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(p) for p in parameters],
        vararg=ast.arg(rest) if rest else None,
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    return ast.FunctionDef(identifier, arguments, body, [])


def joined(parts: Sequence[str | ast.expr]) -> ast.expr:
    """An f-string of texts and of expressions whose values are texts."""
    if all(isinstance(part, str) for part in parts):
        return constant("".join(parts))  # type: ignore[arg-type]
    parts = [part for part in parts if part != ""]
    if len(parts) == 1 and isinstance(parts[0], ast.IfExp | ast.Call):
        return parts[0]  # a text already
    return ast.JoinedStr([constant(part) if isinstance(part, str) else ast.FormattedValue(part, -1) for part in parts])


def place(root: ast.AST) -> None:
    """Give every node below `root` that has no place the place of the node above it."""
    waiting: list[tuple[dict[str, object], int, int]] = [(root.__dict__, 1, 0)]
    take, push = waiting.pop, waiting.append
    while waiting:
        fields, line, column = take()
        if "lineno" in fields:
            line, column = fields["lineno"], fields["col_offset"]  # type: ignore[assignment]
        else:
            fields["lineno"] = fields["end_lineno"] = line
            fields["col_offset"] = column
            fields["end_col_offset"] = column + 1
        for value in list(fields.values()):
            kind = value.__class__
            if kind is list:
                for item in value:  # type: ignore[attr-defined]
                    if item.__class__ not in _LEAVES:
                        push((item.__dict__, line, column))
            elif kind not in _LEAVES:
                push((value.__dict__, line, column))


# What stands in a syntax tree without a place, and without anything below it.
_LEAVES = frozenset(
    {str, int, float, bool, type(None), ast.Load, ast.Store, ast.Is, ast.IsNot, ast.Eq, ast.NotEq, ast.Lt, ast.LtE}
    | {ast.In, ast.Gt, ast.GtE, ast.And, ast.Or, ast.Not, ast.Add, ast.Sub, ast.Mod}
)
