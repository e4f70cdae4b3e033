"""Template text -> tokens, as Velocity's own scanner cuts it.

What a character means depends on where it stands: the scanner has modes and a stack of them, and changes them as it
goes. Modes, stack and counters follow Velocity 2.4.1's lexical states one by one, with their oddities, for it is these
that decide what is text after all (`$5`, `#fff`, `$! x`, a closing brace too many).

A token is a tuple `(kind, image, start, lost)`. `image` may begin with text that Velocity glued to the token because
it might have become something else (`$$` before `#if`, backslashes before `$`); the parser takes it off again. `lost`
is text that Velocity dropped before the token because nothing came of it (a lone `$`): a text token prints it, others
do not.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from velobind.language.modes import KEPT, MATCHERS, RENAMED

SENTINEL = "\x1c"

_NO_BACKSLASH = re.compile(r"\\*").match
_LONE_BACKSLASHES = frozenset({"ESCAPE", "DOUBLE_ESCAPE", "SKIP", "KEEP"})
_LEFT_PARENTHESIS = re.compile(r"[ \t\r\n]*\(").match

# Modes in which white space only parts tokens, and a `#word` is an argument rather than a statement.
_INSIDE = frozenset({"DIRECTIVE", "REFMOD2", "REFINDEX", "ALT_VAL"})
# Those of them that what is text after all can put the scanner in.
_LOOSE = frozenset({"REFMOD2", "ALT_VAL"})
# What of a reference can stand before the dot of a method.
_BEFORE_DOT = frozenset({"IDENTIFIER", "REFMOD2_RPAREN", "INDEX_RBRACKET"})
_OF_REFERENCE = frozenset({"REFERENCE", "REFMODIFIER"})
_PRE = frozenset({"PRE_REFERENCE", "PRE_DIRECTIVE"})
_ENDS_BEFORE_DOLLAR = frozenset({"REFERENCE", "PRE_REFERENCE"})
_ENDS_BEFORE_HASH = frozenset({"REFERENCE", "PRE_REFERENCE", "REFMODIFIER"})
_NO_NUMBER_ENDS = frozenset({"REFMOD2", "ALT_VAL"})

# What a directive's word is to the grammar: (with a parenthesis, without).
_WORDS = {
    "foreach": ("FOREACH_DIRECTIVE", "FOREACH_DIRECTIVE"),
    "macro": ("MACRO_DIRECTIVE", "MACRO_DIRECTIVE"),
    "define": ("BLOCK_DIRECTIVE", "BLOCK_DIRECTIVE"),
}
_LINE_WORDS = ("LINE_DIRECTIVE", "LINE_WORD")
_BLOCK_WORDS = ("BLOCK_DIRECTIVE", "BLOCK_WORD")


# What may follow the parenthesis of a call. Where anything else does, the parenthesis is text.
_BEGINS_ARGUMENT = frozenset(
    {"REFMOD2_RPAREN", "STRING_LITERAL", "INTEGER_LITERAL", "FLOATING_POINT_LITERAL", "LBRACKET", "LEFT_CURLEY"}
    | {"TRUE", "FALSE", "IDENTIFIER", "LCURLY", "LOGICAL_NOT", "MINUS", "LPAREN"}
)


class Token(NamedTuple):
    """A piece of the template: see the module's docstring."""

    kind: str
    image: str
    start: int
    lost: str


class ScanError(Exception):
    """No terminal of the present mode fits at offset `at`."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def directive_name(image: str) -> str:
    """The name in a directive's image: `foreach` of `#foreach`, `$#{foreach}`."""
    name = image[image.rfind("#") + 1 :]
    return name[1:-1] if name.startswith("{") else name


def _lost_text(image: str) -> str:
    """What is printed of text that led to nothing: its `$`, `#`, and backslashes before a `$`."""
    result = []
    i = 0
    while i < len(image):
        c = image[i]
        if c in "#$":
            result.append(c)
        elif c == "\\":
            j = i
            while j < len(image) and image[j] == "\\":
                j += 1
            if j < len(image) and image[j] == "$":
                result.append(image[i : j + 1])
                i = j + 1
        i += 1
    return "".join(result)


def _is_argument(stack: list[tuple[int, int, int, str]], loose: int) -> bool:
    """Whether a `#word` stands among the arguments of a directive or a call, perhaps right behind a reference."""
    depth = len(stack) - 1
    while depth >= 0 and stack[depth][3] in _OF_REFERENCE:
        depth -= 1
    return depth >= 0 and stack[depth][3] in _INSIDE and depth != loose


def scan(
    text: str, base: int = 0, dropped: list[tuple[int, int, str]] | None = None, parted: set[int] | None = None
) -> list[Token]:
    """The tokens of a text, the last one of kind `$END`; `base` is added to where they start.

    Spans of the text that no token's image holds, white space between tokens aside, are added to `dropped`, with what
    is printed of them. The starts of tokens that white space parts from the token before are added to `parted`.

    Raises ScanError where the text cannot be cut.
    """
    tokens: list[Token] = []
    emit = tokens.append
    token = Token._make
    matchers = MATCHERS
    text += SENTINEL
    end = len(text)
    at = begin = 0
    lost = ""
    mode = "DEFAULT"
    match = matchers[mode]
    stack: list[tuple[int, int, int, str]] = []
    opened = closed = curly = 0
    in_comment = in_set = False
    calls = False  # right behind the parenthesis of a call,
    calls_depth = -1  # with the stack this deep
    loose = -1  # as deep as this, what looks like a call's arguments is text
    bare_curly = -1  # with the stack this deep, a brace stands behind a reference and opens none
    apart = False  # white space was passed over

    slashes = "\\" * 9 in text
    plain = 0  # backslashes before this are known to lead to no `$` or directive

    while begin < end:
        found = match(text, at) if at >= plain else match(text, at, min(at + 2, plain))
        if found is None:
            raise ScanError((begin if mode == "IN_TEXTBLOCK" else at) + base)
        kind: str = found.lastgroup  # type: ignore[assignment]
        stop = found.end()
        if slashes and at >= plain and text[at] == "\\" and kind in _LONE_BACKSLASHES:
            plain = _NO_BACKSLASH(text, at).end()  # type: ignore[union-attr]
        kind = RENAMED.get(kind, kind)
        was = mode

        # ---- text that is kept for the token to come
        if kind in KEPT:
            if not in_comment:
                if kind == "DOLLAR" or kind == "DOLLARBANG":
                    if mode in _ENDS_BEFORE_DOLLAR:
                        opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
                    if mode not in _PRE:
                        stack.append((opened, closed, curly, mode))
                        opened = curly = 0
                    mode = "PRE_REFERENCE"
                elif kind == "HASH":
                    if mode in _ENDS_BEFORE_HASH:
                        opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
                    if mode not in _PRE:
                        if mode == "REFMOD3":
                            mode = "DEFAULT"
                        stack.append((opened, closed, curly, mode))
                        opened = curly = 0
                    mode = "PRE_DIRECTIVE"
                else:
                    in_comment = True
                    if mode not in _PRE:
                        stack.append((opened, closed, curly, mode))
                        opened = curly = 0
                    mode = {
                        "TEXTBLOCK_START": "IN_TEXTBLOCK",
                        "FORMAL_START": "IN_FORMAL_COMMENT",
                        "BLOCK_START": "IN_MULTI_LINE_COMMENT",
                    }[kind]
            at = stop
            if at >= end:
                raise ScanError(begin + base)
            if mode is not was:
                match = matchers[mode]
            continue
        if kind == "KEEP":
            at = stop
            if at >= end:
                raise ScanError(begin + base)
            continue

        # ---- text that is dropped
        if kind == "SKIP":
            if dropped is not None:
                dropped.append((begin + base, stop + base, ""))
            at = begin = stop
            continue
        if kind == "TERMINATOR":
            if begin < at:
                # Velocity takes what begins like a line comment for one, and forgets all that was lost before.
                comment = text.startswith("##", begin)
                shown = "" if comment else _lost_text(text[begin:stop])
                lost = "" if comment else lost + shown
                if dropped is not None:
                    dropped.append((begin + base, at + base, shown))
            begin = at
            opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
            match = matchers[mode]
            continue

        # ---- tokens, and what each does to the mode
        if kind == "IDENTIFIER":
            if mode == "PRE_REFERENCE":
                mode = "REFERENCE"
        elif kind == "DOT":
            mode = "REFMODIFIER"
        elif kind == "LPAREN":
            opened += 1
            if mode == "REFMODIFIER":
                mode = "REFMOD2"
                calls_depth = len(stack)
                before = [token.kind for token in tokens[-3:]]
                calls = before[1:] == ["DOT", "IDENTIFIER"] and before[0] in _BEFORE_DOT
                if not calls:
                    # Another reference stands between the property and the parenthesis: `$a.b$c(`; or the property is
                    # that of none: `$a.b(.c(`.
                    loose = calls_depth
                elif loose == calls_depth:
                    loose = -1
        elif kind == "REFMOD2_RPAREN":
            mode = "REFMOD3"
        elif kind == "RPAREN":
            while True:
                if opened > 0:
                    if opened == closed + 1:
                        opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
                    else:
                        closed += 1
                    break
                if not stack:
                    opened, mode = 0, "DEFAULT"
                    break
                opened, closed, curly, mode = stack.pop()
            if mode not in _INSIDE:
                in_set = False
        elif kind == "WHITESPACE" or kind == "NEWLINE":
            if kind == "NEWLINE":
                in_set = False
            if mode in _INSIDE and not (mode in _LOOSE and len(stack) == loose):
                at = begin = stop
                calls = False
                apart = True
                continue
        elif kind == "SUFFIX" or kind == "LONE_SYMBOL":
            opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "SET_DIRECTIVE":
            stack.append((opened, closed, curly, mode))
            opened, curly = 1, 0
            in_set = True
            mode = "DIRECTIVE"
        elif kind == "IF_DIRECTIVE" or kind == "ELSEIF":
            mode = "DIRECTIVE"
        elif kind == "END" or kind == "ELSE":
            opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "WORD" or kind == "BRACKETED_WORD":
            if calls and tokens[-1].kind == "LPAREN":
                calls = False
                tokens[-1] = tokens[-1]._replace(kind="LONE_LPAREN")
                loose = calls_depth
            if mode == "PRE_DIRECTIVE" and not _is_argument(stack, loose):
                image = text[begin:stop]
                name = directive_name(image)
                called = _LEFT_PARENTHESIS(text, stop)
                words = _WORDS.get(name) or (_BLOCK_WORDS if name[0] == "@" else _LINE_WORDS)
                emit(token((words[0] if called else words[1], image, begin + base, lost)))
                lost = ""
                apart = False
                if called:
                    at = begin = called.end() - 1
                    mode = "DIRECTIVE"
                else:
                    at = begin = stop
                    opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
                match = matchers[mode]
                continue
        elif kind == "STRING_LITERAL":
            if mode == "DIRECTIVE" and not in_set and opened == 0:
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "INTEGER_LITERAL":
            if opened == 0 and not in_set and mode not in _NO_NUMBER_ENDS and mode != "REFINDEX":
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "FLOATING_POINT_LITERAL":
            if opened == 0 and not in_set and mode not in _NO_NUMBER_ENDS:
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "LCURLY":
            curly += 1
            bare_curly = -1 if mode == "PRE_REFERENCE" else len(stack)
        elif kind == "RCURLY":
            while curly == 0 and mode != "DEFAULT":
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
            if mode not in ("DEFAULT", "DIRECTIVE", "REFMOD2"):
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "LEFT_CURLEY":
            curly += 1
        elif kind == "RIGHT_CURLEY":
            curly -= 1
            if mode == "ALT_VAL" and curly == 0:
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "INDEX_LBRACKET":
            stack.append((opened, closed, curly, mode))
            opened = curly = 0
            mode = "REFINDEX"
        elif kind == "INDEX_RBRACKET" or kind == "LOGICAL_OR_2":
            opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "PIPE":
            if curly == 1:
                mode = "ALT_VAL"
                if bare_curly == len(stack):
                    loose = bare_curly
            else:
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "SINGLE_LINE_COMMENT_START":
            if mode in _ENDS_BEFORE_DOLLAR:
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
            in_comment = True
            stack.append((opened, closed, curly, mode))
            opened = curly = 0
            mode = "IN_SINGLE_LINE_COMMENT"
        elif kind == "SINGLE_LINE_COMMENT" or kind == "FORMAL_COMMENT" or kind == "MULTI_LINE_COMMENT":
            in_comment = False
            opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
            if mode == "REFERENCE" or mode == "REFMOD3":
                opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")
        elif kind == "TEXTBLOCK":
            in_comment = False
            opened, closed, curly, mode = stack.pop() if stack else (0, closed, curly, "DEFAULT")

        if calls and tokens[-1].kind == "LPAREN":
            calls = False
            if kind not in _BEGINS_ARGUMENT:
                tokens[-1] = tokens[-1]._replace(kind="LONE_LPAREN")
                loose = calls_depth
        if apart:
            apart = False
            if parted is not None:
                parted.add(begin + base)
        emit(token((kind, text[begin:stop], begin + base, lost)))
        lost = ""
        at = begin = stop
        if mode is not was:
            match = matchers[mode]

    if calls and tokens[-1].kind == "LPAREN":
        tokens[-1] = tokens[-1]._replace(kind="LONE_LPAREN")
    emit(token(("$END", "", end - 1 + base, lost)))
    return tokens
