"""What the tools inherit: their locale, their format, the state of their configuration."""

from __future__ import annotations

from typing import Any

from velobind.language.tools.locales import Locale, locale_of_tool
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method
from velobind.language.values import to_text


def to_locale(tool: object, value: object) -> Locale | None:
    """`LocaleConfig.toLocale`: a locale, or one of the text `uk_UA`."""
    if value is None or isinstance(value, Locale):
        return value
    return locale_of_tool(to_text(value))


SAFE_METHODS: dict[str, Any] = {
    **OBJECT_METHODS,
    "isConfigLocked": method(("", lambda tool: True)),
    "isSafeMode": method(("", lambda tool: True)),
}
LOCALE_METHODS: dict[str, Any] = {
    **SAFE_METHODS,
    "getLocale": method(("", lambda tool: tool.locale)),
    "toLocale": method(("Object", to_locale)),
}
FORMAT_METHODS: dict[str, Any] = {**LOCALE_METHODS, "getFormat": method(("", lambda tool: "default"))}
