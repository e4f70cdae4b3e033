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

from velobind.language import nodes
from velobind.language.directives import GRAMMAR_NAMES, NAMES, block_node, line_node
from velobind.language.indentation import Indentation
from velobind.language.parser import Clause, Raw, RawBlock, RawDirective, RawIf, RawLine, RawSet
from velobind.language.scanner import SENTINEL, Token, directive_name

MODES = ("none", "bc", "lines", "structured")

_FRESH_AFTER = frozenset({"TEXT", "NEWLINE", "SUFFIX", "SINGLE_LINE_COMMENT", "SINGLE_LINE_COMMENT_START"})
_CONTROL = frozenset({"IF_DIRECTIVE", "ELSEIF", "ELSE", "END"})


class Spaces:
    """Arranges the raw statements of one text. `macros` are the names of the macros defined so far: they decide
    whether a backslash before `#name` is an escape."""

    def __init__(self, text: str, gobble: str, macros: set[str], base: int, edits: list[tuple[int, int, str]]) -> None:
        self.text = text
        self.edits = edits
        self.base = base
        self.none = gobble == "none"
        self.bc = gobble == "bc"
        self.prints_prefix = gobble in ("none", "bc")
        self.structured = gobble == "structured"
        self.macros = macros
        self.indentation = Indentation() if self.structured else None

    def arrange(self, raw: list[Raw]) -> nodes.Body:
        """The nodes of a whole text. Raises directives.DirectiveError."""
        body: list[nodes.Node] = []
        self.statements(raw, True, None, body)
        return merged(body)

    def statements(
        self, raw: list[Raw], fresh: bool, closing: Token | None, out: list[nodes.Node], first: int = 0
    ) -> bool:
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
                        fresh, at = self.directive(raw, at + 1, item.lost + item.image, item.start, True, out)
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

    def token(
        self, token: Token, fresh: bool, raw: list[Raw], at: int, closing: Token | None, out: list[nodes.Node]
    ) -> bool:
        kind, image, start, lost = token
        if kind == "ESCAPE_DIRECTIVE":
            shown = self.escaped_directive(image)
            self.edits.append((start, start + len(image), shown))
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
            marks = [i for i in (image.find("##"), image.find("#*")) if i >= 0]
            if marks:
                line = image.find("##")
                out.append(nodes.Text(start, image[: line if line >= 0 else marks[-1]]))
            return kind == "SINGLE_LINE_COMMENT_START"
        if kind == "SINGLE_LINE_COMMENT":
            return True
        if kind == "ZERO_WIDTH_WHITESPACE":
            if start - self.base + len(image) > len(self.text):
                if lost:
                    out.append(nodes.Text(start, lost))
                return fresh
            out.append(nodes.Text(start, lost + image))
            return False
        if kind == "LONE_SYMBOL":
            image = image.removesuffix(SENTINEL)
        out.append(nodes.Text(start, lost + image))
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
        self, raw: list[Raw], at: int, prefix: str, prefix_start: int, fresh: bool, out: list[nodes.Node]
    ) -> tuple[bool, int]:
        """Add a directive; returns whether a line begins after it, and the index of the next statement."""
        item = raw[at]
        assert isinstance(item, RawDirective)
        token = item.token
        glued = token.image[: token.image.rindex("#")]
        start = token.start
        if self.bc and isinstance(item, RawSet):
            self.forget_blanks(out)
            prefix = ""
        printed_prefix = (prefix if glued or self.prints_prefix else "") + glued
        if printed_prefix:
            out.append(nodes.Text(prefix_start, printed_prefix))
        mark = len(out)

        if isinstance(item, RawSet):
            postfix, at = self.line_end(raw, at + 1, fresh or self.bc)
            if glued or self.none:
                # Velocity prints it between taking the value and setting it.
                out.append(nodes.Set(start, item.target, item.value))
                self.text_node(item.end, postfix, out)
            else:
                out.append(nodes.Set(start, item.target, item.value))
            return bool(postfix), at

        if isinstance(item, RawIf):
            self.if_statement(item, fresh, out)
            postfix, at = self.line_end(raw, at + 1, fresh or self.bc)
            if self.structured and postfix:
                self.fix(out, mark, prefix)
            if glued or self.none:
                self.text_node(item.end_token.start, postfix, out)
            return bool(postfix), at

        if isinstance(item, RawLine):
            name = directive_name(token.image)
            eats = (
                (fresh and not self.bc)
                or (self.bc and item.parentheses)
                or (name in ("include", "parse"))
            )
            postfix, at = self.line_end(raw, at + 1, eats)
            out.append(line_node(item, self.source(item.end, prefix, prefix_start, glued, start, postfix)))
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
        out: list[nodes.Node],
    ) -> tuple[bool, int]:
        start = item.token.start
        name = directive_name(item.token.image)
        body: list[nodes.Node] = []
        otherwise: list[nodes.Node] = []
        mark = len(out)
        if item.otherwise is not None and name != "foreach":
            raise AssertionError("the grammar gives #else to #foreach alone")
        if item.otherwise is None:
            inner = self.open_block(item.body, False, item.end_token, body)
            self.close(item.end_token, body)
        else:
            inner = self.open_block(item.body, False, item.otherwise.token, body)
            self.close(item.otherwise.token, body)
            self.open_block(item.otherwise.body, inner, item.end_token, otherwise)
            self.close(item.end_token, otherwise)
        if name == "macro" and item.arguments and isinstance(item.arguments[0], Token):
            self.macros.add(item.arguments[0].image)
        postfix, at = self.line_end(raw, at + 1, fresh or self.bc)
        source = self.source(item.end, prefix, prefix_start, glued, start, postfix)
        if self.structured and not glued and name[0] != "@":
            self.fix_bodies((body, otherwise), prefix)
        out.append(block_node(item, merged(body), merged(otherwise), source))
        if glued or self.none:
            self.text_node(item.end, postfix, out)
        del mark
        return bool(postfix), at

    def if_statement(self, item: RawIf, fresh: bool, out: list[nodes.Node]) -> None:
        branches: list[tuple[nodes.Node, nodes.Body]] = []
        otherwise: list[nodes.Node] = []
        follow = [clause.token for clause in item.clauses] + [item.end_token]
        body: list[nodes.Node] = []
        fresh = self.open_block(item.body, fresh, follow[0], body)
        self.close(follow[0], body)
        branches.append((item.condition, merged(body)))
        for clause, closing in zip(item.clauses, follow[1:], strict=True):
            body = []
            fresh = self.open_block(clause.body, fresh, closing, body)
            self.close(closing, body)
            if clause.condition is None:
                otherwise = body
            else:
                branches.append((clause.condition, merged(body)))
        out.append(nodes.If(item.token.start, tuple(branches), merged(otherwise)))

    def open_block(self, raw: list[Raw], fresh: bool, closing: Token, out: list[nodes.Node]) -> bool:
        """A block's statements; a line end right after the directive that opens it is the block's prefix."""
        prefix, at = self.line_end(raw, 0, True)
        if prefix:
            fresh = True
            if self.none:
                out.append(nodes.Text(self.start_of(raw[0]), prefix))
        return self.statements(raw, fresh, closing, out, at)

    def close(self, closing: Token, out: list[nodes.Node]) -> None:
        """The white space before `closing`, and what is glued to it."""
        blank = self.left
        self.left = None
        more = closing.image[: closing.image.rindex("#")]
        if blank is not None and (more or self.prints_prefix):
            out.append(nodes.Text(blank.start, blank.lost + blank.image))
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
        text = self.quoted(start + len(glued), end)
        if glued or self.none:
            return text
        if self.prints_prefix:
            return text + postfix
        return self.text[prefix_start - self.base : start - self.base] + text + postfix

    def quoted(self, start: int, end: int) -> str:
        """The text between two offsets, as Velocity quotes it."""
        pieces = []
        at = start
        for begin, stop, shown in sorted(edit for edit in self.edits if start <= edit[0] and edit[1] <= end):
            if begin >= at:
                pieces += [self.text[at - self.base : begin - self.base], shown]
                at = stop
        return "".join([*pieces, self.text[at - self.base : end - self.base]])

    @staticmethod
    def text_node(start: int, text: str, out: list[nodes.Node]) -> None:
        if text:
            out.append(nodes.Text(start, text))

    @staticmethod
    def start_of(item: Raw) -> int:
        return item.start if isinstance(item, Token | nodes.Node) else item.token.start

    @staticmethod
    def forget_blanks(out: list[nodes.Node]) -> None:
        """In `bc` mode the blanks right before a `#set` are not printed."""
        if out and isinstance(last := out[-1], nodes.Text) and re.fullmatch(r"[ \t]*", last.text):
            out.pop()

    def fix(self, out: list[nodes.Node], mark: int, prefix: str) -> None:
        assert self.indentation is not None

    def fix_bodies(self, bodies: tuple[list[nodes.Node], ...], prefix: str) -> None:
        assert self.indentation is not None


def merged(body: list[nodes.Node]) -> nodes.Body:
    """Neighbouring texts as one."""
    result: list[nodes.Node] = []
    for node in body:
        if isinstance(node, nodes.Text):
            if not node.text:
                continue
            if result and isinstance(last := result[-1], nodes.Text):
                result[-1] = nodes.Text(last.start, last.text + node.text)
                continue
        result.append(node)
    return tuple(result)


__all__ = ["MODES", "Clause", "Spaces"]
