"""The methods of `java.util.Calendar`, and of the dates that Python's datetime can't hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from velobind.language.faults import MethodFailed, NoSuchMethod
from velobind.language.tools.calendar import (
    DAY,
    AnyDate,
    Calendar,
    Date,
    date_of,
    epoch_day,
    first_week,
    millis_of,
    moment,
    month_length,
)
from velobind.language.tools.locales import Locale
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method
from velobind.language.tools.zones import TimeZone
from velobind.language.values import Long

_ERA, _YEAR, _MONTH, _DATE, _YEAR_DAY, _WEEKDAY = 0, 1, 2, 5, 6, 7
_CLOCK = {9: 43_200_000, 10: 3_600_000, 11: 3_600_000, 12: 60_000, 13: 1_000, 14: 1}
_LEAST = (0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, -46_800_000, 0)
_MOST = (1, 292_278_994, 11, 53, 6, 31, 366, 7, 6, 1, 11, 23, 59, 59, 999, 50_400_000, 7_200_000)


def _checked(field: int) -> int:
    if not 0 <= field < len(_LEAST):
        raise MethodFailed("java.lang.ArrayIndexOutOfBoundsException", f"Index {field} out of bounds for length 17")
    return field


def _at(calendar: Calendar, day: int, clock: int) -> None:
    wall = day * DAY + clock
    calendar.millis = wall - calendar.zone.offset_of_wall(wall)


def _get_by_text(calendar: Calendar, field: str | None) -> int:
    """A number in a text is one; a property such as `$calendar.YEAR` is none."""
    if field is None:
        raise MethodFailed("java.lang.NullPointerException")
    if not (field.isdecimal() and field.isascii() and len(field) < 10):
        raise NoSuchMethod
    return calendar.moment.field(int(field))


def _add(calendar: Calendar, field: int, amount: int) -> str:
    """Months and years keep the day of the month, or take the month's last; days and weeks keep the time of day."""
    m = calendar.moment
    if field in (_YEAR, _MONTH):
        months = m.proleptic * 12 + m.month - 1 + (amount * 12 if field == _YEAR else amount)
        year, month = divmod(months, 12)
        _at(calendar, epoch_day(year, month, min(m.day_of_month, month_length(year, month))), m.clock)
    elif field in (3, 4, 8):
        _at(calendar, m.day + 7 * amount, m.clock)
    elif field in (_DATE, _YEAR_DAY, _WEEKDAY):
        _at(calendar, m.day + amount, m.clock)
    elif field in _CLOCK:
        calendar.millis += amount * _CLOCK[field]
    elif amount:
        raise MethodFailed("java.lang.IllegalArgumentException")
    return ""


def _set(calendar: Calendar, field: int, value: int) -> str:
    """Sets one field; a value out of range runs over into the next field, as a lenient calendar's does."""
    m = calendar.moment
    day, clock = m.day, m.clock
    if _checked(field) in (_YEAR, _MONTH):
        year = value if field == _YEAR else m.proleptic
        month = m.month - 1 if field == _YEAR else value
        day = epoch_day(year, month, 1) + m.day_of_month - 1
    elif field in (_DATE, _YEAR_DAY, 3, 4, _WEEKDAY, 8):
        step = 7 if field in (3, 4, 8) else 1
        if field == _WEEKDAY:
            # The week stays, which begins on the locale's first day.
            step, value = 1, (value - m.first_day) % 7 + (m.field(_WEEKDAY) - (m.field(_WEEKDAY) - m.first_day) % 7)
        day += (value - m.field(field)) * step
    elif field in _CLOCK:
        clock += (value - m.field(field)) * _CLOCK[field]
    elif field == _ERA:
        day = epoch_day(m.year if value else 1 - m.year, m.month - 1, m.day_of_month)
    _at(calendar, day, clock)
    return ""


def _set_many(calendar: Calendar, year: int, month: int, *rest: int) -> str:
    day, *time = rest
    clock = calendar.moment.clock
    if time:
        hour, minute, second = [*time, clock // 1_000 % 60][:3]
        clock = (hour * 60 + minute) * 60_000 + second * 1_000 + clock % 1_000
    _at(calendar, epoch_day(year, month, 1) + day - 1, clock)
    return ""


def _assign(name: str) -> Callable[[Calendar, Any], str]:
    def run(calendar: Calendar, value: Any) -> str:
        if value is None:
            raise MethodFailed("java.lang.NullPointerException")
        setattr(calendar, name, value)
        return ""

    return run


def _set_time(calendar: Calendar, date: AnyDate | None) -> str:
    if date is None:
        raise MethodFailed("java.lang.NullPointerException")
    calendar.millis = millis_of(date)
    return ""


def _actual_most(calendar: Calendar, field: int) -> int:
    m = calendar.moment
    if field == _DATE:
        return month_length(m.proleptic, m.month - 1)
    if field == _YEAR_DAY:
        return epoch_day(m.proleptic + 1, 0, 1) - epoch_day(m.proleptic, 0, 1)
    if field == 3:
        return _weeks(calendar)
    if field == 4:
        last = Calendar((m.day - m.day_of_month + month_length(m.proleptic, m.month - 1)) * DAY, _UTC, calendar.locale)
        return last.moment.field(4)
    if field == 8:
        return (month_length(m.proleptic, m.month - 1) - (m.day_of_month - 1) % 7 - 1) // 7 + 1
    return _MOST[_checked(field)]


_UTC = TimeZone("UTC", 0)


def _weeks(calendar: Calendar) -> int:
    m = calendar.moment
    start, end = (first_week(m.week_year + i, m.first_day, m.min_days) for i in (0, 1))
    return (end - start) // 7


def _leap(calendar: Calendar, year: int) -> bool:
    return year % 4 == 0 and (year <= 1582 or year % 100 != 0 or year % 400 == 0)


def _display_name(calendar: Calendar, field: int, style: int, locale: Locale | None) -> str | None:
    from velobind.language.tools.locales import date_names

    if locale is None:
        raise MethodFailed("java.lang.NullPointerException")
    names, m = date_names(locale), calendar.moment
    long, alone = style & 2, style & 0x8000
    if field == _MONTH:
        months = (
            (names.months_alone if long else names.months_alone_short)
            if alone
            else (names.months if long else names.months_short)
        )
        return months[m.month - 1]
    if field == _WEEKDAY:
        return (names.days if long else names.days_short)[m.field(_WEEKDAY) - 1]
    if field == _ERA:
        return names.eras[m.field(_ERA)]
    return names.ampm[m.field(9)] if field == 9 else None


def _compare(calendar: Calendar, other: object) -> int:
    if not isinstance(other, Calendar):
        raise MethodFailed("java.lang.NullPointerException" if other is None else "java.lang.ClassCastException")
    return (calendar.millis > other.millis) - (calendar.millis < other.millis)


def _before(calendar: Calendar, other: object) -> bool:
    return isinstance(other, Calendar) and calendar.millis < other.millis


def _after(calendar: Calendar, other: object) -> bool:
    return isinstance(other, Calendar) and calendar.millis > other.millis


def _constant(value: object) -> Any:
    return method(("", lambda calendar: value))


def _of_moment(read: Callable[[Any], object]) -> Any:
    return method(("", lambda value: read(value.moment)))


CALENDAR_METHODS: dict[str, Any] = {
    **OBJECT_METHODS,
    "get": method(("int", lambda calendar, field: calendar.moment.field(field)), ("String", _get_by_text)),
    "set": method(
        ("int, int", _set),
        ("int, int, int", _set_many),
        ("int, int, int, int, int", _set_many),
        ("int, int, int, int, int, int", _set_many),
    ),
    "add": method(("int, int", _add)),
    "getTime": method(("", lambda calendar: date_of(calendar.millis, calendar.zone))),
    "setTime": method(("Date", _set_time)),
    "getTimeInMillis": method(("", lambda calendar: Long.of(calendar.millis))),
    "setTimeInMillis": method(("long", _assign("millis"))),
    "getTimeZone": method(("", lambda calendar: calendar.zone)),
    "setTimeZone": method(("TimeZone", _assign("zone"))),
    "before": method(("Object", _before)),
    "after": method(("Object", _after)),
    "compareTo": method(("Calendar", _compare), ("Object", _compare)),
    "getActualMaximum": method(("int", _actual_most)),
    "getActualMinimum": method(("int", lambda calendar, field: _LEAST[_checked(field)])),
    "getMaximum": method(("int", lambda calendar, field: _MOST[_checked(field)])),
    "getMinimum": method(("int", lambda calendar, field: _LEAST[_checked(field)])),
    "getFirstDayOfWeek": _of_moment(lambda m: m.first_day),
    "getMinimalDaysInFirstWeek": _of_moment(lambda m: m.min_days),
    "getWeekYear": _of_moment(lambda m: m.week_year),
    "getWeeksInWeekYear": method(("", _weeks)),
    "isLeapYear": method(("int", _leap)),
    "isLenient": _constant(True),
    "isWeekDateSupported": _constant(True),
    "getCalendarType": _constant("gregory"),
    "getDisplayName": method(("int, int, Locale", _display_name)),
    "clone": method(("", lambda calendar: Calendar(calendar.millis, calendar.zone, calendar.locale))),
}


def _of_date(read: Callable[[Any], object]) -> Any:
    return method(("", lambda date: read(moment(date.millis, date.zone, Locale("en", "US")))))


def _date_order(act: Callable[[int, int], object]) -> Any:
    def run(date: Date, other: AnyDate | None) -> object:
        if other is None:
            raise MethodFailed("java.lang.NullPointerException")
        return act(date.millis, millis_of(other))

    return method(("Date", run))


DATE_METHODS: dict[str, Any] = {
    **OBJECT_METHODS,
    "getTime": method(("", lambda date: Long.of(date.millis))),
    "before": _date_order(lambda one, two: one < two),
    "after": _date_order(lambda one, two: one > two),
    "compareTo": _date_order(lambda one, two: (one > two) - (one < two)),
    "getYear": _of_date(lambda m: m.year - 1900),
    "getMonth": _of_date(lambda m: m.month - 1),
    "getDate": _of_date(lambda m: m.day_of_month),
    "getDay": _of_date(lambda m: m.field(_WEEKDAY) - 1),
    "getHours": _of_date(lambda m: m.field(11)),
    "getMinutes": _of_date(lambda m: m.field(12)),
    "getSeconds": _of_date(lambda m: m.field(13)),
}
