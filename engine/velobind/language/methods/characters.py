"""What Java knows of a character: white space, case, kind, digit value; and the methods of `java.lang.Character`."""

from __future__ import annotations

from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method

_CONTROL_SPACE = frozenset("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f")
_NO_BREAK = frozenset("\u00a0\u2007\u202f")


def whitespace(char: str) -> bool:
    """`Character.isWhitespace`: no-break spaces are none."""
    if char.isascii():
        return char == " " or char in _CONTROL_SPACE
    return char.isspace() and char not in _NO_BREAK and char != "\x85"


def simple_upper(char: str) -> str:
    """`Character.toUpperCase`: one character for one, so ß stays."""
    upper = char.upper()
    if len(upper) == 1:
        return upper
    title = char.title()
    return title if len(title) == 1 else char


def simple_lower(char: str) -> str:
    """`Character.toLowerCase`."""
    return "i" if char == "İ" else char.lower()


CHARACTER: dict[str, Method | None] = {"charValue()": lambda c: c, **OBJECT}
