"""Short ways for the numbers and texts that templates hold most: the general way of `decimal_format` for all else.

Each function here gives what that way gives, or None where it has to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal

from velobind.language.tools.decimal_pattern import DecimalPattern
from velobind.language.tools.locales import NumberNames
from velobind.language.values import Long

Number = int | float | Decimal
Writer = Callable[[Number], str | None]
Reader = Callable[[str], int | float | None]

# A double tells decimals of up to this many digits apart, so Python's rounding of it finds the digits that Java shows.
_SAFE_DIGITS = 15
_MOST_FRACTION = 9
_EXACT = Context(prec=50)
# What may follow a number in a text and is neither a digit, nor a letter that may begin an exponent.
_STOPS = " .,;:/)%\t\n"


def separators(pattern: DecimalPattern, names: NumberNames) -> tuple[str, str]:
    """The decimal point and the grouping sign of a pattern: money may have its own."""
    return (names.monetary, names.monetary_grouping) if pattern.money else (names.decimal, names.grouping)


def short_writer(pattern: DecimalPattern, names: NumberNames) -> Writer | None:
    """Writes the digits of a number that is not negative, in a pattern without exponent and in ASCII digits."""
    most, least = pattern.max_fraction, pattern.min_fraction
    if (
        pattern.exponent_digits is not None
        or pattern.point_always
        or pattern.grouping not in (0, 3)
        or names.zero != "0"
        or max(most, pattern.min_integer) > _MOST_FRACTION
    ):
        return None
    point, group = separators(pattern, names)
    comma = "," if pattern.grouping else ""
    whole_form, form = f"{comma}d", f"{comma}.{most}f"
    whole_tail = point + "0" * least if least else ""
    # Under the lower bound there are zeros to write before the digits, or the zero before the point to leave out.
    low = 10 ** (pattern.min_integer - 1) if pattern.min_integer > 1 else 1 - pattern.min_integer
    high = 10 ** (_SAFE_DIGITS - most)
    unit = Decimal((0, (1,), -most))
    same = point == "." and group == "," and least == most

    def write(number: Number) -> str | None:
        kind = type(number)
        if kind is int:
            if not low <= number < 10**18:
                return None
            text = format(number, whole_form)
            return (text.replace(",", group) if comma else text) + whole_tail
        if not low <= number < high:
            return None
        if kind is float:
            # Java rounds a lone digit under a thousandth in a way of its own.
            if number < 0.001 and number:
                return None
            text = format(number, form)
        elif kind is Decimal:
            text = format(number.quantize(unit, ROUND_HALF_EVEN, _EXACT), form)  # type: ignore[union-attr]
        else:
            return None
        if same or not most:
            return text if same else text.replace(",", group)
        whole, _, fraction = text.partition(".")
        if least < most:
            fraction = fraction.rstrip("0").ljust(least, "0")
        if comma:
            whole = whole.replace(",", group)
        return f"{whole}{point}{fraction}" if fraction else whole

    return write


def short_reader(pattern: DecimalPattern, names: NumberNames, minus: str, integer_only: bool) -> Reader | None:
    """Reads a number of ASCII digits at the start of a text, for a pattern whose only affix is the minus sign."""
    point, group = separators(pattern, names)
    if pattern.multiplier != 1 or point == group or not minus or any(c.isdecimal() for c in minus + names.nan[:1]):
        return None
    special = {names.exponent[:1]} | ({group} if pattern.grouping else set()) | (set() if integer_only else {point})
    stops = "".join(c for c in _STOPS if c not in special)
    groups = f"(?:{re.escape(group)}[0-9]++)*+" if pattern.grouping else ""
    fraction = "()" if integer_only else f"(?:{re.escape(point)}([0-9]{{0,{_SAFE_DIGITS}}}))?"
    match = re.compile(
        f"({re.escape(minus)})?([0-9]{{1,{_SAFE_DIGITS}}}{groups}){fraction}(?:[{re.escape(stops)}]|\\Z)"
    ).match

    def read(text: str) -> int | float | None:
        found = match(text)
        if found is None:
            return None
        sign, whole, rest = found.groups()
        if group in whole:
            whole = whole.replace(group, "")
            if len(whole) > _SAFE_DIGITS:
                return None
        if not rest or not rest.strip("0"):
            number = int(whole)
            if sign:
                return Long.of(-number) if number else None
            return Long.of(number)
        value = float(f"{whole}.{rest}")
        return -value if sign else value

    return read
