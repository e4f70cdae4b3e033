"""`String.format`: Java's `Formatter` for the locale en_US."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from velobind.errors import LimitExceeded
from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_growth, check_size, overdue
from velobind.language.methods.classes import java_class
from velobind.language.methods.format_numbers import Layout, decimal_text, float_text, whole_text
from velobind.language.methods.format_times import time_text
from velobind.language.methods.units import length, substring
from velobind.language.values import Array, Character, java_hash, to_text

MAX_WIDTH = 1 << 20
# Bits of the classes that %d takes, 0 for any number of them.
_BITS = {"Byte": 8, "Short": 16, "Integer": 32, "Long": 64, "BigInteger": 0}

_SPECIFIER = re.compile(r"%(\d+\$)?([-#+ 0,(<]*)(\d+)?(\.\d+)?([tT])?([a-zA-Z%])")


def _fail(name: str, detail: str = "") -> MethodFailed:
    return MethodFailed(f"java.util.{name}", detail or None)


_UPPER = frozenset("TBHSCXEGA")


@dataclass(frozen=True)
class _Spec:
    """One format specifier, its flags checked for what all conversions share."""

    text: str
    flags: str
    width: int
    precision: int
    conversion: str

    def refuse(self, flags: str) -> None:
        """Raises MethodFailed where the specifier has one of these flags."""
        for flag in flags:
            if flag in self.flags:
                raise _fail("FormatFlagsConversionMismatchException", f"Conversion = {self.conversion}, Flags = {flag}")

    def justify(self, text: str) -> str:
        if self.conversion[0] in _UPPER:
            text = text.upper()  # which may make it longer: ß is SS
        pad = " " * (self.width - length(text))
        return text + pad if "-" in self.flags else pad + text

    @property
    def layout(self) -> Layout:
        return Layout(self.flags, self.width, self.precision, self.conversion)


def java_format(pattern: object, args: object, signs: Mapping[int, str] | None = None) -> str:
    """The pattern with its specifiers filled; raises MethodFailed where Java throws.

    `signs` are a locale's decimal and grouping signs, by the code points of `.` and `,`.
    """
    if pattern is None:
        raise MethodFailed("java.lang.NullPointerException")
    values: Sequence[object] | None = args.items if isinstance(args, Array) else None
    text = str(pattern)
    out: list[str] = []
    at = ordinary = size = checked = 0
    last = -1
    while True:
        place = text.find("%", at)
        if place < 0:
            out.append(text[at:])
            check_size(size + len(text), "format")
            return "".join(out)
        out.append(text[at:place])
        match = _SPECIFIER.match(text, place)
        if match is None:
            raise _fail("UnknownFormatConversionException", f"Conversion = '{text[place + 1 : place + 2] or '%'}'")
        at = match.end()
        spec, index = _spec(match)
        if size > checked:
            check_growth(size, "format")
            checked = size + HEAVY
        if len(out) & 255 == 1:
            overdue()
        if spec.conversion in ("%", "n"):
            out.append(_fixed(spec))
            size += len(out[-1])
            continue
        if index == -1:
            chosen = last
        elif index > 0:
            chosen = index - 1
        else:
            chosen = ordinary
            ordinary += 1
        if chosen < 0 or (values is not None and chosen >= len(values)):
            raise _fail("MissingFormatArgumentException", f"Format specifier '{spec.text}'")
        last = chosen
        piece = _one(spec, None if values is None else values[chosen])
        if signs is not None and spec.conversion in "deEfgG":
            piece = piece.translate(signs)
        size += len(piece)
        out.append(piece)


def _spec(match: re.Match[str]) -> tuple[_Spec, int]:
    """The specifier and which argument it wants: its number, 0 for the next, -1 for the one before."""
    index, flags, width, precision, time, conversion = match.groups()
    if len(set(flags)) != len(flags):
        raise _fail("DuplicateFormatFlagsException", f"Flags = '{flags}'")
    number = int(index[:-1]) if index else 0
    if index and number == 0:
        raise _fail("IllegalFormatArgumentIndexException", "Illegal format argument index = 0")
    wide, exact = int(width) if width else -1, int(precision[1:]) if precision else -1
    if wide >= 2**31 or exact >= 2**31:
        raise _fail("IllegalFormatWidthException" if wide >= 2**31 else "IllegalFormatPrecisionException")
    if wide > MAX_WIDTH or exact > MAX_WIDTH:
        raise LimitExceeded(f"format specifier '{match.group()}' makes too long a text")
    if time is None and conversion not in "bBhHsScCdoxXeEfgGaA%n":
        raise _fail("UnknownFormatConversionException", f"Conversion = '{conversion}'")
    return _Spec(match.group(), flags, wide, exact, (time or "") + conversion), -1 if "<" in flags else number


def _fixed(spec: _Spec) -> str:
    if spec.precision >= 0:
        raise _fail("IllegalFormatPrecisionException")
    if spec.conversion == "n":
        if spec.width >= 0:
            raise _fail("IllegalFormatWidthException")
        if spec.flags:
            raise _fail("IllegalFormatFlagsException")
        return "\n"
    if spec.flags not in ("", "-"):
        raise _fail("IllegalFormatFlagsException")
    if spec.flags == "-" and spec.width < 0:
        raise _fail("MissingFormatWidthException")
    return spec.justify("%")


def _one(spec: _Spec, value: object) -> str:
    kind = spec.conversion[0]
    if kind in "tT":
        text = _time(spec, value)
    elif kind in "bBhHsS":
        text = _general(spec, value)
    elif kind in "cC":
        text = _character(spec, value)
    elif kind in "doxX":
        text = _whole(spec, value)
    else:
        text = _real(spec, value)
    return text.upper() if kind in _UPPER else text


def _general(spec: _Spec, value: object) -> str:
    kind = spec.conversion.lower()
    if "-" in spec.flags and spec.width < 0:
        raise _fail("MissingFormatWidthException", spec.text)
    spec.refuse("+ 0,(" if kind == "s" else "+ 0,(#")
    if kind == "b":
        text = "false" if value is None else to_text(value) if type(value) is bool else "true"
    elif value is None:
        text = "null"
    elif kind == "h":
        text = format(java_hash(value) & 0xFFFFFFFF, "x")
    else:
        spec.refuse("#")
        text = to_text(value)
    if spec.precision >= 0:
        text = substring(text, 0, min(spec.precision, length(text)))
    return spec.justify(text)


def _wrong(spec: _Spec, value: object) -> MethodFailed:
    return _fail("IllegalFormatConversionException", f"{spec.conversion[-1]} != {java_class(value)}")


def _character(spec: _Spec, value: object) -> str:
    if spec.precision >= 0:
        raise _fail("IllegalFormatPrecisionException")
    spec.refuse("+ 0,(#")
    if "-" in spec.flags and spec.width < 0:
        raise _fail("MissingFormatWidthException", spec.text)
    if value is None:
        return spec.justify("null")
    if isinstance(value, Character):
        return spec.justify(value.value)
    if java_class(value) not in ("Byte", "Short", "Integer"):
        raise _wrong(spec, value)
    assert isinstance(value, int)
    if not 0 <= value <= 0x10FFFF:
        raise _fail("IllegalFormatCodePointException", f"Code point = {value:#x}")
    return spec.justify(chr(value))


def _check_number(spec: _Spec) -> None:
    if ("-" in spec.flags or "0" in spec.flags) and spec.width < 0:
        raise _fail("MissingFormatWidthException", spec.text)
    if ("+" in spec.flags and " " in spec.flags) or ("-" in spec.flags and "0" in spec.flags):
        raise _fail("IllegalFormatFlagsException", f"Flags = '{spec.flags}'")


def _whole(spec: _Spec, value: object) -> str:
    _check_number(spec)
    if spec.precision >= 0:
        raise _fail("IllegalFormatPrecisionException", str(spec.precision))
    spec.refuse("#" if spec.conversion == "d" else ",")
    if value is None:
        return spec.justify("null")
    kind = java_class(value)
    bits = _BITS.get(kind)
    if bits is None:
        raise _wrong(spec, value)
    assert isinstance(value, int)
    if spec.conversion != "d" and kind != "BigInteger":
        spec.refuse("( +")
    return spec.justify(whole_text(int(value), bits, spec.layout))


def _real(spec: _Spec, value: object) -> str:
    _check_number(spec)
    kind = spec.conversion.lower()
    spec.refuse({"a": "(,", "e": ",", "g": "#"}.get(kind, ""))
    if value is None:
        return spec.justify("null"[: spec.precision if spec.precision >= 0 else None])
    if isinstance(value, float):
        return spec.justify(float_text(float(value), spec.layout))
    if isinstance(value, Decimal) and kind != "a":
        return spec.justify(decimal_text(value, spec.layout))
    raise _wrong(spec, value)


def _time(spec: _Spec, value: object) -> str:
    if spec.precision >= 0:
        raise _fail("IllegalFormatPrecisionException")
    spec.refuse("#+ 0,(")
    if "-" in spec.flags and spec.width < 0:
        raise _fail("MissingFormatWidthException", spec.text)
    if value is None:
        return spec.justify("null")
    text = time_text(value, spec.conversion[1])
    if text is None:
        raise _wrong(spec, value)
    if not text:
        raise _fail("UnknownFormatConversionException", f"Conversion = 't{spec.conversion[1]}'")
    return spec.justify(text)
