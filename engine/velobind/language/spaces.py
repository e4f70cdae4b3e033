"""Space gobbling: which white space around directives is printed, and the nodes that are left.

Velocity's four modes (its documentation calls the setting `parser.space_gobbling`):

- `none`: all white space is printed.
- `bc`: as Velocity 1.x did: a `#set` swallows the white space before it, every directive the line end after it.
- `lines`, the default: a directive alone on its line, or at its ends, vanishes with the line.
- `structured`: besides, what stands inside of a block moves left by the block's own indentation.

The pass goes through the statements in the order of the text and knows at each whether a line has just begun
(`fresh`), as Velocity's parser does.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from velobind.language import nodes
from velobind.language.directives import GRAMMAR_NAMES, NAMES, block_node, line_node
from velobind.language.indentation import Draft, Mover, Part, Plain
from velobind.language.parser import Edit, Raw, RawBlock, RawDirective, RawIf, RawLine, RawSet, between, quoted
from velobind.language.scanner import SENTINEL, Token, directive_name

MODES = ("none", "bc", "lines", "structured")

Statements = list[nodes.Node | Draft]

_FRESH_AFTER = frozenset({"TEXT", "NEWLINE", "SUFFIX", "SINGLE_LINE_COMMENT", "SINGLE_LINE_COMMENT_START"})
_CONTROL = frozenset({"IF_DIRECTIVE", "ELSEIF", "ELSE", "END"})


class Spaces:
    """Arranges the raw statements of one text. `macros` are the names of the macros defined so far: they decide
    whether a backslash before `#name` is an escape."""

    def __init__(self, text: str, gobble: str, macros: set[str], base: int, edits: list[Edit]) -> None:
        self.text = text
        self.edits = sorted(edits)
        self.escapes: list[Edit] = []
        self.base = base
        self.none = gobble == "none"
        self.bc = gobble == "bc"
        self.prints_prefix = gobble in ("none", "bc")
        self.structured = gobble == "structured"
        self.macros = macros
        self.text_class = Plain if self.structured or self.bc else nodes.Text

    def arrange(self, raw: list[Raw]) -> nodes.Body:
        """The nodes of a whole text. Raises directives.DirectiveError."""
        body: Statements = []
        self.statements(raw, True, None, body)
        return merged(body)

    def statements(self, raw: list[Raw], fresh: bool, closing: Token | None, out: Statements, first: int = 0) -> bool:
        """Add the nodes of `raw[first:]` to `out`; `closing` is the token that follows. Returns `fresh` at the end.

        The white space right before `closing`, where it ends the statements on a fresh line, is left to `close`.
        """
        at = first
        count = len(raw)
        while at < count:
            item = raw[at]
            if isinstance(item, RawDirective):
                fresh, at = self.directive(raw, at, "", item.token.start, fresh, out)
            elif isinstance(item, Token):
                kind = item.kind
                if kind == "WHITESPACE" and fresh:
                    if at + 1 == count and closing is not None and closing.kind in _CONTROL:
                        self.left = item
                        return True
                    after = raw[at + 1] if at + 1 < count else None
                    if isinstance(after, RawDirective):
                        fresh, at = self.directive(raw, at + 1, item.image, item.start, True, out)
                        continue
                fresh = self.token(item, fresh, raw, at, closing, out)
                at += 1
                if kind == "DOUBLE_ESCAPE":
                    at = self.skip_escapes(raw, at)
            else:
                out.append(item)
                fresh = False
                at += 1
        self.left = None
        return fresh

    # ---- text

    def token(self, token: Token, fresh: bool, raw: list[Raw], at: int, closing: Token | None, out: Statements) -> bool:
        kind, image, start, lost = token
        if kind == "ESCAPE_DIRECTIVE":
            shown = self.escaped_directive(image)
            self.escapes.append((start, start + len(image), shown))
            out.append(nodes.Text(start, shown))
            return False
        if kind == "DOUBLE_ESCAPE":
            count = self.skip_escapes(raw, at) - at
            following = raw[at + count] if at + count < len(raw) else closing
            out.append(nodes.Text(start, ("\\" if self.is_control(following) else "\\\\") * count))
            return False
        if kind == "TEXTBLOCK":
            # What was glued before `#[[` shifts Velocity's cut.
            out.append(nodes.Text(start, image[3:-3]))
            return False
        if kind in ("SINGLE_LINE_COMMENT_START", "MULTI_LINE_COMMENT", "FORMAL_COMMENT"):
            line, block = image.find("##"), image.find("#*")
            out.append(nodes.Text(start, image[: line if line >= 0 else max(block, 0)]))
            return kind == "SINGLE_LINE_COMMENT_START"
        if kind == "SINGLE_LINE_COMMENT":
            return True
        if kind == "ZERO_WIDTH_WHITESPACE":
            if start - self.base + len(image) > len(self.text):
                if lost:
                    out.append(nodes.Text(start, lost))
                return fresh
            out.append(self.text_class(start, lost + image))
            return False
        if kind == "LONE_SYMBOL":
            image = image.removesuffix(SENTINEL)
        out.append(self.text_class(start, lost + image))
        if kind == "LOGICAL_OR_2":
            return fresh
        return kind in _FRESH_AFTER

    @staticmethod
    def skip_escapes(raw: list[Raw], at: int) -> int:
        while at < len(raw) and (item := raw[at]) and isinstance(item, Token) and item.kind == "DOUBLE_ESCAPE":
            at += 1
        return at

    def is_control(self, item: Raw | None) -> bool:
        """Whether backslashes before `item` are escapes."""
        if item is None:
            return False
        if isinstance(item, nodes.Reference):
            image = "$" + item.name
        else:
            token = item if isinstance(item, Token) else item.token
            if token.kind in _CONTROL:
                return True
            image = token.image
        return image[1:] in NAMES or image[1:] in self.macros

    def escaped_directive(self, image: str) -> str:
        slash = image.rindex("\\")
        name = image[slash + 2 :]
        if name.startswith("{"):
            name = name[1:-1]
        if name in NAMES or name in GRAMMAR_NAMES or name in self.macros:
            return image[: slash // 2] + image[slash + 1 :]
        return image

    # ---- directives

    def directive(
        self, raw: list[Raw], at: int, prefix: str, prefix_start: int, fresh: bool, out: Statements
    ) -> tuple[bool, int]:
        """Add a directive; returns whether a line begins after it, and the index of the next statement."""
        item = raw[at]
        assert isinstance(item, RawDirective)
        token = item.token
        glued = token.image[: token.image.rindex("#")]
        start = token.start
        if self.bc and isinstance(item, RawSet):
            prefix = self.blanks_before_set(prefix, out)
        printed_prefix = (prefix if glued or self.prints_prefix else "") + glued
        if printed_prefix:
            out.append(nodes.Text(prefix_start, printed_prefix))

        if isinstance(item, RawSet):
            postfix, at = self.line_end(raw, at + 1, fresh or self.bc)
            self.add(nodes.Set(start, item.target, item.value), prefix, out)
            if glued or self.none:
                self.text_node(item.end, postfix, out)
            return bool(postfix), at

        if isinstance(item, RawIf):
            self.if_statement(item, fresh, prefix, out)
            postfix, at = self.line_end(raw, at + 1, fresh or self.bc)
            made = out[-1]
            if postfix and isinstance(made, Draft):
                Mover(prefix).parts(made)
            if glued or self.none:
                self.text_node(item.end_token.start, postfix, out)
            return bool(postfix), at

        if isinstance(item, RawLine):
            name = directive_name(token.image)
            eats = (fresh and not self.bc) or (self.bc and item.parentheses) or (name in ("include", "parse"))
            postfix, at = self.line_end(raw, at + 1, eats)
            self.add(line_node(item, self.source(item.end, prefix, prefix_start, glued, start, postfix)), prefix, out)
            if glued or self.none:
                self.text_node(item.end, postfix, out)
            return bool(postfix), at

        return self.block_statement(raw, at, item, prefix, prefix_start, glued, fresh, out)

    def block_statement(
        self,
        raw: list[Raw],
        at: int,
        item: RawBlock,
        prefix: str,
        prefix_start: int,
        glued: str,
        fresh: bool,
        out: Statements,
    ) -> tuple[bool, int]:
        start = item.token.start
        name = directive_name(item.token.image)
        first = Part("", [])
        parts = [first]
        following = item.end_token if item.otherwise is None else item.otherwise.token
        inner = self.open_block(item.body, False, following, first)
        self.close(following, first.body)
        if item.otherwise is not None:
            parts.append(Part("", []))
            self.open_block(item.otherwise.body, inner, item.end_token, parts[1])
            self.close(item.end_token, parts[1].body)
        if name == "macro":
            first_word = next((a for a in item.arguments if not (isinstance(a, Token) and a.kind == "COMMA")), None)
            if isinstance(first_word, Token):
                self.macros.add(first_word.image)
        postfix, at = self.line_end(raw, at + 1, fresh or self.bc)
        source = self.source(item.end, prefix, prefix_start, glued, start, postfix)

        def make(bodies: list[nodes.Body]) -> nodes.Node:
            return block_node(item, bodies[0], bodies[1] if len(bodies) > 1 else (), source)

        made = self.draft(prefix, parts, make, out, block=True)
        if made is not None and not glued:
            Mover(prefix).parts(made)
        if glued or self.none:
            self.text_node(item.end, postfix, out)
        return bool(postfix), at

    def draft(
        self,
        prefix: str,
        parts: list[Part],
        make: Callable[[list[nodes.Body]], nodes.Node],
        out: Statements,
        *,
        block: bool = False,
        is_if: bool = False,
    ) -> Draft | None:
        """Add a directive with bodies: at once, or as a draft that `structured` may still change."""
        if not self.structured:
            out.append(make([merged(part.body) for part in parts]))
            return None
        made = Draft(prefix, parts, make, block=block, is_if=is_if)
        out.append(made)
        return made

    def add(self, node: nodes.Node, prefix: str, out: Statements) -> None:
        """Add a directive without a body; its prefix is a measure for `structured`."""
        out.append(Draft(prefix, [], lambda _: node, block=False) if self.structured else node)

    def if_statement(self, item: RawIf, fresh: bool, prefix: str, out: Statements) -> None:
        closings = [*(clause.token for clause in item.clauses), item.end_token]
        parts = [Part("", [])]
        fresh = self.open_block(item.body, fresh, closings[0], parts[0])
        self.close(closings[0], parts[0].body)
        for clause, closing in zip(item.clauses, closings[1:], strict=True):
            part = Part("", [], follows=True)
            fresh = self.open_block(clause.body, fresh, closing, part)
            self.close(closing, part.body)
            parts.append(part)
        conditions = [item.condition, *(c.condition for c in item.clauses if c.condition is not None)]

        def make(bodies: list[nodes.Body]) -> nodes.Node:
            branches = tuple(zip(conditions, bodies, strict=False))
            return nodes.If(item.token.start, branches, bodies[-1] if len(bodies) > len(conditions) else ())

        self.draft(prefix, parts, make, out, is_if=True)

    def open_block(self, raw: list[Raw], fresh: bool, closing: Token, part: Part) -> bool:
        """A block's statements; a line end right after the directive that opens it is the block's prefix."""
        part.prefix, at = self.line_end(raw, 0, True)
        if part.prefix:
            fresh = True
            if self.none:
                part.body.append(nodes.Text(self.start_of(raw[0]), part.prefix))
        return self.statements(raw, fresh, closing, part.body, at)

    def close(self, closing: Token, out: Statements) -> None:
        """The white space before `closing`, and what is glued to it."""
        blank = self.left
        self.left = None
        more = closing.image[: closing.image.rindex("#")]
        if blank is not None and (more or self.prints_prefix):
            out.append(nodes.Text(blank.start, blank.image))
        if more:
            out.append(nodes.Text(closing.start, more))

    # ---- helpers

    left: Token | None = None

    @staticmethod
    def line_end(raw: list[Raw], at: int, eats: bool) -> tuple[str, int]:
        """The `[white space] line end` that stands at `at`, if it is eaten, and the index after it."""
        if eats and at < len(raw):
            first = raw[at]
            if isinstance(first, Token):
                if first.kind == "NEWLINE":
                    return first.image, at + 1
                if first.kind == "WHITESPACE" and at + 1 < len(raw):
                    second = raw[at + 1]
                    if isinstance(second, Token) and second.kind == "NEWLINE":
                        return first.image + second.image, at + 2
        return "", at

    def source(self, end: int, prefix: str, prefix_start: int, glued: str, start: int, postfix: str) -> str:
        """What a call of an unknown macro prints: its text, with the white space that was gobbled with it."""
        edits = sorted(between(self.edits, start, end) + between(self.escapes, start, end))
        text = quoted(self.text, self.base, edits, start + len(glued), end)
        if glued or self.none:
            return text
        if self.prints_prefix:
            return text + postfix
        return self.text[prefix_start - self.base : start - self.base] + text + postfix

    @staticmethod
    def text_node(start: int, text: str, out: Statements) -> None:
        if text:
            out.append(nodes.Text(start, text))

    @staticmethod
    def start_of(item: Raw) -> int:
        return item.start if isinstance(item, Token | nodes.Node) else item.token.start

    @staticmethod
    def blanks_before_set(prefix: str, out: Statements) -> str:
        """What `bc` prints before a `#set`: the prefix only behind text; a text of blanks alone goes."""
        last = out[-1] if out else None
        if not isinstance(last, Plain):
            return ""
        if re.fullmatch(r"[ \t]*", last.text):
            out.pop()
        return prefix


def merged(body: Statements) -> nodes.Body:
    """The final nodes, neighbouring texts as one."""
    result: list[nodes.Node] = []
    texts: list[nodes.Text] = []
    for item in body:
        node = item.make([merged(part.body) for part in item.parts]) if isinstance(item, Draft) else item
        if isinstance(node, nodes.Text):
            if node.text:
                texts.append(node)
            continue
        if texts:
            result.append(joined(texts))
            texts = []
        result.append(node)
    if texts:
        result.append(joined(texts))
    return tuple(result)


def joined(texts: list[nodes.Text]) -> nodes.Text:
    return texts[0] if len(texts) == 1 else nodes.Text(texts[0].start, "".join([text.text for text in texts]))
