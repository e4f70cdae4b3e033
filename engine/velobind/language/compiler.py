"""Statements -> a Python function that renders, whose line numbers are the template's.

The function is `root(ctx, out, state)`: the variables, the list that takes the pieces of text, and, for an open
template, the state that it shares with others. Two kinds are made of one template:

- *closed*: no other text can read or set the template's variables, so they are Python's own, read from `ctx` once;
- *open*: variables stay in `ctx`, for `#parse` and `#evaluate` share them, and macros are looked up by name.

Macros, blocks and strings that hold directives become functions inside of `root`. They take `write`, the function that
takes a piece of text. Loops count their turns into `turns`, so that limits cost nothing in between.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable
from types import CodeType

from velobind.language import nodes
from velobind.language.expressions import Expressions
from velobind.language.facts import Facts, gather
from velobind.language.merge_tags import tagged
from velobind.language.pyast import (
    LOAD,
    STORE,
    assign,
    call,
    compare,
    constant,
    expression,
    function,
    has_class,
    if_,
    joined,
    method,
    name,
    place,
    target,
)
from velobind.language.source import Source
from velobind.language.spaces import merged

# What is written piece by piece, and can be written as one.
RUN = (nodes.Text, nodes.Reference, nodes.MergeTag)
# Python takes at most twenty loops and tries inside of each other in one function.
MAX_NESTED = 9
# A loop over more than this looks at the clock as it goes.
LONG_LOOP = 4000


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


class Compiler:
    """Compiles one body of a source."""

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

    def string_function(self, node: nodes.Interpolation) -> str:
        """The name of a function that makes the text of a string which holds directives."""
        identifier = self.unique("string")
        body: list[ast.stmt] = []
        scope = self.enter("string", body)
        body.append(assign("pieces", ast.List([], LOAD)))
        body.append(assign("write", ast.Attribute(name("pieces"), "append", LOAD)))
        self.statements(node.body, body)
        body.append(ast.Return(call("text_of", name("pieces"))))
        self.leave(scope)
        self.define(function(identifier, [], body), node.start)
        return identifier

    # ---- functions inside of root

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

    # ---- the whole

    def module(self, body: nodes.Body) -> ast.Module:
        out: list[ast.stmt] = []
        self.prelude: list[ast.stmt] = []
        self.scope.body = out
        macros: list[ast.stmt] = []
        for macro in self.facts.macros.values():
            self.functions[macro.name] = self.unique("macro")
        for macro in self.facts.macros.values():
            macros += self.macro(macro)
        statements: list[ast.stmt] = []
        self.statements(body, statements)
        head: list[ast.stmt] = [assign("write", ast.Attribute(name("out"), "append", LOAD)), assign("turns", constant(0))]
        register: list[ast.stmt] = []
        head += [assign("budget", name("FIRST_LOOK")), assign("pace", constant(None))]
        if self.closed:
            variables = sorted((self.facts.read | self.facts.assigned) - self.facts.loop_only)
            if variables:
                head.append(assign("read", ast.Attribute(name("ctx"), "get", LOAD)))
            head += [assign(f"v_{v}", call("read", constant(v))) for v in variables]
        else:
            head.append(assign("read", ast.Attribute(name("ctx"), "get", LOAD)))
            head.append(assign("macros", ast.Attribute(name("state"), "macros", LOAD)))
            register = [
                expression(method(name("macros"), "setdefault", constant(m), name(f)))
                for m, f in self.functions.items()
            ]
        if self.functions and self.closed:
            head.insert(0, assign("depth", constant(0)))
        root = function("root", ["ctx", "out", "state"], [*head, *macros, *register, *statements])
        place(root)
        return ast.Module([root], [])

    def statements(self, body: nodes.Body, out: list[ast.stmt]) -> None:
        """Add the statements of a body. Runs of text and references become one piece of text."""
        body = self.prepared(body)
        at = 0
        while at < len(body):
            node = body[at]
            if isinstance(node, RUN):
                end = at
                while end < len(body) and isinstance(body[end], RUN):
                    end += 1
                self.segment(body[at:end], out)
                at = end
            else:
                mark = len(out)
                outer = self.prelude
                self.prelude = []
                _STATEMENTS[type(node)](self, node, out)
                out[mark:mark] = self.prelude
                self.prelude = outer
                self.locate(out, mark, node.start)
                if isinstance(node, nodes.Break | nodes.Stop):
                    return
                at += 1

    def prepared(self, body: nodes.Body) -> nodes.Body:
        """The body with merge tags cut out of its texts, and with calls of macros that nothing defines as text."""
        if self.closed and any(isinstance(n, nodes.MacroCall) and n.name not in self.functions for n in body):
            body = merged([
                nodes.Text(n.start, n.source) if isinstance(n, nodes.MacroCall) and n.name not in self.functions else n
                for n in body
            ])
        if self.merge_tags and any(isinstance(n, nodes.Text) and "%" in n.text for n in body):
            parts = [tagged(n) if isinstance(n, nodes.Text) else [n] for n in body]
            body = tuple(n for part in parts for n in part)
        return body

    def locate(self, out: list[ast.stmt], mark: int, start: int) -> None:
        for statement in out[mark:]:
            self.mark(statement, start)

    # ---- text

    def segment(self, run: nodes.Body, out: list[ast.stmt]) -> None:
        mark = len(out)
        outer = self.prelude
        self.prelude = []
        if self.blocks_possible:
            self.plain_segment(run, out)
        else:
            at = 0
            for end in range(1, len(run) + 1):
                # A string that holds directives may end the rendering: what stands before it must be out by then.
                if end == len(run) or end - at == 60 or (self.facts.busy_strings and interrupts(run[end])):
                    self.joined_segment(run[at:end], out)
                    at = end
        out[mark:mark] = self.prelude
        self.prelude = outer
        self.locate(out, mark, run[0].start)

    def joined_segment(self, run: nodes.Body, out: list[ast.stmt]) -> None:
        row = self.row_of(run)
        if row is None:
            self.write(self.parts(run), out)
            return
        with self.e.knowing(row):
            then: list[ast.stmt] = []
            self.write(self.parts(run), then)
        otherwise: list[ast.stmt] = []
        self.write(self.parts(run), otherwise)
        out.append(if_(has_class(name(row), "dict"), then, otherwise))

    def row_of(self, run: nodes.Body) -> str | None:
        """The variable of which the run reads several fields: one test for a map then serves them all."""
        if not self.closed:
            return None
        counts: dict[str, int] = {}
        for node in run:
            if isinstance(node, nodes.Reference) and node.steps and node.computable:
                step = node.steps[0]
                if isinstance(step, nodes.Property) or (
                    step.name == "get" and len(step.arguments) == 1 and isinstance(step.arguments[0], nodes.String)
                    if isinstance(step, nodes.Call)
                    else False
                ):
                    counts[node.name] = counts.get(node.name, 0) + 1
        counts.pop("foreach", None)
        best = max(counts, key=counts.__getitem__, default=None)
        return f"v_{best}" if best is not None and counts[best] > 1 else None

    def parts(self, run: nodes.Body) -> list[str | ast.expr]:
        parts: list[str | ast.expr] = []
        for node in run:
            if isinstance(node, nodes.Text):
                parts.append(node.text)
            elif isinstance(node, nodes.MergeTag):
                parts.append(self.e.merge_tag(node, self.escape))
            else:
                assert isinstance(node, nodes.Reference)
                parts += self.e.text(node, self.escape)
        return parts

    @staticmethod
    def write(parts: list[str | ast.expr], out: list[ast.stmt]) -> None:
        made = joined(parts)
        if not (isinstance(made, ast.Constant) and made.value == ""):
            out.append(expression(call("write", made)))

    def plain_segment(self, run: nodes.Body, out: list[ast.stmt]) -> None:
        """Each reference by itself, for its value may be a block that writes in pieces and may stop in between."""
        for node in run:
            if isinstance(node, nodes.Text):
                out.append(expression(call("write", constant(node.text))))
                continue
            if isinstance(node, nodes.MergeTag):
                out.append(expression(call("write", self.e.merge_tag(node, self.escape))))
                continue
            assert isinstance(node, nodes.Reference)
            if not node.computable or node.escaped or node.slashes:
                self.write(self.e.text(node, self.escape), out)
                continue
            if node.prefix:
                out.append(expression(call("write", constant(node.prefix))))
            value = self.e.reference(node)
            self.mark(value, node.start)
            insert = "insert_escaped" if self.escape else "insert"
            made = call(insert, name("write"), value, constant(node.source))
            self.mark(made, node.start)
            out.append(expression(made))

    # ---- directives

    def set_(self, node: nodes.Set, out: list[ast.stmt]) -> None:
        target_node = node.target
        value = self.e.value(node.value)
        if target_node.alternate is not None or not target_node.computable:
            out.append(expression(value))
            return
        if not target_node.steps:
            out.append(self.store(target_node.name, value))
            return
        result = self.temporary()
        out.append(assign(result, value))
        receiver: ast.expr = self.load(target_node.name)
        for step in target_node.steps[:-1]:
            receiver = self.e.step(receiver, step)
        holder = self.temporary()
        out.append(assign(holder, receiver))
        last = target_node.steps[-1]
        if isinstance(last, nodes.Index):
            made = call("set_index", name(holder), self.e.value(last.argument), name(result))
        else:
            made = call("set_property", name(holder), constant(last.name), name(result))
        self.mark(made, last.start)
        not_null = compare(name(holder), ast.IsNot(), constant(None))
        out.append(if_(not_null, [expression(made)]))

    def if_statement(self, node: nodes.If, out: list[ast.stmt]) -> None:
        here = out
        for condition, body in node.branches:
            then: list[ast.stmt] = []
            test = self.e.test(condition)
            self.statements(body, then)
            here.append(if_(test, then))
            made = here[-1]
            assert isinstance(made, ast.If)
            here = made.orelse
        self.statements(node.otherwise, here)

    def foreach(self, node: nodes.Foreach, out: list[ast.stmt]) -> None:
        if self.scope.nested >= MAX_NESTED:
            self.foreach_apart(node, out)
            return
        sequence = self.unique("s")
        out.append(assign(sequence, self.e.value(node.iterable)))
        make_list = assign(sequence, call("loop_items", name(sequence)))
        out.append(if_(compare(ast.Attribute(name(sequence), "__class__", LOAD), ast.IsNot(), name("list")), [make_list]))
        loop = Loop(self.unique("i"), self.unique("n"))
        inside: list[ast.stmt] = []
        made = ast.If(name(sequence), inside, [])
        out.append(made)
        inside.append(ast.AugAssign(target("turns"), ast.Add(), call("len", name(sequence))))
        inside.append(self.look())

        item = f"v_{node.item}"
        restores = not (self.closed and node.item in self.facts.loop_only)
        kept = self.unique("o")
        if restores:
            inside.append(assign(kept, self.load(node.item)))

        body: list[ast.stmt] = []
        scoped = not self.facts.plain_scope
        scope_name = self.unique("l")
        walked: ast.expr = name(sequence)
        if self.facts.mutates or not self.closed:
            walked = call("checked", walked)
        paced = call("paced", walked, name("write"))
        walked = ast.IfExp(compare(call("len", name(sequence)), ast.Lt(), constant(LONG_LOOP)), walked, paced)
        if self.closed:
            self.assigns(item)
            bound: ast.expr = target(item)
        else:
            bound = ast.Subscript(name("ctx"), constant(node.item), STORE)

        self.scope.nested += 1 + scoped
        self.scope.loops.append(loop)
        self.scope.own_loops += 1
        self.statements(node.body, body)
        self.scope.own_loops -= 1
        self.scope.loops.pop()
        self.scope.nested -= 1 + scoped

        if scoped:
            # ForeachScope walks by itself and answers for $foreach.
            line, column = self.source.place(node.start)[0], self.source.java_column(node.start)
            made_scope = call("ForeachScope", walked, name(sequence), self.load("foreach"), constant(line), constant(column), name("TEMPLATE_NAME"))
            inside.append(assign(scope_name, made_scope))
            inside.append(self.store("foreach", name(scope_name)))
            walked = name(scope_name)
        if loop.measures:
            inside.append(assign(loop.length, call("len", name(sequence))))
        if loop.counts:
            bound = ast.Tuple([target(loop.counter), bound], STORE)
            walked = call("enumerate", walked, constant(1))
        statement: ast.stmt = ast.For(bound, walked, body or [ast.Pass()], [])
        after: list[ast.stmt] = []
        if restores:
            after.append(self.store(node.item, name(kept)))
        if scoped:
            after.append(self.store("foreach", method(name("ForeachScope"), "leave", self.load("foreach"))))
        if loop.catches or scoped:
            caught: list[ast.stmt] = [expression(method(name("error"), "land", name(scope_name) if scoped else constant(None)))]
            statement = ast.Try([statement], [ast.ExceptHandler(name("BreakSignal"), "error", caught)], [], after)
            inside.append(statement)
        else:
            inside += [statement, *after]
        self.statements(node.otherwise, made.orelse)

    def foreach_apart(self, node: nodes.Foreach, out: list[ast.stmt]) -> None:
        """A loop that is nested too deeply for one Python function gets one of its own."""
        identifier = self.unique("loop")
        body: list[ast.stmt] = []
        scope = self.enter("loop", body)
        outer = self.prelude
        self.prelude = []
        self.foreach(node, body)
        body[:0] = self.prelude
        self.prelude = outer
        self.leave(scope)
        self.define(function(identifier, ["write"], body or [ast.Pass()]), node.start)
        out.append(expression(call(identifier, name("write"))))

    def look(self) -> ast.stmt:
        """Look at the limits once the turns that were granted are used up."""
        for identifier in ("turns", "budget", "pace"):
            self.assigns(identifier)
        look = call("look", name("pace"), name("turns"), name("write"))
        both = ast.Tuple([target("budget"), target("pace")], STORE)
        return if_(compare(name("turns"), ast.Gt(), name("budget")), [ast.Assign([both], look)])

    def macro(self, node: nodes.Macro) -> list[ast.stmt]:
        identifier = self.functions[node.name]
        body: list[ast.stmt] = []
        outer, self.prelude = getattr(self, "prelude", []), []
        scope = self.enter("macro", body)
        if self.closed:
            self.assigns("depth")
        body.append(ast.AugAssign(target("turns"), ast.Add(), constant(1)))
        body.append(self.look())
        overflow = expression(call("macro_overflow", constant(node.name)))
        body.append(if_(compare(self.depth(LOAD), ast.GtE(), name("MACRO_DEPTH")), [overflow]))
        restore: list[ast.stmt] = []
        given = ast.Name("given", LOAD)
        new: list[ast.stmt] = []
        for i, (parameter, default) in enumerate(node.parameters):
            value: ast.expr = constant(None) if default is None else self.e.value(default)
            has = compare(call("len", given), ast.Gt(), constant(i))
            taken = ast.Subscript(given, constant(i), LOAD)
            body.append(assign(f"a_{i}", ast.IfExp(has, taken, value)))
            body.append(assign(f"b_{i}", self.load(parameter)))
            new.append(self.store(parameter, name(f"a_{i}")))
            same = compare(self.load(parameter), ast.Is(), name(f"a_{i}"))
            restore.append(if_(same, [self.store(parameter, name(f"b_{i}"))]))
        body += new
        body.append(ast.AugAssign(self.depth(STORE), ast.Add(), constant(1)))
        inner: list[ast.stmt] = []
        self.scope.nested = 1
        self.statements(node.body, inner)
        final: list[ast.stmt] = [ast.AugAssign(self.depth(STORE), ast.Sub(), constant(1)), *restore]
        handlers = []
        if scope.catches:
            handlers.append(ast.ExceptHandler(name("BreakSignal"), "error", [expression(method(name("error"), "land", constant(None)))]))
        body.append(ast.Try(inner or [ast.Pass()], handlers, [], final))
        body[:0] = self.prelude
        self.leave(scope)
        definition = function(identifier, ["write"], body, rest="given")
        self.mark(definition, node.start)
        self.prelude = outer
        return [definition]

    def depth(self, context: ast.expr_context) -> ast.Name | ast.Attribute:
        """How many macros are running: of this template alone, or of all that share a state."""
        if self.closed:
            return ast.Name("depth", context)
        return ast.Attribute(name("state"), "depth", context)

    def macro_definition(self, node: nodes.Macro, out: list[ast.stmt]) -> None:
        """Macros are defined before anything is rendered."""

    def macro_call(self, node: nodes.MacroCall, out: list[ast.stmt]) -> None:
        known = self.functions.get(node.name)
        if self.closed:
            assert known is not None
            self.invoke(node, known, out)
            return
        found = self.unique("f")
        out.append(assign(found, method(name("macros"), "get", constant(node.name))))
        call_it: list[ast.stmt] = []
        self.invoke(node, found, call_it)
        unknown: list[ast.stmt] = []
        self.write([node.source], unknown)
        out.append(if_(compare(name(found), ast.Is(), constant(None)), unknown, call_it))

    def invoke(self, node: nodes.MacroCall, function_name: str, out: list[ast.stmt]) -> None:
        if node.bad is not None:
            out.append(expression(call("bad_argument", constant(node.bad), constant(node.name))))
            return
        arguments = list(node.arguments)
        if self.closed:
            arguments = arguments[: len(self.facts.macros[node.name].parameters)]
        blocks = self.blocks_possible
        if blocks:
            old, new = self.unique("o"), self.unique("b")
            out.append(assign(old, self.load("bodyContent")))
            made: ast.expr = constant(None)
            if node.body is not None:
                made = call("Block", name(self.block_function(node.body, node.start)), name("MACRO_DEPTH"))
            out.append(assign(new, made))
            out.append(self.store("bodyContent", name(new)))
        invocation = call(function_name, name("write"), *(self.e.value(a) for a in arguments))
        self.mark(invocation, node.start)
        out.append(expression(invocation))
        if blocks:
            same = compare(self.load("bodyContent"), ast.Is(), name(new))
            out.append(if_(same, [self.store("bodyContent", name(old))]))

    def block_function(self, body: nodes.Body, start: int) -> str:
        identifier = self.unique("block")
        inner: list[ast.stmt] = [ast.Pass()]
        scope = self.enter("block", inner)
        inner.append(ast.AugAssign(target("turns"), ast.Add(), constant(1)))
        inner.append(self.look())
        self.statements(body, inner)
        if scope.catches:
            land = [expression(method(name("error"), "land", constant(None)))]
            inner[:] = [ast.Try(inner[:], [ast.ExceptHandler(name("BreakSignal"), "error", land)], [], [])]
        self.leave(scope)
        self.define(function(identifier, ["write"], inner), start)
        return identifier

    def define_directive(self, node: nodes.Define, out: list[ast.stmt]) -> None:
        block = self.block_function(node.body, node.start)
        out.append(self.store(node.name, call("Block", name(block), name("DEFINE_DEPTH"))))

    def evaluate(self, node: nodes.Evaluate, out: list[ast.stmt]) -> None:
        self.delegate("evaluate", node, [self.e.value(node.argument), name("ctx"), name("write")], out)

    def parse(self, node: nodes.Parse, out: list[ast.stmt]) -> None:
        self.delegate("parse", node, [self.e.value(node.argument), name("ctx"), name("write")], out)

    def include(self, node: nodes.Include, out: list[ast.stmt]) -> None:
        for position, argument in enumerate(node.arguments):
            if not isinstance(argument, nodes.String | nodes.Interpolation | nodes.Reference):
                out.append(expression(call("bad_include")))
                return
            made = call("include", name("write"), self.e.value(argument), constant(position))
            self.mark(made, argument.start)
            out.append(expression(made))

    def delegate(self, what: str, node: nodes.Node, arguments: list[ast.expr], out: list[ast.stmt]) -> None:
        made = method(name("state"), what, *arguments)
        self.mark(made, node.start)
        out.append(expression(made))

    def break_(self, node: nodes.Break, out: list[ast.stmt]) -> None:
        if node.scope is not None:
            out.append(expression(call("break_scope", self.e.value(node.scope))))
        elif self.scope.own_loops:
            out.append(ast.Break())
        elif self.scope.kind in ("string", "loop"):
            # Neither is a scope: the signal goes to the loop, macro or block around it.
            if self.scope.loops:
                self.scope.loops[-1].catches = True
            else:
                scope = self.scope
                while scope.kind in ("string", "loop") and scope.parent is not None:
                    scope = scope.parent
                scope.catches = True
            out.append(ast.Raise(call("BreakSignal")))
        else:
            out.append(ast.Return())

    def stop(self, node: nodes.Stop, out: list[ast.stmt]) -> None:
        if node.message is not None:
            out.append(expression(self.e.value(node.message)))
        out.append(ast.Return() if self.scope.kind == "root" and self.closed else ast.Raise(call("StopSignal")))


_STATEMENTS: dict[type[nodes.Node], Callable[[Compiler, nodes.Node, list[ast.stmt]], None]] = {
    nodes.Set: Compiler.set_,
    nodes.If: Compiler.if_statement,
    nodes.Foreach: Compiler.foreach,
    nodes.Macro: Compiler.macro_definition,
    nodes.MacroCall: Compiler.macro_call,
    nodes.Define: Compiler.define_directive,
    nodes.Evaluate: Compiler.evaluate,
    nodes.Parse: Compiler.parse,
    nodes.Include: Compiler.include,
    nodes.Break: Compiler.break_,
    nodes.Stop: Compiler.stop,
}  # type: ignore[dict-item]


def interrupts(node: nodes.Node) -> bool:
    """Whether a reference holds a string that holds directives."""
    return isinstance(node, nodes.Reference) and any(
        isinstance(n, nodes.Interpolation) and not all(isinstance(m, nodes.Text | nodes.Reference) for m in n.body)
        for n in nodes.walk((node,))
    )


def compile_body(
    body: nodes.Body,
    source: Source,
    *,
    closed: bool | None = None,
    escape: bool = False,
    platform: bool = False,
) -> tuple[CodeType, Facts]:
    """The code that defines `root`, and the facts. `closed` None: as the template allows."""
    facts = gather(body, platform)
    if closed is None:
        closed = not facts.dynamic
    if not closed:
        facts.plain_scope = False
    compiler = Compiler(
        facts, source, closed=closed, escape=escape, platform=platform
    )
    module = compiler.module(body)
    return compile(module, source.name, "exec", dont_inherit=True), facts


