"""The pattern language of `java.text.DecimalFormat`: `#,##0.00;(#,##0.00)`, `0.0%`, `¤#`, `00E0`.

Rules are those of the class's documentation and of Java 17's behaviour where it says less: one grouping size (of the
last group), the negative part gives prefix and suffix only, `'` quotes, `¤¤` is the international symbol.
"""

from __future__ import annotations

from dataclasses import dataclass

from velobind.language.faults import MethodFailed

_MOST_DIGITS = 2**31 - 1


@dataclass(frozen=True)
class DecimalPattern:
    """A pattern taken apart. Affixes are texts and names of symbols: `("text", "(")`, `("symbol", "percent")`."""

    prefix: tuple[tuple[str, str], ...]
    suffix: tuple[tuple[str, str], ...]
    negative_prefix: tuple[tuple[str, str], ...]
    negative_suffix: tuple[tuple[str, str], ...]
    min_integer: int
    max_integer: int
    min_fraction: int
    max_fraction: int
    grouping: int
    multiplier: int
    point_always: bool
    exponent_digits: int | None
    money: bool


_SYMBOLS = {"%": "percent", "‰": "permille", "-": "minus", "¤": "symbol"}


class _Part:
    """One of the two parts of a pattern that `;` divides, while it is read."""

    def __init__(self) -> None:
        self.prefix: list[tuple[str, str]] = []
        self.suffix: list[tuple[str, str]] = []
        self.left = self.zeros = self.right = 0
        self.point = -1
        self.grouping = -1
        self.multiplier = 1
        self.money = False
        self.exponent: int | None = None


def _bad(message: str) -> MethodFailed:
    return MethodFailed("java.lang.IllegalArgumentException", message)


def _append(affix: list[tuple[str, str]], text: str) -> None:
    if affix and affix[-1][0] == "text":
        affix[-1] = ("text", affix[-1][1] + text)
    else:
        affix.append(("text", text))


def _read_affix(
    pattern: str, start: int, part: _Part, affix: list[tuple[str, str]], first: bool, phase: int
) -> tuple[int, bool]:
    """Reads a prefix (phase 0) or suffix (phase 2) from `start`; returns where it ends, and whether after a `;`."""
    quoted = False
    i = start
    while i < len(pattern):
        c = pattern[i]
        if c == "'":
            if pattern[i + 1 : i + 2] == "'":
                _append(affix, "'")
                i += 1
            else:
                quoted = not quoted
        elif quoted:
            _append(affix, c)
        elif c in "#0,.":
            return i, False
        elif c == ";":
            if phase == 0 or not first:
                raise _bad(f"Unquoted special character ';' in pattern \"{pattern}\"")
            return i + 1, True
        elif c in "%‰":
            if part.multiplier != 1:
                raise _bad(f'Too many percent/per mille characters in pattern "{pattern}"')
            part.multiplier = 100 if c == "%" else 1000
            affix.append(("symbol", _SYMBOLS[c]))
        elif c == "¤":
            part.money = True
            doubled = pattern[i + 1 : i + 2] == "¤"
            affix.append(("symbol", "code" if doubled else "symbol"))
            i += doubled
        elif c == "-":
            affix.append(("symbol", "minus"))
        else:
            _append(affix, c)
        i += 1
    if quoted:
        raise _bad(f'Malformed pattern "{pattern}"')
    return i, False


def _read_digits(pattern: str, start: int, part: _Part) -> int:
    """Reads the digits of the first part; returns where they end."""
    i = start
    while i < len(pattern):
        c = pattern[i]
        if c == "#":
            if part.zeros:
                part.right += 1
            else:
                part.left += 1
            if part.grouping >= 0 and part.point < 0:
                part.grouping += 1
        elif c == "0":
            if part.right:
                raise _bad(f"Unexpected '0' in pattern \"{pattern}\"")
            part.zeros += 1
            if part.grouping >= 0 and part.point < 0:
                part.grouping += 1
        elif c == ",":
            part.grouping = 0
        elif c == ".":
            if part.point >= 0:
                raise _bad(f'Multiple decimal separators in pattern "{pattern}"')
            part.point = part.left + part.zeros + part.right
        elif c == "E":
            digits = 0
            while pattern[i + 1 + digits : i + 2 + digits] == "0":
                digits += 1
            if part.left + part.zeros < 1 or digits < 1:
                raise _bad(f'Malformed exponential pattern "{pattern}"')
            part.exponent = digits
            return i + 1 + digits
        else:
            return i
        i += 1
    return i


def _skip_digits(pattern: str, start: int) -> int:
    i = start
    while i < len(pattern) and pattern[i] in "#0,.E":
        i += 1
    return i


def _settle(part: _Part, pattern: str) -> None:
    """Checks the digits as Java does, after giving a pattern without a `0` the one that it implies."""
    if part.zeros == 0 and part.left > 0 and part.point >= 0:
        whole = part.point or 1
        part.right = part.left - whole
        part.left = whole - 1
        part.zeros = 1
    outside = part.point >= 0 and not part.left <= part.point <= part.left + part.zeros
    if (part.point < 0 and part.right > 0) or outside or part.grouping == 0:
        raise _bad(f'Malformed pattern "{pattern}"')


def parse_pattern(pattern: str) -> DecimalPattern:
    """The pattern taken apart. Raises `MethodFailed` (IllegalArgumentException) where it is malformed."""
    if not pattern:
        minus = (("symbol", "minus"),)
        return DecimalPattern((), (), minus, (), 0, _MOST_DIGITS, 0, 340, 3, 1, False, None, False)
    part, position, more = _Part(), 0, False
    position, _ = _read_affix(pattern, 0, part, part.prefix, True, 0)
    while position < len(pattern) and not more:
        position = _read_digits(pattern, position, part)
        position, more = _read_affix(pattern, position, part, part.suffix, True, 2)
    _settle(part, pattern)
    negative = _negative(pattern, position) if more and position < len(pattern) else None
    total = part.left + part.zeros + part.right
    point = part.point if part.point >= 0 else total
    min_integer = point - part.left
    affixes = (part.prefix, part.suffix)
    money = part.money
    if negative is not None:
        money = money or negative.money
        affixes_of_negative = (negative.prefix, negative.suffix)
    if negative is None or affixes_of_negative == affixes:
        affixes_of_negative = ([("symbol", "minus"), *part.prefix], part.suffix)
    return DecimalPattern(
        prefix=tuple(part.prefix),
        suffix=tuple(part.suffix),
        negative_prefix=tuple(affixes_of_negative[0]),
        negative_suffix=tuple(affixes_of_negative[1]),
        min_integer=min_integer,
        max_integer=part.left + min_integer if part.exponent is not None else _MOST_DIGITS,
        min_fraction=part.left + part.zeros - part.point if part.point >= 0 else 0,
        max_fraction=total - part.point if part.point >= 0 else 0,
        grouping=max(part.grouping, 0),
        multiplier=part.multiplier,
        point_always=part.point in (0, total),
        exponent_digits=part.exponent,
        money=money,
    )


def _negative(pattern: str, start: int) -> _Part:
    part = _Part()
    position, _ = _read_affix(pattern, start, part, part.prefix, False, 0)
    while position < len(pattern):
        position = _skip_digits(pattern, position)
        position, _ = _read_affix(pattern, position, part, part.suffix, False, 2)
    return part
