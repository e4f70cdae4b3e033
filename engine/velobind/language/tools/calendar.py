"""Java's calendar: instants to fields and back, as `java.util.GregorianCalendar` does it.

Instants are milliseconds since 1970 in UTC. Days before 15 October 1582 are Julian. Months count from 0 and days of
the week from 1 for Sunday, as in Java.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from velobind.language.faults import MethodFailed
from velobind.language.tools.base import Tool
from velobind.language.tools.locales import Locale, date_names
from velobind.language.tools.zones import TimeZone, zone_name

DAY = 86_400_000
CUTOVER = -141_427
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_LOCAL_EPOCH = datetime.datetime(1970, 1, 1)
_MILLISECOND = datetime.timedelta(milliseconds=1)

FIELDS = (
    "ERA", "YEAR", "MONTH", "WEEK_OF_YEAR", "WEEK_OF_MONTH", "DAY_OF_MONTH", "DAY_OF_YEAR", "DAY_OF_WEEK",
    "DAY_OF_WEEK_IN_MONTH", "AM_PM", "HOUR", "HOUR_OF_DAY", "MINUTE", "SECOND", "MILLISECOND", "ZONE_OFFSET",
    "DST_OFFSET",
)  # fmt: skip
CONSTANTS = {
    **{name: i for i, name in enumerate(FIELDS)},
    "DATE": 5, "FIELD_COUNT": 17, "SUNDAY": 1, "MONDAY": 2, "TUESDAY": 3, "WEDNESDAY": 4, "THURSDAY": 5, "FRIDAY": 6,
    "SATURDAY": 7, "JANUARY": 0, "FEBRUARY": 1, "MARCH": 2, "APRIL": 3, "MAY": 4, "JUNE": 5, "JULY": 6, "AUGUST": 7,
    "SEPTEMBER": 8, "OCTOBER": 9, "NOVEMBER": 10, "DECEMBER": 11, "UNDECIMBER": 12, "AM": 0, "PM": 1, "SHORT": 1,
    "LONG": 2, "SHORT_FORMAT": 1, "LONG_FORMAT": 2, "NARROW_FORMAT": 4, "SHORT_STANDALONE": 32769,
    "LONG_STANDALONE": 32770, "NARROW_STANDALONE": 32772, "ALL_STYLES": 0,
}  # fmt: skip


def gregorian_day(year: int, month: int, day: int) -> int:
    """Days since 1970 of a Gregorian date; `month` counts from 0 and may be out of range, as may `day`."""
    years, month = divmod(month, 12)
    y = year + years - (month < 2)
    era, of_era = divmod(y, 400)
    of_year = (153 * (month + (-2 if month > 1 else 10)) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year + day - 1 - 719_468


def julian_day(year: int, month: int, day: int) -> int:
    """The same of a Julian date."""
    years, month = divmod(month, 12)
    y = year + years - (month < 2)
    of_year = (153 * (month + (-2 if month > 1 else 10)) + 2) // 5
    return y * 365 + y // 4 + of_year + day - 1 - 719_470


def epoch_day(year: int, month: int, day: int) -> int:
    """Days since 1970 of a date in the calendar of its time: `month` counts from 0, years before 1 are BC."""
    if year > 1582:
        return gregorian_day(year, month, day)
    gregorian = gregorian_day(year, month, day)
    return gregorian if gregorian >= CUTOVER and year == 1582 else julian_day(year, month, day)


def date_of_day(day: int) -> tuple[int, int, int]:
    """Year (0 and less is BC), month from 1 and day of a number of days since 1970."""
    if day >= CUTOVER:
        era, of_era = divmod(day + 719_468, 146_097)
        year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
        of_year = of_era - (365 * year + year // 4 - year // 100)
        year += era * 400
    else:
        cycle, of_cycle = divmod(day + 719_470, 1_461)
        year = min(of_cycle // 365, 3)
        of_year = of_cycle - 365 * year
        year += cycle * 4
    shifted = (5 * of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def day_of_week(day: int) -> int:
    """1 for Sunday of a number of days since 1970."""
    return (day + 4) % 7 + 1


def on_or_before(day: int, weekday: int) -> int:
    """The last day up to `day` that falls on `weekday` (1 for Sunday)."""
    return day - (day_of_week(day) - weekday) % 7


def first_week(year: int, first_day: int, min_days: int, day_of: Callable[[int, int, int], int] = epoch_day) -> int:
    """The first day of the first week of a year: the first week that has `min_days` days in it."""
    january = day_of(year, 0, 1)
    start = on_or_before(january + 6, first_day)
    return start - 7 if start - january >= min_days else start


class Moment(NamedTuple):
    """An instant seen in a zone by the weeks of a locale: everything that a calendar field can say."""

    millis: int
    zone: TimeZone
    first_day: int
    min_days: int
    day: int
    clock: int
    offset: int
    proleptic: int
    month: int
    day_of_month: int

    @property
    def year(self) -> int:
        return self.proleptic if self.proleptic > 0 else 1 - self.proleptic

    @property
    def week_year(self) -> int:
        year = self.proleptic
        if self.day < first_week(year, self.first_day, self.min_days):
            return year - 1
        return year + 1 if self.day >= first_week(year + 1, self.first_day, self.min_days) else year

    def field(self, number: int) -> int:
        """The value of a field of `java.util.Calendar` by its number. Raises `MethodFailed` where there is none."""
        if not 0 <= number < len(FIELDS):
            raise MethodFailed(
                "java.lang.ArrayIndexOutOfBoundsException", f"Index {number} out of bounds for length 17"
            )
        return _FIELD_VALUES[number](self)


def _month_begin(m: Moment) -> int:
    """The first day of the month, which lies only four days before 15 October 1582."""
    return epoch_day(m.proleptic, m.month - 1, 1)


def _week_of_month(m: Moment) -> int:
    first = _month_begin(m)
    start = on_or_before(first + 6, m.first_day)
    if start - first >= m.min_days:
        start -= 7
    return (m.day - start) // 7 + 1


def _summer(m: Moment) -> int:
    return m.zone.summer_offset(m.millis)


_FIELD_VALUES: tuple[Callable[[Moment], int], ...] = (
    lambda m: 1 if m.proleptic > 0 else 0,
    lambda m: m.year,
    lambda m: m.month - 1,
    lambda m: (m.day - first_week(m.week_year, m.first_day, m.min_days)) // 7 + 1,
    _week_of_month,
    lambda m: m.day_of_month,
    lambda m: m.day - epoch_day(m.proleptic, 0, 1) + 1,
    lambda m: day_of_week(m.day),
    lambda m: (m.day - _month_begin(m)) // 7 + 1,
    lambda m: m.clock // 43_200_000,
    lambda m: m.clock // 3_600_000 % 12,
    lambda m: m.clock // 3_600_000,
    lambda m: m.clock // 60_000 % 60,
    lambda m: m.clock // 1_000 % 60,
    lambda m: m.clock % 1_000,
    lambda m: m.offset - _summer(m),
    _summer,
)


def moment(millis: int, zone: TimeZone, locale: Locale) -> Moment:
    """The instant's fields in a zone, with the weeks of a locale."""
    names = date_names(locale)
    offset = zone.offset(millis)
    day, clock = divmod(millis + offset, DAY)
    year, month, day_of_month = date_of_day(day)
    return Moment(millis, zone, names.first_day, names.min_days, day, clock, offset, year, month, day_of_month)


def local_time(wall: int) -> datetime.datetime:
    """The time that clocks show, of milliseconds since 1970 on the same clocks; without a zone."""
    return _LOCAL_EPOCH + datetime.timedelta(0, 0, 0, wall)


def millis_of(value: datetime.date | Date) -> int:
    """Milliseconds since 1970 of a date; one without a zone, or without a time, is UTC."""
    if isinstance(value, datetime.datetime):
        return (value - (_LOCAL_EPOCH if value.tzinfo is None else _EPOCH)) // _MILLISECOND
    return value.millis if isinstance(value, Date) else (value - _EPOCH.date()).days * DAY


# Instants that a datetime shows as Java's Date does: later ones and those by the Julian calendar have a class of ours.
_FIRST_INSTANT, _LAST_INSTANT = -12_219_292_800_000 + DAY, 253_402_300_799_999 - DAY


class Date(Tool):
    """A `java.util.Date` that Python's datetime can't hold or would print by another calendar."""

    __slots__ = ("millis", "zone")
    java_name = "java.util.Date"
    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, millis: int, zone: TimeZone) -> None:
        self.millis = millis
        self.zone = zone

    def same(self, other: object) -> bool:
        return isinstance(other, Date) and other.millis == self.millis

    def code(self) -> int:
        return self.millis ^ self.millis >> 32

    def text(self) -> str:
        m = moment(self.millis, self.zone, Locale("en", "US"))
        day, month = _DAYS[m.field(7) - 1], _MONTHS[m.month - 1]
        clock = f"{m.field(11):02d}:{m.field(12):02d}:{m.field(13):02d}"
        name = zone_name(self.zone, self.zone.summer(self.millis), False, Locale("en", "US"))
        return f"{day} {month} {m.day_of_month:02d} {clock} {name} {m.year}"


AnyDate = datetime.date | Date

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_of(millis: int, zone: TimeZone) -> datetime.datetime | Date:
    """The instant as a date in the zone."""
    if not _FIRST_INSTANT <= millis <= _LAST_INSTANT:
        return Date(millis, zone)
    offset = zone.steady_offset(millis)
    if offset is not None:
        return zone.epoch + datetime.timedelta(0, 0, 0, millis + offset)
    return (_EPOCH + datetime.timedelta(milliseconds=millis)).astimezone(zone.tzinfo)


class Calendar(Tool):
    """A `java.util.Calendar`: an instant with a zone and a locale, which templates may change."""

    __slots__ = ("locale", "millis", "zone")
    java_name = "java.util.GregorianCalendar"
    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, millis: int, zone: TimeZone, locale: Locale) -> None:
        self.millis = millis
        self.zone = zone
        self.locale = locale

    @property
    def moment(self) -> Moment:
        return moment(self.millis, self.zone, self.locale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and (other.millis, other.zone) == (self.millis, self.zone)

    def same(self, other: object) -> bool:
        return self == other

    def code(self) -> int:
        return hash(self.millis)

    def __hash__(self) -> int:
        return hash(self.millis)

    def text(self) -> str:
        m = self.moment
        fields = ",".join(f"{name}={m.field(i)}" for i, name in enumerate(FIELDS))
        return (
            f"java.util.GregorianCalendar[time={self.millis},areFieldsSet=true,areAllFieldsSet=true,lenient=true,"
            f"zone={self.zone},firstDayOfWeek={m.first_day},minimalDaysInFirstWeek={m.min_days},{fields}]"
        )


def month_length(year: int, month: int) -> int:
    """How many days the month (from 0) has."""
    return epoch_day(year, month + 1, 1) - epoch_day(year, month, 1)
