"""Macros, blocks and strings that hold directives: functions inside of `root`, which take `write`."""

from __future__ import annotations

import ast

from velobind.language import nodes
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
from velobind.language.segments import Segments


class Macros(Segments):
    """The part of the compiler that makes functions of templates' bodies."""

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
            handlers.append(
                ast.ExceptHandler(
                    name("BreakSignal"), "error", [expression(method(name("error"), "land", constant(None)))]
                )
            )
        body.append(ast.Try(inner or [ast.Pass()], handlers, [], final))
        body[:0] = self.prelude
        self.leave(scope)
        definition = function(identifier, ["write"], body, rest="given")
        self.mark(definition, node.start)
        self.prelude = outer
        return [definition]

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
