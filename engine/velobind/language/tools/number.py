"""`$number`: numbers as text, in a locale."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.tools.base import Tool
from velobind.language.tools.configured import FORMAT_METHODS
from velobind.language.tools.decimal_format import NumberFormat, number_format
from velobind.language.tools.locales import Locale
from velobind.language.tools.numbers import Number, is_number, to_number
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method, of_two

_TEXT = frozenset((str,))
_WRITTEN = frozenset((str, int, float, Decimal))


class NumberTool(Tool):
    """`$number`, which formats and reads by the locale's own signs."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.form = lru_cache(maxsize=256)(lambda style: number_format(style, locale))

    def format(self, style: str | None, value: object, locale: Locale | None) -> str | None:
        """The number as text, None where the value is no number; raises `MethodFailed` for a malformed pattern."""
        number = self.number(value)
        if style is None or locale is None:
            return None
        form = self.form(style) if locale is self.locale else number_format(style, locale)
        return None if number is None else form.format(number)

    def number(self, value: object) -> Number | None:
        """The value as a number, read by the locale's own signs where it is a text."""
        if type(value) is str:
            return self.form("default").read(value)
        return value if is_number(value) else to_number(value, "default", self.locale)

    def own(self, style: str, value: object) -> str | None:
        """The number as text in the tool's own locale."""
        number, form = self.number(value), self.form(style)
        return None if number is None else form.format(number)


class NumberFormatValue(Tool):
    """A `java.text.NumberFormat` that a template holds."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, form: NumberFormat) -> None:
        self.form = form

    def text(self) -> str:
        return "java.text.DecimalFormat@674dc"


def _format_of(tool: NumberTool, style: str | None, locale: Locale | None) -> NumberFormatValue | None:
    return None if style is None or locale is None else NumberFormatValue(number_format(style, locale))


def _read(tool: NumberTool, style: str | None, value: object, locale: Locale | None) -> Number | None:
    if is_number(value):
        return value
    if style is None or locale is None:
        return to_number(value, "default", tool.locale) if not isinstance(value, str) else None
    return to_number(value, style, locale)


def _format_value(self: NumberFormatValue, value: object) -> str:
    if not is_number(value):
        raise MethodFailed("java.lang.IllegalArgumentException", "Cannot format given Object as a Number")
    return self.form.format(value)


NumberFormatValue.velocity_methods = {**OBJECT_METHODS, "format": method(("Object", _format_value))}
NumberTool.velocity_methods = {
    **FORMAT_METHODS,
    "format": of_two(
        method(
            ("Object", lambda tool, value: tool.own("default", value)),
            ("String, Object", lambda tool, style, value: tool.format(style, value, tool.locale)),
            ("String, Object, Locale", NumberTool.format),
        ),
        _TEXT,
        _WRITTEN,
        NumberTool.own,
    ),
    "currency": method(("Object", lambda tool, value: tool.own("currency", value))),
    "integer": method(("Object", lambda tool, value: tool.own("integer", value))),
    "number": method(("Object", lambda tool, value: tool.own("number", value))),
    "percent": method(("Object", lambda tool, value: tool.own("percent", value))),
    "getNumberFormat": method(("String, Locale", _format_of)),
    "toNumber": method(
        ("Object", lambda tool, value: _read(tool, "default", value, tool.locale)),
        ("String, Object", lambda tool, style, value: _read(tool, style, value, tool.locale)),
        ("String, Object, Locale", _read),
    ),
}
