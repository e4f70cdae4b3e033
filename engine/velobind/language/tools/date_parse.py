"""Text as dates, leniently, as `java.text.SimpleDateFormat.parse` of Java 17 does it.

Fields are read one after another, kept in the order in which they came, and then settled into an instant: where two say
the day in different ways, the one that came last counts; numbers out of range run over into the next field.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from velobind.language.limits import HEAVY, overdue
from velobind.language.tools.calendar import (
    CUTOVER,
    DAY,
    day_of_week,
    epoch_day,
    first_week,
    gregorian_day,
    julian_day,
    moment,
    month_length,
    on_or_before,
)
from velobind.language.tools.date_format import DateFormat
from velobind.language.tools.date_short import STOPS
from velobind.language.tools.numbers import int_value
from velobind.language.tools.zones import TimeZone, match_zone

# Fields by their names; the two last stand for SimpleDateFormat's own.
ERA, YEAR, MONTH, WEEK_OF_YEAR, WEEK_OF_MONTH, DATE, DAY_OF_YEAR, DAY_OF_WEEK, NTH_DAY = range(9)
AM_PM, HOUR, HOUR_OF_DAY, MINUTE, SECOND, MILLISECOND, ZONE_OFFSET, DST_OFFSET, WEEK_YEAR, ISO_DAY = range(9, 19)

_FIELD_OF = {
    "G": ERA, "y": YEAR, "M": MONTH, "L": MONTH, "d": DATE, "k": HOUR_OF_DAY, "H": HOUR_OF_DAY, "m": MINUTE,
    "s": SECOND, "S": MILLISECOND, "E": DAY_OF_WEEK, "D": DAY_OF_YEAR, "F": NTH_DAY, "w": WEEK_OF_YEAR,
    "W": WEEK_OF_MONTH, "a": AM_PM, "h": HOUR, "K": HOUR, "Y": WEEK_YEAR, "u": ISO_DAY,
}  # fmt: skip
_BLANKS = re.compile("[ \t]*+")
_COUNTED = set("ydkHmsSDFwWhKYu")
_DIGITS = re.compile(f"[0-9]{{1,9}}(?=[{re.escape(STOPS)}]|\\Z)")


class _Refused(Exception):
    """The text does not fit the pattern."""


@dataclass
class _Fields:
    """What was read: values and the order in which they were set (`stamps`, higher is later, 0 is never)."""

    values: dict[int, int] = field(default_factory=dict)
    stamps: dict[int, int] = field(default_factory=dict)
    zone: TimeZone | None = None
    ambiguous_year: bool = False

    def set(self, which: int, value: int) -> None:
        if which == ISO_DAY:
            which = DAY_OF_WEEK
            # A day out of range is settled with the week, so it keeps its own numbering until then.
            value = value % 7 + 1 if 1 <= value <= 7 else value
        self.values[which] = value
        self.stamps[which] = max(self.stamps.values(), default=1) + 1

    def clear(self, which: int) -> None:
        self.values.pop(which, None)
        self.stamps.pop(which, None)

    def stamp(self, which: int) -> int:
        return self.stamps.get(which, 0)


def parse_date(form: DateFormat, text: str) -> int | None:
    """Milliseconds since 1970 of the date at the start of the text, or None where the text does not fit."""
    if form.zone_id or not form.pieces:  # a text of which nothing was read is no date
        return None
    if form.short_reader is not None:
        millis = form.short_reader(text)
        if millis is not None:
            return millis
    fields = _Fields()
    century = _century_start(form) if form.short_years else (0, 0)
    try:
        _read(form, text, fields, century[0])
    except _Refused:
        return None
    millis = _settle(form, fields)
    if millis is not None and fields.ambiguous_year and millis < century[1]:
        which = WEEK_YEAR if WEEK_YEAR in fields.values else YEAR
        fields.values[which] += 100
        millis = _settle(form, fields)
    return millis


def _century_start(form: DateFormat) -> tuple[int, int]:
    """Two-digit years fall into the hundred years that begin eighty years ago: that year, and its instant."""
    now = moment(int(time.time() * 1000), form.zone, form.locale)
    year = now.proleptic - 80
    wall = epoch_day(year, now.month - 1, now.day_of_month) * DAY + now.clock
    return year, wall - form.zone.offset_of_wall(wall)


def _read(form: DateFormat, text: str, fields: _Fields, century: int) -> None:
    position = 0
    pieces = form.pieces
    for i, (piece, count) in enumerate(pieces):
        if len(text) > HEAVY:
            overdue()
        if not count:
            if not text.startswith(piece, position):
                raise _Refused
            position += len(piece)
            continue
        following = pieces[i + 1] if i + 1 < len(pieces) else ("", 0)
        obey = bool(following[1]) and (following[0] in _COUNTED or (following[0] in "ML" and following[1] <= 2))
        position = _read_field(form, text, position, piece, count, obey, fields, century)


def _read_field(
    form: DateFormat, text: str, start: int, letter: str, count: int, obey: bool, fields: _Fields, century: int
) -> int:
    position = start
    if text[start : start + 1] in (" ", "\t"):
        found = _BLANKS.match(text, start)
        position = found.end() if found else start
    if position >= len(text):
        raise _Refused
    if letter in "zZ":
        return _read_zone(form, text, start, position, fields)
    if letter == "X":
        return _read_iso_zone(text, position, count, fields)
    if letter in "GaE" or (letter in "ML" and count > 2):
        return _read_name(form, text, start, letter, fields)
    end_of_text = start + count if obey else len(text)
    if end_of_text > len(text):
        raise _Refused
    digits = _DIGITS.match(text, position, end_of_text)
    if digits is not None:
        value, end = int(digits[0]), digits.end()
    else:
        number, end = form.numbers.parse(text[:end_of_text], position)
        if number is None:
            raise _Refused
        value = int_value(number)
    if letter in "ML":
        value -= 1
    elif (letter == "k" and value == 24) or (letter == "h" and value == 12):
        value = 0
    elif letter in "yY" and count <= 2 and end - position == 2 and text[position:end].isdecimal():
        ambiguous = century % 100
        fields.ambiguous_year = value == ambiguous
        value += century // 100 * 100 + (100 if value < ambiguous else 0)
    fields.set(_FIELD_OF[letter], value)
    return end


def _read_name(form: DateFormat, text: str, start: int, letter: str, fields: _Fields) -> int:
    names = form.names
    lists: tuple[tuple[Sequence[str], ...], ...]
    if letter == "G":
        lists = ((names.eras,),)
    elif letter == "a":
        lists = ((names.ampm,),)
    elif letter == "E":
        lists = ((names.days,), (names.days_short,))
    elif letter == "M":
        lists = ((names.months_alone, names.months_alone_short) if form.alone else (names.months, names.months_short),)
    else:
        lists = ((names.months, names.months_short, names.months_alone, names.months_alone_short),)
    for group in lists:
        best, length = -1, 0
        for each in group:
            for index, name in enumerate(each):
                if len(name) > length and text[start : start + len(name)].lower() == name.lower():
                    best, length = index, len(name)
        if best >= 0:
            fields.set(_FIELD_OF[letter], best + 1 if letter == "E" else best)
            return start + length
    raise _Refused


def _read_zone(form: DateFormat, text: str, start: int, position: int, fields: _Fields) -> int:
    c = text[position]
    if c in "+-":
        return _read_offset(text, position + 1, 1 if c == "+" else -1, 0, False, fields)
    if c in "Gg" and text[start : start + 3].upper() == "GMT":
        position = start + 3
        sign = text[position : position + 1]
        if sign not in ("+", "-"):
            fields.set(ZONE_OFFSET, 0)
            fields.set(DST_OFFSET, 0)
            return position
        return _read_offset(text, position + 1, 1 if sign == "+" else -1, 0, True, fields)
    found = match_zone(text, position, form.zone, form.locale)
    if found is None:
        raise _Refused
    fields.zone, end, summer = found
    if summer:
        fields.clear(ZONE_OFFSET)
        fields.set(DST_OFFSET, 3_600_000)
    elif not _same_names(fields.zone):
        fields.clear(ZONE_OFFSET)
        fields.set(DST_OFFSET, 0)
    return end


def _same_names(zone: TimeZone) -> bool:
    """A fixed zone has one name, which leaves summer time to the calendar."""
    return zone.fixed is not None


def _read_iso_zone(text: str, position: int, count: int, fields: _Fields) -> int:
    c = text[position]
    if c == "Z":
        fields.set(ZONE_OFFSET, 0)
        fields.set(DST_OFFSET, 0)
        return position + 1
    if c not in "+-":
        raise _Refused
    return _read_offset(text, position + 1, 1 if c == "+" else -1, count, count == 3, fields)


def _read_offset(text: str, position: int, sign: int, count: int, colon: bool, fields: _Fields) -> int:
    """`hhmm`, `hh:mm` or `hh` (count 1); with a colon outside of ISO, one digit of hours is enough."""

    def digit(at: int) -> int:
        c = text[at : at + 1]
        if not ("0" <= c <= "9"):
            raise _Refused
        return int(c)

    hours = digit(position)
    position += 1
    if position >= len(text):
        raise _Refused
    if "0" <= text[position] <= "9":
        hours = hours * 10 + digit(position)
        position += 1
    elif count > 0 or not colon:
        raise _Refused
    if hours > 23:
        raise _Refused
    minutes = 0
    if count != 1:
        if colon:
            if text[position : position + 1] != ":":
                raise _Refused
            position += 1
        minutes = digit(position) * 10 + digit(position + 1)
        position += 2
        if minutes > 59:
            raise _Refused
    fields.set(ZONE_OFFSET, (hours * 60 + minutes) * 60_000 * sign)
    fields.set(DST_OFFSET, 0)
    return position


def _both(one: int, two: int) -> int:
    return max(one, two) if one and two else 0


def _settle(form: DateFormat, fields: _Fields) -> int | None:
    """The instant that the fields say, by the rules of `Calendar` for fields that disagree."""
    zone = fields.zone or form.zone
    week_date = fields.stamp(WEEK_YEAR) > fields.stamp(YEAR)
    if week_date:
        day = _day_of_week_date(form, fields)
    else:
        year = fields.values.get(YEAR, 1970)
        if fields.values.get(ERA, 1) == 0:
            year = 1 - year
        day = _by_cutover(form, fields, year)
    wall = day * DAY + _clock_of(fields)
    if abs(wall) > 2**62:
        return None
    zoned, summer = fields.stamp(ZONE_OFFSET), fields.stamp(DST_OFFSET)
    if zoned:
        return wall - fields.values[ZONE_OFFSET] - (fields.values[DST_OFFSET] if summer else 0)
    if summer:
        offset = zone.offset_of_wall(wall)
        standard = offset - 3_600_000 if zone.summer(wall - offset) else offset
        return wall - standard - fields.values[DST_OFFSET]
    return wall - zone.offset_of_wall(wall)


def _clock_of(fields: _Fields) -> int:
    values = fields.values
    of_day, of_half = fields.stamp(HOUR_OF_DAY), _both(fields.stamp(HOUR), fields.stamp(AM_PM))
    best = max(of_day, of_half) or max(fields.stamp(HOUR), fields.stamp(AM_PM))
    hours = 0
    if best and best == of_day:
        hours = values[HOUR_OF_DAY]
    elif best:
        hours = values.get(HOUR, 0) + 12 * values.get(AM_PM, 0)
    minutes = hours * 60 + values.get(MINUTE, 0)
    return (minutes * 60 + values.get(SECOND, 0)) * 1000 + values.get(MILLISECOND, 0)


def _by_cutover(form: DateFormat, fields: _Fields, year: int) -> int:
    """The day by the calendar of its time: in 1582 a field that runs over goes on in the calendar that it began in."""
    if year > 1582:
        return _day_of(form, fields, year, gregorian_day)
    julian = _day_of(form, fields, year, julian_day)
    if year < 1582 or fields.stamp(DAY_OF_YEAR) or fields.stamp(WEEK_OF_YEAR):
        return julian
    gregorian = _day_of(form, fields, year, gregorian_day)
    return gregorian if gregorian >= CUTOVER else julian


def _day_of(form: DateFormat, fields: _Fields, year: int, day_of: Callable[[int, int, int], int]) -> int:
    stamp, values = fields.stamp, fields.values
    weekday = stamp(DAY_OF_WEEK)
    by_date, by_year_day = stamp(DATE), stamp(DAY_OF_YEAR)
    by_month_week = _both(stamp(WEEK_OF_MONTH), weekday)
    by_nth = _both(stamp(NTH_DAY), weekday)
    by_week = _both(stamp(WEEK_OF_YEAR), weekday)
    best = max(by_date, by_month_week, by_nth, by_year_day, by_week)
    if not best:
        by_month_week, by_week = stamp(WEEK_OF_MONTH), stamp(WEEK_OF_YEAR)
        by_nth = max(stamp(NTH_DAY), weekday)
        best = max(by_month_week, by_nth, by_week)
        if not best:
            best = by_date = stamp(MONTH)
    in_month = (
        best == by_date
        or (best == by_month_week and stamp(WEEK_OF_MONTH) >= stamp(WEEK_OF_YEAR))
        or (best == by_nth and stamp(NTH_DAY) >= stamp(WEEK_OF_YEAR))
    )
    first_day, min_days = form.names.first_day, form.names.min_days
    if not in_month:
        if best == by_year_day:
            return day_of(year, 0, 1) + values[DAY_OF_YEAR] - 1
        start = first_week(year, first_day, min_days, day_of)
        if weekday and values[DAY_OF_WEEK] != first_day:
            start = on_or_before(start + 6, values[DAY_OF_WEEK])
        return start + 7 * (values[WEEK_OF_YEAR] - 1)
    month = values.get(MONTH, 0)
    first = day_of(year, month, 1)
    if best == by_date:
        return first + values.get(DATE, 1) - 1 if DATE in values else first
    by_week_of_month = stamp(WEEK_OF_MONTH) >= stamp(NTH_DAY) if by_month_week == by_nth else best == by_month_week
    if by_week_of_month:
        start = on_or_before(first + 6, first_day)
        if start - first >= min_days:
            start -= 7
        if weekday:
            start = on_or_before(start + 6, values[DAY_OF_WEEK])
        return start + 7 * (values[WEEK_OF_MONTH] - 1)
    day = values[DAY_OF_WEEK] if weekday else first_day
    nth = values.get(NTH_DAY, 1)
    if nth >= 0:
        return on_or_before(first + 7 * nth - 1, day)
    years, of_year = divmod(month, 12)
    return on_or_before(first + month_length(year + years, of_year) + 7 * (nth + 1) - 1, day)


def _day_of_week_date(form: DateFormat, fields: _Fields) -> int:
    first_day = form.names.first_day
    week = fields.values.get(WEEK_OF_YEAR, 1)
    day = fields.values.get(DAY_OF_WEEK, first_day)
    if not 1 <= day <= 7:
        weeks, rest = divmod(day - 1, 7)
        week, day = week + weeks, (rest + 1) % 7 + 1
    start = first_week(fields.values[WEEK_YEAR], first_day, form.names.min_days)
    return start + 7 * (week - 1) + (day - day_of_week(start)) % 7
