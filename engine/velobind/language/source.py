"""A template's text and its places."""

from __future__ import annotations

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\r|\n")


class Source:
    """A text under a name. Lines and columns count from 1."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.line_starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def java_column(self, offset: int) -> int:
        """The column that Velocity counts: tabs go to the next multiple of eight, UTF-16 units count."""
        line, _ = self.place(offset)
        column = 0
        for character in self.text[self.line_starts[line - 1] : offset]:
            column += 8 - column % 8 if character == "\t" else 2 if character > "\uffff" else 1
        return column + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end; empty for a line that is not there."""
        if not 0 < number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
