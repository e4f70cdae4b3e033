"""How much a rendering may take: what stops a template that was written to hurt, or by mistake."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from velobind.errors import LimitExceeded

# What is worth a look at the clock: methods of texts and lists longer than this, and texts that long.
HEAVY = 10_000
WEIGHED = frozenset({str, list, range})
# Items of a collection between two looks at the clock.
STEP = 256
# The most digits of a number that has no fixed size; more than a few of them are worth a look at the clock.
MAX_DIGITS = 20_000
MAX_BITS = 66_000
MANY_DIGITS = 1_000
# The most items of one list or map.
MAX_ITEMS = 1 << 22
# Characters of a regular expression, of a pattern of numbers or dates, of a property's, locale's or zone's name.
MAX_PATTERN = 10_000
# Characters of a text for #evaluate, and how many of them may be $ or #: compiling them has no eye on the clock.
MAX_EVALUATED = 200_000
MAX_MARKS = 10_000
# So many times the limit of the output may long texts and lists, which may all be kept, make on the way.
MOST_MADE = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """Reached, each raises LimitExceeded.

    `output`: characters of the result, and of any text that is made on the way; long texts and lists on the way may
    make fifty times as many in all, an item counted as eight. `turns`: turns of all loops and calls of all macros
    together, #parse and #evaluate included. `range`: numbers in one `[a..b]`. `seconds`: wall-clock time of one
    rendering; `regex_seconds`: of one regular expression, within that. `macro_depth` and `parse_depth` are Velocity's
    own defaults: a macro that goes deeper is an error, a `#parse` prints nothing.
    """

    output: int = 10_000_000
    turns: int = 5_000_000
    range: int = 1_000_000
    seconds: float = 30.0
    regex_seconds: float = 1.0
    macro_depth: int = 20
    parse_depth: int = 10
    define_depth: int = 2


DEFAULT = Limits()


class Pace:
    """The limits of one rendering, from the first look on."""

    def __init__(self, limits: Limits) -> None:
        self.turns = limits.turns
        self.output = limits.output
        self.seconds = limits.seconds
        self.regex_seconds = limits.regex_seconds
        self.deadline = time.monotonic() + limits.seconds
        self.made = 0  # characters of long texts
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

    def make(self, size: int) -> None:
        """Count a long text, or a list that takes as much. Raises LimitExceeded."""
        self.made += size
        if self.made > MOST_MADE * self.output:
            raise LimitExceeded(
                f"long texts and lists of more than {MOST_MADE * self.output:,} characters were made on the way",
                hint="look for a loop that makes long texts, or raise Limits.output",
            )
        self.check_time()

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
    """The limits of this thread's rendering, and once it did something heavy, its pace; None where none renders."""

    pace: Pace | Limits | None = None


WORK = _Work()


def pace_of(limits: Limits) -> Pace:
    """The pace of this thread's rendering. Renderings that do nothing heavy never ask for one, and pay nothing."""
    pace = WORK.pace
    if not isinstance(pace, Pace):
        pace = WORK.pace = Pace(limits)
    return pace


def _present() -> Pace | None:
    pace = WORK.pace
    if isinstance(pace, Limits):
        pace = WORK.pace = Pace(pace)
    return pace


def overdue() -> None:
    """Look at the clock from inside of something heavy. Raises LimitExceeded."""
    pace = _present()
    if pace is not None:
        pace.check_time()


def watched(items: Sequence[T]) -> Iterable[T]:
    """The items, of many with a look at the clock now and then. Nothing may change them meanwhile."""
    return items if len(items) <= STEP else chain.from_iterable(_parts(items))


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), STEP):
        overdue()
        yield items[at : at + STEP]


def check_size(size: int, what: str) -> None:
    """Whether a text of so many characters may be made, before it is. Raises LimitExceeded; `what` makes it."""
    if size > HEAVY:
        check_growth(size, what)
        pace = _present()
        if pace is not None:
            pace.make(size)


def check_growth(size: int, what: str) -> None:
    """Whether a text that is being made may grow as long as that; it is counted once, by `check_size`."""
    pace = _present()
    output = DEFAULT.output if pace is None else pace.output
    if size > output:
        raise LimitExceeded(
            f"{what} makes a text of more than {output:,} characters", hint="make it shorter, or raise Limits.output"
        )
    overdue()


def check_count(count: int) -> None:
    """Whether a list or map of so many items may be made; one counts as eight characters. Raises LimitExceeded."""
    if count <= HEAVY:
        return
    if count > MAX_ITEMS:
        raise LimitExceeded(f"a list or map of more than {MAX_ITEMS:,} items")
    pace = _present()
    if pace is not None:
        pace.make(8 * count)


def check_pattern(pattern: str, what: str) -> None:
    """Whether a pattern or name may be so long; taking one apart is worth a look at the clock. Raises LimitExceeded."""
    if len(pattern) > MAX_PATTERN:
        raise LimitExceeded(f"{what} of more than {MAX_PATTERN:,} characters")
    if len(pattern) > STEP:
        overdue()


def check_template(text: str) -> None:
    """Whether a text may be compiled while a template renders. Raises LimitExceeded."""
    if len(text) <= STEP:
        return
    if len(text) > MAX_EVALUATED:
        raise LimitExceeded(f"a text of more than {MAX_EVALUATED:,} characters is evaluated")
    if text.count("$") + text.count("#") > MAX_MARKS:
        raise LimitExceeded(f"a text with more than {MAX_MARKS:,} references and directives is evaluated")
    overdue()


def check_digits(count: int) -> None:
    """Whether a number of so many digits may be worked on or made. Raises LimitExceeded."""
    if count > MAX_DIGITS:
        raise LimitExceeded(f"a number of more than {MAX_DIGITS:,} digits", hint="use shorter numbers")
    if count > MANY_DIGITS:
        overdue()


def check_bits(count: int) -> None:
    """The same by binary digits."""
    if count > MAX_BITS:
        check_digits(MAX_DIGITS + 1)
    if count > MANY_DIGITS:
        overdue()


def regex_deadline() -> tuple[float, float]:
    """When a regular expression that begins now must be done, by the monotonic clock, and how many seconds it has."""
    pace = _present()
    now = time.monotonic()
    if pace is None:
        return now + DEFAULT.regex_seconds, DEFAULT.regex_seconds
    return min(now + pace.regex_seconds, pace.deadline), pace.regex_seconds
