"""Text of numbers, of dates, and of what PostgreSQL can store; nothing here needs a database."""

from __future__ import annotations

import re
from decimal import Decimal


def plain(number: str) -> str:
    """A number's text in plain decimal: `1e+20` is `100000000000000000000`; `NaN` and `Infinity` stay."""
    if "e" not in number and "E" not in number:
        return number
    return format(Decimal(number), "f")


_MOMENT = re.compile(r"(\d{4,})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d+)?))?(?:[+]00(?::00)?|Z)?( BC)?")


def moment(text: str) -> str:
    """The ISO-8601 text of PostgreSQL's text of a date or a timestamp in UTC; other text stays as it is."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return text
    year, month, day, clock, before = found.groups()
    number = 1 - int(year) if before else int(year)
    shown = f"+{number}" if number > 9999 else f"-{-number:04}" if number < 0 else f"{number:04}"
    return f"{shown}-{month}-{day}T{clock or '00:00:00'}Z"


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: UTF-8 without the character U+0000."""
    if text.isascii():
        return "\0" not in text
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
