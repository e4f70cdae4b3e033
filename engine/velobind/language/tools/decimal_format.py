"""Numbers as text, and text as numbers, as `java.text.DecimalFormat` of Java 17 does it.

A double is rounded by its exact binary value, half to even, and otherwise shows the digits of `Double.toString`; whole
numbers of any size and `BigDecimal` are exact. Parsing takes the longest start of the text that is a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property, lru_cache

from velobind.language.limits import check_digits, check_pattern
from velobind.language.tools.decimal_pattern import DecimalPattern, parse_pattern
from velobind.language.tools.decimal_short import Reader, Writer, separators, short_reader, short_writer
from velobind.language.tools.locales import Locale, NumberNames, number_names
from velobind.language.values import Long, java_double, to_text

_DOUBLE_DIGITS = 340
_LONG_MAX, _LONG_MIN = 2**63 - 1, -(2**63)
# More than any number has that may be written out.
_MOST_DIGITS = 100_000
_EXACT = Context(prec=_MOST_DIGITS, Emax=10**9, Emin=-(10**9))

Affix = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Digits:
    """Decimal digits without leading zeros; `point` is how many of them stand before the decimal point."""

    digits: str
    point: int


def _digits_of(value: int | float | Decimal) -> Digits:
    """The digits of a number that is not negative, not NaN and not infinite."""
    if isinstance(value, int):
        text = to_text(value)
        return Digits(text.rstrip("0"), len(text)) if value else Digits("", 0)
    if isinstance(value, float):
        mantissa, _, exponent = java_double(value).partition("E")
        value = Decimal(mantissa).scaleb(int(exponent or 0), _EXACT)
    _, parts, power = value.as_tuple()
    text = "".join(map(str, parts))
    stripped = text.lstrip("0")
    if not stripped:
        return Digits("", 0)
    return Digits(stripped.rstrip("0"), len(stripped) + int(power))


def _round(value: int | float | Decimal, digits: Digits, keep: int) -> Digits:
    """The value's digits rounded half to even to the first `keep`, by its exact value; `keep` may be negative."""
    if keep >= len(digits.digits):
        return digits
    # Java's own conversion of a double under 0.001 gives a lone digit a zero to follow, and a lone 5 is half then.
    lone_half = keep == 0 and digits.digits == "5" and digits.point < -2 and isinstance(value, float)
    if keep < 0 or lone_half:
        return Digits("", 0)
    exact = Decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(digits.point - keep, _EXACT), ROUND_HALF_EVEN, _EXACT)
    return _digits_of(rounded)


def _affix(affix: Affix, names: NumberNames) -> str:
    return "".join(text if what == "text" else getattr(names, text) for what, text in affix)


@dataclass(frozen=True)
class NumberFormat:
    """A pattern with the symbols of a locale: formats and parses. `integer_only` parses no fraction."""

    pattern: DecimalPattern
    names: NumberNames
    prefix: str
    suffix: str
    negative_prefix: str
    negative_suffix: str
    integer_only: bool = False

    def format(self, number: int | float | Decimal) -> str:
        """The number as text. Raises LimitExceeded where it would have too many digits."""
        pattern = self.pattern
        if isinstance(number, Decimal) and not number.is_finite():
            number = float(number)
        if isinstance(number, float):
            if math.isnan(number):
                return self.names.nan
            negative = math.copysign(1.0, number) < 0
            number = abs(number) * pattern.multiplier if pattern.multiplier != 1 else abs(number)
            if math.isinf(number):
                return self._dress(self.names.infinity, negative)
        else:
            negative = number < 0
            if isinstance(number, Decimal):
                check_digits(abs(number.adjusted()))
                number = _EXACT.multiply(number.copy_abs(), Decimal(pattern.multiplier))
            else:
                number = abs(int(number)) * pattern.multiplier
        body = self._short_writer(number) if self._short_writer is not None else None
        if body is None:
            body = self._scientific(number) if pattern.exponent_digits is not None else self._plain(number)
        return self._dress(body, negative)

    @cached_property
    def _short_writer(self) -> Writer | None:
        return short_writer(self.pattern, self.names)

    @cached_property
    def _short_reader(self) -> Reader | None:
        bare = not (self.prefix or self.suffix or self.negative_suffix)
        return short_reader(self.pattern, self.names, self.negative_prefix, self.integer_only) if bare else None

    def _dress(self, body: str, negative: bool) -> str:
        if negative:
            return f"{self.negative_prefix}{body}{self.negative_suffix}"
        return f"{self.prefix}{body}{self.suffix}"

    def _plain(self, number: int | float | Decimal) -> str:
        pattern, names = self.pattern, self.names
        most = min(pattern.max_fraction, _DOUBLE_DIGITS) if not isinstance(number, Decimal) else pattern.max_fraction
        least = min(pattern.min_fraction, most)
        digits = _round(number, found := _digits_of(number), found.point + most) if number else Digits("", 0)
        point = digits.point if digits.digits else 0
        whole = digits.digits[:point].ljust(point, "0") if point > 0 else ""
        fraction = digits.digits[point:] if point >= 0 else "0" * -point + digits.digits
        whole = whole.rjust(min(pattern.min_integer, 309 if not isinstance(number, Decimal) else _MOST_DIGITS), "0")
        fraction = "" if isinstance(number, int) else fraction
        fraction = fraction.ljust(least, "0")
        if not whole and not fraction:
            whole = "0"
        if pattern.grouping:
            whole = self._grouped(whole)
        text = whole + separators(pattern, names)[0] + fraction if fraction or pattern.point_always else whole
        return self._localized(text)

    def _grouped(self, whole: str) -> str:
        size = self.pattern.grouping
        head = len(whole) % size
        groups = [whole[:head]] if head else []
        groups += [whole[i : i + size] for i in range(head, len(whole), size)]
        return separators(self.pattern, self.names)[1].join(groups)

    def _localized(self, text: str) -> str:
        zero = self.names.zero
        if zero == "0":
            return text
        return text.translate({ord("0") + d: chr(ord(zero) + d) for d in range(10)})

    def _scientific(self, number: int | float | Decimal) -> str:
        pattern, names = self.pattern, self.names
        digits = _round(number, _digits_of(number), pattern.max_integer + pattern.max_fraction)
        exponent = digits.point if digits.digits else 0
        least_integer = pattern.min_integer
        if pattern.max_integer > 1 and pattern.max_integer > pattern.min_integer:
            step = pattern.max_integer
            # Java divides towards zero, which the shift by one turn makes a floor.
            exponent = (exponent - 1) // step * step if exponent >= 1 else -((step - exponent) // step) * step
            least_integer = 1
        else:
            exponent -= least_integer
        integer_digits = digits.point - exponent if digits.digits else least_integer
        total = max(pattern.min_integer + pattern.min_fraction, integer_digits, len(digits.digits))
        written = digits.digits.ljust(total, "0")
        text = written[:integer_digits]
        if total > integer_digits or pattern.point_always:
            text += separators(pattern, names)[0]
        text += written[integer_digits:]
        if not digits.digits:
            exponent = 0
        minus = names.minus if exponent < 0 else ""
        power = str(abs(exponent)) if exponent else ""
        return (
            self._localized(text)
            + names.exponent
            + minus
            + self._localized(power.rjust(pattern.exponent_digits or 0, "0"))
        )

    def read(self, text: str) -> int | float | None:
        """The number at the start of the text, None where there is none."""
        number = self._short_reader(text) if self._short_reader is not None else None
        return self.parse(text)[0] if number is None else number

    def parse(self, text: str, start: int = 0) -> tuple[int | float | None, int]:
        """The number that `text` has at `start`, and the place after it; `(None, start)` where there is none.

        A whole number that fits a long is an int, any other a float, as `DecimalFormat.parse` gives Long and Double.
        """
        names = self.names
        if text.startswith(names.nan, start):
            return math.nan, start + len(names.nan)
        positive = text.startswith(self.prefix, start)
        negative = text.startswith(self.negative_prefix, start)
        if positive and negative and len(self.prefix) != len(self.negative_prefix):
            positive = len(self.prefix) > len(self.negative_prefix)
            negative = not positive
        if not positive and not negative:
            return None, start
        position = start + len(self.prefix if positive else self.negative_prefix)
        infinite = text.startswith(names.infinity, position)
        digits, point, end = ("", 0, position + len(names.infinity)) if infinite else self._parse_digits(text, position)
        if end < 0:
            return None, start
        positive = positive and text.startswith(self.suffix, end)
        negative = negative and text.startswith(self.negative_suffix, end)
        if positive and negative and len(self.suffix) != len(self.negative_suffix):
            positive = len(self.suffix) > len(self.negative_suffix)
            negative = not positive
        if positive == negative:
            return None, start
        end += len(self.suffix if positive else self.negative_suffix)
        if infinite:
            return (math.inf if positive else -math.inf), end
        return self._value(digits.rstrip("0"), point, positive), end

    def _parse_digits(self, text: str, start: int) -> tuple[str, int, int]:
        """Significant digits, how many of them stand before the point, and the place after; -1 where there are none."""
        names = self.names
        point_char, group_char = separators(self.pattern, names)
        digits: list[str] = []
        point = count = exponent = 0
        saw_point = saw_digit = False
        backup = -1
        position = start
        while position < len(text):
            c = text[position]
            if c.isdecimal():
                backup, saw_digit = -1, True
                digit = str(int(c))
                if digit == "0" and not digits:
                    point -= saw_point
                else:
                    count += 1
                    if not saw_point or not self.integer_only:
                        digits.append(digit)
            elif c == point_char:
                if saw_point or self.integer_only:
                    break
                point, saw_point = count, True
            elif c == group_char and self.pattern.grouping:
                if saw_point:
                    break
                backup = position
            elif text.startswith(names.exponent, position):
                exponent, position = self._parse_exponent(text, position)
                break
            else:
                break
            position += 1
            if not position & 0x3FF:
                check_digits(position - start)
        if backup != -1:
            position = backup
        if not saw_point:
            point = count
        return "".join(digits), point + exponent, position if saw_digit else -1

    def _parse_exponent(self, text: str, position: int) -> tuple[int, int]:
        start = position + len(self.names.exponent)
        sign = 1
        if text.startswith(self.names.minus, start):
            sign, start = -1, start + len(self.names.minus)
        end = start
        while end < len(text) and text[end].isdecimal():
            end += 1
            if not end & 0x3FF:
                check_digits(end - start)
        if end == start:
            return 0, position
        return sign * min(int(text[start : min(end, start + 18)]), 10**17), end

    def _value(self, digits: str, point: int, positive: bool) -> int | float:
        whole = not digits or len(digits) <= point <= 19
        number: int | float | None = None
        if whole and (digits or positive or self.integer_only):
            number = int(digits.ljust(point, "0") or "0")
            if number > _LONG_MAX + (not positive):
                number = None
        if number is None:
            number = float(f"0.{digits or '0'}e{point}") if abs(point) < 100_000 else (math.inf if point > 0 else 0.0)
        multiplier = self.pattern.multiplier
        if multiplier != 1:
            number = (
                number // multiplier if isinstance(number, int) and number % multiplier == 0 else number / multiplier
            )
        number = number if positive else -number
        if isinstance(number, float):
            if multiplier == 1 or not math.isfinite(number):
                return number
            whole = number == int(number) and abs(number) <= _LONG_MAX
            if self.integer_only or (whole and not (number == 0 and math.copysign(1, number) < 0)):
                return Long.of(int(number))
            return number
        return Long.of(number)


@lru_cache(maxsize=512)
def decimal_format(pattern: str, locale: Locale, whole: bool = False) -> NumberFormat:
    """The format of a pattern in a locale. Raises `MethodFailed` where the pattern is malformed."""
    check_pattern(pattern, "a pattern of numbers")
    parsed, names = parse_pattern(pattern), number_names(locale)
    return NumberFormat(
        parsed,
        names,
        _affix(parsed.prefix, names),
        _affix(parsed.suffix, names),
        _affix(parsed.negative_prefix, names),
        _affix(parsed.negative_suffix, names),
        whole,
    )


@lru_cache(maxsize=512)
def number_format(style: str, locale: Locale) -> NumberFormat:
    """`ConversionUtils.getNumberFormat`: `default`, `number`, `integer`, `currency`, `percent`, or a pattern."""
    check_pattern(style, "a pattern of numbers")
    name = style.lower()
    names = number_names(locale)
    if name in ("default", "number"):
        return decimal_format(names.number, locale)
    if name == "integer":
        return decimal_format(names.integer, locale, True)
    if name == "currency":
        return decimal_format(_with_currency_digits(names), locale)
    if name == "percent":
        return decimal_format(names.percent_pattern, locale)
    return decimal_format(style, locale)


@lru_cache(maxsize=64)
def _with_currency_digits(names: NumberNames) -> str:
    """The currency pattern with as many fraction digits as the currency has: none for JPY."""
    from babel.numbers import get_currency_precision

    digits = get_currency_precision(names.code) if names.code != "XXX" else 2
    if digits == 2:
        return names.currency
    return names.currency.replace(".00", "." + "0" * digits if digits else "")
