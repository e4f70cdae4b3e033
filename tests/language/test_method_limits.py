"""No method of a value or tool does much work without a look at the clock: once the time is over, each stops soon.

Every method of every class is called here with texts, lists, maps and numbers that a template can make, in a rendering
whose time is over. What counts is how many lines of Python run until the method ends or notices.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest

from velobind import Limits, generic_tools
from velobind.errors import LimitExceeded
from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.limits import MAX_BITS, WORK, Pace
from velobind.language.methods import METHODS
from velobind.language.methods.iterators import FixedWalker, ListIterator, MapWalker, RangeWalker, StreamWalker, Walker
from velobind.language.methods.model import Array, Byte, Character, FixedList, JavaClass, Short, Single
from velobind.language.methods.streams import IntStream, Optional, Stream
from velobind.language.methods.tables import CLASSES, signatures_of
from velobind.language.methods.views import Entry, EntrySet, KeySet, SubList, Values
from velobind.language.tools.base import Tool
from velobind.language.values import BigInteger, Long, to_key

SIZE = 50_000
# Lines of Python for one call: a few for each item or character between two looks, far from one for each of SIZE.
MOST_LINES = 40_000


class Unwatched(BaseException):
    """A method ran on and on."""


def nested(depth: int, item: object = "a") -> list[object]:
    """A short list that holds 2**depth items in all."""
    items: list[object] = [item]
    for _ in range(depth):
        items = [items, items]
    return items


def circle() -> list[object]:
    items: list[object] = ["a"]
    items.append([items])
    return items


NUMBERS: list[object] = list(range(SIZE))
TEXTS = ["7" * SIZE, "ab, " * (SIZE // 4), "é😀" * (SIZE // 2), "{0}%41" * (SIZE // 6), "\\<b>" * (SIZE // 4)]
TEXTS += [" \n" * (SIZE // 2), '[{"a":1},' * (SIZE // 9), "%1$s#,0." * (SIZE // 8)]
LISTS: list[list[object]] = [
    NUMBERS, [[n] for n in NUMBERS], [f"{n}.5" for n in NUMBERS], nested(40), circle(), [NUMBERS] * 500,
    [float(SIZE - n) for n in range(SIZE)], [TEXTS[0]] * SIZE, [TEXTS[2]] * SIZE,
]  # fmt: skip
MAPS: list[dict[object, object]] = [
    {n: [n] for n in NUMBERS},
    {"a": nested(40)},
    {to_key(n + 0.5): n for n in range(SIZE)},
]
LONG_NUMBERS = [
    (1 << MAX_BITS - 10) - 12345,
    Decimal("7" * 19_000),
    Decimal("0." + "3" * 19_000),
    Decimal("1E-999999999"),
]
LONG_NUMBERS += [Decimal("1E999999999")]
COUNTS: list[object] = [0, 2**31 - 1, -1, SIZE, TEXTS[0]]

ARGUMENTS: dict[str, list[Any]] = {
    "int": COUNTS,
    "long": COUNTS,
    "double": [1.5, LONG_NUMBERS[0], TEXTS[0]],
    "float": [1.5, LONG_NUMBERS[0], TEXTS[0]],
    "boolean": [True, TEXTS[0]],
    "char": [Character("x"), "7"],
    "String": [*TEXTS, "x", "", "(x+)+y"],
    "CharSequence": [*TEXTS, "x"],
    "BigInteger": [LONG_NUMBERS[0], 7, TEXTS[0]],
    "BigDecimal": [*LONG_NUMBERS, TEXTS[0]],
    "Object": [*TEXTS[:3], *LISTS, *MAPS, *LONG_NUMBERS],
    "Collection": [*LISTS, range(SIZE), KeySet(MAPS[0])],
    "List": LISTS,
    "Iterable": LISTS,
    "Map": MAPS,
    "Locale": ["en_US", TEXTS[0]],
}


def receivers(kind: type) -> list[object]:
    """Values of a class that are as large as a template can make them, or nearly."""
    entry = Entry(MAPS[0], LISTS[1], nested(40))
    known: dict[type, list[object]] = {
        str: [*TEXTS],
        list: [*LISTS],
        dict: [*MAPS],
        tuple: [tuple(NUMBERS)],
        FixedList: [FixedList(each) for each in LISTS],
        range: [range(SIZE)],
        SubList: [SubList(each, 0, len(each)) for each in LISTS],
        Array: [Array(list(each)) for each in LISTS],
        KeySet: [KeySet(each) for each in MAPS],
        EntrySet: [EntrySet(each) for each in MAPS],
        Values: [Values(each) for each in MAPS],
        Entry: [entry],
        Walker: [Walker(LISTS[1])],
        ListIterator: [ListIterator(LISTS[1])],
        FixedWalker: [FixedWalker(FixedList(NUMBERS))],
        RangeWalker: [RangeWalker(range(SIZE))],
        StreamWalker: [StreamWalker(NUMBERS)],
        MapWalker: [MapWalker(KeySet(MAPS[0]))],
        Stream: [Stream(list(each)) for each in LISTS],
        IntStream: [IntStream(NUMBERS)],
        Optional: [Optional(each) for each in LISTS],
        BigInteger: [LONG_NUMBERS[0]],
        Decimal: [*LONG_NUMBERS[1:]],
        Character: [Character("x")],
        Long: [Long(7)],
        Byte: [Byte(7)],
        Short: [Short(7)],
        Single: [Single(1.5)],
        float: [1.5],
        bool: [True],
        datetime.datetime: [datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)],
        datetime.date: [datetime.date(2026, 1, 2)],
        JavaClass: [JavaClass("java.lang.String")],
    }
    return known.get(kind, [])


def copy_of(value: object) -> object:
    """The same for a call that may change it."""
    if isinstance(value, list):
        return type(value)(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, Stream):
        return type(value)(value.held)
    return value


def lines_of(run: Callable[[], object]) -> int:
    """How many lines a call runs before it ends, as a template's call may end. Raises Unwatched after too many."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        if count > MOST_LINES:
            raise Unwatched
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    except (MethodFailed, NoSuchMethod, LimitExceeded):
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.fixture(autouse=True)
def time_is_over() -> Iterator[None]:
    yield
    WORK.pace = None


def stops(method: Callable[..., object], receiver: object, arguments: list[object]) -> str | None:
    """What is wrong with a call, None where it ends soon."""
    WORK.pace = Pace(Limits(seconds=-1))
    try:
        lines_of(lambda: method(receiver, *arguments))
    except Unwatched:
        return f"runs more than {MOST_LINES:,} lines"
    except Exception as error:
        return f"ends with {type(error).__name__}"
    return None


def warm(method: Callable[..., object], receiver: object, arguments: list[object]) -> None:
    """A first call reads the tables of locales and zones, which has nothing to do with what it is given."""
    with suppress(MethodFailed, NoSuchMethod):
        method(receiver, *arguments)


def name_of(value: object) -> str:
    return f"{type(value).__name__} {value[:12]!r}" if isinstance(value, str) else type(value).__name__


def complaint(name: str, receiver: object, arguments: list[object], wrong: str) -> str:
    return f"{name_of(receiver)}.{name}({', '.join(map(name_of, arguments))}) {wrong}"


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_methods_of_values_look_at_the_clock(kind: type) -> None:
    wrong = []
    given = receivers(kind)
    assert given, "what is a large value of the class?"
    for signature, function in signatures_of(kind).items():
        if function is None or hasattr(function, "needs_function"):
            continue
        name, _, rest = signature.partition("(")
        formals = [f.removesuffix("[]") for f in rest[:-1].split(",") if f]
        pools = [ARGUMENTS.get("Object" if f in ("E", "K", "V", "T") else f, [None]) for f in formals]
        for turn in range(max([len(given), *map(len, pools)])):
            receiver = copy_of(given[turn % len(given)])
            arguments = [pool[(turn + at) % len(pool)] for at, pool in enumerate(pools)]
            found = stops(METHODS[kind][name], receiver, arguments)
            if found is not None:
                wrong.append(complaint(signature, receiver, arguments, found))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", generic_tools())
def test_methods_of_tools_look_at_the_clock(name: str) -> None:
    tool = generic_tools()[name]
    wrong = []
    values: list[object] = [*TEXTS, *LISTS, *MAPS, *LONG_NUMBERS, 7, SIZE]
    for method_name, method in type(tool).velocity_methods.items():
        for count in range(4):
            for small in ("7", 7.5, [7]):
                warm(method, tool, [small] * count)
            for turn in range(len(values) if count else 1):
                arguments = [values[(turn + 3 * at) % len(values)] for at in range(count)]
                receiver = tool.for_render() if isinstance(tool, Tool) else tool
                found = stops(method, receiver, arguments)
                if found is not None:
                    wrong.append(complaint(f"{name}.{method_name}", receiver, arguments, found))
    assert not wrong, "\n".join(wrong)
