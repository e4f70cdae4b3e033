"""What compiled templates call: the helpers of `expressions` and `compiler`, bound to one environment.

`names(environment)` gives them as the globals of compiled code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from velobind.errors import LimitExceeded
from velobind.language import operators
from velobind.language.faults import NoSuchMethod
from velobind.language.limits import HEAVY, WEIGHED, Pace, check_size, pace_of, too_much
from velobind.language.merge_tags import field_of
from velobind.language.methods.iterators import iterator_of, walk, walk_list
from velobind.language.scopes import Block, ForeachScope, Write
from velobind.language.signals import BreakSignal, StopSignal
from velobind.language.tools.base import LiveItems
from velobind.language.values import NULL_TEXT, Array, JavaCollection, to_key, to_text

if TYPE_CHECKING:
    from velobind.language.environment import Environment

# Turns of loops before the limits are looked at for the first time, and between two looks.
FIRST_LOOK = 1024
BETWEEN_LOOKS = 1024
# Turns of a long loop between two looks.
STRIDE = 256


class RenderFailure(Exception):
    """Velocity stops here, without a method having failed: `message` is a sentence."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def helpers(environment: Environment) -> dict[str, Any]:
    """The globals of compiled code."""
    limits = environment.limits
    uberspect = environment.uberspect
    uber_call, uber_get, uber_index = uberspect.call, uberspect.get, uberspect.get_index
    text_limit = limits.output
    long = min(HEAVY, text_limit)

    def call(receiver: object, name: str, arguments: tuple[object, ...]) -> object:
        if receiver is None:
            return None
        heavy = (receiver.__class__ in WEIGHED and len(receiver) > HEAVY) or (
            arguments and arguments[0].__class__ in WEIGHED and len(arguments[0]) > HEAVY
        )
        if heavy:
            return heavy_call(receiver, name, arguments)
        try:
            return uber_call(receiver, name, arguments)
        except NoSuchMethod:
            return None

    def heavy_call(receiver: object, name: str, arguments: tuple[object, ...]) -> object:
        """A call on something long: the clock runs from here on, and is looked at when it is done."""
        pace = pace_of(limits)
        made = pace.made
        try:
            result = uber_call(receiver, name, arguments)
        except NoSuchMethod:
            return None
        finally:
            pace.check_time()
        if isinstance(result, str) and isinstance(receiver, str) and len(result) > HEAVY and pace.made == made:
            pace.make(len(result))
        return result

    def get(receiver: object, name: str) -> object:
        if receiver is None:
            return None
        try:
            return uber_get(receiver, name)
        except NoSuchMethod:
            return None

    def get_index(receiver: object, index: object) -> object:
        if receiver is None:
            return None
        try:
            return uber_index(receiver, index)
        except NoSuchMethod:
            return None

    def set_property(receiver: object, name: str, value: object) -> None:
        with suppress(NoSuchMethod):
            uberspect.set(receiver, name, value)

    def set_index(receiver: object, index: object, value: object) -> None:
        with suppress(NoSuchMethod):
            uberspect.set_index(receiver, index, value)

    def loop_items(value: object) -> Sequence[object] | LiveItems:
        """What #foreach walks: nothing for null and for what can't be walked."""
        if value is None:
            return ()
        if type(value) is range:
            return value
        walked = uberspect.iterate(value)
        if walked is None:
            return ()
        if isinstance(walked, LiveItems):
            return walked
        items = []
        for item in walked:
            items.append(item)
            if len(items) > limits.turns:
                raise LimitExceeded(f"a loop walks more than {limits.turns:,} items", hint="raise Limits.turns")
        return items

    def paced(items: Any, write: Any, pace: Pace) -> Iterator[object]:
        """The items of a long loop, with a look at the limits now and then."""
        pieces = write.__self__
        if items.__class__ in WEIGHED:
            return chain.from_iterable(in_strides(items, pieces, pace))
        return one_by_one(items, pieces, pace)

    def in_strides(items: Any, pieces: list[str], pace: Pace) -> Iterator[Any]:
        for at in range(0, len(items), STRIDE):
            pace.walked += STRIDE
            pace.check(0, pieces)
            yield items[at : at + STRIDE]

    def one_by_one(items: Any, pieces: list[str], pace: Pace) -> Iterator[object]:
        """Items that may change on the way."""
        for turn, item in enumerate(items):
            if not turn & (STRIDE - 1):
                pace.walked += STRIDE
                pace.check(0, pieces)
            yield item

    def checked(items: Any, owner: object, write: Any) -> Iterator[object]:
        """The items of a loop whose body may change what it walks: one by one, in the way of Java's iterators.

        `owner` is what the template walks, and `items` what `loop_items` made of it.
        """
        if isinstance(items, LiveItems):
            return paced(items, write, pace_of(limits))
        if items is owner and type(owner) is list:
            return walk_list(owner)
        if isinstance(owner, dict | JavaCollection | Array):
            return walk(iterator_of(owner))
        return iter(items)

    def look(pace: Pace | None, turns: int, write: Any) -> tuple[int, Pace]:
        if pace is None:
            pace = pace_of(limits)
        pace.check(turns, write.__self__)
        return turns + BETWEEN_LOOKS, pace

    def quiet(value: object) -> str:
        """The text of a value, nothing for null."""
        return shown(value, "")

    def shown(value: object, source: str) -> str:
        """The text of a value, the reference's own source for null."""
        if value is None:
            return source
        text = to_text(value)
        if text is NULL_TEXT:
            return source
        if len(text) > HEAVY:
            pace_of(limits).check_time()
        return text

    def escaped(value: object) -> str:
        """The text of a value as HTML text."""
        if value is None:
            return ""
        text = str(escape(value if hasattr(value, "__html__") else quiet(value)))
        return text if len(text) < long else long_text(text)

    def escaped_or(value: object, source: str) -> str:
        return source if value is None else escaped(value)

    def insert(write: Write, value: object, source: str) -> None:
        """Write a value, or have a block write itself."""
        if value.__class__ is str:
            write(value)
            if len(value) >= long:
                pace_of(limits).check(0, write.__self__)  # type: ignore[attr-defined]
        elif isinstance(value, Block):
            if not value.render(write):
                write(source)
        else:
            write(shown(value, source))

    def insert_escaped(write: Write, value: object, source: str) -> None:
        if isinstance(value, Block):
            insert(write, value, source)
        else:
            write(escaped_or(value, source))

    def make_range(low: object, high: object) -> object:
        made = operators.make_range(low, high)
        if made is not None and len(made) > limits.range:
            raise LimitExceeded(
                f"[{made[0]}..{made[-1]}] holds {len(made):,} numbers, more than {limits.range:,}",
                hint="use a shorter range, or raise Limits.range",
            )
        return made

    def add(left: object, right: object, left_source: str | None = None, right_source: str | None = None) -> object:
        made = operators.add(left, right, left_source or "null", right_source or "null")
        return long_text(made) if made.__class__ is str and len(made) >= long else made

    def long_text(text: str) -> str:
        """A text that was made on the way, if it may be so long."""
        if len(text) > text_limit:
            raise too_much(text_limit)
        pace_of(limits)
        check_size(len(text), "the template")
        return text

    def write_long(write: Any, text: str) -> None:
        write(text)
        pace_of(limits).check(0, write.__self__)

    def text_of(pieces: list[str]) -> str:
        """The text of a string that holds directives."""
        if sum(map(len, pieces)) > text_limit:
            raise too_much(text_limit)
        text = "".join(pieces)
        return text if len(text) < long else long_text(text)

    def macro_overflow(name: str) -> None:
        raise RenderFailure(
            f"#{name} calls itself more than {limits.macro_depth} macros deep",
            "let an #if end it sooner, or raise Limits.macro_depth",
        )

    def include(write: Write, argument: object, position: int) -> None:
        """A text as it is; Velocity's own words for null."""
        if argument is None:
            write(f"null error with arg {position} please see log. null")
        else:
            write(environment.get_source(to_text(argument)))

    return {
        "include": include,
        "__builtins__": {"int": int, "str": str, "dict": dict, "list": list, "len": len, "enumerate": enumerate},
        "call": call,
        "get": get,
        "get_index": get_index,
        "set_property": set_property,
        "set_index": set_index,
        "loop_items": loop_items,
        "paced": paced,
        "checked": checked,
        "look": look,
        "quiet": quiet,
        "shown": shown,
        "escaped": escaped,
        "escaped_or": escaped_or,
        "insert": insert,
        "insert_escaped": insert_escaped,
        "make_range": make_range,
        "add": add,
        "long_text": long_text,
        "write_long": write_long,
        "text_of": text_of,
        "macro_overflow": macro_overflow,
        "LONG_TEXT": long,
        "MACRO_DEPTH": limits.macro_depth,
        "DEFINE_DEPTH": limits.define_depth,
        "FIRST_LOOK": FIRST_LOOK,
        **_SHARED,
    }


def make_map(*pairs: tuple[object, object]) -> dict[object, object]:
    return {to_key(key): value for key, value in pairs}


def differs(left: object, right: object) -> bool:
    return not operators.equals(left, right)


def strict_math(
    operation: Callable[..., object], left: object, right: object, left_unnamed: bool, right_unnamed: bool
) -> object:
    """An operation, one of whose sides Velocity could not name in a complaint: there it fails instead."""
    if operation.__name__ == "add" and (isinstance(left, str) or isinstance(right, str)):
        wrong = (left is None and left_unnamed) or (right is None and right_unnamed)
    elif operators.as_number(left) is None:
        wrong = left_unnamed
    else:
        wrong = operators.as_number(right) is None and right_unnamed
    if wrong:
        raise RenderFailure("an operation without a value is used in another operation")
    return operation(left, right)


def strict_comparison(
    operation: Callable[..., object], left: object, right: object, left_unnamed: bool, right_unnamed: bool
) -> object:
    if (left is None and left_unnamed) or (left is not None and right is None and right_unnamed):
        raise RenderFailure("an operation without a value is compared")
    return operation(left, right)


def strict_negate(value: object) -> object:
    if operators.as_number(value) is None:
        raise RenderFailure("an operation without a value is negated")
    return operators.negate(value)


def bad_argument(word: str, macro: str) -> None:
    raise RenderFailure(f"{word!r} is no argument for #{macro}: give a reference, a text or a number")


def bad_include() -> None:
    raise RenderFailure("#include takes texts and references")


def break_scope(scope: object) -> None:
    if not isinstance(scope, ForeachScope):
        raise RenderFailure("#break takes a scope such as $foreach or $foreach.parent")
    raise BreakSignal(scope)


_SHARED: dict[str, Callable[..., Any]] = {
    "make_map": make_map,
    "field_of": field_of,
    "strict_math": strict_math,
    "strict_comparison": strict_comparison,
    "strict_negate": strict_negate,
    "bad_argument": bad_argument,
    "bad_include": bad_include,
    "break_scope": break_scope,
    "sub": operators.sub,
    "mul": operators.mul,
    "div": operators.div,
    "mod": operators.mod,
    "negate": operators.negate,
    "equals": operators.equals,
    "differs": differs,
    "less": operators.less,
    "less_equal": operators.less_equal,
    "greater": operators.greater,
    "greater_equal": operators.greater_equal,
    "BreakSignal": BreakSignal,
    "StopSignal": StopSignal,
    "ForeachScope": ForeachScope,
    "Block": Block,
}
