"""Dates as text: the patterns of `java.text.SimpleDateFormat`, and the named styles of the tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from velobind.language.faults import MethodFailed
from velobind.language.limits import STEP, check_pattern, overdue
from velobind.language.tools.calendar import Moment, local_time, moment
from velobind.language.tools.date_short import FIRST_WRITTEN, LAST_WRITTEN, Reader, Writer, short_reader, short_writer
from velobind.language.tools.decimal_format import NumberFormat, decimal_format
from velobind.language.tools.locales import DateNames, Locale, date_names
from velobind.language.tools.zones import TimeZone, zone_name

LETTERS = "GyMdkHmsSEDFwWahKzZYuXL"

Piece = tuple[str, int]


@dataclass(frozen=True)
class DateFormat:
    """A pattern with a locale and a zone. `pieces` are letters with their count, and literal text with a count of 0."""

    pattern: str
    pieces: tuple[Piece, ...]
    alone: bool
    locale: Locale
    names: DateNames
    zone: TimeZone
    zone_id: bool = False

    def format(self, millis: int) -> str:
        """The instant as text."""
        if len(self.pieces) > STEP:
            overdue()
        if self._short_writer is not None and FIRST_WRITTEN <= millis <= LAST_WRITTEN:
            offset = self.zone.offset(millis)
            text = self._short_writer(local_time(millis + offset), offset)
        else:
            m = moment(millis, self.zone, self.locale)
            text = "".join([text if not count else WRITERS[text](self, m, count) for text, count in self.pieces])
        return f"{text} {self.zone.id}" if self.zone_id else text

    @cached_property
    def numbers(self) -> NumberFormat:
        """How the locale's fields in digits are read: whole numbers without grouping."""
        return decimal_format("0", self.locale, True)

    @cached_property
    def short_years(self) -> bool:
        """Whether a year of two digits is one of the hundred years that begin eighty years ago."""
        return any(text in "yY" and 0 < count <= 2 for text, count in self.pieces)

    @cached_property
    def short_reader(self) -> Reader | None:
        return short_reader(self.pieces, self.numbers.names.exponent, self.zone)

    @cached_property
    def _short_writer(self) -> Writer | None:
        return short_writer(self.pieces, self.alone, self.names)


def compile_pattern(pattern: str) -> tuple[Piece, ...]:
    """The pieces of a pattern. Raises `MethodFailed` (IllegalArgumentException) for an unknown letter or open quote."""
    check_pattern(pattern, "a pattern of dates")  # a run of letters pads its number with zeros to its own length
    pieces: list[Piece] = []

    def literal(text: str) -> None:
        if pieces and not pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + text, 0)
        else:
            pieces.append((text, 0))

    i, quoted = 0, False
    while i < len(pattern):
        c = pattern[i]
        if c == "'":
            if pattern[i + 1 : i + 2] == "'":
                literal("'")
                i += 1
            else:
                quoted = not quoted
        elif quoted or not (c.isascii() and c.isalpha()):
            literal(c)
        elif c not in LETTERS:
            raise MethodFailed("java.lang.IllegalArgumentException", f"Illegal pattern character '{c}'")
        else:
            count = 1
            while pattern[i + count : i + count + 1] == c:
                count += 1
            pieces.append((c, count))
            i += count - 1
        i += 1
    if quoted:
        raise MethodFailed("java.lang.IllegalArgumentException", "Unterminated quote")
    return tuple(pieces)


def _number(value: int, width: int) -> str:
    return f"-{-value:0{width}d}" if value < 0 else f"{value:0{width}d}"


def _field(number: int, add: int = 0) -> Callable[[DateFormat, Moment, int], str]:
    return lambda f, m, n: _number(m.field(number) + add, n)


def _year(value: int, count: int) -> str:
    return _number(value % 100, 2) if count == 2 else _number(value, count)


def _month(f: DateFormat, m: Moment, count: int, alone: bool) -> str:
    if count < 3:
        return _number(m.month, count)
    names = f.names
    if alone:
        return (names.months_alone if count > 3 else names.months_alone_short)[m.month - 1]
    return (names.months if count > 3 else names.months_short)[m.month - 1]


def _of_clock(value: int, zero: int, count: int) -> str:
    return _number(value or zero, count)


def _rfc_zone(f: DateFormat, m: Moment, count: int) -> str:
    minutes = abs(m.offset) // 60_000
    return f"{'-' if m.offset < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"


def _iso_zone(f: DateFormat, m: Moment, count: int) -> str:
    if m.offset == 0:
        return "Z"
    minutes = abs(m.offset) // 60_000
    sign = "-" if m.offset <= -60_000 else "+"
    hours = f"{sign}{minutes // 60:02d}"
    return hours if count == 1 else f"{hours}{':' if count == 3 else ''}{minutes % 60:02d}"


WRITERS: dict[str, Callable[[DateFormat, Moment, int], str]] = {
    "G": lambda f, m, n: f.names.eras[m.field(0)],
    "y": lambda f, m, n: _year(m.year, n),
    "Y": lambda f, m, n: _year(m.week_year, n),
    "M": lambda f, m, n: _month(f, m, n, f.alone),
    "L": lambda f, m, n: _month(f, m, n, True),
    "w": _field(3),
    "W": _field(4),
    "D": _field(6),
    "d": _field(5),
    "F": _field(8),
    "E": lambda f, m, n: (f.names.days if n > 3 else f.names.days_short)[m.field(7) - 1],
    "u": lambda f, m, n: _number((m.field(7) + 5) % 7 + 1, n),
    "a": lambda f, m, n: f.names.ampm[m.field(9)],
    "H": _field(11),
    "k": lambda f, m, n: _of_clock(m.field(11), 24, n),
    "K": _field(10),
    "h": lambda f, m, n: _of_clock(m.field(10), 12, n),
    "m": _field(12),
    "s": _field(13),
    "S": _field(14),
    "z": lambda f, m, n: zone_name(f.zone, f.zone.summer(m.millis), n > 3, f.locale),
    "Z": _rfc_zone,
    "X": _iso_zone,
}

_STYLES = {"FULL": 0, "LONG": 1, "MEDIUM": 2, "SHORT": 3, "DEFAULT": 2, "ISO": 5, "ISO_TZ": 6, "INTL": 7, "INTL_TZ": 8}
_DATES = dict.fromkeys((5, 6, 7, 8), "yyyy-MM-dd")
_TIMES = {5: "HH:mm:ss", 6: "HH:mm:ssXXX", 7: "HH:mm:ss", 8: "HH:mm:ss"}
_BOTH = {
    5: "yyyy-MM-dd'T'HH:mm:ss",
    6: "yyyy-MM-dd'T'HH:mm:ssXXX",
    7: "yyyy-MM-dd HH:mm:ss",
    8: "yyyy-MM-dd HH:mm:ss",
}


@lru_cache(maxsize=512)
def pattern_format(pattern: str, locale: Locale, zone: TimeZone, zone_id: bool = False) -> DateFormat:
    """The format of a pattern. Raises `MethodFailed` where the pattern is malformed, or has an X too many."""
    pieces = compile_pattern(pattern)
    letters = [piece for piece in pieces if piece[1]]
    if any(letter == "X" and count > 3 for letter, count in letters):
        raise MethodFailed(
            "java.lang.IllegalArgumentException", f"invalid ISO 8601 format: length={_longest_x(letters)}"
        )
    alone = len(letters) == 1 and letters[0][0] == "M"
    return DateFormat(pattern, pieces, alone, locale, date_names(locale), zone, zone_id)


def _longest_x(letters: list[Piece]) -> int:
    return max(count for letter, count in letters if letter == "X")


def style_of(name: str) -> int:
    """The number of a named style, letter case aside; -1 where the name is none."""
    return _STYLES.get(name.upper(), -1)


def style_format(
    date: int, time: int, locale: Locale | None, zone: TimeZone, own: Locale | None = None
) -> DateFormat | None:
    """`ConversionUtils.getDateFormat` by the numbers of styles, -1 for none.

    Without any style it is the date in `own`, the locale that the tools were made for. None where the style wants a
    locale and that is null, and for two styles that don't go together.
    """
    plain = Locale("en", "US")
    if time < 0 and date in _DATES:
        return pattern_format(_DATES[date], plain, zone)
    if date < 0 and time in _TIMES:
        return pattern_format(_TIMES[time], plain, zone, time == 8)
    if time >= 0 and date in _BOTH:
        return pattern_format(_BOTH[date], plain, zone, date == 8)
    if date < 0 and time < 0:
        date, locale = 2, own or locale
    if locale is None:
        return None
    names = date_names(locale)
    if time < 0:
        return pattern_format(names.date[date], locale, zone)
    if date < 0:
        return pattern_format(names.time[time], locale, zone)
    if time > 3:
        return None
    pattern = names.glue[max(date, time)].replace("{1}", names.date[date]).replace("{0}", names.time[time])
    return pattern_format(pattern, locale, zone)


@lru_cache(maxsize=512)
def named_format(name: str, locale: Locale | None, zone: TimeZone, own: Locale) -> DateFormat | None:
    """`ConversionUtils.getDateFormat`: `short`, `long_date`, `medium_time`, `iso_tz`, or a pattern.

    Raises `MethodFailed` for a malformed pattern, and for a pattern without a locale.
    """
    if name.endswith("_date"):
        return style_format(style_of(name[:-5]), -1, locale, zone, own)
    if name.endswith("_time"):
        return style_format(-1, style_of(name[:-5]), locale, zone, own)
    style = style_of(name)
    if style >= 0:
        return style_format(style, style, locale, zone, own)
    if locale is None:
        raise MethodFailed("java.lang.NullPointerException")
    return pattern_format(name, locale, zone)
