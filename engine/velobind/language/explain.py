"""Why a text is not a template, in one sentence, and what to do about it."""

from __future__ import annotations

import re

from velobind.language.parser import ParseFailure
from velobind.language.scanner import Token, directive_name

_ENTITIES = {"&amp;": "&", "&quot;": '"', "&gt;": ">", "&lt;": "<", "&#39;": "'", "&apos;": "'", "&nbsp;": " "}
_CURLY = {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_CLOSERS = {"LPAREN": ")", "LBRACKET": "]", "INDEX_LBRACKET": "]", "LEFT_CURLEY": "}", "LCURLY": "}"}
_BLOCKS = frozenset({"IF_DIRECTIVE", "FOREACH_DIRECTIVE", "MACRO_DIRECTIVE", "BLOCK_DIRECTIVE", "BLOCK_WORD"})


class Failure(Exception):
    """A fault at an offset of the template's text."""

    def __init__(self, at: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.hint = hint


def scan_failure(text: str, at: int, base: int) -> Failure:
    """A character that can't stand where it stands."""
    rest = text[at - base :]
    common = _pasted(rest, at)
    if common:
        return common
    if rest.startswith("#[["):
        return Failure(at, "#[[ is never closed", "end the text that is to stay as it is with ]]#")
    if rest[:1] in ("'", '"'):
        return Failure(
            at,
            f"the text that {rest[0]} begins here is never closed",
            f"close it with {rest[0]}; inside, write it twice",
        )
    if not rest:
        return Failure(at, "the template ends in the middle of a reference or directive", None)
    word = re.match(r"[A-Za-z_]\w*", rest)
    if word:
        return Failure(
            at,
            f"the bare word {word[0]!r} has no meaning here",
            f"write '{word[0]}' for a text, ${word[0]} for a reference",
        )
    if rest[0] == "(":
        return Failure(at, "a parenthesis can't stand here", "take the expression into a #set of its own first")
    return Failure(at, f"{rest[0]!r} can't stand here", None)


def _pasted(rest: str, at: int) -> Failure | None:
    """What editors and word processors leave: curly quotes, entities."""
    if rest[:1] in _CURLY:
        return Failure(at, f"curly quote {rest[0]}, which is no quote to Velocity", f"use {_CURLY[rest[0]]} instead")
    for entity, character in _ENTITIES.items():
        if rest.startswith(entity):
            word = " or the word `and`" if entity == "&amp;" else ""
            return Failure(
                at,
                f"{entity} is HTML's way of writing {character}; inside of a directive it must be {character} itself",
                f"replace {entity} by {character}{word}: an HTML editor may have changed it",
            )
    if rest.startswith("&"):
        return Failure(at, "a single & is no operator", "use && or the word `and`")
    if rest.startswith("|"):
        return Failure(at, "a single | is no operator", "use || or the word `or`")
    if rest.startswith("\xa0"):
        return Failure(at, "a no-break space, which is no white space to Velocity", "replace it by an ordinary space")
    return None


def parse_failure(text: str, failure: ParseFailure, base: int) -> Failure:
    """A token that can't stand where it stands."""
    token = failure.token
    rest = text[token.start - base :]
    ended = token.kind in ("$END", "ZERO_WIDTH_WHITESPACE") and token.start - base >= len(text)
    if ended or token.kind in ("ELSE", "ELSEIF", "END"):
        return _unclosed(failure, ended)
    common = _pasted(rest, token.start) or _known_slip(text, token, failure, base)
    if common:
        return common
    opener = next((t for t in reversed(failure.open) if t.kind in _CLOSERS), None)
    shown = token.image.strip() or token.image
    hint = None
    if opener is not None and _CLOSERS[opener.kind] not in shown:
        hint = f"is the {opener.image.strip()[-1:] or '('} before it closed?"
    if token.kind == "EQUALS":
        return Failure(token.start, "a single = compares nothing", "compare with ==; assign with #set($x = ...)")
    return Failure(token.start, f"{shown!r} can't stand here", hint)


def _unclosed(failure: ParseFailure, ended: bool) -> Failure:
    token = failure.token
    opener = failure.open[-1] if failure.open else None
    if opener is None:
        return Failure(
            token.start,
            f"#{directive_name(token.image)} without an #if or #foreach that is open"
            if not ended
            else "the template ends too soon",
            "remove it, or look for an #if further up that was closed too early; \\#end prints it",
        )
    if opener.kind in _CLOSERS or opener.kind in ("SET_DIRECTIVE", "LINE_DIRECTIVE"):
        closer = _CLOSERS.get(opener.kind, ")")
        name = opener.image.strip()
        return Failure(opener.start, f"{name} is never closed", f"add the missing {closer}")
    name = directive_name(opener.image)
    if ended:
        return Failure(opener.start, f"#{name} is never closed", f"add #end where the #{name} ends")
    if opener.kind in _BLOCKS and token.kind in ("ELSE", "ELSEIF"):
        return Failure(token.start, f"#{directive_name(token.image)} can't stand here in #{name}", None)
    return Failure(token.start, f"#{directive_name(token.image)} can't stand here", None)


def _known_slip(text: str, token: Token, failure: ParseFailure, base: int) -> Failure | None:
    """Slips that are common enough for a sentence of their own."""
    if token.kind == "INTEGER_LITERAL" and token.image.startswith("-"):
        return Failure(
            token.start,
            f"{token.image} is a number of its own here",
            f"put a space behind the minus: - {token.image[1:]}",
        )
    if token.kind == "IDENTIFIER" and not token.image.startswith(("$", "\\")):
        return Failure(token.start, f"the bare word {token.image!r} has no meaning here", f"write ${token.image}")
    if token.kind == "WORD":
        word = token.image
        operators = {"AND": "and", "OR": "or", "NOT": "not", "EQ": "==", "NE": "!=", "GT": ">", "LT": "<"}
        if word.upper() in operators:
            return Failure(token.start, f"{word} is no operator", f"write {operators[word.upper()]}, in small letters")
        return Failure(
            token.start,
            f"the bare word {word!r} has no meaning here",
            f"write '{word}' for a text, ${word} for a reference",
        )
    if token.kind == "SET_DIRECTIVE":
        return None
    if failure.open and failure.open[-1].kind == "SET_DIRECTIVE" and "EQUALS" in failure.expected:
        return Failure(failure.open[-1].start, "#set assigns to a reference: #set($name = value)", None)
    return None
