"""Runs of text and references: one f-string each, which is one piece of text to write."""

from __future__ import annotations

import ast

from velobind.language import nodes
from velobind.language.emitter import Emitter
from velobind.language.expressions import FEW
from velobind.language.growth import may_grow
from velobind.language.pyast import call, choose, compare, constant, expression, has_class, if_, name


class Segments(Emitter):
    """The part of the compiler that writes text."""

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
        measured = self.facts.grown is None or may_grow(run, self.facts.grown)
        if row is None:
            self.write(self.parts(run), out, measured)
            return
        then: list[ast.stmt] = []
        with self.e.knowing(row, True):
            self.write(self.parts(run), then, measured)
        otherwise: list[ast.stmt] = []
        with self.e.knowing(row, False):
            self.write(self.parts(run), otherwise, measured)
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

    def write(self, parts: list[str | ast.expr], out: list[ast.stmt], measured: bool = True) -> None:
        """Write a piece of text; `measured`: it may be long, and is looked at then."""
        if sum(isinstance(part, ast.expr) for part in parts) > FEW:
            measured = True
        made = self.e.whole(parts)
        if isinstance(made, ast.Constant):
            if made.value != "":
                out.append(expression(call("write", made)))
        elif measured:
            again, first = self.e.named(made)
            is_short = compare(call("len", first), ast.Lt(), name("LONG_TEXT"))
            out.append(expression(choose(is_short, call("write", again), call("write_long", name("write"), again))))
        else:
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


def interrupts(node: nodes.Node) -> bool:
    """Whether a reference holds a string that holds directives."""
    return isinstance(node, nodes.Reference) and any(
        isinstance(n, nodes.Interpolation) and not all(isinstance(m, nodes.Text | nodes.Reference) for m in n.body)
        for n in nodes.walk((node,))
    )
