"""Methods of `java.lang.String`."""

from __future__ import annotations

import re

from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_count, check_pattern, check_size, overdue, watched
from velobind.language.methods import formatting, regexes
from velobind.language.methods.characters import WHITESPACE, simple_lower, simple_upper
from velobind.language.methods.compare import compare_texts
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.methods.streams import IntStream, Optional, Stream
from velobind.language.methods.units import find, find_last, in_parts, length, out_of_bounds, spread, substring, wide
from velobind.language.values import Array, Byte, Character, elements, join_pairs, string_of, to_text, units

_CONTROLS = "".join(map(chr, range(33)))
_LATIN = re.compile("[\0-\xff]*")
_LINES = re.compile(r"\r\n|\r|\n")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "s": " ", "t": "\t", "'": "'", '"': '"', "\\": "\\"}


def _text(value: object) -> str:
    """A text argument; Java throws where it is null."""
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    return value if type(value) is str else to_text(value)


def _char_at(text: str, index: int) -> Character:
    if text.isascii() or not wide(text):
        if 0 <= index < len(text):
            return Character(text[index])
    else:
        parts = spread(text)
        if 0 <= index < len(parts):
            return Character(parts[index])
    raise out_of_bounds(f"index {index}, length {length(text)}")


def _code_point_at(text: str, index: int) -> int:
    parts = spread(text)
    if not 0 <= index < len(parts):
        raise out_of_bounds(f"index {index}, length {len(parts)}")
    return ord(join_pairs(parts[index : index + 2])[0])


def _code_point_before(text: str, index: int) -> int:
    parts = spread(text)
    if not 1 <= index <= len(parts):
        raise out_of_bounds(f"index {index}, length {len(parts)}")
    return ord(join_pairs(parts[max(0, index - 2) : index])[-1])


def _code_point_count(text: str, begin: int, end: int) -> int:
    parts = spread(text)
    if not 0 <= begin <= end <= len(parts):
        raise MethodFailed("java.lang.IndexOutOfBoundsException")
    return len(join_pairs(parts[begin:end]))


def _offset_by_code_points(text: str, index: int, count: int) -> int:
    parts = spread(text)
    if not 0 <= index <= len(parts):
        raise MethodFailed("java.lang.IndexOutOfBoundsException")
    after, before = join_pairs(parts[index:]), join_pairs(parts[:index])
    if count > len(after) or -count > len(before):
        raise MethodFailed("java.lang.IndexOutOfBoundsException")
    return index + length(after[:count]) if count >= 0 else length(before[:count])


def compare(left: str, right: object) -> int:
    """`String.compareTo`: the difference of the first unequal units, or of the lengths."""
    return compare_texts(left, _other(right))


def _other(value: object) -> str:
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    if type(value) is not str:
        raise MethodFailed("java.lang.ClassCastException")
    return value


def _compare_ignoring_case(left: str, right: object) -> int:
    other = _other(right)
    # Java compares code points, but units where one of the two is Latin-1.
    latin = _LATIN.fullmatch(left) or _LATIN.fullmatch(other)
    one, two = (spread(left), spread(other)) if latin else (left, other)
    for a, b in zip(watched(one), two, strict=False):
        if a != b:
            x, y = simple_lower(simple_upper(a)), simple_lower(simple_upper(b))
            if x != y:
                return ord(x) - ord(y)
    return length(left) - length(other)


def _equals_ignoring_case(left: str, right: object) -> bool:
    return type(right) is str and (left == right or _fold(left) == _fold(right))


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    if len(text) <= HEAVY:
        return "".join([simple_lower(simple_upper(c)) for c in text])
    return in_parts(text, _fold)


def _region_matches(text: str, ignore: bool, start: int, other: str, other_start: int, size: int) -> bool:
    a, b = spread(text), spread(_text(other))
    if other_start < 0 or start < 0 or start > len(a) - size or other_start > len(b) - size:
        return False
    left, right = a[start : start + max(size, 0)], b[other_start : other_start + max(size, 0)]
    return _fold(left) == _fold(right) if ignore else left == right


def _chars(text: str) -> IntStream:
    check_count(length(text))
    return IntStream(list(units(text)))


def _code_points(text: str) -> IntStream:
    check_count(len(text))
    return IntStream([ord(c) for c in join_pairs(text)])


def _concat(text: str, other: object) -> str:
    more = _text(other)
    check_size(len(text) + len(more), "concat")
    return text + more


def _contains(text: str, part: object) -> bool:
    return _text(part) in text


def _content_equals(text: str, other: object) -> bool:
    return text == _text(other)


def _starts_at(text: str, prefix: object, at: int) -> bool:
    if at < 0:
        return False
    parts, start = spread(text), spread(_text(prefix))
    return at <= len(parts) and parts.startswith(start, at)


def _index_of_char(text: str, code: int, start: int = 0) -> int:
    return find(text, chr(code), start) if 0 <= code <= 0x10FFFF else -1


def _last_index_of_char(text: str, code: int, start: int | None = None) -> int:
    return find_last(text, chr(code), start) if 0 <= code <= 0x10FFFF else -1


def join(_: object, separator: object, parts: object) -> str:
    """`String.join`: null parts are `null`."""
    items = elements(parts)
    if items is None or separator is None:
        raise MethodFailed("java.lang.NullPointerException")
    texts = []
    for item in watched(items):
        if item is not None and type(item) is not str:
            raise MethodFailed("java.lang.ClassCastException")
        texts.append("null" if item is None else str(item))
    between = _text(separator)
    check_size(sum(map(len, texts)) + len(between) * len(texts), "join")
    return between.join(texts)


def _repeat(text: str, count: int) -> str:
    if count < 0:
        raise MethodFailed("java.lang.IllegalArgumentException", f"count is negative: {count}")
    check_size(len(text) * count, f"repeat({count})")
    return text * count


def _replace(text: str, old: object, new: object) -> str:
    before, after = _text(old), _text(new)
    if len(after) > len(before):
        check_size(len(text) + text.count(before) * (len(after) - len(before)), "replace")
    if not before and wide(text):  # between UTF-16 units
        return join_pairs(spread(text).replace("", after))
    return text.replace(before, after)


def _replace_char(text: str, old: str, new: str) -> str:
    if wide(text):
        return join_pairs(spread(text).replace(old, new))
    return text.replace(old, new)


def lines_of(text: str) -> list[str]:
    """`String.lines`: without line ends, and without an empty last one."""
    check_count(text.count("\n") + text.count("\r"))
    parts = _LINES.split(text)
    return parts[:-1] if parts[-1] == "" else parts


def _strip(text: str) -> str:
    return _strip_trailing(_strip_leading(text))


def _strip_leading(text: str) -> str:
    return text.lstrip(WHITESPACE)


def _strip_trailing(text: str) -> str:
    return text.rstrip(WHITESPACE)


def _is_blank(text: str) -> bool:
    return not text.lstrip(WHITESPACE)


def _indent(text: str, count: int) -> str:
    if not text:
        return ""
    rows = lines_of(text)
    if count > 0:
        check_size(len(text) + (count + 1) * len(rows), f"indent({count})")
        rows = [" " * count + row for row in watched(rows)]
    elif count < 0:
        rows = [row[min(-count, len(row) - len(_strip_leading(row))) :] for row in watched(rows)]
    return "\n".join(rows) + "\n"


def _strip_indent(text: str) -> str:
    if not text:
        return ""
    optional = text[-1] in "\n\r"
    rows = lines_of(text)
    widths = [len(row) - len(_strip_leading(row)) for row in watched(rows) if not _is_blank(row)]
    if not optional:
        last = rows[-1]
        if _is_blank(last):
            widths.append(len(last))
    width = 0 if optional else min(widths, default=0)
    kept = ["" if _is_blank(row) else _strip_trailing(row[min(width, len(row)) :]) for row in watched(rows)]
    return "\n".join(kept) + ("\n" if optional else "")


def _translate_escapes(text: str) -> str:
    out: list[str] = []
    at = 0
    while True:
        place = text.find("\\", at)
        if place < 0:
            return "".join([*out, text[at:]])
        out.append(text[at:place])
        if len(out) & 255 == 1:
            overdue()
        at = place + 1
        code = text[at : at + 1]
        at += 1
        if code in _ESCAPES and code:
            out.append(_ESCAPES[code])
        elif code and code in "01234567":
            size = 2 if code <= "3" else 1
            stop = at
            while stop < len(text) and stop - at < size and text[stop] in "01234567":
                stop += 1
            out.append(chr(int(code + text[at:stop], 8)))
            at = stop
        elif code == "\r":
            at += text[at : at + 1] == "\n"
        elif code != "\n":
            shown = f"Invalid escape sequence: \\{code} \\\\u{ord(code or chr(0)):04X}"
            raise MethodFailed("java.lang.IllegalArgumentException", shown)


def _bytes(text: str, charset: object = "UTF-8") -> Array:
    check_pattern(_text(charset), "a character set's name")
    try:
        data = (join_pairs(text) if wide(text) else text).encode(_text(charset), "replace")
    except (LookupError, ValueError):
        raise MethodFailed("java.io.UnsupportedEncodingException", str(charset)) from None
    check_count(len(data))
    return Array([Byte(b - 256 if b > 127 else b) for b in watched(data)], "byte")


def _char_array(text: str) -> Array:
    parts = spread(text)
    check_count(len(parts))
    return Array([Character(c) for c in watched(parts)], "char")


def _from_chars(_: object, chars: object, start: int = 0, count: int | None = None) -> str:
    items = elements(chars)
    if items is None:
        raise MethodFailed("java.lang.NullPointerException")
    size = len(items) - start if count is None else count
    if start < 0 or size < 0 or start > len(items) - size:
        raise out_of_bounds(f"offset {start}, count {size}, length {len(items)}")
    return join_pairs("".join(map(to_text, watched(items[start : start + size]))))


def _value_of(_: object, value: object) -> str | None:
    return string_of(value)


def _lower(text: str, locale: object) -> str:
    if _language(locale) in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    return text.lower()


def _language(locale: object) -> str:
    if locale is None:
        raise MethodFailed("java.lang.NullPointerException")
    return str(locale).partition("_")[0]


def _upper(text: str, locale: object) -> str:
    if _language(locale) in ("tr", "az"):
        text = text.replace("i", "İ")
    return text.upper()


STRING: dict[str, Method | None] = {
    "charAt(int)": _char_at,
    "chars()": _chars,
    "codePointAt(int)": _code_point_at,
    "codePointBefore(int)": _code_point_before,
    "codePointCount(int,int)": _code_point_count,
    "codePoints()": _code_points,
    "compare(CharSequence,CharSequence)": lambda _, a, b: compare(_text(a), b),
    "compareTo(String)": compare,
    "compareTo(Object)": compare,
    "compareToIgnoreCase(String)": _compare_ignoring_case,
    "concat(String)": _concat,
    "contains(CharSequence)": _contains,
    "contentEquals(CharSequence)": _content_equals,
    "contentEquals(StringBuffer)": None,
    "copyValueOf(char[],int,int)": _from_chars,
    "copyValueOf(char[])": _from_chars,
    "describeConstable()": Optional,
    "endsWith(String)": lambda s, p: s.endswith(_text(p)),
    "equalsIgnoreCase(String)": _equals_ignoring_case,
    "format(String,Object[])": lambda _, f, a: formatting.java_format(f, a),
    "format(Locale,String,Object[])": lambda _, where, f, a: formatting.java_format(f, a),
    "formatted(Object[])": formatting.java_format,
    "getBytes(Charset)": null_function,
    "getBytes(String)": _bytes,
    "getBytes(int,int,byte[],int)": None,
    "getBytes()": _bytes,
    "getChars(int,int,char[],int)": None,
    "indent(int)": _indent,
    "indexOf(int)": _index_of_char,
    "indexOf(String)": lambda s, p: find(s, _text(p)),
    "indexOf(String,int)": lambda s, p, i: find(s, _text(p), i),
    "indexOf(int,int)": _index_of_char,
    "intern()": lambda s: s,
    "isBlank()": _is_blank,
    "isEmpty()": lambda s: not s,
    "join(CharSequence,CharSequence[])": join,
    "join(CharSequence,Iterable)": join,
    "lastIndexOf(String)": lambda s, p: find_last(s, _text(p)),
    "lastIndexOf(String,int)": lambda s, p, i: find_last(s, _text(p), i),
    "lastIndexOf(int,int)": _last_index_of_char,
    "lastIndexOf(int)": _last_index_of_char,
    "length()": length,
    "lines()": lambda s: Stream(list(lines_of(s))),
    "matches(String)": lambda s, p: regexes.matches(s, _text(p)),
    "offsetByCodePoints(int,int)": _offset_by_code_points,
    "regionMatches(boolean,int,String,int,int)": _region_matches,
    "regionMatches(int,String,int,int)": lambda s, i, o, j, n: _region_matches(s, False, i, o, j, n),
    "repeat(int)": _repeat,
    "replace(char,char)": _replace_char,
    "replace(CharSequence,CharSequence)": _replace,
    "replaceAll(String,String)": lambda s, p, r: regexes.replace(
        s, _text(p), None if r is None else _text(r), every=True
    ),
    "replaceFirst(String,String)": lambda s, p, r: regexes.replace(s, _text(p), _text(r), every=False),
    "resolveConstantDesc(MethodHandles.Lookup)": None,
    "split(String)": lambda s, p: Array(list(regexes.split(s, _text(p), 0)), "String"),
    "split(String,int)": lambda s, p, n: Array(list(regexes.split(s, _text(p), n)), "String"),
    "startsWith(String,int)": _starts_at,
    "startsWith(String)": lambda s, p: s.startswith(_text(p)),
    "strip()": _strip,
    "stripIndent()": _strip_indent,
    "stripLeading()": _strip_leading,
    "stripTrailing()": _strip_trailing,
    "subSequence(int,int)": substring,
    "substring(int,int)": substring,
    "substring(int)": substring,
    "toCharArray()": _char_array,
    "toLowerCase()": str.lower,
    "toLowerCase(Locale)": _lower,
    "toUpperCase()": str.upper,
    "toUpperCase(Locale)": _upper,
    "transform(Function)": null_function,
    "translateEscapes()": _translate_escapes,
    "trim()": lambda s: s.strip(_CONTROLS),
    "valueOf(int)": _value_of,
    "valueOf(char[])": _from_chars,
    "valueOf(Object)": _value_of,
    "valueOf(boolean)": _value_of,
    "valueOf(char[],int,int)": _from_chars,
    "valueOf(char)": lambda _, c: c,
    "valueOf(double)": _value_of,
    "valueOf(float)": _value_of,
    "valueOf(long)": _value_of,
    **OBJECT,
}
