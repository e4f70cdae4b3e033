"""Java's regular expressions rewritten for the `regex` package.

What differs is spelt out on the way: `\\d \\w \\s` are ASCII, `.` and `$` know Java's line ends, `(?i)` folds ASCII
letters only unless `(?u)`, classes nest and intersect, `\\p{..}` has Java's names, `\\Q..\\E` quotes. The result has
no inline flags, so it means the same wherever it is compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from velobind.language.methods.charsets import SHORTHANDS, Reader, escape

_LINE_END = r"\n\r\u0085\u2028\u2029"
_WORD_BOUNDARY = r"[\p{L}\p{Nd}_]"


@dataclass
class Translator(Reader):
    """Reads one pattern from left to right; `translate` gives the whole."""

    groups: int = 0
    names: list[str] = field(default_factory=list)

    def translate(self) -> str:
        out = self._alternatives()
        if self.at < len(self.pattern):
            raise self._error("Unmatched closing ')'")
        return out

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
                return f"(?i:{escape(char)})"
            if char.isascii():
                return f"[{char.lower()}{char.upper()}]"
        return escape(char)

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
                return r"(?:\A(?!\Z)|(?<=\n)(?!\Z)|(?<=[\u0085\u2028\u2029])(?!\Z)|(?<=\r)(?!\n)(?!\Z))"
            return r"\A"
        if char == "$":
            return self._line_end() if self.flags.multiline else self._text_end()
        if char == "{":  # a repetition of nothing, if it is one
            self.at -= 1
            return "(?:)"
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
        if char in SHORTHANDS:
            return f"[{SHORTHANDS[char]}]"
        if char.lower() in SHORTHANDS:
            return f"[^{SHORTHANDS[char.lower()]}]"
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
            return r"(?>\r\n|[\n\x0b\f\r\u0085\u2028\u2029])"
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
        return f"(?:\\{digits})" if int(digits) <= self.groups else "(?!)"
