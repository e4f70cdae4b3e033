"""What random templates are given to print: the names of each context, and which kind of value each name holds.

Kinds are those of the method tables: `text`, `int`, `long`, `double`, `bool`, `list`, `map`, `rows` (a list of maps)
and `null`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

CODES = [
    {"id": "2", "email": "dina@example.com", "name": "Dina Kozak", "birthday": "2020-09-02T00:00:00Z", "code": "A-1"},
    {"id": "3", "email": "oleh@example.com", "name": "Oleh <Boss> & Co", "birthday": None, "code": "$100#1"},
    {"id": "4", "email": "", "name": "", "birthday": "1999-12-31T00:00:00Z", "code": "#if($x)"},
]


@dataclass(frozen=True)
class Names:
    """A context and its names by kind of value."""

    context: Mapping[str, Any]

    @cached_property
    def as_json(self) -> str:
        return json.dumps(self.context)

    @cached_property
    def by_kind(self) -> dict[str, list[str]]:
        kinds: dict[str, list[str]] = {}
        for name, value in self.context.items():
            kinds.setdefault(kind_of(value), []).append(name)
        return kinds

    @cached_property
    def kind(self) -> dict[str, str]:
        return {name: kind_of(value) for name, value in self.context.items()}

    @cached_property
    def all(self) -> list[str]:
        return list(self.context)


def kind_of(value: object) -> str:
    """The kind of a value of a context."""
    if isinstance(value, list):
        return "rows" if value and all(isinstance(item, dict) for item in value) else "list"
    if isinstance(value, int) and not isinstance(value, bool):
        return "int" if -(2**31) <= value < 2**31 else "long"
    kinds = {str: "text", bool: "bool", float: "double", dict: "map", type(None): "null"}
    return kinds[type(value)]


PLAIN = Names(
    {
        "s": "Hello World", "e": "", "n": 5, "z": 0, "neg": -7, "d": 2.5, "big": 123456789012, "t": True, "f": False,
        "nil": None, "l": ["a", "b", "c"], "el": [], "m": {"k": "v", "x": 1, "y": None}, "em": {},
        "u": "Привіт, Ірино — 你好 🎉", "num": "42", "sp": "  pad  ", "csv": "a,b,,c", "html": "<b>\"q\" & 'a'</b>",
        "dollar": "$s costs #5", "nl": "one\ntwo",
        "data": {
            "promo_codes": CODES, "1043": CODES[:1], "empty": [], "n": 7, "price": 49.99, "flag": True, "off": False,
            "nil": None, "nested": {"a": {"b": {"c": "deep"}}, "list": [1, 2, [3, 4]]},
        },
    }
)  # fmt: skip

PERSON = Names(
    {
        "user": "Petro", "nick": "", "karma": 12, "none": 0, "rate": 4.75, "admin": False, "lost": None,
        "langs": ["uk", "en"], "void": [], "total": 7000000000,
        "pet": {"kind": "cat", "age": 3, "toy": {"name": "ball"}, "chip": None},
    }
)  # fmt: skip

NUMBERS = Names(
    {
        "i": 2147483647, "j": -2147483648, "k": 3, "one": 1, "L": 9223372036854775807, "M": -9223372036854775808,
        "B": 123456789012345678901234567890, "tiny": 1e-5, "huge": 1.0e21, "seven": 1e7, "milli": 0.001, "third": 1 / 3,
        "whole": 100.0, "minus": -0.0, "wild": 1.7976931348623157e308, "t": True, "text": "12", "real": "1.5",
        "list": [1, 2.5, 3000000000, None, True, "x"], "rows": [{"p": 1.1, "q": 2}, {"p": 20, "q": None}],
    }
)  # fmt: skip

TEXTS = Names(
    {
        "t": "The Quick fox", "e": "", "sp": "  x\t", "csv": "red;green;;blue;;", "mail": "Ann.Lee@Corp.test",
        "when": "2023-07-09T08:05:00Z", "num": "15", "k": 3, "emoji": "a😀b🎉", "uk": "Їжак і ґанок", "de": "Straße İı",
        "re": "a.b*c+(d)[e]$1\\x", "lines": "one\r\ntwo\nthree\r", "quote": "it's \"q\" \\ $t #end",
        "w": ["x", "y", "x"],
        "mix": ["10", 9, None, True, [1, "z"], {"a": 1}], "yes": "true", "odd": {"a b": 1, "size": 9, "empty": "E",
        "class": "C", "1": "one", "key": "K", "keySet": "KS", "null": None, "ім": "Ї"},
    }
)  # fmt: skip

CONTEXTS = (PLAIN, PLAIN, PERSON, NUMBERS, TEXTS)
