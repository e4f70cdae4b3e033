"""What a template reads, found without rendering it: names, and of `$data` the sources and their columns.

The answer errs to the safe side: where a value goes to a place that can't be followed (a macro, a `#set` of a row's
row, `$data` itself printed), it says that all of it may be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from velobind.language import nodes
from velobind.language.merge_tags import names_in

# Methods of a list that give one of its items, and methods and properties that give no item at all.
_ITEM_METHODS = frozenset({"get", "getFirst", "getLast"})
_NO_ITEM = frozenset({"size", "isEmpty", "empty", "length", "getSize"})
_NO_COLUMN = frozenset({"size", "isEmpty", "empty"})


@dataclass(frozen=True, slots=True)
class RowsRead:
    """What is read of a source's rows: `columns` by name; with `whole`, any column may be."""

    columns: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Reads:
    """`names`: top-level names that are read. `sources`: by the key that `$data` is asked for, or by a name of which
    rows are read (`$promo_codes.get(0)`); a name without an entry here may be read as a whole. With `every_source`,
    any source may be read.
    """

    names: frozenset[str]
    sources: Mapping[str, RowsRead]
    every_source: bool


# What an expression stands for: $data itself, the rows of a source, one row of it, or a name that may be a source's.
_DATA = ("data", "")
# How often a loop's body is read at the most, until nothing new is bound in it.
_TURNS = 10
# A name that the template gave a value of its own.
_OWN = ("own", "")


Load = Callable[[str], nodes.Body | None]


def reads_of(body: nodes.Body, merge_tags: bool = False, load: Load = lambda name: None) -> Reads:
    """The reads of a template's body, and of the bodies that it parses by a constant name.

    `load` gives the body of a template, None for one that can't be had. With `merge_tags`, texts may hold them.
    """
    reader = _Reader(merge_tags, load)
    reader.share(body)
    reader.body(body)
    sources = {key: RowsRead(frozenset(reader.columns[key]), key in reader.whole) for key in reader.columns}
    return Reads(frozenset(reader.names), MappingProxyType(sources), reader.every)


class _Reader:
    def __init__(self, merge_tags: bool, load: Load) -> None:
        self.merge_tags = merge_tags
        self.load = load
        self.parsing: list[str] = []
        # Names in bodies that run elsewhere, where they may stand for anything that is bound there.
        self.shared: set[str] = set()
        self.names: set[str] = set()
        self.columns: dict[str, set[str]] = {}
        self.whole: set[str] = set()
        self.every = False
        self.loops = 0
        self.bound: dict[str, tuple[str, str]] = {"data": _DATA}

    def body(self, body: nodes.Body) -> None:
        for node in body:
            self.node(node)

    def node(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Text):
            if self.merge_tags:
                self.names |= names_in(node.text)
        elif isinstance(node, nodes.Reference):
            self.escapes(self.reference(node), printed=True)
        elif isinstance(node, nodes.Set):
            meaning = self.value(node.value)
            if node.target.steps:
                self.reference(node.target)
                self.escapes(meaning)
            else:
                self.bind(node.target.name, meaning)
        elif isinstance(node, nodes.Foreach):
            self.foreach(node)
        elif isinstance(node, nodes.If):
            for condition, body in node.branches:
                self.test(condition)
                self.body(body)
            self.body(node.otherwise)
        elif isinstance(node, nodes.Macro):
            for parameter, _ in node.parameters:
                self.bind(parameter, None)
            for child in nodes.children(node):
                self.node(child)
        elif isinstance(node, nodes.Parse) and isinstance(node.argument, nodes.String):
            self.parsed(node.argument.value)
        elif isinstance(node, nodes.Parse | nodes.Evaluate):
            # Text that is not here may read anything.
            self.every = True
            for child in nodes.children(node):
                self.escapes(self.value(child))
        elif isinstance(node, nodes.MacroCall):
            for argument in node.arguments:
                self.escapes(self.value(argument))
            self.body(node.body or ())
        else:
            for child in nodes.children(node):
                if isinstance(child, _STATEMENTS):
                    self.node(child)
                else:
                    self.escapes(self.value(child))

    def parsed(self, name: str) -> None:
        """A template that is rendered here."""
        if name in self.parsing:
            return
        body = self.load(name)
        if body is None:
            self.every = True
            return
        self.parsing.append(name)
        self.share(body)
        self.body(body)
        self.parsing.pop()

    def foreach(self, node: nodes.Foreach) -> None:
        meaning = self.value(node.iterable)
        before = self.bound.get(node.item)
        item: tuple[str, str] | None = None
        if meaning == _DATA:
            self.every = True
        elif meaning is not None and meaning[0] in ("rows", "name"):
            item = ("row", meaning[1])
            self.columns.setdefault(meaning[1], set())
        else:
            self.escapes(meaning)
        self.bound[node.item] = item or _OWN
        if node.item in self.shared:
            self.escapes(item)
        # What is bound late in the body is seen early in the next turn. The outermost loop's turns serve those inside.
        self.loops += 1
        for _ in range(_TURNS if self.loops == 1 else 1):
            known = dict(self.bound)
            self.body(node.body)
            if self.bound == known:
                break
        else:
            if self.loops == 1:
                self.every = True
        self.loops -= 1
        if before is not None:
            self.bound[node.item] = before
        else:
            self.bound[node.item] = _OWN
        self.body(node.otherwise)

    def share(self, body: nodes.Body) -> None:
        """Note what macros and blocks of a template read."""
        for node in nodes.walk(body):
            if isinstance(node, nodes.Macro | nodes.Define):
                self.shared |= {n.name for n in nodes.walk(node.body) if isinstance(n, nodes.Reference)}
        for name in self.shared & self.bound.keys() - {"data"}:
            self.escapes(self.bound[name])

    def bind(self, name: str, meaning: tuple[str, str] | None) -> None:
        if name in self.shared:
            self.escapes(meaning)
        before = self.bound.get(name)
        if before is None and name not in self.names:
            self.bound[name] = meaning or _OWN
        elif before != (meaning or _OWN):
            # Either may be meant, now or in a next turn: neither is followed any more.
            self.escapes(before or ("name", name))
            self.escapes(meaning)
            self.bound[name] = _OWN

    def escapes(self, meaning: tuple[str, str] | None, *, printed: bool = False) -> None:
        """A value goes where it is not followed."""
        if meaning is None:
            return
        kind, key = meaning
        if kind == "data":
            self.every = True
        elif kind == "name":
            self.whole.add(key)
        elif kind != "own":
            self.columns.setdefault(key, set())
            self.whole.add(key)

    def test(self, node: nodes.Node) -> None:
        """In a condition only emptiness counts."""
        if isinstance(node, nodes.Reference) and node.alternate is None:
            meaning = self.reference(node)
            if meaning is not None and meaning[0] in ("rows", "row", "name"):
                self.columns.setdefault(meaning[1], set())
        elif isinstance(node, nodes.Not):
            self.test(node.operand)
        elif isinstance(node, nodes.Binary) and node.operator in ("&&", "||"):
            left: nodes.Node = node
            while isinstance(left, nodes.Binary) and left.operator in ("&&", "||"):
                self.test(left.right)
                left = left.left
            self.test(left)
        else:
            self.escapes(self.value(node))

    def value(self, node: nodes.Node) -> tuple[str, str] | None:
        if isinstance(node, nodes.Reference):
            return self.reference(node)
        if isinstance(node, nodes.Interpolation):
            self.body(node.body)
            return None
        while isinstance(node, nodes.Binary):
            # Long sums lean to the left: down their left side without a call for each.
            self.escapes(self.value(node.right))
            node = node.left
            if not isinstance(node, nodes.Binary):
                self.escapes(self.value(node))
                return None
        for child in nodes.children(node):
            self.escapes(self.value(child))
        return None

    def reference(self, node: nodes.Reference) -> tuple[str, str] | None:
        """What a reference stands for; its own reads are noted."""
        if not node.computable:
            return None
        self.names.add(node.name)
        meaning = self.bound.get(node.name)
        if meaning is None and node.name != "foreach":
            meaning = ("name", node.name)
        for step in node.steps:
            meaning = self.step(meaning, step)
        if node.alternate is not None:
            self.escapes(meaning)
            meaning = self.value(node.alternate)
        return meaning

    def step(self, meaning: tuple[str, str] | None, step: nodes.Step) -> tuple[str, str] | None:
        arguments = (
            step.arguments
            if isinstance(step, nodes.Call)
            else (step.argument,)
            if isinstance(step, nodes.Index)
            else ()
        )
        for argument in arguments:
            self.escapes(self.value(argument))
        if meaning is None or meaning == _OWN:
            return None
        kind, key = meaning
        kind = "rows" if kind == "name" else kind  # if it is a source's name, it stands for its rows
        name = None if isinstance(step, nodes.Index) else step.name
        constant = arguments[0].value if len(arguments) == 1 and isinstance(arguments[0], nodes.String) else None
        if isinstance(step, nodes.Property):
            constant = step.name
        elif isinstance(step, nodes.Call) and step.name not in ("get", "containsKey", "getOrDefault"):
            constant = None
        if kind == "data":
            if constant is None:
                self.every = True
                return None
            self.columns.setdefault(constant, set())
            return ("rows", constant)
        self.columns.setdefault(key, set())
        if kind == "rows":
            if isinstance(step, nodes.Index) or (isinstance(step, nodes.Call) and name in _ITEM_METHODS):
                if constant is not None:
                    self.columns[key].add(constant)
                    return None
                return ("row", key)
            if name in _NO_ITEM:
                return None
            if isinstance(step, nodes.Property):
                # A contact field or an event's parameter has properties, too; a list of rows has none.
                return None
            self.whole.add(key)
            return None
        if constant is not None:
            self.columns[key].add(constant)
            return None
        if name not in _NO_COLUMN:
            self.whole.add(key)
        return None


_STATEMENTS = (
    nodes.Text,
    nodes.Set,
    nodes.If,
    nodes.Foreach,
    nodes.Macro,
    nodes.MacroCall,
    nodes.Define,
    nodes.Evaluate,
    nodes.Parse,
    nodes.Include,
    nodes.Break,
    nodes.Stop,
)
