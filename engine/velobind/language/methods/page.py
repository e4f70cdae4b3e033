"""Writes the reference page of all methods from the tables: `python -m velobind.language.methods.page > FILE`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from velobind.language.methods.integers import INTEGER
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.tables import CLASSES, signatures_of
from velobind.language.values import Long

_INTRODUCTION = """\
# Methods of values

What a template can call on a value, by the value's Java class: `$name.substring(0, 3)`, `$rows.get(0)`. The results are
those of the JDK 17 under Velocity 2.4.1. The page is made from the tables that run
(`python -m velobind.language.methods.page`); nothing else of a value is reachable.

A method of no arguments that gives a value reads as a property too: `$s.length`, `$rows.size`, `$rows.empty` (for
`isEmpty()`), `$entry.key` (for `getKey()`). Of a map, a property is the key of that name, except where the map has a
method of that name without arguments: `$row.size`, `$row.keySet`, `$row.values`, `$row.class`.

| Python | Java |
|---|---|
| `str` | String |
| `int` | Integer, Long or BigInteger, by its size |
| `float` | Double |
| `decimal.Decimal` | BigDecimal |
| `bool` | Boolean |
| `list` | ArrayList |
| `dict` | LinkedHashMap |
| `datetime.datetime`, `datetime.date` | java.util.Date, java.sql.Date |

Arguments are converted as Velocity does: a text that spells a number to a number, any value to text, numbers among each
other where the value fits. A call that fits no method, or several equally well, prints its own source. A method that
Java would let throw ends the rendering with the place of the call.

Besides those below, every value has {object}.

Where the results differ from Java's, or need not be the same:

- A class (`$x.class`) gives its names and its static methods, and nothing that leads further.
- The text and `hashCode` of what Java names by its place in memory (iterators, arrays inside other values).
- The order of `Map.of` with several pairs, which Java leaves open.
- Characters that came after Unicode 13: Python may know their case and kind, the JDK 17 does not.
- A method call that would make a text of more than 16 million characters, a list of more than 4 million items or a
  number of more than 20,000 digits ends with LimitExceeded, as does a regular expression that runs for a second
  (`Limits.regex_seconds`) or is longer than 10,000 characters.
- In regular expressions, `\\G` under a repetition, and what a group in a possessive repetition remembers.
- A half of a character above U+FFFF that `charAt` or `substring` cut off prints as `?`, as Java prints it in UTF-8.
"""
_NAMES = {
    "STRING": "String", "BOOLEAN": "Boolean", "DOUBLE": "Double", "BIG_DECIMAL": "BigDecimal", "LONG": "Long",
    "BYTE": "Byte", "SHORT": "Short", "FLOAT": "Float",
    "BIG_INTEGER": "BigInteger", "CHARACTER": "Character", "ARRAY_LIST": "ArrayList (lists)",
    "FIXED_LIST": "Lists that can't change (`List.of`)", "RANGE": "Ranges (`[1..5]`)", "SUB_LIST": "Parts of lists",
    "ARRAY": "Arrays (`$s.split(\",\")`)", "MAP": "LinkedHashMap (maps)",
    "VIEW": "Key sets and entry sets of maps", "VALUES": "Values of maps", "ENTRY": "Map.Entry", "WALKER": "Iterator",
    "ITERATOR": "ListIterator", "STREAM": "Stream", "INT_STREAM": "IntStream (`$s.chars()`)", "OPTIONAL": "Optional",
    "DATE": "Date", "SQL_DATE": "java.sql.Date", "CLASS": "Class",
}  # fmt: skip


def page() -> str:
    """The page as Markdown."""
    shared = ", ".join(f"`{_shown(s)}`" for s in OBJECT)
    parts = [_INTRODUCTION.format(object=shared)]
    done: set[str] = set()
    for kind, (_, table) in CLASSES.items():
        if table in done:
            continue
        done.add(table)
        if kind is Long:
            parts.append(_section("Integer", INTEGER))
        parts.append(_section(_NAMES[table], signatures_of(kind)))
    return "\n".join(parts)


def _section(title: str, table: Mapping[str, object]) -> str:
    own = sorted((s for s in table if s not in OBJECT), key=lambda s: (s.partition("(")[0], s.count(","), s))
    offered = [_shown(s) for s in own if table[s] is not None and not getattr(table[s], "needs_function", False)]
    function = [_shown(s) for s in own if getattr(table[s], "needs_function", False)]
    absent = [_shown(s) for s in own if table[s] is None]
    lines = [f"## {title}\n", ", ".join(f"`{s}`" for s in offered) + "\n"]
    if function:
        shown = ", ".join(f"`{s}`" for s in function)
        lines.append(
            f"Known, but they throw, for they take a function or an object that templates can't make: {shown}\n"
        )
    if absent:
        lines.append("Left out (a call prints its own source): " + ", ".join(f"`{s}`" for s in absent) + "\n")
    return "\n".join(lines)


def _shown(signature: str) -> str:
    return signature.replace(",", ", ")


if __name__ == "__main__":
    sys.stdout.write(page())
