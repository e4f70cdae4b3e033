"""Methods of Integer and Long."""

from __future__ import annotations

from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.values import Long

INTEGER: dict[str, Method | None] = {
    "intValue()": int,
    "doubleValue()": float,
    "longValue()": Long.of,
    **OBJECT,
}
LONG: dict[str, Method | None] = {**INTEGER}
