"""`#foreach`, and what leaves it."""

from __future__ import annotations

import ast

from velobind.language import nodes
from velobind.language.emitter import Emitter, Loop
from velobind.language.pyast import (
    LOAD,
    STORE,
    assign,
    call,
    compare,
    constant,
    expression,
    function,
    if_,
    method,
    name,
    target,
)

# Python takes at most twenty loops and tries inside of each other in one function.
MAX_NESTED = 9
# A loop over more than this looks at the clock as it goes.
LONG_LOOP = 4000


class Loops(Emitter):
    """The part of the compiler that makes loops."""

    def foreach(self, node: nodes.Foreach, out: list[ast.stmt]) -> None:
        if self.scope.nested >= MAX_NESTED:
            self.foreach_apart(node, out)
            return
        sequence = self.unique("s")
        out.append(assign(sequence, self.e.value(node.iterable)))
        checks = self.facts.mutates or not self.closed
        owner = self.unique("w")
        if checks:
            out.append(assign(owner, name(sequence)))
        make_list = assign(sequence, call("loop_items", name(sequence)))
        out.append(
            if_(compare(ast.Attribute(name(sequence), "__class__", LOAD), ast.IsNot(), name("list")), [make_list])
        )
        loop = Loop(self.unique("i"), self.unique("n"))
        inside: list[ast.stmt] = []
        made = ast.If(name(sequence), inside, [])
        out.append(made)
        is_short = compare(call("len", name(sequence)), ast.Lt(), constant(LONG_LOOP))
        count = ast.AugAssign(target("turns"), ast.Add(), call("len", name(sequence)))
        inside.append(if_(is_short, [count, self.look()], [self.look_now()]))

        item = f"v_{node.item}"
        restores = not (self.closed and node.item in self.facts.loop_only)
        kept = self.unique("o")
        if restores:
            inside.append(assign(kept, self.load(node.item)))

        body: list[ast.stmt] = []
        scoped = not self.facts.plain_scope
        scope_name = self.unique("l")
        walked: ast.expr = name(sequence)
        if checks:
            walked = call("checked", walked, name(owner), name("write"))
        walked = ast.IfExp(is_short, walked, call("paced", walked, name("write"), name("pace")))
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
            made_scope = call(
                "ForeachScope",
                walked,
                name(sequence),
                self.load("foreach"),
                constant(line),
                constant(column),
                name("TEMPLATE_NAME"),
            )
            inside.append(assign(scope_name, made_scope))
            inside.append(self.store("foreach", name(scope_name)))
            walked = name(scope_name)
        if loop.measures:
            # What the body can change, it can also make longer: then each turn looks before the body runs.
            measure = assign(loop.length, call("len", name(sequence)))
            if checks:
                body.insert(0, measure)
            else:
                inside.append(measure)
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
            caught: list[ast.stmt] = [
                expression(method(name("error"), "land", name(scope_name) if scoped else constant(None)))
            ]
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
