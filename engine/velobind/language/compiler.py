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
from collections.abc import Callable
from types import CodeType
from typing import Any

from velobind.language import nodes
from velobind.language.facts import Facts, gather
from velobind.language.loops import Loops
from velobind.language.macros import Macros
from velobind.language.merge_tags import tagged
from velobind.language.pyast import (
    LOAD,
    assign,
    call,
    compare,
    constant,
    expression,
    function,
    if_,
    method,
    name,
    place,
)
from velobind.language.source import Source
from velobind.language.spaces import merged

# What is written piece by piece, and can be written as one.
RUN = (nodes.Text, nodes.Reference, nodes.MergeTag)

# Statements of one body between two looks at the limits.
LONG_BODY = 60


class Compiler(Loops, Macros):
    """Compiles one body of a source."""

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
        head: list[ast.stmt] = [
            assign("write", ast.Attribute(name("out"), "append", LOAD)),
            assign("turns", constant(0)),
        ]
        register: list[ast.stmt] = []
        head += [assign("budget", name("FIRST_LOOK")), assign("pace", self.first_pace())]
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

    def first_pace(self) -> ast.expr:
        """Templates that share a state share its limits; a closed one makes its own when it first looks at them."""
        return constant(None) if self.closed else ast.Attribute(name("state"), "pace", LOAD)

    def statements(self, body: nodes.Body, out: list[ast.stmt]) -> None:
        """Add the statements of a body. Runs of text and references become one piece of text."""
        body = self.prepared(body)
        at = looked = 0
        while at < len(body):
            node = body[at]
            if isinstance(node, RUN):
                end = at
                while end < len(body) and isinstance(body[end], RUN):
                    end += 1
                self.segment(body[at:end], out)
                looked = self.look_between(body, at, end, looked, out)
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
                looked = self.look_between(body, at, at + 1, looked, out)
                at += 1

    def look_between(self, body: nodes.Body, at: int, end: int, looked: int, out: list[ast.stmt]) -> int:
        """Look at the limits now and then in a long body, after its statement `at`; where it last did."""
        if end - looked < LONG_BODY:
            return looked
        out.append(self.look_now())
        self.locate(out, len(out) - 1, body[at].start)
        return end

    def prepared(self, body: nodes.Body) -> nodes.Body:
        """The body with merge tags cut out of its texts, and with calls of macros that nothing defines as text."""
        if self.closed and any(isinstance(n, nodes.MacroCall) and n.name not in self.functions for n in body):
            body = merged(
                [
                    nodes.Text(n.start, n.source)
                    if isinstance(n, nodes.MacroCall) and n.name not in self.functions
                    else n
                    for n in body
                ]
            )
        if self.merge_tags and any(isinstance(n, nodes.Text) and "%" in n.text for n in body):
            parts = [tagged(n) if isinstance(n, nodes.Text) else [n] for n in body]
            body = tuple(n for part in parts for n in part)
        return body

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


_STATEMENTS: dict[type, Callable[[Compiler, Any, list[ast.stmt]], None]] = {
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
}


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
    compiler = Compiler(facts, source, closed=closed, escape=escape, platform=platform)
    module = compiler.module(body)
    return compile(module, source.name, "exec", dont_inherit=True), facts
