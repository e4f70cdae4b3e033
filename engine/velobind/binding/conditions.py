"""The conditions of a segment as they are written: whether they are well formed, what they name, what their day is.

What an operator means is in `matching` (Python, for contacts of a file) and in `predicates` (PostgreSQL); both give the
same answer for the same value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from velobind.binding.settings import Condition
from velobind.binding.text import plain, storable

OPERATORS = (
    "equals",
    "not_equals",
    "in_",
    "not_in",
    "contains",
    "starts_with",
    "ends_with",
    "greater",
    "greater_or_equal",
    "less",
    "less_or_equal",
    "between",
    "is_empty",
    "before",
    "after",
    "within_last_days",
    "within_next_days",
    "anniversary_today",
    "anniversary_in_days",
)
_TEXT = frozenset({"contains", "starts_with", "ends_with"})
_ORDER = frozenset({"greater", "greater_or_equal", "less", "less_or_equal"})
_DATES = frozenset({"before", "after"})
_DAYS = frozenset({"within_last_days", "within_next_days", "anniversary_in_days"})


class WrongCondition(Exception):
    """A condition that says nothing or too much: `key` within it, `message`, `hint`."""

    def __init__(self, message: str, *key: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.key = key
        self.hint = hint


@dataclass(frozen=True)
class Day:
    """The day that «today» is, and the time zone in which moments become days."""

    date: dt.date
    zone: ZoneInfo

    def anniversaries(self, ahead: int = 0) -> list[str]:
        """The `MM-DD` whose anniversary falls on the day that is `ahead` days from here.

        29 February falls on the 28th where the year has no 29th.
        """
        day = self.date + dt.timedelta(days=ahead)
        found = [day.strftime("%m-%d")]
        if found == ["02-28"] and (day + dt.timedelta(days=1)).month == 3:
            found.append("02-29")
        return found


def operator(condition: Condition) -> tuple[str, Any]:
    """The operator of a leaf (a field's name in `Condition`) and its operand."""
    name = next(name for name in OPERATORS if getattr(condition, name) is not None)
    return name, getattr(condition, name)


def children(condition: Condition) -> Iterator[Condition]:
    """The conditions of a group."""
    yield from condition.all or ()
    yield from condition.any or ()
    if condition.not_ is not None:
        yield condition.not_


def sources_of(conditions: Iterable[Condition]) -> list[str]:
    """The sources that conditions name, each once, in their order."""
    found: dict[str, None] = {}
    for condition in conditions:
        if condition.source is not None:
            found[condition.source] = None
        found.update(dict.fromkeys(sources_of(children(condition))))
    return list(found)


def check(condition: Condition, inside: str | None = None) -> None:
    """Raise WrongCondition unless the condition is well formed. `inside` is the source whose rows a group speaks of."""
    groups = [name for name in ("all", "any", "not_") if getattr(condition, name) is not None]
    named = [name for name in OPERATORS if getattr(condition, name) is not None]
    counts = condition.at_least is not None or condition.at_most is not None
    if len(groups) > 1:
        raise WrongCondition("a condition has one of `all`, `any` and `not`", hint="nest one group in the other")
    if len(named) > 1:
        words = " and ".join(f"`{_word(name)}`" for name in named)
        raise WrongCondition(f"a condition has one operator, here stand {words}", hint="write two conditions")
    if inside is not None and (condition.source is not None or condition.field is not None):
        word = "source" if condition.source is not None else "field"
        raise WrongCondition(
            f"inside a group of the source `{inside}` a condition names only a `column`",
            word,
            hint="move it out of the group",
        )
    if counts and (condition.source is None or inside is not None):
        raise WrongCondition("`at_least` and `at_most` count rows of a `source`", "at_least")
    if groups or (condition.source is not None and counts and condition.column is None):
        _check_group(condition, groups, named, inside)
    else:
        _check_leaf(condition, named, inside)
    for word in ("at_least", "at_most"):
        if (getattr(condition, word) or 0) < 0:
            raise WrongCondition("a count is 0 or above", word)


def _check_group(condition: Condition, groups: list[str], named: list[str], inside: str | None) -> None:
    if named or condition.column is not None or condition.field is not None:
        raise WrongCondition("a group has no operator of its own", hint="put it into the group as a condition")
    for group in groups:
        value = getattr(condition, group)
        for number, child in enumerate(value if isinstance(value, tuple) else [value]):
            try:
                check(child, condition.source or inside)
            except WrongCondition as wrong:
                here = _word(group) if not isinstance(value, tuple) else f"{group}[{number}]"
                raise WrongCondition(wrong.message, here, *wrong.key, hint=wrong.hint) from None


def _check_leaf(condition: Condition, named: list[str], inside: str | None) -> None:
    if condition.field is None and condition.column is None:
        if condition.source is not None:
            raise WrongCondition(
                "a condition on a source names a `column`",
                hint='as { source = "orders", column = "status", equals = "DELIVERED" }',
            )
        raise WrongCondition(
            "a condition names a `field`, or a `source` and a `column`", hint='as { field = "city", equals = "Kyiv" }'
        )
    if condition.field is not None and (condition.column is not None or condition.source is not None):
        raise WrongCondition("a condition is about a contact's `field` or about a `column`", "field")
    if condition.column is not None and condition.source is None and inside is None:
        raise WrongCondition("a `column` needs its `source`", "column", hint="add `source`, or write `field`")
    if not named:
        raise WrongCondition(
            "a condition needs an operator", hint="one of " + ", ".join(_word(name) for name in OPERATORS)
        )
    name, operand = operator(condition)
    _check_operand(name, operand)


def _check_operand(name: str, operand: Any) -> None:
    word = _word(name)
    items = operand if name in {"in_", "not_in", "between"} else (operand,)
    for item in items:
        if isinstance(item, list | dict | dt.time):
            raise WrongCondition("expected text, a number, true or false, or a date", word)
        if isinstance(item, str) and not storable(item):
            raise WrongCondition("the text holds a character that PostgreSQL cannot store", word)
    if name == "anniversary_today" and operand is not True:
        raise WrongCondition("is true or left out", word, hint="as `not = { ..., anniversary_today = true }`")
    if name in _DAYS and operand < (0 if name == "anniversary_in_days" else 1):
        raise WrongCondition("a number of days is above 0", word)
    if name in _ORDER | {"between"} and any(isinstance(item, bool) for item in items):
        raise WrongCondition("true and false have no order", word, hint="use `equals`")
    if name == "between" and len({_sort(item) for item in items}) > 1:
        raise WrongCondition("both ends are numbers, or both are dates, or both are text", word)
    if name in _DATES and as_date(operand) is None:
        raise WrongCondition(
            "expected a date", word, hint=f"as `{word} = 2026-01-31`, or a date and time with its offset"
        )


def _sort(item: object) -> str:
    return "number" if isinstance(item, int | float) else "date" if isinstance(item, dt.date) else "text"


def _word(name: str) -> str:
    return name.removesuffix("_")


def as_date(value: object) -> dt.date | dt.datetime | None:
    """A date or a moment out of an operand: TOML's own, or ISO-8601 text. None where it is neither."""
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


def operand_of(value: Any) -> Any:
    """An operand as it compares: text that is an ISO-8601 date counts as the date, everything else as itself."""
    if isinstance(value, str) and len(value) == 10:
        return as_date(value) or value
    return value


def text_of(value: object) -> str:
    """An operand as the text that a message would get for it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain(repr(value)).removesuffix(".0")
    return str(value)


def utc(moment: dt.datetime) -> dt.datetime:
    """A moment in UTC without its offset; one without an offset is in UTC already, as `timestamp` columns are."""
    return moment if moment.tzinfo is None else moment.astimezone(dt.UTC).replace(tzinfo=None)
