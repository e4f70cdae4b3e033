"""Characters, escapes and character classes of Java's patterns, read and written for the `regex` package."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from velobind.language.faults import MethodFailed
from velobind.language.methods.properties import property_class

_WORD = "a-zA-Z0-9_"
_SPACE = r" \t\n\x0b\f\r"
_HORIZONTAL = r" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_VERTICAL = r"\n\x0B\f\r\x85\u2028\u2029"
SHORTHANDS = {"d": "0-9", "w": _WORD, "s": _SPACE, "h": _HORIZONTAL, "v": _VERTICAL}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_OCTAL = frozenset("01234567")
_SPECIAL = frozenset("\\^$.|?*+()[]{}&-~#: ")


@dataclass
class Flags:
    ignore_case: bool = False
    unicode_case: bool = False
    multiline: bool = False
    dotall: bool = False
    comments: bool = False
    unix_lines: bool = False

    def copy(self) -> Flags:
        return Flags(**self.__dict__)

    def set(self, letter: str, on: bool) -> None:
        names = {"i": "ignore_case", "m": "multiline", "s": "dotall", "x": "comments", "d": "unix_lines"}
        if letter in ("u", "U"):
            self.unicode_case = on
        else:
            setattr(self, names[letter], on)


def syntax_error(reason: str, pattern: str, at: int) -> MethodFailed:
    """What Java throws for a pattern that is none."""
    return MethodFailed("java.util.regex.PatternSyntaxException", f"{reason} near index {at}: {pattern}")


@dataclass(frozen=True)
class Set:
    """A set of characters: the inside of a class, or an intersection or union of two sets."""

    items: str = ""
    negated: bool = False
    both: tuple[Set, Set] | None = None
    either: tuple[Set, Set] | None = None

    @property
    def blank(self) -> bool:
        return not self.items and self.both is None and self.either is None

    def union(self, other: Set) -> Set:
        if self.blank:
            return other
        if not self.negated and not other.negated and not (self.both or self.either or other.both or other.either):
            return Set(items=self.items + other.items)
        return Set(either=(self, other))

    def inverse(self) -> Set:
        if self.both:
            return Set(either=(self.both[0].inverse(), self.both[1].inverse()))
        if self.either:
            return Set(both=(self.either[0].inverse(), self.either[1].inverse()))
        return Set(items=self.items, negated=not self.negated)

    def emit(self) -> str:
        if self.both:
            return f"(?:(?={self.both[0].emit()}){self.both[1].emit()})"
        if self.either:
            return f"(?:{self.either[0].emit()}|{self.either[1].emit()})"
        return f"[{'^' if self.negated else ''}{self.items}]"


def escape(char: str) -> str:
    if char in _SPECIAL:
        return "\\" + char
    if char < " " or "\ud800" <= char <= "\udfff":
        return f"\\u{ord(char):04x}"
    return char


@dataclass
class Reader:
    """A place in a pattern, with the flags that hold there."""

    pattern: str
    at: int = 0
    flags: Flags = field(default_factory=Flags)

    def _error(self, reason: str) -> MethodFailed:
        return syntax_error(reason, self.pattern, self.at)

    def _peek(self, size: int = 1) -> str:
        return self.pattern[self.at : self.at + size]

    def _take(self) -> str:
        if self.at >= len(self.pattern):
            raise self._error("Unexpected end of pattern")
        char = self.pattern[self.at]
        self.at += 1
        return char

    def _skip_comments(self) -> None:
        while self.flags.comments and self.at < len(self.pattern):
            if self._peek().isspace():
                self.at += 1
            elif self._peek() == "#":
                while self.at < len(self.pattern) and self._peek() not in "\n\r\u0085\u2028\u2029":
                    self.at += 1
            else:
                return

    def _escaped_char(self, char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "c":
            return chr(ord(self._take()) ^ 64)
        if char == "0":
            digits = ""
            while len(digits) < 3 and self._peek() in _OCTAL and int(digits + self._peek(), 8) < 256:
                digits += self._take()
            if not digits:
                raise self._error("Illegal octal escape sequence")
            return chr(int(digits, 8))
        if char == "x":
            if self._peek() == "{":
                end = self.pattern.find("}", self.at)
                return self._hex(self.at + 1, end, end + 1)
            return self._hex(self.at, self.at + 2, self.at + 2)
        if char == "u":
            unit = self._hex(self.at, self.at + 4, self.at + 4)
            if "\ud800" <= unit <= "\udbff" and self._peek(2) == "\\u":
                low = self._hex(self.at + 2, self.at + 6, self.at + 6)
                return (unit + low).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
            return unit
        if char == "N" and self._peek() == "{":
            end = self.pattern.find("}", self.at)
            try:
                named = unicodedata.lookup(self.pattern[self.at + 1 : end])
            except KeyError:
                raise self._error("Unknown character name") from None
            self.at = end + 1
            return named
        if char.isascii() and char.isalpha():
            raise self._error("Illegal/unsupported escape sequence")
        return char

    def _hex(self, start: int, end: int, after: int) -> str:
        digits = self.pattern[start:end] if end >= 0 else ""
        try:
            if not digits or (after == end and len(digits) != end - start):
                raise ValueError
            char = chr(int(digits, 16)) if digits.isalnum() else ""
            if not char:
                raise ValueError
        except (ValueError, OverflowError):
            raise self._error("Illegal hexadecimal escape sequence") from None
        self.at = after
        return char

    def _property(self, negated: bool) -> Set:
        if self._peek() == "{":
            end = self.pattern.find("}", self.at)
            if end < 0:
                raise self._error("Unclosed character family")
            name = self.pattern[self.at + 1 : end]
            self.at = end + 1
        else:
            name = self._take()
        inside = property_class(name)
        if inside is None:
            raise self._error(f"Unknown character property name {{{name}}}")
        if self.flags.ignore_case and name in ("Lower", "Upper", "javaLowerCase", "javaUpperCase", "Lu", "Ll", "Lt"):
            inside = property_class("Alpha" if name in ("Lower", "Upper") else "LC")
            assert inside is not None
        return Set(items=inside, negated=negated)

    def _class(self) -> Set:
        """A class after its `[`: unions, nested classes and intersections."""
        negated = self._peek() == "^"
        self.at += negated
        sets: list[Set] = []
        current = Set()
        first = True
        while True:
            if self.flags.comments:
                self._skip_comments()
            char = self._take_in_class()
            if char == "]" and not (first and not sets and current.blank):
                break
            if char == "[":
                current = current.union(self._class())
            elif char == "&" and self._peek() == "&":
                while self._peek() == "&":
                    self.at += 1
                if self._peek() != "]" or not current.blank:
                    sets.append(current)
                    current = Set()
                    first = False
                    continue
            else:
                current = self._class_item(char, current)
            first = False
        if not current.blank or not sets:
            sets.append(current)
        kept = [s for s in sets if not s.blank]
        if not kept:
            raise self._error("Bad class syntax")
        result = kept[0]
        for other in kept[1:]:
            result = Set(both=(result, other))
        return result.inverse() if negated else result

    def _take_in_class(self) -> str:
        if self.at >= len(self.pattern):
            raise self._error("Unclosed character class")
        return self._take()

    def _class_item(self, char: str, current: Set) -> Set:
        if char == "\\":
            kind = self._take_in_class()
            if kind in SHORTHANDS:
                return current.union(Set(items=SHORTHANDS[kind]))
            if kind.lower() in SHORTHANDS:
                return current.union(Set(items=SHORTHANDS[kind.lower()], negated=True))
            if kind in "pP":
                return current.union(self._property(kind == "P"))
            if kind == "Q":
                end = self.pattern.find("\\E", self.at)
                text = self.pattern[self.at : end if end >= 0 else len(self.pattern)]
                self.at = end + 2 if end >= 0 else len(self.pattern)
                return current.union(Set(items="".join(self._range(c, c) for c in text)))
            if kind == "E":
                return current
            char = self._escaped_char(kind)
        if self._peek() == "-" and self._peek(2)[1:] not in ("]", "[", ""):
            self.at += 1
            high = self._take_in_class()
            if high == "\\":
                high = self._escaped_char(self._take_in_class())
            if high < char:
                raise self._error("Illegal character range")
            return current.union(Set(items=self._range(char, high)))
        return current.union(Set(items=self._range(char, char)))

    def _range(self, low: str, high: str) -> str:
        items = escape(low) if low == high else f"{escape(low)}-{escape(high)}"
        if not self.flags.ignore_case:
            return items
        if self.flags.unicode_case and ord(high) - ord(low) < 2048:
            chars = [chr(c) for c in range(ord(low), ord(high) + 1)]
            others = {o for c in chars for o in (c.upper(), c.lower()) if len(o) == 1 and not low <= o <= high}
            return items + "".join(map(escape, sorted(others)))
        for first, last, shift in (("a", "z", -32), ("A", "Z", 32)):
            a, b = max(low, first), min(high, last)
            if a <= b:
                items += f"{chr(ord(a) + shift)}-{chr(ord(b) + shift)}"
        return items
