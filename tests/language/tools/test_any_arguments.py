"""Whatever a template passes, a tool's method gives a value, has no such overload, or fails as Java would."""

from __future__ import annotations

import contextlib
import datetime
import random
from decimal import Decimal

from velobind.errors import VelobindError
from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.tools import Tool, generic_tools
from velobind.language.values import Array, Character, to_text

VALUES: list[object] = [
    None, 0, 1, -1, 2**31, -(2**63), 10**18, 10**40, 1.5, -0.0, 1e308, float("inf"), float("-inf"), float("nan"),
    Decimal("1.5"), Decimal("1E+5000"), Decimal("NaN"), True, False, "", "a", "5", "-2.5", "1E999", "uk_UA", "0.00",
    "yyyy-MM-dd", "2024-12-30", "a😀b", "\ud800", "'", "{0}", "{0,choice,1#a|2#{0}}", "%s", "%d", "[1]", '{"a":1}',
    "a[0]", "(x)", "a.b", "..", "\x00", "١٢", [], [1, 2], ["b", "a"], [None], [[1]], {}, {"a": 1}, [{"a": 1}, {"a": 2}],
    datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC), datetime.datetime.max, datetime.datetime.min,
    datetime.date(2020, 1, 1), range(1, 4), Array([1, 2], "int"), Array(["a"], "String"), Character("x"), object(),
]  # fmt: skip


def test_no_call_raises_anything_else() -> None:
    draw = random.Random(20240229)
    tools: list[Tool] = list(generic_tools("uk_UA", "Europe/Kyiv").values())
    made: list[Tool] = []
    for _ in range(40_000):
        tool = draw.choice(tools + made)
        method = tool.velocity_methods[draw.choice(sorted(tool.velocity_methods))]
        arguments = [draw.choice(VALUES + made) for _ in range(draw.choice([0, 1, 1, 2, 2, 2, 3, 3, 4]))]
        with contextlib.suppress(NoSuchMethod, MethodFailed, VelobindError):
            value = method(tool, *arguments)
            if isinstance(value, Tool) and len(made) < 100:
                made.append(value)
            if value is not None:
                to_text(value)
