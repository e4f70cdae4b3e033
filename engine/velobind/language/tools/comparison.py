"""How far apart two dates are: what `$date.difference`, `whenIs` and `timespan` give back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velobind.language.tools.base import Tool
from velobind.language.tools.calendar import Calendar, month_length
from velobind.language.tools.numbers import long
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method

if TYPE_CHECKING:
    from velobind.language.tools.date import DateTool

# Milliseconds of the units by which a difference is told, a month taken for 30 days and a year for 365.
UNITS = {
    "millisecond": 1,
    "second": 1_000,
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 604_800_000,
    "month": 2_592_000_000,
    "year": 31_536_000_000,
}
_ABBREVIATIONS = {
    "millisecond": "ms", "second": "s", "minute": "min", "hour": "h", "day": "d", "week": "w", "month": "m",
    "year": "y",
}  # fmt: skip
_EXACT_UNITS = ("year", "month", "day", "hour", "minute", "second", "millisecond")
_EXACT_FIELDS = (1, 2, 5, 11, 12, 13, 14)
_WORDS = {
    "after": "later",
    "before": "earlier",
    "equal": "same time",
    "zero": "0 milliseconds",
    "current.after": "away",
    "current.after.day": "tomorrow",
    "current.before": "ago",
    "current.before.day": "yesterday",
    "current.equal": "now",
}
_SHORT_WORDS = {"equal": "same", "zero": "0 ms"}

CURRENT, RELATIVE, DIFFERENCE, EXACT = range(4)


class Comparison(Tool):
    """The time from one calendar to another; as text the largest unit of it, `2 weeks later`."""

    java_name = "org.apache.velocity.tools.generic.ComparisonDateTool$Comparison"
    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, now: Calendar, then: Calendar, kind: int, short: bool = False) -> None:
        self.now, self.then, self.kind = now, then, kind
        self.short = short
        self.millis = then.millis - now.millis
        self._exact: tuple[int, ...] | None = None

    def changed(self, **changes: Any) -> Comparison:
        return Comparison(self.now, self.then, **{"kind": self.kind, "short": self.short, **changes})

    def exact(self) -> tuple[int, ...]:
        """Whole years, months, days, hours, minutes, seconds and milliseconds between the two, by the calendar."""
        if self._exact is None:
            start, end = (self.now, self.then) if self.millis >= 0 else (self.then, self.now)
            one, two = start.moment, end.moment
            before = two.proleptic * 12 + two.month - 2
            most = (0, 12, month_length(*divmod(before, 12)), 24, 60, 60, 1000)
            result, carry = [0] * 7, 0
            for i in range(6, 0, -1):
                difference = two.field(_EXACT_FIELDS[i]) - one.field(_EXACT_FIELDS[i]) - carry
                carry = int(difference < 0)
                result[i] = difference + most[i] if carry else difference
            result[0] = two.field(1) - one.field(1) - carry
            self._exact = tuple(result)
        return self._exact

    def unit(self, name: str) -> int:
        """How many whole units lie between the two, negative where the second comes first."""
        if self.kind == EXACT and name != "week":
            return long(self.exact()[_EXACT_UNITS.index(name)])
        count = abs(self.millis) // UNITS[name]
        return long(-count if self.millis < 0 else count)

    def _word(self, key: str) -> str:
        return _SHORT_WORDS.get(key, _WORDS[key]) if self.short else _WORDS[key]

    def _unit_word(self, unit: str, value: int) -> str:
        return _ABBREVIATIONS[unit] if self.short else unit + ("" if value == 1 else "s")

    def _largest(self) -> str:
        """The largest unit of the time between, alone: the tool counts on one, whatever depth it was asked for."""
        if self.kind == EXACT:
            units = list(zip(_EXACT_UNITS, self.exact(), strict=True))
            unit, value = next(((u, v) for u, v in units if v), ("", 0))
        else:
            unit = max((u for u, size in UNITS.items() if size <= abs(self.millis)), key=UNITS.__getitem__)
            value = abs(self.millis) // UNITS[unit]
        return f"{value} {self._unit_word(unit, value)}" if unit else "null"

    def text(self) -> str:
        if self.millis == 0:
            if self.kind == CURRENT:
                return self._word("current.equal")
            return self._word("equal" if self.kind == RELATIVE else "zero")
        text = self._largest()
        earlier = self.millis < 0
        if self.kind == DIFFERENCE:
            return f"-{text}" if earlier else text
        key = "before" if earlier else "after"
        if self.kind == CURRENT:
            key = f"current.{key}"
            if text == f"1 {self._unit_word('day', 1)}":
                return _WORDS[f"{key}.day"]
        return f"{text} {self._word(key)}"


def _getter(name: str) -> Any:
    return method(("", lambda self: self.unit(name)))


Comparison.velocity_methods = {
    **OBJECT_METHODS,
    "getYears": _getter("year"),
    "getMonths": _getter("month"),
    "getWeeks": _getter("week"),
    "getDays": _getter("day"),
    "getHours": _getter("hour"),
    "getMinutes": _getter("minute"),
    "getSeconds": _getter("second"),
    "getMilliseconds": _getter("millisecond"),
    "getFull": method(("", lambda self: self.changed())),
    "getDifference": method(("", lambda self: self.changed(kind=DIFFERENCE))),
    "getRelative": method(("", lambda self: self.changed(kind=RELATIVE))),
    "getExact": method(("", lambda self: self.changed(kind=RELATIVE))),
    "getAbbr": method(("", lambda self: self.changed(short=True))),
    "abbr": method(("boolean", lambda self, short: self.changed(short=short))),
    "depth": method(("int", lambda self, depth: self.changed())),
    "locale": method(("Locale", lambda self, locale: self.changed())),
}


def _compare(tool: DateTool, now: object, then: object, kind: int) -> Comparison | None:
    from velobind.language.tools.date import to_calendar

    one = to_calendar(tool, "default", now, tool.locale, tool.zone)
    two = to_calendar(tool, "default", then, tool.locale, tool.zone)
    return None if one is None or two is None else Comparison(one, two, kind)


def _whole(size: int) -> Any:
    def divide(tool: object, millis: int) -> int:
        return long(-(-millis // size) if millis < 0 else millis // size)

    return method(("long", divide))


COMPARISON_METHODS: dict[str, Any] = {
    **{f"to{name.title()}s": _whole(size) for name, size in UNITS.items() if size > 1},
    "whenIs": method(
        ("Object", lambda tool, then: _compare(tool, tool.calendar(), then, CURRENT)),
        ("Object, Object", lambda tool, now, then: _compare(tool, now, then, RELATIVE)),
    ),
    "difference": method(("Object, Object", lambda tool, now, then: _compare(tool, now, then, DIFFERENCE))),
    "timespan": method(("Object, Object", lambda tool, now, then: _compare(tool, now, then, EXACT))),
}
