"""`$esc`: text made safe for the place where it goes, by the tables of Commons Lang 3."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import codepoint2name
from typing import Any, ClassVar
from urllib.parse import quote_plus

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_size, overdue, watched
from velobind.language.methods.parsing import parse_integer
from velobind.language.methods.units import in_parts, spread
from velobind.language.tools.base import Tool
from velobind.language.tools.configured import SAFE_METHODS
from velobind.language.tools.signatures import method
from velobind.language.values import join_pairs, string_of

# The entities of HTML 4.0, which are those of the standard library's table.
_HTML = {chr(code): f"&{name};" for code, name in codepoint2name.items()}
_NAMED_IN_HTML = re.compile(f"[{re.escape(''.join(_HTML))}]")
_CONTROLS = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
_JAVA = re.compile(r'["\\]|[^\x20-\x7f]')
_SCRIPT = re.compile(r"""["'\\/]|[^\x20-\x7f]""")
_XML = {ord("<"): "&lt;", ord(">"): "&gt;", ord("&"): "&amp;", ord('"'): "&quot;", ord("'"): "&apos;"}
_XML.update(dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), ""))
_XML.update({code: f"&#{code};" for code in (*range(0x7F, 0x85), *range(0x86, 0xA0))})
_XML.update(dict.fromkeys(range(0xD800, 0xE000), ""))
_PROPERTY_CONTROLS = {"\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class EscapeTool(Tool):
    """`$esc`."""

    velocity_methods: ClassVar[dict[str, Any]] = {}


def _unicode(match: re.Match[str]) -> str:
    c = match[0]
    if ord(c) in _CONTROLS:
        return _CONTROLS[ord(c)]
    if c.isascii() and c.isprintable():
        return "\\" + c
    return "".join(f"\\u{ord(unit):04X}" for unit in spread(c))


def java(text: str) -> str:
    """Text as a Java string literal's inside."""
    return _JAVA.sub(_unicode, text)


def javascript(text: str) -> str:
    """Text as a JavaScript string literal's inside, `/` included."""
    return _SCRIPT.sub(_unicode, text)


def html(text: str) -> str:
    """Text as HTML 4: every character that has an entity's name, but not `'`."""
    if text.isascii():
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return _NAMED_IN_HTML.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    return _HTML[match[0]]


def xml(text: str) -> str:
    """Text as XML 1.0, without the characters that it may not hold."""
    return join_pairs(text).translate(_XML)


def url(text: str) -> str:
    """Text as a part of a query: spaces become `+`."""
    return quote_plus(join_pairs(text), safe="*", errors="replace").replace("~", "%7E")


def unurl(text: str) -> str:
    """The text of a part of a query. Raises `MethodFailed` for a `%` without two hexadecimal digits."""
    out: list[str] = []
    data, i, turns = bytearray(), 0, 0
    while i < len(text):
        turns += 1
        if not turns & 0x3FF:
            overdue()
        c = text[i]
        if c == "%":
            data += _hex_pair(text, i)
            i += 3
            continue
        if data:
            out.append(data.decode("utf-8", "replace"))
            data = bytearray()
        out.append(" " if c == "+" else c)
        i += 1
    out.append(data.decode("utf-8", "replace"))
    return "".join(out)


def _hex_pair(text: str, i: int) -> bytes:
    pair = text[i + 1 : i + 3]
    if len(pair) < 2:
        raise MethodFailed("java.lang.IllegalArgumentException", "URLDecoder: Incomplete trailing escape (%) pattern")
    if not re.fullmatch(r"\+?[0-9A-Fa-f]+", pair):
        raise MethodFailed(
            "java.lang.IllegalArgumentException",
            f'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "{pair}"',
        )
    return bytes([int(pair, 16)])


def _property(key: bool) -> Callable[[str], str]:
    special = "\\#!=: " if key else "\\#!=:"

    def write(text: str) -> str:
        out = []
        for i, c in enumerate(watched(spread(text))):
            if c in _PROPERTY_CONTROLS:
                out.append(_PROPERTY_CONTROLS[c])
                continue
            if c in special or (i == 0 and c == " "):
                out.append("\\")
            out.append(c if " " <= c <= "~" else f"\\u{ord(c):04x}")
        written = "".join(out)
        check_size(len(written), "a property's text")
        return written

    return write


def unicode(text: str) -> str:
    """The character of a code point in hexadecimal. Raises `MethodFailed` where the text is none."""
    code = parse_integer(text.removeprefix("\\u"), 16, 32)
    if not 0 <= code <= 0x10FFFF:
        message = f"Not a valid Unicode code point: 0x{code % 2**32:X}"
        raise MethodFailed("java.lang.IllegalArgumentException", message)
    return chr(code)


def _of(write: Callable[[str], str]) -> Any:
    def run(tool: object, value: object) -> object:
        text = None if value is None else string_of(value)
        return None if text is None else write(text)

    return method(("Object", run))


def _of_characters(write: Callable[[str], str]) -> Any:
    """The same of what changes each character for itself."""

    def run(text: str) -> str:
        return write(text) if len(text) <= HEAVY else in_parts(join_pairs(text), write)

    return _of(run)


def _constant(text: str) -> Any:
    return method(("", lambda tool: text))


_NAMED = {
    "Dollar": "$", "D": "$", "Hash": "#", "H": "#", "Backslash": "\\", "B": "\\", "Quote": '"', "Q": '"',
    "SingleQuote": "'", "S": "'", "Newline": "\n", "N": "\n", "Exclamation": "!", "E": "!",
}  # fmt: skip

EscapeTool.velocity_methods = {
    **SAFE_METHODS,
    "java": _of_characters(java),
    "javascript": _of_characters(javascript),
    "html": _of_characters(html),
    "xml": _of_characters(xml),
    "url": _of_characters(url),
    "unurl": _of(unurl),
    "sql": _of_characters(lambda text: text.replace("'", "''")),
    "propertyKey": _of(_property(True)),
    "propertyValue": _of(_property(False)),
    "unicode": _of(unicode),
    "velocity": _of_characters(lambda text: text.replace("$", "${esc.d}").replace("#", "${esc.h}")),
    "getKey": _constant("esc"),
    **{f"get{name}": _constant(text) for name, text in _NAMED.items()},
}
