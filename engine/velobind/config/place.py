"""Where a key of `velobind.toml` stands in its text, so that an error can show the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_HEADER = re.compile(r"\s*\[\[?(?P<key>[^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


class Place(NamedTuple):
    """A line and a column, both counted from 1, and the text of the line."""

    line: int
    column: int
    source: str


def locate(text: str, key: Sequence[str]) -> Place | None:
    """The line of the dotted `key`, or of the longest beginning of it that has a line of its own.

    A key inside an inline table has none: its table's line is given. None where not even the first part is found.
    """
    wanted = [part.partition("[")[0] for part in key]
    table: list[str] = []
    found: Place | None = None
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = name = _parts(header["key"])
            column = header.start("key")
        elif pair := _KEY.match(line):
            name = table + _parts(pair["key"])
            column = pair.start("key")
        else:
            continue
        shared = min(len(name), len(wanted))
        if shared > depth and wanted[:shared] == name[:shared]:
            found, depth = Place(number, column + 1, line), shared
    return found


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(key)]
