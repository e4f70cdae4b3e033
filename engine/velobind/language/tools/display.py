"""`$display`: lists, cells, shortened and changed texts."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_count, check_pattern, check_size, overdue, watched
from velobind.language.methods.units import find_last, length, substring
from velobind.language.tools.base import Tool
from velobind.language.tools.configured import LOCALE_METHODS
from velobind.language.tools.locales import Locale, number_names
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.properties import PropertyError, get_property
from velobind.language.tools.signatures import method
from velobind.language.values import Array, elements, string_of, to_text

_DELIMITER, _LAST_DELIMITER, _LENGTH, _SUFFIX, _ALTERNATE = ", ", " and ", 30, "...", "null"


class DisplayTool(Tool):
    """`$display`, with the tools' own delimiters and lengths."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, locale: Locale) -> None:
        self.locale = locale


class Measurements(Tool):
    """How many lines a text has, and how long the longest of them is."""

    java_name = "org.apache.velocity.tools.generic.DisplayTool$Measurements"
    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, measured: str) -> None:
        check_count(measured.count("\n"))
        lines = measured.split("\n")
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        if measured and not lines[-1]:
            lines.pop()
        self.height = len(lines)
        self.width = max((length(line) for line in watched(lines)), default=0)

    def text(self) -> str:
        return f"{{ height: {self.height}, width: {self.width} }}"


def _property(item: object, name: str) -> object:
    try:
        return get_property(item, name)
    except PropertyError as e:
        message = f"Could not retrieve '{name}' from {to_text(item)}: {e}"
        raise MethodFailed("java.lang.IllegalArgumentException", message) from None


def _list(
    tool: DisplayTool, value: object, delimiter: str | None, last: str | None, name: str | None = None
) -> str | None:
    if value is None:
        return None
    found = elements(value)
    items = [value] if found is None else found
    texts = [to_text(_property(item, name) if name else item) for item in watched(items)]
    if len(texts) < 2:
        return "".join(texts)
    check_size(sum(map(len, texts)) + len(_text(delimiter)) * len(texts) + len(_text(last)), "list")
    return _text(delimiter).join(texts[:-1]) + _text(last) + texts[-1]


def _text(value: object) -> str:
    """What `StringBuilder.append` writes: `null` for null."""
    return "null" if value is None else to_text(value)


def _given(value: object) -> str:
    """The text of a value; raises MethodFailed where it is null."""
    text = string_of(value)
    if text is None:
        raise MethodFailed("java.lang.NullPointerException")
    return text


def _truncate(
    tool: object, value: object, most: int = _LENGTH, suffix: str | None = _SUFFIX, at_word: bool = False
) -> str | None:
    if value is None or most <= 0:
        return None
    text = _given(value)
    if length(text) <= most:
        return text
    room = most - length(suffix) if suffix is not None else 0
    if suffix is None or room <= 0:
        return substring(text, 0, most)
    if at_word:
        space = find_last(substring(text, 0, room + 1), " ")
        if space > length(suffix):
            return substring(text, 0, space) + suffix
    return substring(text, 0, room) + suffix


def _space(tool: object, count: int) -> str | None:
    if count < 0:
        return None
    check_size(count, f"a text with {count} spaces")
    return " " * count


def _cell(tool: object, value: object, size: int = _LENGTH, suffix: str | None = _SUFFIX) -> str | None:
    if value is None or size <= 0:
        return None
    text = _given(value)
    missing = size - length(text)
    if missing < 0:
        return _truncate(tool, text, size, suffix)
    return text + (_space(tool, missing) or "")


def _br(tool: object, value: object) -> str | None:
    if value is None:
        return None
    text = _given(value)
    check_size(len(text) + 6 * text.count("\n"), "br")
    return text.replace("\n", "<br />\n")


def _capitalize(tool: object, value: object) -> str | None:
    if value is None:
        return None
    text = _given(value)
    return text[:1].upper() + text[1:]


def _uncapitalize(tool: object, value: object) -> str | None:
    if value is None:
        return None
    text = _given(value)
    return text[:1].lower() + text[1:]


def strip_tags(text: str, allowed: tuple[str, ...] = ()) -> str:
    """The text without what stands between `<` and the next `>`, but for tags that are allowed, letter case aside."""
    spared = re.compile(rf"<(?:/?(?:{'|'.join(allowed)})[\s>/])", re.IGNORECASE | re.ASCII) if allowed else None
    out: list[str] = []
    position = 0
    while (start := text.find("<", position)) >= 0:
        end = text.find(">", start)
        if end < 0:
            break
        if len(out) & 255 == 255:
            overdue()
        if spared is not None and spared.match(text, start):
            out.append(text[position : start + 1])
            position = start + 1
            continue
        out.append(text[position:start])
        position = end + 1
    out.append(text[position:])
    return "".join(out)


def _strip_tags(tool: object, value: object, allowed: Array | None = None) -> str | None:
    if allowed is not None and not isinstance(allowed, Array):
        raise MethodFailed("java.lang.IllegalArgumentException", "argument type mismatch")
    if value is None:
        return None
    names = tuple(t for t in (allowed.items if allowed is not None else ()) if isinstance(t, str))
    check_pattern("|".join(names), "a list of tags")
    return strip_tags(_given(value), tuple(t for t in names if re.fullmatch("[a-zA-Z0-9]+", t)))


def _plural(tool: object, count: int, singular: str | None, plural: str | None = None) -> str | None:
    if count in (1, -1):
        return singular
    if plural is not None or not singular:
        return plural if plural is not None else singular
    upper = singular[-1].lower() != singular[-1]
    word = singular.lower()
    if word.endswith(("x", "sh", "ch", "s")):
        ending = "es"
    elif len(word) > 1 and word.endswith("y") and word[-2] not in "aeiou":
        singular, ending = singular[:-1], "ies"
    else:
        ending = "s"
    return singular + (ending.upper() if upper else ending)


def _arguments(arguments: Array | None) -> list[object]:
    """The arguments of a format: one list alone stands for its items."""
    items = list(arguments.items) if arguments is not None else []
    if len(items) == 1 and not isinstance(items[0], Array):
        inner = elements(items[0])
        if inner is not None:
            return list(inner)
    return items


def _message(tool: DisplayTool, format: str | None, arguments: Array | None) -> str | None:
    from velobind.language.tools.message_format import format_message

    items = _arguments(arguments)
    return format if format is None or not items else format_message(format, items, tool.locale)


def _printf(tool: DisplayTool, format: str | None, arguments: Array | None) -> str | None:
    from velobind.language.methods.formatting import java_format

    items = _arguments(arguments)
    return format if format is None or not items else java_format(format, Array(items), _signs(tool.locale))


def _signs(locale: Locale) -> dict[int, str] | None:
    """The locale's decimal and grouping signs; None where they are those that Java starts from."""
    if str(locale) in ("en", "en_US"):
        return None
    names = number_names(locale)
    return {ord("."): names.decimal, ord(","): names.grouping}


def _alt(tool: object, value: object, alternate: object = _ALTERNATE) -> object:
    return alternate if value is None else value


def _constant(value: object) -> Any:
    return method(("", lambda tool: value))


Measurements.velocity_methods = {
    **OBJECT_METHODS,
    "getHeight": method(("", lambda self: self.height)),
    "getWidth": method(("", lambda self: self.width)),
}
DisplayTool.velocity_methods = {
    **LOCALE_METHODS,
    "list": method(
        ("Object", lambda tool, value: _list(tool, value, _DELIMITER, _LAST_DELIMITER)),
        ("Object, String", lambda tool, value, delimiter: _list(tool, value, delimiter, delimiter)),
        ("Object, String, String", _list),
        ("Object, String, String, String", _list),
    ),
    "message": method(("String, Object...", _message)),
    "printf": method(("String, Object...", _printf)),
    "truncate": method(
        ("Object", _truncate),
        ("Object, int", _truncate),
        ("Object, String", lambda tool, value, suffix: _truncate(tool, value, _LENGTH, suffix)),
        ("Object, int, String", _truncate),
        ("Object, int, String, boolean", _truncate),
    ),
    "space": method(("int", _space)),
    "cell": method(
        ("Object", _cell),
        ("Object, int", _cell),
        ("Object, String", lambda tool, value, suffix: _cell(tool, value, _LENGTH, suffix)),
        ("Object, int, String", _cell),
    ),
    "capitalize": method(("Object", _capitalize)),
    "uncapitalize": method(("Object", _uncapitalize)),
    "alt": method(("Object", _alt), ("Object, Object", _alt)),
    "br": method(("Object", _br)),
    "stripTags": method(("Object", _strip_tags), ("Object, String...", _strip_tags)),
    "plural": method(("int, String", _plural), ("int, String, String", _plural)),
    "measure": method(("Object", lambda tool, value: None if value is None else Measurements(_given(value)))),
    "getListDelimiter": _constant(_DELIMITER),
    "getListFinalDelimiter": _constant(_LAST_DELIMITER),
    "getTruncateLength": _constant(_LENGTH),
    "getTruncateSuffix": _constant(_SUFFIX),
    "getTruncateAtWord": _constant(False),
    "getCellSuffix": _constant(_SUFFIX),
    "getCellLength": _constant(_LENGTH),
    "getDefaultAlternate": _constant(_ALTERNATE),
    "getAllowedTags": _constant(None),
}
