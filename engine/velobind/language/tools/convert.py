"""`$convert`: values of one kind from another, and lists of them from one text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_count, watched
from velobind.language.methods.lists import copied
from velobind.language.tools.base import Tool
from velobind.language.tools.calendar import AnyDate, Calendar, millis_of
from velobind.language.tools.collection import split
from velobind.language.tools.configured import LOCALE_METHODS
from velobind.language.tools.date import parse, plain_date
from velobind.language.tools.locales import Locale, locale_of_tool
from velobind.language.tools.numbers import Number, as_number, double_value, int_value, is_number, parse_number
from velobind.language.tools.signatures import method
from velobind.language.tools.zones import TimeZone
from velobind.language.values import Array, JavaCollection, elements, string_of, to_text


class ConversionTool(Tool):
    """`$convert`, which reads numbers and dates as the locale and the time zone have them."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, locale: Locale, zone: TimeZone) -> None:
        self.locale = locale
        self.zone = zone


def _string(tool: object, value: object) -> str | None:
    """The value's text; an array gives its first item's."""
    while isinstance(value, Array):
        if not value.items:
            return None
        value = value.items[0]
    return None if value is None else string_of(value)


def _boolean(tool: object, value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = _string(tool, value)
    return None if text is None else text.lower() == "true"


def _number(tool: ConversionTool, value: object) -> Number | None:
    number = as_number(value)
    if number is not None:
        return number
    text = _string(tool, value)
    return parse_number(text, "default", tool.locale) if text else None


def _required(tool: ConversionTool, value: object, what: str) -> Number:
    number = _number(tool, value)
    if number is None:
        message = f'Cannot invoke "java.lang.Number.{what}()" because "num" is null'
        raise MethodFailed("java.lang.NullPointerException", message)
    return number


def _integer(tool: ConversionTool, value: object) -> int | None:
    return None if value is None else int_value(_required(tool, value, "intValue"))


def _double(tool: ConversionTool, value: object) -> float | None:
    return None if value is None else double_value(_required(tool, value, "doubleValue"))


def _locale(tool: ConversionTool, value: object) -> Locale | None:
    if isinstance(value, Locale):
        return value
    text = _string(tool, value)
    return locale_of_tool(text) if text else None


def _date(tool: ConversionTool, value: object) -> AnyDate | None:
    found = plain_date(value, tool.zone)
    if found is not None:
        return found
    text = _string(tool, value)
    return parse(text, "default", tool.locale, tool.zone, tool) if text else None


def _calendar(tool: ConversionTool, value: object) -> Calendar | None:
    if value is None or isinstance(value, Calendar):
        return value
    date = _date(tool, value)
    return None if date is None else Calendar(millis_of(date), tool.zone, tool.locale)


def _strings(tool: ConversionTool, value: object) -> Array | None:
    if value is None or (isinstance(value, Array) and value.component == "String"):
        return value
    items = elements(value)
    if items is None:
        return Array(list(split(to_text(value))), "String")
    if not items and not isinstance(value, Array):
        return None
    check_count(len(items))
    return Array([_string(tool, item) for item in watched(items)], "String")


def _items(tool: ConversionTool, value: object) -> list[object] | None:
    array = value if isinstance(value, Array) else _strings(tool, value)
    return None if array is None else copied(array.items)


def _many(convert: Callable[[Any, object], object], component: str) -> Callable[..., object]:
    """An array of what each item of a text `a, b`, or of an array, converts to."""

    def run(tool: ConversionTool, value: object) -> Array | None:
        items = _items(tool, value)
        return None if items is None else Array([convert(tool, item) for item in watched(items)], component)

    return run


def _only_empty(component: str) -> Callable[..., object]:
    """The tool's method for collections gives null for any that has items."""

    def run(tool: ConversionTool, values: object) -> Array | None:
        items = elements(values)
        return None if values is None or items else Array([], component)

    return run


def _lists(convert: Callable[[Any, object], object], component: str) -> Any:
    return method(("Object", _many(convert, component)), ("Collection", _only_empty(component)))


def _primitive(tool: ConversionTool, value: object, make: Callable[[Number], object]) -> object:
    number = _number(tool, value)
    return make(0 if number is None else number)


def _to_list(tool: object, value: object) -> list[object] | None:
    if value is None or isinstance(value, list):
        return value
    if isinstance(value, Array):
        return copied(value.items)
    is_list = isinstance(value, range) or (isinstance(value, JavaCollection) and value.order == "list")
    return copied(elements(value) or ()) if is_list else [value]


def _given_locale(tool: ConversionTool, locale: object) -> Locale | None:
    """The locale that was given; None where it was null or is none."""
    return _locale(tool, locale)


def _parse_number(tool: ConversionTool, text: str | None, style: str | None, locale: object) -> Number | None:
    given = _given_locale(tool, locale)
    return None if text is None or style is None or given is None else parse_number(text, style, given)


def _parse_date(
    tool: ConversionTool, text: str | None, style: str | None, locale: object, zone: TimeZone | None
) -> AnyDate | None:
    given = _given_locale(tool, locale)
    return None if text is None else parse(text, style, given, zone, tool)


_ints = _many(lambda tool, value: _primitive(tool, value, int_value), "int")

ConversionTool.velocity_methods = {
    **LOCALE_METHODS,
    "toString": method(("Object", _string), ("", Tool.text)),
    "toBoolean": method(("Object", _boolean)),
    "toInteger": method(("Object", _integer)),
    "toDouble": method(("Object", _double)),
    "toNumber": method(("Object", lambda tool, value: value if is_number(value) else _number(tool, value))),
    "toLocale": method(("Object", _locale)),
    "toDate": method(("Object", _date)),
    "toCalendar": method(("Object", _calendar)),
    "toStrings": method(("Object", _strings)),
    "toBooleans": _lists(_boolean, "Boolean"),
    "toNumbers": _lists(_number, "Number"),
    "toInts": method(("Object", _ints)),
    "toIntegers": method(("Object", _ints)),
    "toDoubles": method(
        ("Object", _many(lambda tool, value: _primitive(tool, value, double_value), "double")),
    ),
    "toLocales": _lists(_locale, "Locale"),
    "toDates": _lists(_date, "Date"),
    "toCalendars": _lists(_calendar, "Calendar"),
    "toList": method(("Object", _to_list)),
    "parseNumber": method(
        ("String", lambda tool, text: _parse_number(tool, text, "default", tool.locale)),
        ("String, String", lambda tool, text, style: _parse_number(tool, text, style, tool.locale)),
        ("String, Object", lambda tool, text, locale: _parse_number(tool, text, "default", locale)),
        ("String, String, Object", _parse_number),
    ),
    "parseDate": method(
        ("String", lambda tool, text: _parse_date(tool, text, "default", tool.locale, tool.zone)),
        ("String, String", lambda tool, text, style: _parse_date(tool, text, style, tool.locale, tool.zone)),
        ("String, Object", lambda tool, text, locale: _parse_date(tool, text, "default", locale, tool.zone)),
        ("String, String, Object", lambda t, text, style, locale: _parse_date(t, text, style, locale, t.zone)),
        ("String, String, Object, TimeZone", _parse_date),
    ),
    "getStringsDelimiter": method(("", lambda tool: ",")),
    "getStringsTrim": method(("", lambda tool: True)),
    "getNumberFormat": method(("", lambda tool: "default")),
    "getDateFormat": method(("", lambda tool: "default")),
}
