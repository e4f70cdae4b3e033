"""Text -> nodes, and what went wrong where that is impossible, in a sentence that helps."""

from __future__ import annotations

import re

from velobind.errors import TemplateSyntaxError
from velobind.language import nodes
from velobind.language.directives import DirectiveError
from velobind.language.explain import Failure, parse_failure, scan_failure
from velobind.language.parser import NestedTooDeeply, ParseFailure, Parser
from velobind.language.scanner import ScanError, Token
from velobind.language.source import Source
from velobind.language.spaces import Spaces

_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})")

_TOO_DEEP = "the template is nested too deeply"
_FLATTEN = "take the inner part into a macro, or into a #set before it"


def parse(source: Source, gobble: str = "lines", macros: set[str] | None = None) -> nodes.Body:
    """The statements of a template. Raises TemplateSyntaxError.

    `macros` are the names of macros that are known before the first line.
    """
    try:
        return Syntax(source.text, gobble, set() if macros is None else macros).body()
    except Failure as failure:
        line, column = source.place(min(failure.at, len(source.text)))
        raise TemplateSyntaxError(
            failure.message,
            template=source.name,
            line=line,
            column=column,
            source=source.line(line),
            hint=failure.hint,
        ) from None
    except RecursionError:
        line, column = source.place(_deep(source.text))
        raise TemplateSyntaxError(
            _TOO_DEEP, template=source.name, line=line, column=column, source=source.line(line), hint=_FLATTEN
        ) from None


def _deep(text: str) -> int:
    """An offset where much stands open: of the deepest directive or bracket, strings aside."""
    best = depth = at = 0
    for found in re.finditer(r"#(?:if|foreach|macro|define|@\w+)\b|[(\[{]|#end\b|[)\]}]", text):
        depth += 1 if found[0][-1] in "([{" or (found[0][0] == "#" and found[0] != "#end") else -1
        if depth > best:
            best, at = depth, found.start()
    return at


class Syntax:
    """Parses one text; a string in double quotes is a text of its own, `base` characters into the template."""

    def __init__(self, text: str, gobble: str, macros: set[str], base: int = 0, depth: int = 0) -> None:
        self.text = text
        self.gobble = gobble
        self.macros = macros
        self.base = base
        self.depth = depth

    def body(self) -> nodes.Body:
        if self.depth > 20:
            raise Failure(self.base, "strings stand more than 20 deep in each other", _FLATTEN)
        try:
            parser = Parser(self.text, self.string, self.base)
            raw = parser.parse()
            return Spaces(self.text, self.gobble, self.macros, self.base, parser.edits).arrange(raw)
        except ScanError as error:
            raise scan_failure(self.text, error.at, self.base) from None
        except ParseFailure as failure:
            raise parse_failure(self.text, failure, self.base) from None
        except DirectiveError as error:
            raise Failure(error.at, error.message, error.hint) from None
        except NestedTooDeeply as error:
            raise Failure(error.at, _TOO_DEEP, _FLATTEN) from None

    def string(self, token: Token, macros: set[str]) -> nodes.Node:
        """The node of a string literal. In double quotes it is a template if it holds `$` or `#`."""
        image = token.image
        inner = image[1:-1]
        start = token.start
        if image[0] == "'":
            return nodes.String(start, inner.replace("''", "'"), image)
        interpolates = "$" in inner or "#" in inner
        if "\\u" in inner:
            inner = self.unescaped(inner, token.start)
        inner = inner.replace('""', '"')
        if not interpolates:
            return nodes.String(start, inner, image)
        body = Syntax(inner, self.gobble, self.macros | macros, start + 1, self.depth + 1).body()
        return nodes.Interpolation(start, body, image)

    def unescaped(self, text: str, at: int) -> str:
        """`\\uXXXX` as the character; Velocity fails on any other `\\u`."""
        for found in re.finditer(r"\\u", text):
            if not _UNICODE.match(text, found.start()):
                raise Failure(at + 1 + found.start(), "\\u needs four hexadecimal digits")
        return _UNICODE.sub(lambda m: chr(int(m[1], 16)), text)
