"""What an operator says of a contact's value, in Python: for contacts that do not come from a table.

Values are text. Numbers compare as numbers, dates by the day that the text begins with, other text by code points and
in its letter case. Of a missing value only `is_empty`, `not_equals` and `not_in` can hold.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from velobind.binding.conditions import Day, as_date, operand_of, text_of, utc
from velobind.binding.conditions import operator as operator_of
from velobind.binding.settings import Condition

NUMBER = re.compile(r"[ \t]*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[ \t]*")
DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
MOMENT = re.compile(DATE.pattern + r"(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?Z?)?")

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "greater": operator.gt,
    "greater_or_equal": operator.ge,
    "less": operator.lt,
    "less_or_equal": operator.le,
}

# Infinite dates of PostgreSQL stand beyond every day's text.
_INFINITE = {"infinity": "~", "-infinity": "!"}


def holds(condition: Condition, value: object, day: Day, *, fold: bool = False, zoned: bool = False) -> bool:
    """Whether the leaf holds of `value` (text, None, or a nested value).

    `fold`: letter case does not count, as for e-mail addresses. `zoned`: the text is that of a `timestamptz`, whose day
    is the one in the time zone of `day`.
    """
    name, operand = operator_of(condition)
    text = None if value is None else text_of(value)
    if text is not None and fold:
        text = text.lower()
    if name == "is_empty":
        return (text is None or text == "") is bool(operand)
    if name == "not_equals":
        return text is None or not _equal(text, operand, day, fold, zoned)
    if name in {"in_", "not_in"}:
        found = text is not None and any(_equal(text, item, day, fold, zoned) for item in operand)
        return found is (name == "in_")
    if text is None:
        return False
    if name == "equals":
        return _equal(text, operand, day, fold, zoned)
    if name in {"contains", "starts_with", "ends_with"}:
        wanted = operand.lower() if fold else operand
        return wanted in text if name == "contains" else bool(getattr(text, name.replace("_", ""))(wanted))
    if name == "between":
        low, high = operand
        return _ordered("greater_or_equal", text, low, day, zoned) and _ordered("less_or_equal", text, high, day, zoned)
    if name in COMPARISONS:
        return _ordered(name, text, operand, day, zoned)
    if name in {"before", "after"}:
        return _ordered("less" if name == "before" else "greater", text, as_date(operand), day, zoned)
    return _day_holds(name, operand, _day_of(text, day, zoned), day)


def _equal(text: str, operand: Any, day: Day, fold: bool, zoned: bool) -> bool:
    operand = operand_of(operand)
    if isinstance(operand, bool | str):
        wanted = text_of(operand)
        return text == (wanted.lower() if fold else wanted)
    left, right = _sides(text, operand, day, zoned)
    return left is not None and left == right


def _ordered(name: str, text: str, operand: Any, day: Day, zoned: bool) -> bool:
    left, right = _sides(text, operand_of(operand), day, zoned)
    return left is not None and COMPARISONS[name](left, right)


def _sides(text: str, operand: Any, day: Day, zoned: bool) -> tuple[Any, Any]:
    """The value and the operand as they compare; the first is None where the value is of another sort."""
    if isinstance(operand, dt.datetime):
        return _moment(text), utc(operand).isoformat()
    if isinstance(operand, dt.date):
        return _day_of(text, day, zoned), operand.isoformat()
    if isinstance(operand, int | float):
        return (Decimal(text.strip(" \t")) if NUMBER.fullmatch(text) else None), Decimal(text_of(operand))
    return text, operand


def _day_of(text: str, day: Day, zoned: bool) -> str | None:
    """The day that a text begins with, or, for a `timestamptz`, the moment's day in the time zone."""
    if not DATE.match(text):
        return _INFINITE.get(text)
    if zoned and len(text) > 10:
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return text[:10]
        return moment.astimezone(day.zone).date().isoformat()
    return text[:10]


def _moment(text: str) -> str | None:
    """A date or a moment in UTC as text that sorts: `2026-01-31T10:00:00.5`."""
    if not MOMENT.fullmatch(text):
        return _INFINITE.get(text)
    return text[:10] + "T00:00:00" if len(text) == 10 else text.replace(" ", "T").removesuffix("Z")


def _day_holds(name: str, operand: Any, value: str | None, day: Day) -> bool:
    if value is None:
        return False
    if name == "within_last_days":
        return (day.date - dt.timedelta(days=operand)).isoformat() <= value <= day.date.isoformat()
    if name == "within_next_days":
        return day.date.isoformat() <= value <= (day.date + dt.timedelta(days=operand)).isoformat()
    return value[5:10] in day.anniversaries(operand if name == "anniversary_in_days" else 0)
