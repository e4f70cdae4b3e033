"""`$date`: dates as text and text as dates, in a locale and a time zone, and how far apart two dates are."""

from __future__ import annotations

import datetime
import time
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from velobind.language.faults import MethodFailed
from velobind.language.tools.base import Tool
from velobind.language.tools.calendar import CONSTANTS, AnyDate, Calendar, Date, date_of, millis_of
from velobind.language.tools.calendar_methods import CALENDAR_METHODS, DATE_METHODS
from velobind.language.tools.comparison import COMPARISON_METHODS
from velobind.language.tools.configured import FORMAT_METHODS
from velobind.language.tools.date_format import DateFormat, named_format, style_format, style_of
from velobind.language.tools.date_parse import parse_date
from velobind.language.tools.locales import Locale
from velobind.language.tools.numbers import is_number, long, long_value
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method, of_two
from velobind.language.tools.zones import TimeZone
from velobind.language.values import to_text

_DATES = (datetime.date, Date)
_TEXT = frozenset((str,))
_WRITTEN = frozenset((str, int, float, datetime.datetime, datetime.date))


class DateTool(Tool):
    """`$date`: knows the time, a locale and a time zone."""

    java_name = "org.apache.velocity.tools.generic.ComparisonDateTool"

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, locale: Locale, zone: TimeZone) -> None:
        self.locale = locale
        self.zone = zone
        self.form = lru_cache(maxsize=256)(lambda style: named_format(style, locale, zone, locale))

    def text(self) -> str:
        return self.format("default", self.now()) or ""

    def now(self) -> AnyDate:
        return date_of(int(time.time() * 1000), self.zone)

    def calendar(self) -> Calendar:
        return Calendar(int(time.time() * 1000), self.zone, self.locale)

    def format(self, style: str | None, value: object) -> str | None:
        return _written(self, None if style is None else self.form(style), value)


def plain_date(value: object, zone: TimeZone) -> AnyDate | None:
    """What is a date already: a date, a calendar, or a number of milliseconds; None for anything else."""
    if type(value) is str:
        return None
    if isinstance(value, _DATES):
        return value
    if isinstance(value, Calendar):
        return date_of(value.millis, zone)
    return date_of(long_value(value), zone) if is_number(value) else None


def to_date(
    tool: DateTool, style: str | None, value: object, locale: Locale | None, zone: TimeZone | None
) -> AnyDate | None:
    """`ConversionUtils.toDate`: a date, or the one that the text says in the format; None where it says none."""
    found = plain_date(value, tool.zone)
    return found if found is not None else parse(to_text(value), style, locale, zone, tool)


def read_date(tool: DateTool, style: str, value: object) -> AnyDate | None:
    """`to_date` in the tool's own locale and zone."""
    found = plain_date(value, tool.zone)
    if found is not None:
        return found
    try:
        return _parsed(tool.form(style), to_text(value), tool.zone)
    except MethodFailed:
        return None


def _parsed(form: DateFormat | None, text: str, zone: TimeZone) -> AnyDate | None:
    millis = None if form is None else parse_date(form, text)
    return None if millis is None else date_of(millis, zone)


class Zoned(Protocol):
    """A tool that has a locale and a time zone of its own."""

    locale: Locale
    zone: TimeZone


def parse(text: str, style: str | None, locale: Locale | None, zone: TimeZone | None, tool: Zoned) -> AnyDate | None:
    """The date at the start of the text, None where there is none or the format is malformed."""
    if style is None or zone is None:
        return None
    try:
        return _parsed(named_format(style, locale, zone, tool.locale), text, tool.zone)
    except MethodFailed:
        return None


def _written(tool: DateTool, form: DateFormat | None, value: object) -> str | None:
    date = read_date(tool, "default", value)
    return None if date is None or form is None else form.format(millis_of(date))


def _zone(zone: TimeZone | None) -> TimeZone:
    if zone is None:
        raise MethodFailed("java.lang.NullPointerException")
    return zone


def _form(tool: DateTool, style: str | None, locale: Locale | None, zone: TimeZone | None) -> DateFormat | None:
    return None if style is None else named_format(style, locale, _zone(zone), tool.locale)


def _styled(
    tool: DateTool, date: str | None, clock: str | None, locale: Locale | None, zone: TimeZone | None
) -> DateFormat | None:
    if date is None or clock is None:
        raise MethodFailed("java.lang.NullPointerException")
    return style_format(style_of(date), style_of(clock), locale, _zone(zone), tool.locale)


def _format(
    tool: DateTool, style: str | None, value: object, locale: Locale | None, zone: TimeZone | None
) -> str | None:
    return _written(tool, _form(tool, style, locale, zone), value)


def _format_styles(
    tool: DateTool, date: str | None, clock: str | None, value: object, locale: Locale | None, zone: TimeZone | None
) -> str | None:
    return _written(tool, _styled(tool, date, clock, locale, zone), value)


def to_calendar(
    tool: DateTool, style: str | None, value: object, locale: Locale | None, zone: TimeZone | None
) -> Calendar | None:
    """`DateTool.toCalendar`: the calendar itself, or one in the machine's zone of what is a date."""
    if value is None or isinstance(value, Calendar):
        return value
    date = to_date(tool, style, value, locale, zone)
    return None if date is None else Calendar(millis_of(date), tool.zone, locale or tool.locale)


def _value(tool: DateTool, field: object, date: object) -> int | None:
    if field is None:
        return None
    number = CONSTANTS.get(to_text(field).upper())
    return None if number is None else _value_of(tool, number, date)


def _value_of(tool: DateTool, field: int, date: object) -> int | None:
    calendar = to_calendar(tool, "default", date, tool.locale, tool.zone)
    return None if calendar is None else calendar.moment.field(field)


def _field(number: int) -> Any:
    return method(
        ("", lambda tool: _value_of(tool, number, tool.calendar())),
        ("Object", lambda tool, date: _value_of(tool, number, date)),
    )


class DateFormatValue(Tool):
    """A `java.text.DateFormat` that a template holds."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, form: DateFormat) -> None:
        self.form = form

    def text(self) -> str:
        return "java.text.SimpleDateFormat@ef736ccd"


def _format_value(self: DateFormatValue, value: object) -> str:
    date = plain_date(value, self.form.zone)
    if date is None:
        raise MethodFailed("java.lang.IllegalArgumentException", "Cannot format given Object as a Date")
    return self.form.format(millis_of(date))


def _value_or_none(form: DateFormat | None) -> DateFormatValue | None:
    return None if form is None else DateFormatValue(form)


def _localized(tool: DateTool, style: str | None, locale: Locale | None) -> str | None:
    form = _form(tool, style, locale, tool.zone)
    if form is None:
        raise MethodFailed("java.lang.NullPointerException")
    return None if form.zone_id else form.pattern


Calendar.velocity_methods = CALENDAR_METHODS
Date.velocity_methods = DATE_METHODS
DateFormatValue.velocity_methods = {
    **OBJECT_METHODS,
    "format": method(("Object", _format_value)),
    "toPattern": method(("", lambda self: self.form.pattern)),
    "toLocalizedPattern": method(("", lambda self: self.form.pattern)),
}
DateTool.velocity_methods = {
    **FORMAT_METHODS,
    "getSystemTime": method(("", lambda tool: long(millis_of(tool.now())))),
    "getSystemDate": method(("", DateTool.now)),
    "getSystemCalendar": method(("", DateTool.calendar)),
    "getTimeZone": method(("", lambda tool: tool.zone)),
    "getDate": method(("", DateTool.now)),
    "getCalendar": method(("", DateTool.calendar)),
    "getYear": _field(1),
    "getMonth": _field(2),
    "getDay": _field(5),
    "getValue": method(
        ("Object", lambda tool, field: _value(tool, field, tool.calendar())),
        ("Object, Object", _value),
        ("int, Object", _value_of),
    ),
    "get": method(
        ("String", lambda tool, style: tool.format(style, tool.now())),
        ("String, String", lambda t, date, clock: _format_styles(t, date, clock, t.now(), t.locale, t.zone)),
    ),
    "format": of_two(
        method(
            ("Object", lambda tool, value: tool.format("default", value)),
            ("String, Object", DateTool.format),
            ("String, Object, Locale", lambda t, style, value, locale: _format(t, style, value, locale, t.zone)),
            ("String, Object, Locale, TimeZone", _format),
            ("String, String, Object", lambda t, date, clock, v: _format_styles(t, date, clock, v, t.locale, t.zone)),
            (
                "String, String, Object, Locale",
                lambda t, date, clock, v, locale: _format_styles(t, date, clock, v, locale, t.zone),
            ),
            ("String, String, Object, Locale, TimeZone", _format_styles),
        ),
        _TEXT,
        _WRITTEN,
        DateTool.format,
    ),
    "getDateFormat": method(
        ("String, Locale, TimeZone", lambda t, style, locale, zone: _value_or_none(_form(t, style, locale, zone))),
        (
            "String, String, Locale, TimeZone",
            lambda t, date, clock, locale, zone: _value_or_none(_styled(t, date, clock, locale, zone)),
        ),
    ),
    "toDate": of_two(
        method(
            ("Object", lambda t, value: to_date(t, "default", value, t.locale, t.zone)),
            ("Object, Locale", lambda t, value, locale: to_date(t, "default", value, locale, t.zone)),
            ("Object, Locale, TimeZone", lambda t, value, locale, zone: to_date(t, "default", value, locale, t.zone)),
            ("String, Object", lambda t, style, value: to_date(t, style, value, t.locale, t.zone)),
            ("String, Object, Locale", lambda t, style, value, locale: to_date(t, style, value, locale, t.zone)),
            ("String, Object, Locale, TimeZone", to_date),
        ),
        _TEXT,
        _TEXT,
        read_date,
    ),
    "toCalendar": method(
        ("Object", lambda t, value: to_calendar(t, "default", value, t.locale, t.zone)),
        ("Object, Locale", lambda t, value, locale: to_calendar(t, "default", value, locale, t.zone)),
        ("String, Object", lambda t, style, value: to_calendar(t, style, value, t.locale, t.zone)),
        ("String, Object, Locale", lambda t, style, value, locale: to_calendar(t, style, value, locale, t.zone)),
        ("String, Object, Locale, TimeZone", to_calendar),
    ),
    "toLocalizedPattern": method(("String, Locale", _localized)),
    **COMPARISON_METHODS,
}
