"""Java's regular expressions rewritten for the `regex` package.

What differs is spelt out on the way: `\\d \\w \\s` are ASCII, `.` and `$` know Java's line ends, `(?i)` folds ASCII
letters only unless `(?u)`, classes nest and intersect, `\\p{..}` has Java's names, `\\Q..\\E` quotes. The result has
no inline flags, so it means the same wherever it is compiled.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from velobind.language.faults import MethodFailed
from velobind.language.methods.properties import property_class

_LINE_END = r"\n\r\u0085\u2028\u2029"
_WORD = "a-zA-Z0-9_"
_WORD_BOUNDARY = r"[\p{L}\p{Nd}_]"
_SPACE = r" \t\n\x0b\f\r"
_HORIZONTAL = r" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_VERTICAL = r"\n\x0B\f\r\x85\u2028\u2029"
_SHORTHANDS = {"d": "0-9", "w": _WORD, "s": _SPACE, "h": _HORIZONTAL, "v": _VERTICAL}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_OCTAL = frozenset("01234567")
_SPECIAL = frozenset("\\^$.|?*+()[]{}&-~#: ")


@dataclass
class _Flags:
    ignore_case: bool = False
    unicode_case: bool = False
    multiline: bool = False
    dotall: bool = False
    comments: bool = False
    unix_lines: bool = False

    def copy(self) -> _Flags:
        return _Flags(**self.__dict__)

    def set(self, letter: str, on: bool) -> None:
        names = {"i": "ignore_case", "m": "multiline", "s": "dotall", "x": "comments", "d": "unix_lines"}
        if letter in ("u", "U"):
            self.unicode_case = on
        else:
            setattr(self, names[letter], on)


def syntax_error(reason: str, pattern: str, at: int) -> MethodFailed:
    """What Java throws for a pattern that is none."""
    return MethodFailed("java.util.regex.PatternSyntaxException", f"{reason} near index {at}: {pattern}")


@dataclass
class Translator:
    """Reads one pattern from left to right; `translate` gives the whole."""

    pattern: str
    at: int = 0
    flags: _Flags = field(default_factory=_Flags)
    groups: int = 0
    names: list[str] = field(default_factory=list)

    def translate(self) -> str:
        out = self._alternatives()
        if self.at < len(self.pattern):
            raise self._error("Unmatched closing ')'")
        return out

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

    def _alternatives(self) -> str:
        branches = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            branches.append(self._sequence())
        return "|".join(branches)

    def _sequence(self) -> str:
        out: list[str] = []
        while True:
            self._skip_comments()
            char = self._peek()
            if char == "" or char in "|)":
                return "".join(out)
            if char in "?*+":
                raise self._error(f"Dangling meta character '{char}'")
            if char == "\\" and self._peek(2) == "\\Q":
                out.append(self._quoted())
                continue
            atom = self._atom()
            if atom:
                out.append(self._quantified(atom))

    def _quoted(self) -> str:
        end = self.pattern.find("\\E", self.at + 2)
        text = self.pattern[self.at + 2 : end if end >= 0 else len(self.pattern)]
        self.at = end + 2 if end >= 0 else len(self.pattern)
        if not text:
            return ""
        return "".join(map(self._literal, text[:-1])) + self._quantified(self._literal(text[-1]))

    def _quantified(self, atom: str) -> str:
        while True:
            self._skip_comments()
            char = self._peek()
            if char and char in "?*+":
                self.at += 1
                bound = char
            elif char == "{":
                bound = self._bound()
            else:
                return atom
            mode = self._peek()
            if mode and mode in "?+":
                self.at += 1
                bound += mode
            return f"(?:{atom}){bound}" + self._after_quantifier()

    def _after_quantifier(self) -> str:
        self._skip_comments()
        if self._peek() and self._peek() in "?*+":
            raise self._error(f"Dangling meta character '{self._peek()}'")
        return ""

    def _bound(self) -> str:
        end = self.pattern.find("}", self.at)
        body = self.pattern[self.at + 1 : end] if end >= 0 else ""
        low, comma, high = body.partition(",")
        if not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
            raise self._error("Illegal repetition" if not low else "Unclosed counted closure")
        if int(low) >= 2**31 or (high and int(high) >= 2**31) or (high and int(high) < int(low)):
            raise self._error("Illegal repetition range")
        self.at = end + 1
        return f"{{{low}{comma}{high}}}"

    def _literal(self, char: str) -> str:
        if self.flags.ignore_case and char.isalpha():
            if self.flags.unicode_case:
                return f"(?i:{_escape(char)})"
            if char.isascii():
                return f"[{char.lower()}{char.upper()}]"
        return _escape(char)

    def _atom(self) -> str:
        char = self._take()
        if char == "[":
            return self._class().emit()
        if char == "(":
            return self._group()
        if char == "\\":
            return self._escape_outside()
        if char == ".":
            if self.flags.dotall:
                return r"[\s\S]"
            return r"[^\n]" if self.flags.unix_lines else f"[^{_LINE_END}]"
        if char == "^":
            if self.flags.multiline:
                return r"(?:\A|(?<=\n)(?!\Z)|(?<=[\u0085\u2028\u2029])(?!\Z)|(?<=\r)(?!\n)(?!\Z))"
            return r"\A"
        if char == "$":
            return self._line_end() if self.flags.multiline else self._text_end()
        if char == "{":
            self.at -= 1
            raise self._error("Illegal repetition")
        return self._literal(char)

    def _text_end(self) -> str:
        if self.flags.unix_lines:
            return r"(?=\n?\Z)"
        return r"(?:(?=\r\n\Z)|(?<!\r)(?=\n\Z)|(?=[\r\u0085\u2028\u2029]?\Z))"

    def _line_end(self) -> str:
        if self.flags.unix_lines:
            return r"(?=\n|\Z)"
        return r"(?:(?=[\r\u0085\u2028\u2029]|\Z)|(?<!\r)(?=\n))"

    def _group(self) -> str:
        saved = self.flags
        self.flags = saved.copy()
        opening = "("
        if self._peek() == "?":
            self.at += 1
            special = self._special_group()
            if special is None:
                # Flags for the rest of the group that is open.
                return ""
            opening = special
        else:
            self.groups += 1
        body = self._alternatives()
        if self._peek() != ")":
            raise self._error("Unclosed group")
        self.at += 1
        self.flags = saved
        return f"{opening}{body})"

    def _special_group(self) -> str | None:
        char = self._take()
        if char in ":=!>":
            return f"(?{char}"
        if char == "<":
            if self._peek() and self._peek() in "=!":
                return f"(?<{self._take()}"
            name = self._name()
            if name in self.names:
                raise self._error(f"Named capturing group <{name}> is already defined")
            self.names.append(name)
            self.groups += 1
            return f"(?P<{name}>"
        on = True
        flags = self.flags
        while char != ")" and char != ":":
            if char == "-" and on:
                on = False
            elif char in "imsxduU":
                flags.set(char, on)
            else:
                raise self._error("Unknown inline modifier")
            char = self._take()
        return None if char == ")" else "(?:"

    def _name(self) -> str:
        end = self.pattern.find(">", self.at)
        name = self.pattern[self.at : end] if end >= 0 else ""
        if not (name.isascii() and name.isalnum() and name[0].isalpha()):
            raise self._error("named capturing group is missing trailing '>'")
        self.at = end + 1
        return name

    def _escape_outside(self) -> str:
        char = self._take()
        if char in _SHORTHANDS:
            return f"[{_SHORTHANDS[char]}]"
        if char.lower() in _SHORTHANDS:
            return f"[^{_SHORTHANDS[char.lower()]}]"
        if char in "pP":
            return self._property(char == "P").emit()
        if char == "b":
            if self._peek(3) == "{g}":
                raise self._error("Unsupported boundary")
            word = _WORD_BOUNDARY
            return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
        if char == "B":
            word = _WORD_BOUNDARY
            return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
        if char == "A":
            return r"\A"
        if char == "z":
            return r"\Z"
        if char == "Z":
            return self._text_end()
        if char == "G":
            return r"\G"
        if char == "R":
            return r"(?:\r\n|[\n\x0b\f\r\u0085\u2028\u2029])"
        if char == "X":
            return r"\X"
        if char == "k":
            if self._take() != "<":
                raise self._error("\\k is not followed by '<' for named capturing group")
            name = self._name()
            if name not in self.names:
                raise self._error(f"named capturing group <{name}> does not exist")
            return f"(?P={name})"
        if char in "123456789":
            return self._back_reference(char)
        return self._literal(self._escaped_char(char))

    def _back_reference(self, digits: str) -> str:
        while self._peek().isascii() and self._peek().isdigit() and int(digits + self._peek()) <= self.groups:
            digits += self._take()
        # A group that is not there, or not yet closed, never matches.
        return f"(?:\\g<{digits}>)" if False else (f"(?:\\{digits})" if int(digits) <= self.groups else "(?!)")

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
            if kind in _SHORTHANDS:
                return current.union(Set(items=_SHORTHANDS[kind]))
            if kind.lower() in _SHORTHANDS:
                return current.union(Set(items=_SHORTHANDS[kind.lower()], negated=True))
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
        items = _escape(low) if low == high else f"{_escape(low)}-{_escape(high)}"
        if not self.flags.ignore_case:
            return items
        if self.flags.unicode_case and ord(high) - ord(low) < 2048:
            chars = [chr(c) for c in range(ord(low), ord(high) + 1)]
            others = {o for c in chars for o in (c.upper(), c.lower()) if len(o) == 1 and not low <= o <= high}
            return items + "".join(map(_escape, sorted(others)))
        for first, last, shift in (("a", "z", -32), ("A", "Z", 32)):
            a, b = max(low, first), min(high, last)
            if a <= b:
                items += f"{chr(ord(a) + shift)}-{chr(ord(b) + shift)}"
        return items


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


def _escape(char: str) -> str:
    if char in _SPECIAL:
        return "\\" + char
    if char < " " or "\ud800" <= char <= "\udfff":
        return f"\\u{ord(char):04x}"
    return char
