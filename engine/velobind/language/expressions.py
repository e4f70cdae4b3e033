"""Expressions and references -> Python expressions.

A Velocity value is a Python object, null is None. Where an operation is commonest on one exact type, the code tests for
that type and does it in place; everything else goes through a helper with Velocity's full rules.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from velobind.language import nodes
from velobind.language.facts import SCOPE_PROPERTIES, is_plain_scope
from velobind.language.operands import (
    is_natural,
    is_no_integer,
    is_simple,
    kind_of,
    literal_of,
    unnamed,
)
from velobind.language.pyast import (
    LOAD,
    call,
    choose,
    compare,
    constant,
    has_class,
    is_none,
    joined,
    method,
    name,
    tuple_of,
    walrus,
)
from velobind.language.shortcuts import shortcut
from velobind.language.uberspect import MAP_PROPERTIES

if TYPE_CHECKING:
    from velobind.language.emitter import Emitter

_HELPERS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "<": "less", "<=": "less_equal", ">": "greater"}
_HELPERS |= {">=": "greater_equal", "==": "equals", "!=": "differs"}
_COMPARERS: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "!=": ast.NotEq,
}


# Not past 32 bits, and small enough for Python's quickest comparison.
FAR = 2**30 - 1
# Parts of a text that are joined at once.
FEW = 8


class Expressions:
    """The part of the compiler that makes expressions. `c` is the compiler: variables, temporaries, functions."""

    def __init__(self, c: Emitter) -> None:
        self.c = c
        # Variables of which it is known here whether they are dicts.
        self.dicts: dict[str, bool] = {}

    # ---- values

    def value(self, node: nodes.Node) -> ast.expr:
        """The value of an expression; its place is that of the node."""
        made = _MAKERS[type(node)](self, node)
        self.c.mark(made, node.start)
        return made

    def string(self, node: nodes.String) -> ast.expr:
        return constant(node.value)

    def number(self, node: nodes.Number) -> ast.expr:
        return constant(node.value)

    def boolean(self, node: nodes.Boolean) -> ast.expr:
        return constant(node.value)

    def word(self, node: nodes.Word) -> ast.expr:
        return constant(None)

    def list_(self, node: nodes.ListLiteral) -> ast.expr:
        return ast.List([self.value(item) for item in node.items], LOAD)

    def map_(self, node: nodes.MapLiteral) -> ast.expr:
        if all(isinstance(key, nodes.String) for key, _ in node.items):
            keys: list[ast.expr | None] = [self.value(key) for key, _ in node.items]
            return ast.Dict(keys, [self.value(value) for _, value in node.items])
        pairs = [tuple_of((self.value(key), self.value(value))) for key, value in node.items]
        return call("make_map", *pairs)

    def range_(self, node: nodes.Range) -> ast.expr:
        return call("make_range", self.value(node.low), self.value(node.high))

    def negate(self, node: nodes.Negate) -> ast.expr:
        helper = "strict_negate" if unnamed(node.operand) else "negate"
        return call(helper, self.value(node.operand))

    def not_(self, node: nodes.Not) -> ast.expr:
        return ast.UnaryOp(ast.Not(), self.test(node.operand))

    def binary(self, node: nodes.Binary) -> ast.expr:
        operator = node.operator
        if operator in ("||", "&&"):
            return choose(self.test(node), constant(True), constant(False))
        left, right = self.value(node.left), self.value(node.right)
        if operator in _COMPARERS:
            return self.comparison(operator, node, left, right)
        if operator == "+":
            return self.sum(node, left, right)
        if is_natural(node, self.c):
            return ast.BinOp(left, ast.Mod(), right)
        if unnamed(node.left) or unnamed(node.right):
            return self.nameless("strict_math", operator, node, left, right)
        return call(_HELPERS[operator], left, right)

    @staticmethod
    def nameless(check: str, operator: str, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
        """An operation that fails where Velocity can't name the operand that it complains of."""
        flags = constant(unnamed(node.left)), constant(unnamed(node.right))
        return call(check, name(_HELPERS[operator]), left, right, *flags)

    def sum(self, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
        """Integers are added in place; the sources are what `text + null` prints for the null.

        A sum has the wider of its sides' types. By its size alone that is told where neither side is negative, for then
        the sum is no smaller than they are, and where both are small.
        """
        if unnamed(node.left) or unnamed(node.right):
            return self.nameless("strict_math", "+", node, left, right)
        sources = [constant(literal_of(side)) for side in (node.left, node.right)]
        if any(is_no_integer(side) for side in (node.left, node.right)):
            return call("add", left, right, *sources)
        a, left = self.named(left)
        b, right = self.named(right)
        slow = call("add", a, b, *sources)
        if isinstance(node.right, nodes.Number):
            tests = self.adds_up(node.right, left, a)
        elif isinstance(node.left, nodes.Number):
            tests = self.adds_up(node.left, right, b)
        elif left is a or right is b:
            # What is evaluated for its value comes first, for the call needs it whatever the tests say.
            sides = (left, right) if right is b else (right, left)
            tests = [*(has_class(side, "int") for side in sides), stays_wide(a, b)]
        else:
            # A chain of comparisons evaluates both of its first operands, whatever they are.
            classes = [ast.Attribute(side, "__class__", LOAD) for side in (left, right)]
            both = ast.Compare(classes[0], [ast.Is(), ast.Is()], [classes[1], name("int")])
            tests = [both, stays_wide(a, b)]
        return choose(ast.BoolOp(ast.And(), tests), ast.BinOp(a, ast.Add(), b), slow)

    @staticmethod
    def adds_up(literal: nodes.Number, first: ast.expr, again: ast.expr) -> list[ast.expr]:
        """Tests under which an Integer literal can be added in place to the other side."""
        natural = literal.value >= 0
        near = compare(again, ast.Gt() if natural else ast.Lt(), constant(-FAR if natural else FAR))
        return [has_class(first, "int"), near]

    def comparison(self, operator: str, node: nodes.Binary, left: ast.expr, right: ast.expr) -> ast.expr:
        op = _COMPARERS[operator]()
        helper = _HELPERS[operator]
        other = node.right
        if operator not in ("==", "!=") and (unnamed(node.left) or unnamed(other)):
            return self.nameless("strict_comparison", operator, node, left, right)
        if isinstance(other, nodes.Number) and type(other.value) is int:
            if is_natural(node.left, self.c):
                return compare(left, op, right)
            again, left = self.named(left)
            return choose(has_class(left, "int"), compare(again, op, right), call(helper, again, self.value(other)))
        if isinstance(other, nodes.String) and operator in ("==", "!="):
            again, left = self.named(left)
            return choose(has_class(left, "str"), compare(again, op, right), call(helper, again, self.value(other)))
        return call(helper, left, right)

    # ---- conditions

    def test(self, node: nodes.Node) -> ast.expr:
        """An expression whose Python truth is the node's truth in a condition.

        Python and Velocity agree on what is false: null, false, zero, and what is empty. Some nodes are odd, though:
        arithmetic and ranges are always false, and literal lists are not evaluated.
        """
        made = self.test_of(node)
        self.c.mark(made, node.start)
        return made

    def test_of(self, node: nodes.Node) -> ast.expr:
        if isinstance(node, nodes.Binary):
            if node.operator in ("||", "&&"):
                operator: ast.boolop = ast.Or() if node.operator == "||" else ast.And()
                return ast.BoolOp(operator, [self.test(n) for n in self.chain(node)])
            if node.operator not in _COMPARERS:
                return constant(False)
        elif isinstance(node, nodes.ListLiteral | nodes.MapLiteral):
            return constant(bool(node.items))
        elif isinstance(node, nodes.Range | nodes.Word):
            return constant(False)
        elif isinstance(node, nodes.Negate):
            return self.test(node.operand)
        return self.value(node)

    @staticmethod
    def chain(node: nodes.Binary) -> list[nodes.Node]:
        """The operands of `a || b || c`, without going deeper for each."""
        result: list[nodes.Node] = []
        left: nodes.Node = node
        while isinstance(left, nodes.Binary) and left.operator == node.operator:
            result.append(left.right)
            left = left.left
        result.append(left)
        return result[::-1]

    # ---- references

    def reference(self, node: nodes.Reference) -> ast.expr:
        if not node.computable:
            return constant(None)
        made = self.scope_value(node)
        if made is None:
            made = self.c.load(node.name)
            for step in node.steps:
                made = self.step(made, step)
                self.c.mark(made, step.start)
        if node.alternate is not None:
            again, first = self.named(made)
            made = choose(first, again, self.value(node.alternate))
        return made

    def scope_value(self, node: nodes.Reference) -> ast.expr | None:
        """`$foreach.count` and its like, where the loop counts for itself; the platform's `$velocityCount`."""
        if node.name == "velocityCount" and self.c.velocity_count and not node.steps:
            return self.c.loop_value("count")
        if node.name != "foreach" or not self.c.facts.plain_scope or not is_plain_scope(node):
            return None
        step = node.steps[0]
        assert isinstance(step, nodes.Property | nodes.Call)
        return self.c.loop_value(SCOPE_PROPERTIES.get(step.name, step.name))

    def step(self, receiver: ast.expr, step: nodes.Step) -> ast.expr:
        if isinstance(step, nodes.Property):
            return self.property(receiver, step)
        if isinstance(step, nodes.Index):
            return self.index(receiver, step)
        return self.call(receiver, step)

    def property(self, receiver: ast.expr, step: nodes.Property) -> ast.expr:
        key = constant(step.name)
        if step.name in MAP_PROPERTIES:
            return call("get", receiver, key)
        known = self.is_dict(receiver)
        if known is not None:
            return method(receiver, "get", key) if known else call("get", receiver, key)
        again, first = self.named(receiver)
        return choose(has_class(first, "dict"), method(again, "get", key), call("get", again, constant(step.name)))

    def index(self, receiver: ast.expr, step: nodes.Index) -> ast.expr:
        if is_simple(step.argument):
            return call("get_index", receiver, self.value(step.argument))
        again, first = self.named(receiver)
        return choose(is_none(first), constant(None), call("get_index", again, self.value(step.argument)))

    def call(self, receiver: ast.expr, step: nodes.Call) -> ast.expr:
        arguments = step.arguments
        if step.name == "get" and len(arguments) == 1 and isinstance(arguments[0], nodes.String):
            key = constant(arguments[0].value)
            known = self.is_dict(receiver)
            if known is not None:
                slow = call("call", receiver, constant("get"), tuple_of([key]))
                return method(receiver, "get", key) if known else slow
            again, first = self.named(receiver)
            slow = call("call", again, constant("get"), tuple_of([constant(arguments[0].value)]))
            return choose(has_class(first, "dict"), method(again, "get", key), slow)
        if not all(is_simple(argument) for argument in arguments):
            # The arguments of a call on null are never evaluated.
            again, first = self.named(receiver)
            made = call("call", again, constant(step.name), tuple_of(self.value(a) for a in arguments))
            return choose(is_none(first), constant(None), made)
        shortcuts = shortcut(step.name, tuple(kind_of(a) for a in arguments))
        if not shortcuts:
            return call("call", receiver, constant(step.name), tuple_of(self.value(a) for a in arguments))
        again, first = self.named(receiver)
        slow = call("call", again, constant(step.name), tuple_of(self.value(a) for a in arguments))
        for at, (class_name, make, condition) in reversed(list(enumerate(shortcuts))):
            test = has_class(again if at else first, class_name)
            values = [self.value(a) for a in arguments]
            if condition is not None:
                test = ast.BoolOp(ast.And(), [test, condition(again, *values)])
            slow = choose(test, make(again, *(self.value(a) for a in arguments)), slow)
        return slow

    def is_dict(self, receiver: ast.expr) -> bool | None:
        """Whether a variable is a dict, where that is known."""
        return self.dicts.get(receiver.id) if isinstance(receiver, ast.Name) else None

    def named(self, value: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Two expressions: to use again, and to use first. A variable is its own name."""
        if isinstance(value, ast.Name | ast.Constant):
            return value, value
        temporary = self.c.temporary()
        return name(temporary), walrus(temporary, value)

    # ---- text

    def text(self, node: nodes.Reference, escape: bool) -> list[str | ast.expr]:
        """What a reference prints, as parts of an f-string."""
        if not node.computable:
            return [node.prefix + node.source]
        value = self.reference(node)
        self.c.mark(value, node.start)
        if node.escaped:
            again, first = self.named(value)
            shown = choose(is_none(first), constant("\\" + node.source), constant(node.source))
            return [node.slashes, shown]
        if node.slashes:
            again, first = self.named(value)
            null = constant(node.slashes * 2 + node.prefix + node.source)
            some = joined([node.slashes + node.prefix, call("escaped" if escape else "quiet", again)])
            return [choose(is_none(first), null, some)]
        if isinstance(value, ast.Name) and value.id.startswith("i_"):
            return [node.prefix, value]  # a loop's own count, which is an int
        if isinstance(value, ast.BinOp) and node.name in ("foreach", "velocityCount"):
            return [node.prefix, value]
        helper = [constant(node.source)] if node.source else []
        if escape:
            return [node.prefix, call("escaped_or" if helper else "escaped", value, *helper)]
        again, first = self.named(value)
        return [
            node.prefix,
            choose(has_class(first, "str"), again, call("shown" if helper else "quiet", again, *helper)),
        ]

    def merge_tag(self, node: nodes.MergeTag, escape: bool) -> ast.expr:
        field = call("field_of", self.c.load("contact"), self.c.load(node.name), constant(node.name))
        return call("escaped_or" if escape else "shown", field, constant(node.literal))

    def interpolation(self, node: nodes.Interpolation) -> ast.expr:
        parts: list[str | ast.expr] = []
        for child in node.body:
            if isinstance(child, nodes.Text):
                parts.append(child.text)
            elif isinstance(child, nodes.Reference):
                parts += self.text(child, escape=False)
            else:
                return call(self.c.string_function(node))
        made = self.whole(parts)
        return made if isinstance(made, ast.Constant) else self.bounded(made)

    def whole(self, parts: list[str | ast.expr]) -> ast.expr:
        """A text of many parts, made of shorter ones that are measured each: a few long ones are too long together."""
        while sum(isinstance(part, ast.expr) for part in parts) > FEW:
            groups = [joined(parts[at : at + FEW]) for at in range(0, len(parts), FEW)]
            parts = [str(made.value) if isinstance(made, ast.Constant) else self.bounded(made) for made in groups]
        return joined(parts)

    def bounded(self, text: ast.expr) -> ast.expr:
        """A text that is looked at where it is long."""
        again, first = self.named(text)
        return choose(compare(call("len", first), ast.Lt(), name("LONG_TEXT")), again, call("long_text", again))

    @contextmanager
    def knowing(self, variable: str, is_dict: bool) -> Iterator[None]:
        """Code made inside may rely on what the Python variable is."""
        self.dicts[variable] = is_dict
        yield
        del self.dicts[variable]


_MAKERS: dict[type, Callable[[Expressions, Any], ast.expr]] = {
    nodes.String: Expressions.string,
    nodes.Interpolation: Expressions.interpolation,
    nodes.Number: Expressions.number,
    nodes.Boolean: Expressions.boolean,
    nodes.Word: Expressions.word,
    nodes.ListLiteral: Expressions.list_,
    nodes.MapLiteral: Expressions.map_,
    nodes.Range: Expressions.range_,
    nodes.Negate: Expressions.negate,
    nodes.Not: Expressions.not_,
    nodes.Binary: Expressions.binary,
    nodes.Reference: Expressions.reference,
}


def stays_wide(a: ast.expr, b: ast.expr) -> ast.expr:
    """A test of two ints under which their sum is as wide as the wider of them, or neither of them is wide."""
    natural: list[ast.expr] = [compare(side, ast.GtE(), constant(0)) for side in (a, b)]
    near: list[ast.expr] = [ast.Compare(constant(-FAR), [ast.Lt(), ast.Lt()], [side, constant(FAR)]) for side in (a, b)]
    return ast.BoolOp(ast.Or(), [ast.BoolOp(ast.And(), natural), ast.BoolOp(ast.And(), near)])
