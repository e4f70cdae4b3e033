"""Why a text is not a template, in one sentence, and what to do about it."""

from __future__ import annotations

import difflib
import re

from velobind.language.parser import ParseFailure
from velobind.language.scanner import Token, directive_name
from velobind.language.source import Source

_ENTITIES = {"&amp;": "&", "&quot;": '"', "&gt;": ">", "&lt;": "<", "&#39;": "'", "&apos;": "'"}
_CURLY = {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_CLOSERS = {"LPAREN": ")", "LBRACKET": "]", "INDEX_LBRACKET": "]", "LEFT_CURLEY": "}", "LCURLY": "}"}
_SHUTS = frozenset({")", "]", "}"})
_VALUES = frozenset(
    {"IDENTIFIER", "STRING_LITERAL", "INTEGER_LITERAL", "FLOATING_POINT_LITERAL", "LCURLY", "TRUE", "FALSE"}
)
_SIDED = frozenset({"==", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "*", "/", "%"})
_CALCULATES = frozenset({"PLUS", "MINUS", "MULTIPLY", "DIVIDE", "MODULUS"})
_OPERATOR_WORDS = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "EQ": "==",
    "NE": "!=",
    "GT": ">",
    "LT": "<",
    "GE": ">=",
    "LE": "<=",
}
_NO_NULL = "test with #if($x) or #if(!$x): what is null is false"
_FOREIGN_WORDS = {
    "null": _NO_NULL,
    "none": _NO_NULL,
    "nil": _NO_NULL,
    "undefined": _NO_NULL,
    "is": "compare with ==; whether there is a value says #if($x)",
    "defined": "whether there is a value says #if($x)",
    "True": "write true",
    "False": "write false",
    "TRUE": "write true",
    "FALSE": "write false",
    "contains": "write $list.contains($x)",
}
_FOREIGN = {
    "===": "compare with ==",
    "!==": "compare with !=",
    "=>": "a map is written {'key': value}; at least is >=",
    "=<": "at most is <=",
    "–": "write - for minus: this is a dash",
    "—": "write - for minus: this is a dash",
    "++": "write #set($n = $n + 1)",
    "--": "write #set($n = $n - 1)",
    "?": "write ${x|'other'} for a value in place of none, or #if($x) ... #else ... #end",
    "~": 'join texts with +, or in one text: "$a$b"',
    "^": "there is $math.pow($a, $b)",
    "`": "texts stand in ' or \"",
    ";": "a directive ends with its )",
}
_PAIRS = {"<>": "write != for unequal", "++": "write #set($n = $n + 1)", "**": "there is $math.pow($a, $b)"}
_TAKES = {"if": "$x", "elseif": "$x", "foreach": "$item in $list", "macro": "name $a $b", "define": "$name"}
_DIRECTIVES = (
    "if",
    "elseif",
    "else",
    "end",
    "set",
    "foreach",
    "macro",
    "define",
    "evaluate",
    "parse",
    "include",
    "break",
    "stop",
)
_OPENING = ("if", "foreach", "macro", "define")
_ALIASES = {"elif": "elseif", "elsif": "elseif", "elsefi": "elseif", "for": "foreach", "each": "foreach", "fi": "end"}
_ALIASES |= {"endif": "end", "endfor": "end", "endforeach": "end", "endmacro": "end", "ned": "end", "edn": "end"}
_HASH_WORD = re.compile(r"(?<![\\&])#(?:([A-Za-z]+)|\{([A-Za-z]+)\})")
_CALL = re.compile(r"\.\w+\Z").search
_DECIMAL_COMMA = re.compile(r"[0-9],[0-9]").match
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
    common = _pasted(rest, at) or _foreign(rest, at)
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
        return Failure(
            at, "the template ends in the middle of a reference or directive", "complete it, or write \\$ for a $"
        )
    word = re.match(r"[A-Za-z_]\w*", rest)
    if word:
        return _bare_word(word[0], at)
    if rest[0] == "." and text[: at - base].rpartition("(")[0].endswith(("#parse", "#include")):
        return Failure(at, "a template's name stands in quotes", "write #parse('name.vm')")
    if rest[0] == "(":
        return Failure(at, "a parenthesis can't stand here", "take the expression into a #set of its own first")
    hint = "is what was opened before it closed?" if rest[0] in _SHUTS else None
    return Failure(at, f"{rest[0]!r} can't stand here", hint)


def _pasted(rest: str, at: int) -> Failure | None:
    """What editors and word processors leave: curly quotes, entities."""
    if rest[:1] in _CURLY:
        return Failure(at, f"curly quote {rest[0]}, which is no quote to Velocity", f"use {_CURLY[rest[0]]} instead")
    if rest.startswith("&nbsp;"):
        return Failure(at, "&nbsp; is HTML's space, which is none to Velocity", "replace it by an ordinary space")
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


def _foreign(rest: str, at: int) -> Failure | None:
    """What other languages have and Velocity has not."""
    for sign, hint in _FOREIGN.items():
        if rest.startswith(sign):
            return Failure(at, f"Velocity has no {sign}", hint)
    return None


def _bare_word(word: str, at: int) -> Failure:
    meant = _FOREIGN_WORDS.get(word) or _FOREIGN_WORDS.get(word.lower())
    if meant is not None:
        return Failure(at, f"{word} is no word of Velocity's", meant)
    if word.upper() in _OPERATOR_WORDS:
        return Failure(at, f"{word} is no operator", f"write {_OPERATOR_WORDS[word.upper()]}, in small letters")
    return Failure(
        at, f"the bare word {word!r} has no meaning here", f"write '{word}' for a text, ${word} for a reference"
    )


def parse_failure(text: str, failure: ParseFailure, base: int) -> Failure:
    """A token that can't stand where it stands."""
    token = failure.token
    rest = text[token.start - base :]
    ended = token.kind in ("$END", "ZERO_WIDTH_WHITESPACE") and token.start - base >= len(text)
    if ended or token.kind in ("ELSE", "ELSEIF", "END"):
        return _unclosed(text, failure, base, ended)
    common = (
        _needs_parenthesis(token, failure)
        or _pasted(rest, token.start)
        or _foreign(rest, token.start)
        or _known_slip(text, token, failure, base)
    )
    if common:
        return common
    opener = next((t for t in reversed(failure.open) if t.kind in _CLOSERS), None)
    shown = token.image.strip() or token.image
    if shown in _SHUTS and "IDENTIFIER" in failure.expected:
        hint = "remove the comma, or add the value" if text[: token.start - base].rstrip()[-1:] == "," else "add it"
        return Failure(token.start, f"a value is missing before {shown}", hint)
    if opener is not None and opener.kind == "LBRACKET" and token.kind in _CALCULATES:
        return Failure(
            token.start, f"{shown} can't stand in a list: its items are values", "#set the result to a reference first"
        )
    if token.kind == "EQUALS":
        if "COLON" in failure.expected:
            return Failure(token.start, "a map's key and value are parted by a colon", "write {'key': value}")
        if text[: token.start - base].endswith("=="):
            return Failure(token.start, "Velocity has no ===", "compare with ==")
        return Failure(token.start, "a single = compares nothing", "compare with ==; assign with #set($x = ...)")
    double = text[: token.start - base][-1:] + rest[:1]
    slip = _PAIRS.get(double)
    if slip is None and shown in _SIDED and "IDENTIFIER" in failure.expected:
        return Failure(token.start, f"a value is missing before {shown}", "write both sides: $x > 1 && $x < 5")
    if token.kind in _VALUES and opener is not None and _lists(text, opener, base):
        return Failure(token.start, f"a comma is missing before {shown}", "write one, or an operator such as == or +")
    if token.kind in _VALUES and "PLUS" in failure.expected:
        closes = (
            f", or the {_CLOSERS[opener.kind]} that closes {opener.image.strip()[-1:]}" if opener is not None else ""
        )
        return Failure(token.start, f"an operator is missing before {shown}", f"write one, such as == or &&{closes}")
    if slip is None and opener is not None and _CLOSERS[opener.kind] not in shown:
        slip = f"is the {opener.image.strip()[-1:] or '('} before it closed?"
    return Failure(token.start, f"{shown!r} can't stand here", slip)


def _lists(text: str, opener: Token, base: int) -> bool:
    """Whether commas part what stands behind a bracket: of a list, or of a call of a method."""
    return opener.kind == "LBRACKET" or (opener.kind == "LPAREN" and bool(_CALL(text[: opener.start - base])))


def _needs_parenthesis(token: Token, failure: ParseFailure) -> Failure | None:
    if failure.expected != {"LPAREN"} or not failure.open:
        return None
    name = directive_name(failure.open[-1].image)
    return Failure(token.start, f"#{name} needs its parenthesis", f"write #{name}({_TAKES.get(name, '...')})")


def _unclosed(text: str, failure: ParseFailure, base: int, ended: bool) -> Failure:
    token = failure.token
    opener = failure.open[-1] if failure.open else None
    if opener is None:
        if ended:
            return Failure(token.start, "the template ends too soon", None)
        name = directive_name(token.image)
        return Failure(
            token.start,
            f"#{name} without an #if or #foreach that is open",
            _misspelt(text[: token.start - base], 0, base, _OPENING)
            or f"remove it, or look for an #if further up that was closed too early; \\#{name} prints it",
        )
    if opener.kind in _CLOSERS or opener.kind in ("SET_DIRECTIVE", "LINE_DIRECTIVE"):
        closer = _CLOSERS.get(opener.kind, ")")
        name = opener.image.strip()
        return Failure(opener.start, f"{name} is never closed", f"add the missing {closer}")
    name = directive_name(opener.image)
    if ended:
        near = _misspelt(text, opener.start - base, base, ("end",))
        return Failure(opener.start, f"#{name} is never closed", near or f"add #end where the #{name} ends")
    word = directive_name(token.image)
    if opener.kind in _BLOCKS:
        advice = (
            {
                "else": "an #if has one #else, the last before its #end; a condition of its own makes it #elseif",
                "elseif": "#elseif stands before the #else",
            }.get(word)
            if name == "if"
            else f"only #if and #foreach have #{word}"
        )
        return Failure(token.start, f"#{word} can't stand here in #{name}", advice)
    return Failure(token.start, f"#{word} can't stand here", None)


def _misspelt(text: str, begin: int, base: int, meant: tuple[str, ...]) -> str | None:
    """A hint at the last word that prints as text but looks like one of the directives `meant`."""
    for found in reversed(list(_HASH_WORD.finditer(text, begin))):
        word = found[1] or found[2]
        near = near_directive(word)
        if near in meant:
            line, column = Source("", text).place(found.start())
            where = f" at {line}:{column}" if base == 0 else ""
            return f"#{word}{where} is text to Velocity: is #{near} meant?"
    return None


def near_directive(word: str) -> str | None:
    """The directive that a word was probably meant to be; None for a directive, and for what is near to none."""
    if word in _DIRECTIVES:
        return None
    if word.lower() in _ALIASES:
        return _ALIASES[word.lower()]
    near = difflib.get_close_matches(word.lower(), _DIRECTIVES, 1, 0.75)
    if near:
        return near[0]
    return next((d for d in _DIRECTIVES if len(d) < 5 and sorted(d) == sorted(word.lower())), None)


def _known_slip(text: str, token: Token, failure: ParseFailure, base: int) -> Failure | None:
    """Slips that are common enough for a sentence of their own."""
    image = token.image
    if token.kind == "INTEGER_LITERAL" and image.startswith("-"):
        return Failure(
            token.start, f"{image} is a number of its own here", f"put a space behind the minus: - {image[1:]}"
        )
    in_foreach = len(failure.open) > 1 and failure.open[-2].kind == "FOREACH_DIRECTIVE"
    if token.kind == "COLON" and in_foreach:
        return Failure(token.start, "#foreach has the word `in` before its list", "write #foreach($item in $list)")
    if token.kind == "DOUBLEDOT":
        return Failure(token.start, "a range stands in brackets", "write [1..5]")
    if token.kind == "FLOATING_POINT_LITERAL" and text[: token.start - base].endswith(".."):
        return Failure(token.start, "a range has two dots, not three", "write [1..5]")
    if token.kind == "COMMA" and _DECIMAL_COMMA(text, max(token.start - base - 1, 0)):
        return Failure(token.start, "a comma in a number", "write decimals with a point: 1.5")
    if failure.open and failure.open[-1].kind == "SET_DIRECTIVE" and "EQUALS" in failure.expected:
        if token.kind == "LOGICAL_EQUALS":
            return Failure(token.start, "#set assigns with a single =", "write #set($name = value): == compares")
        return Failure(
            failure.open[-1].start,
            "#set assigns to a reference",
            "write #set($name = value); to count, #set($n = $n + 1)",
        )
    if token.kind in ("WORD", "IDENTIFIER") and not image.startswith(("$", "\\", "#")):
        made = _bare_word(image, token.start)
        if "PLUS" in failure.expected and image.upper() not in _OPERATOR_WORDS and "no word" not in made.message:
            made.hint = f"is an operator missing before {image}, or a )?"
        return made
    return None
