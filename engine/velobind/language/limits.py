"""How much a rendering may take: what stops a template that was written to hurt, or by mistake."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from velobind.errors import LimitExceeded

# What is worth a look at the clock: methods of texts and lists longer than this, and texts that long.
HEAVY = 10_000
WEIGHED = frozenset({str, list, range})


@dataclass(frozen=True, slots=True)
class Limits:
    """Reached, each raises LimitExceeded.

    `output`: characters of the result, and of any text that is made on the way. `turns`: turns of all loops and calls
    of all macros together, #parse and #evaluate included. `range`: numbers in one `[a..b]`. `seconds`: wall-clock time
    of one rendering. `macro_depth` and `parse_depth` are Velocity's own defaults: a macro that goes deeper is an error,
    a `#parse` prints nothing.
    """

    output: int = 10_000_000
    turns: int = 5_000_000
    range: int = 1_000_000
    seconds: float = 30.0
    macro_depth: int = 20
    parse_depth: int = 10
    define_depth: int = 2


class Pace:
    """The limits of one rendering, from the first look on."""

    def __init__(self, limits: Limits) -> None:
        self.turns = limits.turns
        self.output = limits.output
        self.seconds = limits.seconds
        self.deadline = time.monotonic() + limits.seconds
        self.walked = 0  # turns of long loops, which count for themselves
        self.seen = 0
        self.size = 0
        self.pieces: list[str] | None = None

    def check(self, turns: int, pieces: list[str]) -> None:
        """Look at everything. Raises LimitExceeded."""
        if turns + self.walked > self.turns:
            raise LimitExceeded(
                f"the loops and macros took more than {self.turns:,} turns",
                hint="render fewer rows, or raise Limits.turns",
            )
        self.check_time()
        if pieces is not self.pieces:
            self.pieces, self.seen, self.size = pieces, 0, 0
        self.size += sum(map(len, pieces[self.seen :]))
        self.seen = len(pieces)
        if self.size > self.output:
            raise too_much(self.output)

    def check_time(self) -> None:
        """Look at the clock. Raises LimitExceeded."""
        if time.monotonic() > self.deadline:
            raise LimitExceeded(
                f"rendering took more than {self.seconds:g} seconds",
                hint="simplify the template, or raise Limits.seconds",
            )


def too_much(limit: int) -> LimitExceeded:
    return LimitExceeded(
        f"the text grew past {limit:,} characters", hint="look for a loop that repeats too much, or raise Limits.output"
    )


class _Work(threading.local):
    """The pace of this thread's rendering, once it did something heavy; the next rendering begins without one."""

    pace: Pace | None = None


WORK = _Work()


def overdue() -> None:
    """Look at the clock from inside of something heavy. Raises LimitExceeded."""
    if WORK.pace is not None:
        WORK.pace.check_time()


def pace_of(limits: Limits) -> Pace:
    """The pace of this thread's rendering. Renderings that do nothing heavy never ask for one, and pay nothing."""
    if WORK.pace is None:
        WORK.pace = Pace(limits)
    return WORK.pace
