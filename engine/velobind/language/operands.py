"""What is known of an operand before the template runs: whether it is simple, a count, a literal, or has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velobind.language import nodes
from velobind.language.facts import SCOPE_PROPERTIES, is_plain_scope

if TYPE_CHECKING:
    from velobind.language.emitter import Emitter


def is_simple(node: nodes.Node) -> bool:
    """Whether evaluating the node does nothing else and can't fail."""
    if isinstance(node, nodes.Reference):
        return not node.steps and (node.alternate is None or is_simple(node.alternate))
    return isinstance(node, nodes.String | nodes.Number | nodes.Boolean)


def kind_of(argument: nodes.Node) -> str:
    """The kind of an argument, in the words of `shortcuts`."""
    if isinstance(argument, nodes.String):
        return "text"
    if isinstance(argument, nodes.Number) and type(argument.value) is int and 0 <= argument.value < 2**31:
        return "whole"
    return "any" if isinstance(argument, nodes.Reference) and argument.alternate is None else "other"


def is_natural(node: nodes.Node, c: Emitter) -> bool:
    """Whether the value is an integer of zero or more, known as such: a loop's index or count, or a rest of one."""
    if isinstance(node, nodes.Binary):
        return node.operator == "%" and is_natural(node.left, c) and is_positive(node.right)
    if not isinstance(node, nodes.Reference) or node.alternate is not None:
        return False
    if node.name == "velocityCount" and c.velocity_count and not node.steps:
        return c.counts
    if node.name != "foreach" or not c.facts.plain_scope or not is_plain_scope(node):
        return False
    step = node.steps[0]
    assert isinstance(step, nodes.Property | nodes.Call)
    return c.counts and SCOPE_PROPERTIES.get(step.name) in ("index", "count")


def is_no_integer(node: nodes.Node) -> bool:
    """Whether the node is a literal of another type than Integer."""
    if isinstance(node, nodes.Number):
        return type(node.value) is not int or not -(2**31) <= node.value < 2**31
    return isinstance(node, nodes.String)


def is_positive(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Number) and type(node.value) is int and 0 < node.value < 2**31


def literal_of(node: nodes.Node) -> str | None:
    """The node's text as Velocity quotes it, or None for the kinds of which it keeps none: where it wants to name such
    a node in a complaint, it fails."""
    operators = ""
    while isinstance(node, nodes.Binary):
        # An operation quotes its left side and its operator, never its right side.
        operators = f" {node.operator} {operators}"
        node = node.left
    if isinstance(node, nodes.Not | nodes.Negate):
        inner = literal_of(node.operand)
        return None if inner is None else ("!" if isinstance(node, nodes.Not) else "-") + inner + operators
    if isinstance(node, nodes.Reference | nodes.String | nodes.Interpolation):
        return node.literal + operators
    return None


def unnamed(node: nodes.Node) -> bool:
    """Whether the node may have no value of use, and no text to be named by either."""
    return not isinstance(node, nodes.Number) and literal_of(node) is None
