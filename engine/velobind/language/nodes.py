"""What a template is made of, once it is parsed and its white space is settled.

Every node knows `start`, the offset of its first character in the template's text. A template is a tuple of
statements; so is every body. Nodes never change; `walk` visits all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class Node(Struct, frozen=True):
    """Anything with a place in the template."""

    start: int


Body = tuple[Node, ...]


# ---- expressions


class String(Node, frozen=True):
    """A literal without `$` and `#`, or in single quotes; `literal` is its own text."""

    value: str
    literal: str


class Interpolation(Node, frozen=True):
    """A literal in double quotes that is a template of its own; `literal` is its own text."""

    body: Body
    literal: str


class Number(Node, frozen=True):
    """An integer or floating point literal."""

    value: int | float


class Boolean(Node, frozen=True):
    """`true` or `false`."""

    value: bool


class ListLiteral(Node, frozen=True):
    """`[a, b]`."""

    items: tuple[Node, ...]


class MapLiteral(Node, frozen=True):
    """`{a: b}`, in the order of the text."""

    items: tuple[tuple[Node, Node], ...]


class Range(Node, frozen=True):
    """`[low..high]`, both ends included, in either direction."""

    low: Node
    high: Node


class Binary(Node, frozen=True):
    """`operator` is one of `|| && == != < > <= >= + - * / %`, whatever way it was spelt."""

    operator: str
    left: Node
    right: Node


class Not(Node, frozen=True):
    """`!a`."""

    operand: Node


class Negate(Node, frozen=True):
    """`-a`."""

    operand: Node


class Word(Node, frozen=True):
    """A bare word among a directive's arguments: `in`, the name of a macro."""

    value: str


# ---- references


class Property(Node, frozen=True):
    """`.name`."""

    name: str


class Call(Node, frozen=True):
    """`.name(arguments)`."""

    name: str
    arguments: tuple[Node, ...]


class Index(Node, frozen=True):
    """`[argument]`."""

    argument: Node


Step = Property | Call | Index


class Reference(Node, frozen=True):
    """`$name.step`, in any of its forms.

    `literal` is its own text; `source`, what is printed where there is no value: nothing for a quiet one. `prefix` is
    text that stands before the `$` (`$$x`), `slashes` the backslashes that are left of those before it, and with
    `escaped` the reference prints its own source, with a backslash more where it has no value. A `runt` is an
    identifier that lost its `$`: it has no value and prints itself. Without `computable` there is never a value
    (`$\\!x`).
    """

    end: int
    name: str
    steps: tuple[Step, ...]
    alternate: Node | None
    literal: str
    quiet: bool = False
    prefix: str = ""
    slashes: str = ""
    escaped: bool = False
    runt: bool = False
    computable: bool = True
    formal: bool = False

    @property
    def source(self) -> str:
        return "" if self.quiet and not self.escaped else self.literal


# ---- statements


class Text(Node, frozen=True):
    """Characters to write."""

    text: str


class MergeTag(Node, frozen=True):
    """`%NAME%` in the platform's dialect; `literal` is printed where there is no such field."""

    name: str
    literal: str


class Set(Node, frozen=True):
    """`#set(target = value)`."""

    target: Reference
    value: Node


class If(Node, frozen=True):
    """`#if` with its `#elseif`s: pairs of condition and body, in order."""

    branches: tuple[tuple[Node, Body], ...]
    otherwise: Body


class Foreach(Node, frozen=True):
    """`#foreach(item in iterable)`; `otherwise` is the body of `#else`."""

    item: str
    iterable: Node
    body: Body
    otherwise: Body


class Macro(Node, frozen=True):
    """A definition: parameters are pairs of name and default value, or None."""

    name: str
    parameters: tuple[tuple[str, Node | None], ...]
    body: Body


class MacroCall(Node, frozen=True):
    """`#name(arguments)` or `#@name(arguments)body#end`. `source` is printed where there is no such macro.

    `body` is None for a call without one. A bare word among the arguments (`bad`) stops the rendering once the macro
    turns out to exist.
    """

    name: str
    arguments: tuple[Node, ...]
    body: Body | None
    source: str
    bad: str | None = None


class Define(Node, frozen=True):
    """`#define(name)body#end`."""

    name: str
    body: Body


class Evaluate(Node, frozen=True):
    """`#evaluate(argument)`."""

    argument: Node


class Parse(Node, frozen=True):
    """`#parse(argument)`."""

    argument: Node


class Include(Node, frozen=True):
    """`#include(arguments)`."""

    arguments: tuple[Node, ...]


class Break(Node, frozen=True):
    """`#break`, or `#break(scope)`."""

    scope: Node | None


class Stop(Node, frozen=True):
    """`#stop`: the end of the whole rendering. Its argument is evaluated for its effects."""

    message: Node | None


def children(node: Node) -> Iterator[Node]:
    """The nodes right below a node, in the order of the text."""
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = tuple(name for name in kind.__struct_fields__ if _holds_nodes(kind, name))
    for name in fields:
        yield from _nodes_in(getattr(node, name))


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _holds_nodes(kind: type[Node], field: str) -> bool:
    annotation = next(base.__annotations__[field] for base in kind.__mro__ if field in base.__annotations__)
    return any(word in str(annotation) for word in ("Node", "Body", "Step", "Reference"))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, tuple):
        for item in value:
            if isinstance(item, Node):
                yield item
            else:
                yield from _nodes_in(item)
    elif isinstance(value, Node):
        yield value


def walk(body: Body) -> Iterator[Node]:
    """Every node of a body, parents before children."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))
