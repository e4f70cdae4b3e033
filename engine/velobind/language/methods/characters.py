"""What Java knows of a character: white space, case, kind, digit value; and the methods of `java.lang.Character`.

The static methods take a character or a code point; those that name parts of `char[]` are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from velobind.language.faults import MethodFailed
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.parsing import digit_value
from velobind.language.values import Array, Character, join_pairs, units

_CONTROL_SPACE = frozenset("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f")
_NO_BREAK = frozenset("\u00a0\u2007\u202f")


def whitespace(char: str) -> bool:
    """`Character.isWhitespace`: no-break spaces are none."""
    if char.isascii():
        return char == " " or char in _CONTROL_SPACE
    return char.isspace() and char not in _NO_BREAK and char != "\x85"


WHITESPACE = "".join(filter(whitespace, map(chr, range(0x3001))))
"""All of it."""


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


def _simple_title(char: str) -> str:
    title = char.title()
    return title if len(title) == 1 else char


def _category(*names: str) -> Callable[[str], bool]:
    return lambda char: unicodedata.category(char).startswith(names)


_letter = _category("L")
_letter_or_digit = _category("L", "Nd")
_ignorable = _category("Cf")


def _identifier_ignorable(char: str) -> bool:
    return char <= "\x08" or "\x0e" <= char <= "\x1b" or "\x7f" <= char <= "\x9f" or _ignorable(char)


def _alphabetic(char: str) -> bool:
    return char.isalpha() or _category("Nl")(char)


_TYPES = {
    "Cn": 0, "Lu": 1, "Ll": 2, "Lt": 3, "Lm": 4, "Lo": 5, "Mn": 6, "Me": 7, "Mc": 8, "Nd": 9, "Nl": 10, "No": 11,
    "Zs": 12, "Zl": 13, "Zp": 14, "Cc": 15, "Cf": 16, "Co": 18, "Cs": 19, "Pd": 20, "Ps": 21, "Pe": 22, "Pc": 23,
    "Po": 24, "Sm": 25, "Sc": 26, "Sk": 27, "So": 28, "Pi": 29, "Pf": 30,
}  # fmt: skip

_TESTS: dict[str, Callable[[str], bool]] = {
    "isDefined": lambda c: unicodedata.category(c) != "Cn",
    "isDigit": _category("Nd"),
    "isISOControl": lambda c: c <= "\x1f" or "\x7f" <= c <= "\x9f",
    "isIdentifierIgnorable": _identifier_ignorable,
    "isJavaIdentifierPart": lambda c: _category("L", "Sc", "Pc", "Nd", "Nl", "Mc", "Mn")(c) or _identifier_ignorable(c),
    "isJavaIdentifierStart": _category("L", "Nl", "Sc", "Pc"),
    "isLetter": _letter,
    "isLetterOrDigit": _letter_or_digit,
    "isLowerCase": lambda c: c.islower(),
    "isMirrored": lambda c: unicodedata.mirrored(c) == 1,
    "isSpaceChar": _category("Z"),
    "isTitleCase": _category("Lt"),
    "isUnicodeIdentifierPart": lambda c: _category("L", "Pc", "Nd", "Nl", "Mc", "Mn")(c) or _identifier_ignorable(c),
    "isUnicodeIdentifierStart": _category("L", "Nl"),
    "isUpperCase": lambda c: c.isupper(),
    "isWhitespace": whitespace,
}
_POINT_TESTS: dict[str, Callable[[str], bool]] = {
    "isAlphabetic": _alphabetic,
    "isBmpCodePoint": lambda c: c <= "\uffff",
    "isIdeographic": lambda c: unicodedata.name(c, "").startswith(("CJK UNIFIED", "CJK COMPAT")),
    "isSupplementaryCodePoint": lambda c: c > "\uffff",
}
_CHAR_TESTS: dict[str, Callable[[str], bool]] = {
    "isHighSurrogate": lambda c: "\ud800" <= c <= "\udbff",
    "isLowSurrogate": lambda c: "\udc00" <= c <= "\udfff",
    "isSurrogate": lambda c: "\ud800" <= c <= "\udfff",
    "isSpace": lambda c: c in "\t\n\x0c\r ",
    "isJavaLetter": _TESTS["isJavaIdentifierStart"],
    "isJavaLetterOrDigit": _TESTS["isJavaIdentifierPart"],
}
_CASES = {"toLowerCase": simple_lower, "toTitleCase": _simple_title, "toUpperCase": simple_upper}


def _point_test(test: Callable[[str], bool]) -> Method:
    return lambda _, code: 0 <= code <= 0x10FFFF and test(chr(code))


def _point_case(change: Callable[[str], str]) -> Method:
    return lambda _, code: ord(change(chr(code))) if 0 <= code <= 0x10FFFF else code


def _tables() -> dict[str, Method | None]:
    table: dict[str, Method | None] = {}
    for name, test in _TESTS.items():
        table[f"{name}(char)"] = lambda _, c, test=test: test(c)
        table[f"{name}(int)"] = _point_test(test)
    for name, test in _POINT_TESTS.items():
        table[f"{name}(int)"] = _point_test(test)
    for name, test in _CHAR_TESTS.items():
        table[f"{name}(char)"] = lambda _, c, test=test: test(c)
    for name, change in _CASES.items():
        table[f"{name}(int)"] = _point_case(change)
        table[f"{name}(char)"] = lambda _, c, change=change: Character(change(c))
    return table


def _compare(left: Character, right: object) -> int:
    if right is None:
        raise MethodFailed("java.lang.NullPointerException")
    if not isinstance(right, Character):
        raise MethodFailed("java.lang.ClassCastException")
    return ord(left.value) - ord(right.value)


def _chr(code: int) -> str:
    if not 0 <= code <= 0x10FFFF:
        raise MethodFailed("java.lang.IllegalArgumentException", f"Not a valid Unicode code point: 0x{code:X}")
    return chr(code)


def _numeric(char: str) -> int:
    value = digit_value(char, 36)
    if value >= 0:
        return value
    number = unicodedata.numeric(char, -1.0)
    return int(number) if number == int(number) else -2


def _for_digit(_: object, digit: int, radix: int) -> Character:
    good = 2 <= radix <= 36 and 0 <= digit < radix
    return Character("0123456789abcdefghijklmnopqrstuvwxyz"[digit] if good else "\0")


def _name_of(_: object, code: int) -> object:
    char = _chr(code)
    return unicodedata.name(char, None)


def _code_point_of(_: object, name: object) -> int:
    try:
        return ord(unicodedata.lookup(str(name)))
    except KeyError:
        raise MethodFailed("java.lang.IllegalArgumentException", f"Unrecognized character name :{name}") from None


def _of_text(name: str) -> Method:
    """The method of that name of String."""
    from velobind.language.methods import METHODS

    return METHODS[str][name]


CHARACTER: dict[str, Method | None] = {
    "charCount(int)": lambda _, n: 2 if n >= 0x10000 else 1,
    "charValue()": lambda c: c,
    "codePointAt(char[],int)": None,
    "codePointAt(char[],int,int)": None,
    "codePointAt(CharSequence,int)": lambda _, s, at: _of_text("codePointAt")(s, at),
    "codePointBefore(CharSequence,int)": lambda _, s, at: _of_text("codePointBefore")(s, at),
    "codePointBefore(char[],int)": None,
    "codePointBefore(char[],int,int)": None,
    "codePointCount(char[],int,int)": None,
    "codePointCount(CharSequence,int,int)": lambda _, s, a, b: _of_text("codePointCount")(s, a, b),
    "offsetByCodePoints(char[],int,int,int,int)": None,
    "offsetByCodePoints(CharSequence,int,int)": lambda _, s, i, n: _of_text("offsetByCodePoints")(s, i, n),
    "codePointOf(String)": _code_point_of,
    "compare(char,char)": lambda _, a, b: ord(a) - ord(b),
    "compareTo(Object)": _compare,
    "compareTo(Character)": _compare,
    "digit(int,int)": lambda _, n, radix: digit_value(chr(n), radix) if 0 <= n <= 0x10FFFF and 2 <= radix <= 36 else -1,
    "digit(char,int)": lambda _, c, radix: digit_value(c, radix) if 2 <= radix <= 36 else -1,
    "forDigit(int,int)": _for_digit,
    "getName(int)": _name_of,
    "getNumericValue(int)": lambda _, n: _numeric(chr(n)) if 0 <= n <= 0x10FFFF else -1,
    "getNumericValue(char)": lambda _, c: _numeric(c),
    "getType(char)": lambda _, c: _TYPES[unicodedata.category(c)],
    "getType(int)": lambda _, n: _TYPES[unicodedata.category(chr(n))] if 0 <= n <= 0x10FFFF else 0,
    "hashCode(char)": lambda _, c: ord(c),
    "highSurrogate(int)": lambda _, n: Character(chr((n >> 10) + 0xD7C0 & 0xFFFF)),
    "isSurrogatePair(char,char)": lambda _, a, b: "\ud800" <= a <= "\udbff" and "\udc00" <= b <= "\udfff",
    "isValidCodePoint(int)": lambda _, n: 0 <= n <= 0x10FFFF,
    "lowSurrogate(int)": lambda _, n: Character(chr(n & 0x3FF | 0xDC00)),
    "reverseBytes(char)": lambda _, c: Character(chr(units(c)[0] >> 8 | (units(c)[0] & 255) << 8)),
    "toChars(int)": lambda _, n: Array([Character(chr(c)) for c in units(_chr(n))], "char"),
    "toCodePoint(char,char)": lambda _, a, b: (ord(a) << 10) + ord(b) - 56613888,
    "toString(int)": lambda _, n: _chr(n),
    "toString(char)": lambda _, c: join_pairs(c),
    "valueOf(char)": lambda _, c: Character(c),
    **_tables(),
    **OBJECT,
}
