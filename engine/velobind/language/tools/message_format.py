"""`java.text.MessageFormat`: `{0}`, `{1,number,#.##}`, `{2,date,short}`, `{3,choice,0#none|1#one|1<many}`."""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Sequence

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_growth, check_pattern, check_size, overdue
from velobind.language.tools.calendar import AnyDate, Date, date_of, millis_of
from velobind.language.tools.date_format import pattern_format, style_format, style_of
from velobind.language.tools.decimal_format import number_format
from velobind.language.tools.locales import Locale
from velobind.language.tools.numbers import is_number, long_value
from velobind.language.tools.zones import TimeZone, zone, zone_of
from velobind.language.values import to_text

_MOST_ARGUMENTS = 10_000
_DEEPEST = 8


def _bad(message: str) -> MethodFailed:
    return MethodFailed("java.lang.IllegalArgumentException", message)


def format_message(pattern: str, arguments: Sequence[object], locale: Locale, depth: int = 0) -> str:
    """The pattern with its arguments. Raises `MethodFailed` where it is malformed or an argument does not fit."""
    out: list[str] = []
    size = 0
    for turn, part in enumerate(_parts(pattern), 1):
        out.append(part if isinstance(part, str) else _argument(part, arguments, locale, depth))
        size += len(out[-1])
        if not turn & 15:
            check_growth(size, "message")
    check_size(size, "message")
    return "".join(out)


def _parts(pattern: str) -> list[str | tuple[str, ...]]:
    """Texts, and the comma-divided parts of what stands in braces."""
    parts: list[str | tuple[str, ...]] = []
    segments: list[list[str]] = [[]]
    braces, quoted = 0, False
    text: list[str] = []
    i = turn = 0
    while i < len(pattern):
        c = pattern[i]
        turn += 1
        if not turn & 0x3FF:
            overdue()
        if not braces:
            if c == "'":
                if pattern[i + 1 : i + 2] == "'":
                    text.append("'")
                    i += 1
                else:
                    quoted = not quoted
            elif c == "{" and not quoted:
                parts.append("".join(text))
                text, segments, braces = [], [[]], 1
            else:
                text.append(c)
        elif quoted:
            segments[-1].append(c)
            quoted = c != "'"
        elif c == " " and len(segments) == 2 and not segments[-1]:
            pass
        elif c == "," and len(segments) < 3:
            segments.append([])
        elif c == "}" and braces == 1:
            parts.append(tuple(map("".join, segments)))
            braces, quoted = 0, False
        else:
            braces += (c == "{") - (c == "}")
            quoted = c == "'"
            segments[-1].append(c)
        i += 1
    if braces:
        raise _bad("Unmatched braces in the pattern.")
    return [*parts, "".join(text)]


def _argument(part: tuple[str, ...], arguments: Sequence[object], locale: Locale, depth: int) -> str:
    name = part[0]
    if not name.isdecimal() or not name.isascii():
        negative = name[:1] == "-" and name[1:].isdecimal()
        raise _bad("negative argument number: " + name if negative else "can't parse argument number: " + name)
    index = int(name[-9:]) if len(name.lstrip("0")) < 9 else _MOST_ARGUMENTS
    if index >= _MOST_ARGUMENTS:
        raise _bad(f"{index} exceeds the ArgumentIndex implementation limit")
    kind = part[1].strip().lower() if len(part) > 1 else ""
    style = part[2] if len(part) > 2 else ""
    if kind not in ("", "number", "date", "time", "choice"):
        raise _bad("unknown format type: " + part[1])
    if index >= len(arguments):
        return f"{{{index}}}"
    value = arguments[index]
    if value is None:
        return "null"
    if kind == "number":
        return _number(value, style, locale)
    if kind in ("date", "time"):
        return _date(value, kind, style, locale)
    if kind == "choice":
        chosen = _choose(style, value)
        return format_message(chosen, arguments, locale, depth + 1) if "{" in chosen and depth < _DEEPEST else chosen
    if is_number(value):
        return number_format("number", locale).format(value)
    if isinstance(value, datetime.date | Date):
        form = style_format(3, 3, locale, _zone(value))
        return form.format(millis_of(value)) if form else ""
    return to_text(value)


def _number(value: object, style: str, locale: Locale) -> str:
    name = style.strip().lower()
    form = number_format(name if name in ("currency", "percent", "integer") else style or "number", locale)
    if not is_number(value):
        raise _bad("Cannot format given Object as a Number")
    return form.format(value)


def _zone(value: AnyDate) -> TimeZone:
    """The zone that the date was made in."""
    return value.zone if isinstance(value, Date) else zone_of(value)


def _date(value: object, kind: str, style: str, locale: Locale) -> str:
    if is_number(value):
        unknown = isinstance(value, float) and not math.isfinite(value)
        value = date_of(int(time.time()) if unknown else long_value(value), zone("UTC"))
    if not isinstance(value, datetime.date | Date):
        raise _bad("Cannot format given Object as a Date")
    number = style_of(style.strip() or "default")
    if number > 3:
        number = -1
    if number < 0:
        form = pattern_format(style, locale, _zone(value))
    else:
        found = style_format(*((number, -1) if kind == "date" else (-1, number)), locale, _zone(value))
        assert found is not None
        form = found
    return form.format(millis_of(value))


def _choose(pattern: str, value: object) -> str:
    """`ChoiceFormat`: the text after the last limit that the number reaches; the first where it reaches none."""
    if not is_number(value):
        raise _bad("Cannot format given Object as a Number")
    chosen: str | None = None
    number = float(value)
    for limit, text in _choices(pattern):
        if chosen is None or number >= limit:
            chosen = text
        else:
            break
    if chosen is None:
        raise MethodFailed("java.lang.ArrayIndexOutOfBoundsException", "Index 0 out of bounds for length 0")
    return chosen


def _choices(pattern: str) -> list[tuple[float, str]]:
    check_pattern(pattern, "a pattern of choices")
    choices: list[tuple[float, str]] = []
    limit: float | None = None
    text, quoted = "", False
    i = 0
    while i < len(pattern):
        c = pattern[i]
        if c == "'":
            if pattern[i + 1 : i + 2] == "'":
                text += "'"
                i += 1
            else:
                quoted = not quoted
        elif quoted:
            text += c
        elif c in "<#≤" and limit is None:
            if not text.strip():
                raise _bad("Each interval must contain a number before a format")
            limit = _limit(text.strip())
            if c == "<" and math.isfinite(limit):
                limit = math.nextafter(limit, math.inf)
            if choices and limit <= choices[-1][0]:
                raise _bad("Incorrect order of intervals, must be in ascending order")
            text = ""
        elif c == "|":
            if limit is None:
                raise _bad("Each interval must contain a number before a format")
            choices.append((limit, text))
            limit, text = None, ""
        else:
            text += c
        i += 1
    if limit is not None:
        choices.append((limit, text))
    return choices


def _limit(text: str) -> float:
    if text in ("∞", "-∞"):
        return math.inf if text == "∞" else -math.inf
    try:
        return float(text)
    except ValueError:
        raise _bad(f'For input string: "{text}"') from None
