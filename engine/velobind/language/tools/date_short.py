"""Short ways for the commonest dates and texts of dates: the general way of `date_format` and `date_parse` else.

Each function here gives what that way gives, or None where it has to be asked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from operator import attrgetter

from velobind.language.tools.calendar import DAY, gregorian_day
from velobind.language.tools.locales import DateNames
from velobind.language.tools.zones import TimeZone

Pieces = Sequence[tuple[str, int]]
# The local time, and how far it is ahead of UTC in milliseconds.
Writer = Callable[[datetime.datetime, int], str]
Reader = Callable[[str], int | None]
Getter = Callable[[datetime.datetime], object]

# Where the short writer is asked: Gregorian years that have four digits in every zone.
FIRST_WRITTEN, LAST_WRITTEN = -11_676_096_000_000 + DAY, 253_402_300_799_999 - DAY
# Digits that end before one of these are a whole number: none is a digit, or begins an exponent in any language.
STOPS = " .,;:/+)TZ\t\n-"

_DIGITS: dict[str, Getter] = {
    "y": attrgetter("year"),
    "M": attrgetter("month"),
    "L": attrgetter("month"),
    "d": attrgetter("day"),
    "H": attrgetter("hour"),
    "m": attrgetter("minute"),
    "s": attrgetter("second"),
    "S": lambda t: t.microsecond // 1000,
    "h": lambda t: t.hour % 12 or 12,
    "K": lambda t: t.hour % 12,
    "k": lambda t: t.hour or 24,
    "u": datetime.datetime.isoweekday,
}


def _named(letter: str, count: int, alone: bool, names: DateNames) -> Getter | None:
    """What looks a field's name up in the locale's; None where the letter has none."""
    if letter == "E":
        days = names.days if count > 3 else names.days_short
        return lambda t: days[t.isoweekday() % 7]
    if letter == "a":
        return lambda t: names.ampm[t.hour >= 12]
    if letter == "G":
        return lambda t: names.eras[1]
    if letter not in ("M", "L") or count < 3:
        return None
    if alone or letter == "L":
        months = names.months_alone if count > 3 else names.months_alone_short
    else:
        months = names.months if count > 3 else names.months_short
    return lambda t: months[t.month - 1]


def _offset_text(letter: str, count: int, offset: int) -> str:
    """`+0200` of a Z, and `Z`, `+02`, `+0200` or `+02:00` of an X."""
    if letter == "X" and offset == 0:
        return "Z"
    minutes = abs(offset) // 60_000
    negative = offset <= -60_000 if letter == "X" else offset < 0
    hours = f"{'-' if negative else '+'}{minutes // 60:02d}"
    if letter == "X" and count == 1:
        return hours
    return f"{hours}{':' if letter == 'X' and count == 3 else ''}{minutes % 60:02d}"


def short_writer(pieces: Pieces, alone: bool, names: DateNames) -> Writer | None:
    """Writes a date in a pattern without weeks, days of the year and names of zones."""
    template: list[str] = []
    getters: list[Getter] = []
    zones: list[tuple[int, str, int]] = []
    for text, count in pieces:
        getter = _named(text, count, alone, names) if count else None
        if not count:
            template.append(text.replace("%", "%%"))
        elif getter is not None:
            template.append("%s")
            getters.append(getter)
        elif text in "ZX":
            zones.append((len(getters) + len(zones), text, count))
            template.append("%s")
        elif text == "y" and count == 2:
            template.append("%02d")
            getters.append(lambda t: t.year % 100)
        elif text in _DIGITS:
            template.append(f"%0{count}d")
            getters.append(_DIGITS[text])
        else:
            return None
    form = "".join(template)

    def write(local: datetime.datetime, offset: int) -> str:
        return form % tuple([get(local) for get in getters])

    def write_zoned(local: datetime.datetime, offset: int) -> str:
        values = [get(local) for get in getters]
        for at, letter, count in zones:
            values.insert(at, _offset_text(letter, count, offset))
        return form % tuple(values)

    return write_zoned if zones else write


_ORDER = "yMdHmsS"
_ZONES = {
    ("X", 1): "(Z|[+-][0-9]{2})",
    ("X", 2): "(Z|[+-][0-9]{4})",
    ("X", 3): "(Z|[+-][0-9]{2}:[0-9]{2})",
}


def _expression(pieces: Pieces, exponent: str) -> tuple[str, str] | None:
    """A regular expression for the pattern's fields in digits, a group each, and their letters in order."""

    def joins(literal: str) -> bool:
        """Whether the digits before the literal may go on into it."""
        return literal[:1].isdecimal() or bool(literal and exponent.startswith(literal[0]))

    parts, letters = [], ""
    for i, (text, count) in enumerate(pieces):
        following, following_count = pieces[i + 1] if i + 1 < len(pieces) else ("", 0)
        if not count:
            parts.append(re.escape(text))
            continue
        zone = text in "XZ"
        if text in letters or (zone and "X" in letters):
            return None
        letters += "X" if zone else text
        if zone:
            parts.append("[ \\t]*" + _ZONES.get((text, count), "([+-][0-9]{4})"))
        elif text not in _ORDER or (text == "M" and count > 2):
            return None
        elif count <= 9 and following_count and following in _ORDER:
            # Fields that follow each other without a sign between are as long as the pattern says.
            parts.append(f"([0-9]{{{count}}})")
        elif (following not in "XZ") if following_count else joins(following):
            return None
        else:
            end = f"(?=[{re.escape(STOPS)}]|\\Z)" if not following else ""
            parts.append(f"[ \\t]*([0-9]{{1,9}}){end}")
    return "".join(parts), letters


def short_reader(pieces: Pieces, exponent: str, zone: TimeZone) -> Reader | None:
    """Reads a date of the years from 1583 that is written in digits; the answer is milliseconds since 1970.

    `exponent` is the locale's sign between the digits of a number and its power of ten.
    """
    found = _expression(pieces, exponent)
    if found is None:
        return None
    expression, letters = found
    match = re.compile(expression).match
    order = [(_ORDER.index(letter), at) for at, letter in enumerate(letters) if letter != "X"]
    year_at, zone_at = letters.find("y"), letters.find("X")
    short_year = any(text == "y" and count <= 2 for text, count in pieces)

    def read(text: str) -> int | None:
        found = match(text)
        if found is None:
            return None
        parts = found.groups()
        if short_year and len(parts[year_at]) == 2:
            return None
        fields = [1970, 1, 1, 0, 0, 0, 0]
        for which, at in order:
            fields[which] = int(parts[at])
        year, month, day, hours, minutes, seconds, millis = fields
        if not 1582 < year < 10_000:
            return None
        if 0 < month < 13:
            days = datetime.date(year, month, 1).toordinal() - 719_164 + day
        else:
            days = gregorian_day(year, month - 1, 1) + day - 1
        wall = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + millis
        if zone_at < 0:
            return wall - zone.offset_of_wall(wall)
        offset = _offset_of(parts[zone_at])
        return None if offset is None else wall - offset

    return read


def _offset_of(text: str) -> int | None:
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-60_000 if text[0] == "-" else 60_000)
