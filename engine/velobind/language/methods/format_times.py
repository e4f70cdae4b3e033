"""`%tY` and the other time conversions of `String.format`, in English."""

from __future__ import annotations

import datetime
import math

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_COMPOUND = {"R": "H:M", "T": "H:M:S", "r": "I:M:S p", "D": "m/d/y", "F": "Y-m-d", "c": "a b d T Z Y"}


def time_text(value: object, letter: str) -> str | None:
    """The value's part that the letter names; "" for a letter that is none, None for a value that is no time."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        if not (type(value) is not int or abs(value) >= 2**31):
            return None
        try:
            value = datetime.datetime.fromtimestamp(value / 1000, datetime.UTC).replace(microsecond=value % 1000 * 1000)
        except (OverflowError, ValueError, OSError):
            return None
    elif not isinstance(value, datetime.datetime):
        if not isinstance(value, datetime.date):
            return None
        value = datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.UTC)
    return _part(value, letter)


def _part(time: datetime.datetime, letter: str) -> str:
    if letter in _COMPOUND:
        return "".join([_part(time, c) if c.isalpha() else c for c in _COMPOUND[letter]])
    offset = time.utcoffset() or datetime.timedelta()
    minutes = int(offset.total_seconds() // 60)
    hour = time.hour % 12 or 12
    seconds = math.floor(time.timestamp())
    parts = {
        "H": f"{time.hour:02d}",
        "I": f"{hour:02d}",
        "k": str(time.hour),
        "l": str(hour),
        "M": f"{time.minute:02d}",
        "S": f"{time.second:02d}",
        "L": f"{time.microsecond // 1000:03d}",
        "N": f"{time.microsecond // 1000 * 1000000:09d}",
        "p": "am" if time.hour < 12 else "pm",
        "z": f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}",
        "Z": time.tzname() or "UTC",
        "s": str(seconds),
        "Q": str(seconds * 1000 + time.microsecond // 1000),
        "B": _MONTHS[time.month - 1],
        "b": _MONTHS[time.month - 1][:3],
        "h": _MONTHS[time.month - 1][:3],
        "A": _DAYS[time.weekday()],
        "a": _DAYS[time.weekday()][:3],
        "C": f"{time.year // 100:02d}",
        "Y": f"{time.year:04d}",
        "y": f"{time.year % 100:02d}",
        "j": f"{time.timetuple().tm_yday:03d}",
        "m": f"{time.month:02d}",
        "d": f"{time.day:02d}",
        "e": str(time.day),
    }
    return parts.get(letter, "")
