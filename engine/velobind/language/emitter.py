"""What every part of the compiler writes with: variables, temporaries, functions inside of functions, and places."""

from __future__ import annotations

import ast
from bisect import bisect_right

from velobind.language import nodes
from velobind.language.expressions import Expressions
from velobind.language.facts import Facts
from velobind.language.pyast import STORE, assign, call, compare, constant, if_, name, target
from velobind.language.source import Source


class Scope:
    """One Python function under construction. `kind` is root, macro, block or string."""

    def __init__(self, kind: str, parent: Scope | None, body: list[ast.stmt]) -> None:
        self.kind = kind
        self.parent = parent
        self.body = body
        self.nonlocals: set[str] = set()
        self.temporaries = 0
        self.nested = 0
        self.loops: list[Loop] = []  # those around the present statement, of enclosing functions too
        self.own_loops = 0
        self.catches = False


class Loop:
    """A `#foreach` under construction: the names of its counter (from 1) and of its length, where they are used."""

    def __init__(self, counter: str, length: str) -> None:
        self.counter = counter
        self.length = length
        self.counts = False
        self.measures = False
        self.catches = False


class Emitter:
    """Base of the compiler's parts: the function that is being written, and what is known of the template."""

    def __init__(
        self,
        facts: Facts,
        source: Source,
        *,
        closed: bool,
        escape: bool,
        platform: bool,
    ) -> None:
        self.facts = facts
        self.source = source
        self.line_starts = source.line_starts
        self.closed = closed
        self.escape = escape
        self.velocity_count = self.merge_tags = platform
        self.scope = Scope("root", None, [])
        self.e = Expressions(self)
        self.serial = 0
        self.blocks_possible = facts.blocks or not closed
        self.functions: dict[str, str] = {}

        self.prelude: list[ast.stmt] = []  # functions that the present statement needs before it

    # ---- what expressions ask for

    @property
    def counts(self) -> bool:
        return bool(self.scope.loops)

    def mark(self, node: ast.expr | ast.stmt, start: int) -> None:
        """Give a node its place in the template, if it has none; `place` hands it down to what is below."""
        if "lineno" not in node.__dict__:
            line = bisect_right(self.line_starts, start)
            column = start - self.line_starts[line - 1]
            node.lineno = node.end_lineno = line
            node.col_offset = column
            node.end_col_offset = column + 1

    def temporary(self) -> str:
        self.scope.temporaries += 1
        return f"t_{self.scope.temporaries}"

    def unique(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}_{self.serial}"

    def load(self, variable: str) -> ast.expr:
        if self.closed:
            return name(f"v_{variable}")
        return call("read", constant(variable))

    def store(self, variable: str, value: ast.expr) -> ast.stmt:
        if self.closed:
            self.assigns(f"v_{variable}")
            return assign(f"v_{variable}", value)
        return ast.Assign([ast.Subscript(name("ctx"), constant(variable), STORE)], value)

    def assigns(self, identifier: str) -> None:
        """Python must be told that a function assigns to a variable of `root`."""
        if self.scope.kind != "root" and identifier.removeprefix("v_") not in self.facts.loop_only:
            self.scope.nonlocals.add(identifier)

    def loop_value(self, what: str) -> ast.expr | None:
        """`index`, `count`, `hasNext`, `first` or `last` of the innermost loop."""
        if not self.scope.loops:
            return None
        loop = self.scope.loops[-1]
        loop.counts = True
        count = name(loop.counter)
        if what == "count":
            return count
        if what == "index":
            return ast.BinOp(count, ast.Sub(), constant(1))
        if what == "first":
            return compare(count, ast.Eq(), constant(1))
        loop.measures = True
        return compare(count, ast.NotEq() if what == "hasNext" else ast.Eq(), name(loop.length))

    def enter(self, kind: str, body: list[ast.stmt]) -> Scope:
        scope = Scope(kind, self.scope, body)
        if kind in ("string", "loop"):
            scope.loops = [*self.scope.loops]
        self.scope = scope
        return scope

    def leave(self, scope: Scope) -> None:
        assert scope.parent is not None
        if scope.nonlocals:
            scope.body.insert(0, ast.Nonlocal(sorted(scope.nonlocals)))
        self.scope = scope.parent

    def define(self, definition: ast.stmt, start: int) -> None:
        """Put a function before the statement that is being made."""
        self.mark(definition, start)
        self.prelude.append(definition)

    def locate(self, out: list[ast.stmt], mark: int, start: int) -> None:
        for statement in out[mark:]:
            self.mark(statement, start)

    def look(self) -> ast.stmt:
        """Look at the limits once the turns that were granted are used up."""
        return if_(compare(name("turns"), ast.Gt(), name("budget")), [self.look_now()])

    def look_now(self) -> ast.stmt:
        """Look at the limits; from here on there is a `pace`."""
        for identifier in ("turns", "budget", "pace"):
            self.assigns(identifier)
        look = call("look", name("pace"), name("turns"), name("write"))
        return ast.Assign([ast.Tuple([target("budget"), target("pace")], STORE)], look)

    def depth(self, context: ast.expr_context) -> ast.Name | ast.Attribute:
        """How many macros are running: of this template alone, or of all that share a state."""
        if self.closed:
            return ast.Name("depth", context)
        return ast.Attribute(name("state"), "depth", context)

    def statements(self, body: nodes.Body, out: list[ast.stmt]) -> None:
        """Add the statements of a body to `out`."""
        raise NotImplementedError

    def string_function(self, node: nodes.Interpolation) -> str:
        """The name of a function that makes the text of a string which holds directives."""
        raise NotImplementedError
