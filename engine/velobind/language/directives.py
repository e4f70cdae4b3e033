"""What each directive takes, and the node that it becomes."""

from __future__ import annotations

from typing import Any

from velobind.language import nodes
from velobind.language.parser import RawBlock, RawLine
from velobind.language.scanner import Token, directive_name

# The directives that Velocity registers by name; `#if`, `#set` and their like belong to the grammar itself.
NAMES = frozenset({"foreach", "macro", "define", "evaluate", "parse", "include", "break", "stop"})
GRAMMAR_NAMES = frozenset({"if", "end", "set", "else", "elseif"})

_FOREACH = "write #foreach($item in $list)"
_MACRO = "write #macro(name $a $b)"


class DirectiveError(Exception):
    """A directive was given what it can't take: `at` is an offset, `message` a sentence, `hint` what to do."""

    def __init__(self, at: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.hint = hint


def line_node(raw: RawLine, source: str) -> nodes.Node:
    """The node of a directive without a body. `source` is its own text, with the white space that goes with it."""
    name = directive_name(raw.token.image)
    at = raw.token.start
    arguments = _values(raw.arguments, at, name, macro=False)
    if name == "parse":
        if len(arguments) != 1:
            raise DirectiveError(at, "#parse takes one argument, the name of a template", "write #parse('name.vm')")
        if isinstance(arguments[0], nodes.Word):
            raise DirectiveError(
                arguments[0].start, f"#parse takes a text or a reference, not the word {arguments[0].value!r}"
            )
        return nodes.Parse(at, arguments[0])
    if name == "evaluate":
        if len(arguments) != 1:
            raise DirectiveError(at, "#evaluate takes one argument, the text to evaluate", "write #evaluate($text)")
        if not isinstance(arguments[0], nodes.String | nodes.Interpolation | nodes.Reference):
            raise DirectiveError(arguments[0].start, "#evaluate takes a text or a reference")
        return nodes.Evaluate(at, arguments[0])
    if name == "include":
        return nodes.Include(at, tuple(arguments))
    if name == "break" or name == "stop":
        if len(arguments) > 1:
            what = "a scope such as $foreach" if name == "break" else "a message"
            raise DirectiveError(at, f"#{name} takes at most one argument, {what}")
        argument = arguments[0] if arguments else None
        return nodes.Break(at, argument) if name == "break" else nodes.Stop(at, argument)
    return _call(at, name, arguments, None, source)


def block_node(raw: RawBlock, body: nodes.Body, otherwise: nodes.Body, source: str) -> nodes.Node:
    """The node of a directive with a body, whose statements are arranged already."""
    name = directive_name(raw.token.image)
    at = raw.token.start
    arguments = _values(raw.arguments, at, name, macro=name == "macro")
    if name == "foreach":
        return _foreach(at, arguments, body, otherwise)
    if name == "macro":
        return _macro(at, arguments, body)
    if name == "define":
        if len(arguments) != 1:
            raise DirectiveError(at, "#define takes one argument, the reference to define", "write #define($name)")
        target = arguments[0]
        if isinstance(target, nodes.Word):
            raise DirectiveError(
                target.start, f"#define takes a reference: ${target.value}", f"write #define(${target.value})"
            )
        if not isinstance(target, nodes.Reference):
            raise DirectiveError(target.start, "#define takes a reference", "write #define($name)")
        return nodes.Define(at, _first_image(target)[1:], body)
    return _call(at, name[1:], arguments, body, source)


def _foreach(at: int, arguments: list[nodes.Node], body: nodes.Body, otherwise: nodes.Body) -> nodes.Node:
    if len(arguments) < 3:
        raise DirectiveError(at, "#foreach takes a reference, the word `in` and a list", _FOREACH)
    item, word, iterable = arguments[:3]
    if not isinstance(item, nodes.Reference):
        raise DirectiveError(item.start, "#foreach begins with a reference", _FOREACH)
    if not isinstance(word, nodes.Word):
        raise DirectiveError(word.start, "#foreach has the word `in` between its reference and its list", _FOREACH)
    if isinstance(iterable, nodes.Word):
        raise DirectiveError(
            iterable.start, f"#foreach loops over a value, not over the word {iterable.value!r}", _FOREACH
        )
    return nodes.Foreach(at, item.name, iterable, body, otherwise)


def _macro(at: int, arguments: list[nodes.Node], body: nodes.Body) -> nodes.Node:
    if not arguments:
        raise DirectiveError(at, "#macro begins with a name", _MACRO)
    head = arguments[0]
    if not isinstance(head, nodes.Word):
        raise DirectiveError(head.start, "a macro's name is a bare word", _MACRO)
    parameters: list[tuple[str, nodes.Node | None]] = []
    for argument in arguments[1:]:
        if isinstance(argument, _Default):
            parameters.append((_first_image(argument.parameter).removeprefix("$"), argument.value))
        elif not isinstance(argument, nodes.Reference):
            raise DirectiveError(argument.start, "a macro's parameters are references", _MACRO)
        elif parameters and parameters[-1][1] is not None:
            raise DirectiveError(argument.start, "a parameter without a default can't follow one with a default")
        else:
            parameters.append((_first_image(argument).removeprefix("$"), None))
    return nodes.Macro(at, head.value, tuple(parameters), body)


def _call(at: int, name: str, arguments: list[nodes.Node], body: nodes.Body | None, source: str) -> nodes.Node:
    bad = next((a.value for a in arguments if isinstance(a, nodes.Word)), None)
    return nodes.MacroCall(at, name, tuple(arguments), body, source, bad)


def _first_image(node: nodes.Reference) -> str:
    """What Velocity takes for the name of a reference that is defined: its first token, `$x`, `$!x`, or `${` alone."""
    return ("$!" if node.quiet else "$") + ("{" if node.formal else node.name)


def _bare(node: Any) -> bool:
    """Whether a node is a reference of nothing but its name: `$x` or `$!x`."""
    return isinstance(node, nodes.Reference) and not node.steps and not node.formal


class _Default(nodes.Node, frozen=True):
    """`$parameter = value` among a macro's parameters."""

    parameter: nodes.Reference
    value: nodes.Node


def _values(items: list[Any], at: int, name: str, *, macro: bool) -> list[nodes.Node]:
    """A directive's arguments as nodes. One comma may stand before each, none after the last."""
    values: list[nodes.Node] = []
    comma: Token | None = None
    assign = False
    before: Any = None
    for item in items:
        previous, before = before, item
        if not isinstance(item, Token):
            value: nodes.Node = item
        elif item.kind == "COMMA":
            if comma is not None or assign:
                raise DirectiveError(item.start, f"a comma too many in the arguments of #{name}", "remove it")
            comma = item
            continue
        elif item.kind == "EQUALS":
            # Velocity looks for the `=` right behind the name: a step, a brace or a lost sign between hides it.
            if item.lost or not macro or not values or values[-1] is not previous or not _bare(previous):
                raise DirectiveError(item.start, f"`=` can't stand in the arguments of #{name}")
            assign = True
            continue
        elif item.kind == "WORD":
            value = nodes.Word(item.start, item.image)
        else:
            if not macro:
                raise DirectiveError(item.start, f"a line comment can't stand in the arguments of #{name}")
            comma = None
            continue
        if assign:
            parameter = values[-1]
            assert isinstance(parameter, nodes.Reference)
            values[-1] = _Default(parameter.start, parameter, value)
            assign = False
        else:
            values.append(value)
        comma = None
    if comma is not None:
        raise DirectiveError(comma.start, f"a comma too many in the arguments of #{name}", "remove it")
    if assign:
        raise DirectiveError(at, "a default value is missing", "write #macro(name $a = 1)")
    return values
