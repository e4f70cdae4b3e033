"""Text as Java counts it: in UTF-16 units, of which a character above U+FFFF has two.

Text without such characters, nearly all of it, is worked on as it is. Other text is spread to a str of single units
(surrogates), and what is cut from that is joined again; half a pair stays a lone surrogate.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_growth, check_size
from velobind.language.values import join_pairs, units

# Characters of a long text that are worked on between two looks at the clock.
PART = 2048
_SURROGATE = re.compile("[\ud800-\udfff]")


def wide(text: str) -> bool:
    """Whether the text has characters of two units, or surrogates that stand together."""
    return not text.isascii() and (length(text) != len(text) or _SURROGATE.search(text) is not None)


def spread(text: str) -> str:
    """The text with each character above U+FFFF as its two surrogates."""
    if text.isascii():
        return text
    if len(text) <= HEAVY:
        return "".join(map(chr, units(text)))
    return in_parts(text, lambda part: "".join(map(chr, units(part))))


def in_parts(text: str, change: Callable[[str], str]) -> str:
    """A long text with each part of it changed for itself, with looks at the clock and at the size between."""
    parts: list[str] = []
    size = 0
    for at in range(0, len(text), PART):
        check_growth(size, "a method")
        parts.append(change(text[at : at + PART]))
        size += len(parts[-1])
    check_size(size, "a method")
    return "".join(parts)


def length(text: str) -> int:
    """`String.length`."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def out_of_bounds(detail: str) -> MethodFailed:
    """What Java's String throws for a bad index."""
    return MethodFailed("java.lang.StringIndexOutOfBoundsException", detail)


def substring(text: str, begin: int, end: int | None = None) -> str:
    """`String.substring`; raises MethodFailed where an index lies outside."""
    if wide(text):
        return join_pairs(substring_of_units(spread(text), begin, end))
    return substring_of_units(text, begin, end)


def substring_of_units(text: str, begin: int, end: int | None) -> str:
    """The same over text of single units."""
    size = len(text)
    stop = size if end is None else end
    if not 0 <= begin <= stop <= size:
        raise out_of_bounds(f"begin {begin}, end {stop}, length {size}")
    return text[begin:stop]


def find(text: str, part: str, start: int = 0) -> int:
    """`String.indexOf` from a place on: -1 where it is not there."""
    if wide(text):
        text, part = spread(text), spread(part)
    return text.find(part, min(max(start, 0), len(text)))


def find_last(text: str, part: str, start: int | None = None) -> int:
    """`String.lastIndexOf` at or before a place."""
    if wide(text):
        text, part = spread(text), spread(part)
    if start is None:
        return text.rfind(part)
    return text.rfind(part, 0, start + len(part)) if start >= 0 else -1
