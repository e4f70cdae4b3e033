"""Which references may print long texts of the template's own making.

What a caller gave is as long as it is; a template, though, can double a text until memory ends. So the pieces that may
hold such a text are measured as they are written, and those that only print what the caller gave are not, for they
stand in the innermost loops.
"""

from __future__ import annotations

from collections.abc import Iterable

from velobind.language import nodes

# Methods that give nothing longer than what they are called on holds.
SHORT = frozenset(
    "get getOrDefault getKey getValue keySet values entrySet iterator next hasNext size length isEmpty indexOf "
    "toUpperCase toLowerCase trim substring equals contains containsKey startsWith endsWith intValue".split()
)
# Passes over the assignments; where more were needed, every name counts as grown.
PASSES = 4

Assignment = tuple[str, nodes.Node]


def grown_names(assignments: list[Assignment], always: Iterable[str]) -> set[str] | None:
    """The variables that may hold a text which the template made, or a list or map of such; None for all of them.

    `assignments` are names with what is given to them (of a loop, what it walks); `always` hold such in any case.
    """
    grown = set(always)
    for _ in range(PASSES):
        found = {name for name, value in assignments if name not in grown and may_grow((value,), grown)}
        if not found:
            return grown
        grown |= found
    return None


def may_grow(body: Iterable[nodes.Node], grown: set[str]) -> bool:
    """Whether any of these statements or expressions may give a text that the template made."""
    for node in nodes.walk(tuple(body)):
        if isinstance(node, nodes.Reference):
            if node.name in grown or node.alternate is not None:
                return True
        elif isinstance(node, nodes.Call):
            if node.name not in SHORT:
                return True
        elif isinstance(node, nodes.Binary):
            if node.operator == "+":
                return True
        elif isinstance(node, nodes.Interpolation):
            return True
    return False
