"""Tokens -> statements, by the LALR tables that Lark made of grammar/velocity.lark.

The statements that come out are raw: white space still stands where it stood, and directives still hold what they were
given. `spaces.arrange` makes nodes of them. Expressions and references are nodes already.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from msgspec import Struct

from velobind.language import nodes
from velobind.language.literals import long_integer
from velobind.language.references import reference
from velobind.language.scanner import Token, scan
from velobind.language.tables import ACCEPT, ACTIONS, GOTOS, RULES

# Blocks and parentheses that may stand open at once, in states of the parser: some 160 nested blocks.
MAX_OPEN = 1000


Edit = tuple[int, int, str]


class ParseFailure(Exception):
    """The text is not a template. `at` is the offset of the first thing that can't stand where it stands.

    `expected` are the kinds of tokens that could; `open` are the tokens of the constructs that were not closed, the
    outermost first. `syntax.py` makes a sentence of it.
    """

    def __init__(self, token: Token, expected: frozenset[str], open_tokens: tuple[Token, ...]) -> None:
        super().__init__(token)
        self.token = token
        self.expected = expected
        self.open = open_tokens


class NestedTooDeeply(Exception):
    """More constructs stand open than the parser takes; `at` is where."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Clause(Struct):
    """`#elseif` or `#else`: its token, its condition (None for `#else`) and its raw statements."""

    token: Token
    condition: nodes.Node | None
    body: list[Raw]


class RawSet(Struct):
    token: Token
    target: nodes.Reference
    value: nodes.Node
    end: int


class RawIf(Struct):
    token: Token
    condition: nodes.Node
    body: list[Raw]
    clauses: list[Clause]
    end_token: Token


class RawBlock(Struct):
    """`#foreach`, `#macro`, `#define` or `#@name`."""

    token: Token
    arguments: list[Any]
    body: list[Raw]
    otherwise: Clause | None
    end_token: Token
    end: int


class RawLine(Struct):
    """A directive or a call of a macro, without a body."""

    token: Token
    arguments: list[Any]
    parentheses: bool
    end: int


Raw = Token | nodes.Reference | RawSet | RawIf | RawBlock | RawLine
RawDirective = (RawSet, RawIf, RawBlock, RawLine)

_BEGIN = itemgetter(0)
_OPERATORS = {
    "LOGICAL_OR": "||",
    "LOGICAL_OR_2": "||",
    "LOGICAL_AND": "&&",
    "LOGICAL_EQUALS": "==",
    "LOGICAL_NOT_EQUALS": "!=",
    "LOGICAL_LT": "<",
    "LOGICAL_GT": ">",
    "LOGICAL_LE": "<=",
    "LOGICAL_GE": ">=",
    "PLUS": "+",
    "MINUS": "-",
    "MULTIPLY": "*",
    "DIVIDE": "/",
    "MODULUS": "%",
}
_OPENERS = frozenset(
    {"IF_DIRECTIVE", "FOREACH_DIRECTIVE", "MACRO_DIRECTIVE", "BLOCK_DIRECTIVE", "BLOCK_WORD", "SET_DIRECTIVE"}
    | {"LINE_DIRECTIVE", "LPAREN", "LBRACKET", "LEFT_CURLEY", "LCURLY", "INDEX_LBRACKET"}
)
_CLOSERS = {
    "RPAREN": {"LPAREN"},
    "REFMOD2_RPAREN": {"LPAREN"},
    "RBRACKET": {"LBRACKET"},
    "INDEX_RBRACKET": {"INDEX_LBRACKET"},
    "RIGHT_CURLEY": {"LEFT_CURLEY", "LCURLY"},
    "RCURLY": {"LEFT_CURLEY", "LCURLY"},
}


class Parser:
    """Turns one text into raw statements.

    `make_string` turns a string literal's token into a node, given the names of the macros that the text defines.
    `base` is the offset of the text in the template that it is part of.
    """

    def __init__(self, text: str, make_string: Callable[[Token, set[str]], nodes.Node], base: int = 0) -> None:
        self.text = text
        self.make_string = make_string
        self.base = base
        self.macros: set[str] = set()
        self.parted: set[int] = set()
        # Where the text is not what Velocity quotes of it: spans and what stands for them. References lose what
        # stands before them; a call of an unknown macro, whatever no token's image holds, too.
        self.unslashed: list[Edit] = []
        self.unprinted: list[Edit] = []
        self.edits: list[Edit] = []
        self.actions: list[Callable[[list[Any]], Any] | None] = [
            None if action is None else getattr(self, f"on_{action}") for _, _, action, _ in RULES
        ]

    def parse(self) -> list[Raw]:
        """The statements. Raises ParseFailure, ScanError or NestedTooDeeply."""
        states = [0]
        values: list[Any] = []
        actions = self.actions
        dropped: list[Edit] = []
        tokens = scan(self.text, self.base, dropped, self.parted)
        self.edits = [(start, end, "") for start, end, _ in dropped]
        self.unprinted = [span for span in dropped if span[2] != self.text[span[0] - self.base : span[1] - self.base]]
        for at, token in enumerate(tokens):
            if token[0] == "MACRO_DIRECTIVE":
                name = next((t for t in tokens[at + 2 : at + 4] if t[0] != "COMMA"), token)
                if name[0] == "WORD":
                    self.macros.add(name[1])
        for token in tokens:
            kind = token[0]
            while True:
                action = ACTIONS[states[-1]].get(kind)
                if action is None:
                    raise ParseFailure(token, frozenset(ACTIONS[states[-1]]), self.still_open(values))
                if action >= 0:
                    states.append(action)
                    values.append(token)
                    break
                rule = ~action
                origin, length, _, splice = RULES[rule]
                act = actions[rule]
                if act is None:
                    states[-1] = GOTOS[states[-2]][origin]
                    continue
                if length:
                    arguments = values[-length:]
                    del values[-length:]
                    del states[-length:]
                    if splice:
                        if splice == (0,):
                            # Nothing else holds the list: growing it in place keeps long runs linear.
                            first: list[Any] = arguments[0]
                            first += arguments[1:]
                            arguments = first
                        else:
                            arguments = _spliced(arguments, splice)
                else:
                    arguments = []
                values.append(act(arguments))
                goto = GOTOS[states[-1]][origin]
                states.append(goto)
                if goto == ACCEPT and kind == "$END":
                    return values[0]  # type: ignore[no-any-return]
            if len(states) > MAX_OPEN:
                raise NestedTooDeeply(token.start)
        raise AssertionError("the scanner ends every template with $END")

    @staticmethod
    def still_open(values: list[Any]) -> tuple[Token, ...]:
        """The tokens that opened what stands open, the innermost last."""
        found: list[Token] = []
        for value in values:
            if type(value) is not Token:
                continue
            if value.kind in _OPENERS:
                found.append(value)
            elif value.kind in _CLOSERS and found and found[-1].kind in _CLOSERS[value.kind]:
                found.pop()
        return tuple(found)

    # ---- statements

    def on_list(self, items: list[Any]) -> list[Any]:
        return items

    def on_template(self, items: list[Any]) -> list[Raw]:
        return items[0]  # type: ignore[no-any-return]

    def on_block(self, items: list[Any]) -> list[Raw]:
        return items

    def on_text(self, items: list[Any]) -> Token:
        return items[0]  # type: ignore[no-any-return]

    def on_statement_reference(self, items: list[Any]) -> nodes.Reference:
        return items[0]  # type: ignore[no-any-return]

    def on_set_directive(self, items: list[Any]) -> RawSet:
        token, target, _, value, close = items
        return RawSet(token, target, value, close.start + 1)

    def on_if_directive(self, items: list[Any]) -> RawIf:
        token, _, condition, _, body, *clauses, end_token = items
        return RawIf(token, condition, body, clauses, end_token)

    def on_elseif_clause(self, items: list[Any]) -> Clause:
        token, _, condition, _, body = items
        return Clause(token, condition, body)

    def on_else_clause(self, items: list[Any]) -> Clause:
        return Clause(items[0], None, items[1])

    def on_foreach_directive(self, items: list[Any]) -> RawBlock:
        otherwise = items.pop(-2) if type(items[-2]) is Clause else None
        token, _, *arguments, close, body, end_token = items
        self.check_close(close)
        return RawBlock(token, arguments, body, otherwise, end_token, end_token.start + len(end_token.image))

    on_macro_directive = on_foreach_directive

    def on_block_directive(self, items: list[Any]) -> RawBlock:
        if len(items) == 3:  # `#@name` without parentheses
            token, body, end_token = items
            return RawBlock(token, [], body, None, end_token, end_token.start + len(end_token.image))
        return self.on_foreach_directive(items)

    def on_line_directive(self, items: list[Any]) -> RawLine:
        token = items[0]
        if len(items) == 1:
            return RawLine(token, [], False, token.start + len(token.image))
        self.check_close(items[-1])
        return RawLine(token, items[2:-1], True, items[-1].start + 1)

    def check_close(self, close: Token) -> None:
        """Velocity looks for the parenthesis right behind white space, and does not see it behind a lone `$`."""
        if close.lost:
            begin = max(start for start, end, _ in self.edits if end <= close.start)
            if self.text[begin - self.base - 1] in " \t\r\n":
                raise ParseFailure(close, frozenset(), ())

    def joined(self, token: Token) -> None:
        """Some tokens must stand right behind what is before them."""
        if token.start in self.parted:
            raise ParseFailure(token, frozenset(), ())

    def on_argument_value(self, items: list[Any]) -> nodes.Node:
        return items[0]  # type: ignore[no-any-return]

    def on_argument(self, items: list[Any]) -> Token:
        return items[0]  # type: ignore[no-any-return]

    # ---- references

    def on_plain_reference(self, items: list[Any]) -> nodes.Reference:
        first, *steps = items
        end = steps[-1][1] if steps else first.start + len(first.image)
        return self.reference(first, first, steps, None, end)

    def on_formal_reference(self, items: list[Any]) -> nodes.Reference:
        first, name, *steps, close = items
        self.joined(close)
        return self.reference(first, name, steps, None, close.start + len(close.image))

    def on_alternate_reference(self, items: list[Any]) -> nodes.Reference:
        first, name, *steps, _, alternate, close = items
        return self.reference(first, name, steps, alternate, close.start + len(close.image))

    def reference(
        self, first: Token, name: Token, steps: list[Any], alternate: nodes.Node | None, end: int
    ) -> nodes.Reference:
        after = first.start + len(first.image)
        rest = quoted(self.text, self.base, self.edits_in(after, end), after, end)
        made = reference(rest, first, name, tuple(s for s, _ in steps), alternate, end)
        if made.start > first.start:
            self.unslashed.append((first.start, made.start, ""))
            self.edits.append((first.start, made.start, ""))
        return made

    def edits_in(self, start: int, end: int) -> list[Edit]:
        """The edits of what a reference holds; those of the references in it are the last that were made."""
        edits = self.unslashed
        at = len(edits)
        while at and edits[at - 1][0] >= start:
            at -= 1
        return sorted(edits[at:] + between(self.unprinted, start, end))

    def on_property_step(self, items: list[Any]) -> tuple[nodes.Step, int]:
        dot, name = items
        self.joined(dot)
        return nodes.Property(name.start, name.image), name.start + len(name.image)

    def on_call_step(self, items: list[Any]) -> tuple[nodes.Step, int]:
        dot, name, _, close = items
        self.joined(dot)
        self.joined(close)
        return nodes.Call(name.start, name.image, ()), close.start + 1

    def on_method_step(self, items: list[Any]) -> tuple[nodes.Step, int]:
        dot, name, _, *arguments, close = items
        self.joined(dot)
        return nodes.Call(name.start, name.image, tuple(arguments[::2])), close.start + 1

    def on_index_step(self, items: list[Any]) -> tuple[nodes.Step, int]:
        bracket, argument, close = items
        return nodes.Index(bracket.start, argument), close.start + 1

    # ---- expressions

    def on_binary(self, items: list[Any]) -> nodes.Node:
        left, operator, right = items
        return nodes.Binary(operator.start, _OPERATORS[operator.kind], left, right)

    def on_negation(self, items: list[Any]) -> nodes.Node:
        return nodes.Not(items[0].start, items[1])

    def on_negative(self, items: list[Any]) -> nodes.Node:
        return nodes.Negate(items[0].start, items[1])

    def on_parenthesis(self, items: list[Any]) -> nodes.Node:
        return items[1]  # type: ignore[no-any-return]

    def on_string(self, items: list[Any]) -> nodes.Node:
        return self.make_string(items[0], self.macros)

    def on_integer(self, items: list[Any]) -> nodes.Node:
        return nodes.Number(items[0].start, self.number(items[0], int))

    def on_floating(self, items: list[Any]) -> nodes.Node:
        return nodes.Number(items[0].start, self.number(items[0], float))

    @staticmethod
    def number(token: Token, kind: type[int] | type[float]) -> int | float:
        if token.image[0] in "#$\\":
            raise ParseFailure(token, frozenset(), ())
        if kind is int and len(token.image) > 4000:  # Python refuses more than 4,300 digits at once
            return long_integer(token)
        return kind(token.image)

    def on_true(self, items: list[Any]) -> nodes.Node:
        return nodes.Boolean(items[0].start, True)

    def on_false(self, items: list[Any]) -> nodes.Node:
        return nodes.Boolean(items[0].start, False)

    def on_range(self, items: list[Any]) -> nodes.Node:
        return nodes.Range(items[0].start, items[1], items[3])

    def on_empty_list(self, items: list[Any]) -> nodes.Node:
        self.joined(items[1])
        return nodes.ListLiteral(items[0].start, ())

    def on_full_list(self, items: list[Any]) -> nodes.Node:
        return nodes.ListLiteral(items[0].start, tuple(items[1:-1:2]))

    def on_empty_map(self, items: list[Any]) -> nodes.Node:
        return nodes.MapLiteral(items[0].start, ())

    def on_full_map(self, items: list[Any]) -> nodes.Node:
        return nodes.MapLiteral(items[0].start, tuple(zip(items[1::4], items[3::4], strict=True)))


def between(edits: list[Edit], start: int, end: int) -> list[Edit]:
    """The edits that begin between two offsets, of a list in the order of the text."""
    return edits[bisect_left(edits, start, key=_BEGIN) : bisect_left(edits, end, key=_BEGIN)] if edits else []


def quoted(text: str, base: int, edits: list[Edit], start: int, end: int) -> str:
    """The text between two offsets, with the edits that lie there; `edits` are in the order of the text."""
    pieces = []
    at = start
    for begin, stop, shown in edits:
        if begin >= at and stop <= end:
            pieces += [text[at - base : begin - base], shown]
            at = stop
    return "".join([*pieces, text[at - base : end - base]])


def _spliced(arguments: list[Any], splice: tuple[int, ...]) -> list[Any]:
    result: list[Any] = []
    for position, value in enumerate(arguments):
        if position in splice:
            result += value
        else:
            result.append(value)
    return result
