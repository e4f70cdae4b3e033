"""What the compiler must know of a template before it writes the first line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from velobind.language import nodes
from velobind.language.growth import Assignment, grown_names
from velobind.language.merge_tags import names_in

# Methods that may change the number of elements of a collection that a loop walks.
MUTATORS = frozenset(
    "add addAll addFirst addLast remove removeAll removeIf removeFirst removeLast retainAll clear put "
    "putAll putIfAbsent offer poll pop push compute merge replaceAll set sort trimToSize ensureCapacity "
    "replace setValue next previous".split()
)
# Methods that give whole characters, if they were given such.
WHOLE = frozenset(
    "get size isEmpty length toUpperCase toLowerCase trim toString contains containsKey containsValue "
    "equals equalsIgnoreCase startsWith endsWith concat keySet values entrySet getKey getValue put putAll "
    "add addAll remove iterator hasNext getOrDefault intValue longValue doubleValue format html".split()
)
SCOPE_PROPERTIES = {
    "index": "index",
    "count": "count",
    "hasNext": "hasNext",
    "first": "first",
    "last": "last",
    "getIndex": "index",
    "getCount": "count",
    "getHasNext": "hasNext",
    "getFirst": "first",
    "isFirst": "first",
    "getLast": "last",
    "isLast": "last",
}


@dataclass
class Facts:
    """What `gather` found in one template, its strings in double quotes included."""

    read: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    loop_only: set[str] = field(default_factory=set)
    macros: dict[str, nodes.Macro] = field(default_factory=dict)
    dynamic: bool = False  # #parse or #evaluate: any name may be read or set by text that is not here
    blocks: bool = False  # #define or #@macro: a variable may hold a block
    mutates: bool = False
    scoped_break: bool = False
    splits: bool = False  # a method is called that may cut a character above U+FFFF in two
    busy_strings: bool = False  # a string in double quotes holds directives
    plain_scope: bool = True  # every $foreach is one of SCOPE_PROPERTIES of the loop around it
    grown: set[str] | None = None  # variables that may hold long texts of the template's making; None: all may


def gather(body: nodes.Body, merge_tags: bool = False) -> Facts:
    """The facts of a template's body; with `merge_tags`, texts may hold them."""
    facts = Facts()
    free: set[str] = set()
    given: list[Assignment] = []
    loops: Counter[str] = Counter()
    nested_loops: set[str] = set()
    # A work list of (node, names of the loops around it, whether it stands in a body that runs elsewhere, leaving?)
    waiting: list[tuple[Any, frozenset[str], int, bool]] = [(n, frozenset(), 0, False) for n in reversed(body)]
    while waiting:
        node, around, depth, leaving = waiting.pop()
        kind = type(node)
        if leaving:
            assert isinstance(node, nodes.Macro)
            facts.macros.setdefault(node.name, node)
            continue
        if kind is nodes.Reference:
            _reference(node, around, depth, facts, free)
        elif kind is nodes.Text:
            if merge_tags:
                free |= names_in(node.text)
            continue
        elif kind is nodes.Set:
            target = node.target
            if not target.steps:
                facts.assigned.add(target.name)
                given.append((target.name, node.value))
            else:
                facts.mutates = True
        elif kind is nodes.Foreach:
            item = node.item
            if item in around:
                nested_loops.add(item)
            loops[item] += 1
            given.append((item, node.iterable))
            inner = around | {item}
            waiting += [(n, around, depth, False) for n in reversed(node.otherwise)]
            waiting += [(n, inner, depth + 1, False) for n in reversed(node.body)]
            waiting.append((node.iterable, around, depth, False))
            continue
        elif kind is nodes.Macro:
            waiting.append((node, around, depth, True))
            facts.assigned.update(name for name, _ in node.parameters)
            defaults = [d for _, d in node.parameters if d is not None]
            waiting += [(n, frozenset(), 0, False) for n in reversed([*defaults, *node.body])]
            continue
        elif kind is nodes.Define:
            facts.blocks = True
            facts.assigned.add(node.name)
            waiting += [(n, frozenset(), 0, False) for n in reversed(node.body)]
            continue
        elif kind is nodes.MacroCall and node.body is not None:
            facts.blocks = True
            waiting += [(n, frozenset(), 0, False) for n in reversed(node.body)]
            waiting += [(n, around, depth, False) for n in reversed(node.arguments)]
            continue
        elif kind is nodes.Parse or kind is nodes.Evaluate:
            facts.dynamic = True
        elif kind is nodes.Property:
            if node.name in MUTATORS:  # `$list.clear` is a call, too
                facts.mutates = True
        elif kind is nodes.Call:
            if node.name in MUTATORS:
                facts.mutates = True
            if node.name not in WHOLE:
                facts.splits = True
        elif kind is nodes.Interpolation:
            if not all(isinstance(n, nodes.Text | nodes.Reference) for n in node.body):
                facts.busy_strings = True
        elif kind is nodes.Break and node.scope is not None:
            facts.scoped_break = True
        waiting += [(n, around, depth, False) for n in reversed(list(nodes.children(node)))]

    if not (facts.mutates or facts.dynamic or facts.blocks):
        always = {name for macro in facts.macros.values() for name, _ in macro.parameters}
        facts.grown = grown_names(given, always)
    if "foreach" in facts.assigned or "foreach" in loops or facts.dynamic or facts.scoped_break:
        facts.plain_scope = False
    facts.loop_only = set(loops) - free - facts.assigned - nested_loops
    facts.assigned |= set(loops) - facts.loop_only
    facts.read |= free
    if not facts.plain_scope:
        facts.assigned.add("foreach")
    if "bodyContent" in facts.assigned | free and facts.macros:
        facts.blocks = True
    if facts.blocks:
        facts.read.add("bodyContent")
        facts.assigned.add("bodyContent")
    return facts


def _reference(node: nodes.Reference, around: frozenset[str], depth: int, facts: Facts, free: set[str]) -> None:
    if not node.computable:
        return
    name = node.name
    if name == "bodyContent":
        facts.assigned.add(name)
    if name == "foreach":
        if depth == 0 or not is_plain_scope(node):
            facts.plain_scope = False
    elif name not in around:
        free.add(name)


def is_plain_scope(node: nodes.Reference) -> bool:
    """Whether `$foreach...` is answered by a loop's own counters."""
    if len(node.steps) != 1:
        return False
    step = node.steps[0]
    if isinstance(step, nodes.Property):
        return step.name in ("index", "count", "hasNext", "first", "last")
    if isinstance(step, nodes.Call) and not step.arguments:
        return step.name in SCOPE_PROPERTIES and step.name not in ("index", "count", "first", "last")
    return False
