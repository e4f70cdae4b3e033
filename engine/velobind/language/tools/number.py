"""`$number`: numbers as text, in a locale."""

from __future__ import annotations

from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.tools.base import Tool
from velobind.language.tools.configured import FORMAT_METHODS, OBJECT_METHODS
from velobind.language.tools.decimal_format import NumberFormat, number_format
from velobind.language.tools.locales import Locale
from velobind.language.tools.numbers import Number, is_number, to_number
from velobind.language.tools.signatures import method


class NumberTool(Tool):
    """`$number`, which formats and reads by the locale's own signs."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def format(self, style: str | None, value: object, locale: Locale | None) -> str | None:
        """The number as text, None where the value is no number; raises `MethodFailed` for a malformed pattern."""
        number = value if is_number(value) else to_number(value, "default", self.locale)
        if style is None or locale is None:
            return None
        form = number_format(style, locale)
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
    "format": method(
        ("Object", lambda tool, value: tool.format("default", value, tool.locale)),
        ("String, Object", lambda tool, style, value: tool.format(style, value, tool.locale)),
        ("String, Object, Locale", NumberTool.format),
    ),
    "currency": method(("Object", lambda tool, value: tool.format("currency", value, tool.locale))),
    "integer": method(("Object", lambda tool, value: tool.format("integer", value, tool.locale))),
    "number": method(("Object", lambda tool, value: tool.format("number", value, tool.locale))),
    "percent": method(("Object", lambda tool, value: tool.format("percent", value, tool.locale))),
    "getNumberFormat": method(("String, Locale", _format_of)),
    "toNumber": method(
        ("Object", lambda tool, value: _read(tool, "default", value, tool.locale)),
        ("String, Object", lambda tool, style, value: _read(tool, style, value, tool.locale)),
        ("String, Object, Locale", _read),
    ),
}
