"""How much a rendering may take: what stops a template that was written to hurt, or by mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Reached, each raises LimitExceeded.

    `output`: characters of the result, and of any text that is made on the way. `turns`: turns of all loops and calls
    of all macros together, #parse and #evaluate included. `range`: numbers in one `[a..b]`. `seconds`: wall-clock time
    of one rendering. `macro_depth` and `parse_depth` are Velocity's own defaults: a macro that goes deeper is an error,
    a `#parse` prints nothing.
    """

    output: int = 50_000_000
    turns: int = 5_000_000
    range: int = 100_000_000
    seconds: float = 30.0
    macro_depth: int = 20
    parse_depth: int = 10
    define_depth: int = 2
