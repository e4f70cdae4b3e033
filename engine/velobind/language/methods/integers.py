"""Methods of Integer and Long, the static ones among them: they differ in their number of bits."""

from __future__ import annotations

from velobind.language.faults import MethodFailed
from velobind.language.methods.compare import compare
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.parsing import decode_integer, parse_integer
from velobind.language.methods.rounding import nearest_single, to_float
from velobind.language.methods.streams import Optional
from velobind.language.values import Byte, Long, Short, java_hash, to_text

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def wrap(number: int, bits: int) -> int:
    """The low bits of a whole number, as Java's narrowing keeps them."""
    half = 1 << (bits - 1)
    return ((number + half) & ((1 << bits) - 1)) - half


def text_in_radix(number: int, radix: int) -> str:
    """`Integer.toString(n, radix)`: a radix that is none counts as 10."""
    if not 2 <= radix <= 36:
        radix = 10
    if radix == 10:
        return to_text(number)
    size = abs(number)
    if radix in (2, 8, 16):
        digits = format(size, {2: "b", 8: "o", 16: "x"}[radix])
    else:
        out = []
        while size:
            size, rest = divmod(size, radix)
            out.append(_DIGITS[rest])
        digits = "".join(reversed(out)) or "0"
    return "-" + digits if number < 0 else digits


def _divide(a: int, b: int) -> int:
    if b == 0:
        raise MethodFailed("java.lang.ArithmeticException", "/ by zero")
    return a // b


def _remainder(a: int, b: int) -> int:
    if b == 0:
        raise MethodFailed("java.lang.ArithmeticException", "/ by zero")
    return a % b


def whole_methods(name: str, plain: str, bits: int) -> dict[str, Method | None]:
    """The methods of Integer (`int`, 32 bits) or Long (`long`, 64)."""
    mask = (1 << bits) - 1
    of = int if bits == 32 else Long.of

    def unsigned(number: int) -> int:
        return number & mask

    def signed(number: int) -> int:
        return of(wrap(number, bits))

    def parse(_: object, text: object, radix: int = 10) -> int:
        if text is None:
            raise MethodFailed("java.lang.NumberFormatException", "Cannot parse null string: null")
        return of(parse_integer(str(text), radix, bits))

    def parse_unsigned(_: object, text: object, radix: int = 10) -> int:
        if text is None:
            raise MethodFailed("java.lang.NumberFormatException", "Cannot parse null string")
        number = parse_integer(str(text), radix, 0)
        if str(text).startswith("-") or number > mask:
            raise MethodFailed("java.lang.NumberFormatException", f'For input string: "{text}"')
        return signed(number)

    def part(text: object, begin: int, end: int) -> str:
        if text is None:
            raise MethodFailed("java.lang.NullPointerException")
        if not 0 <= begin <= end <= len(str(text)):
            raise MethodFailed("java.lang.IndexOutOfBoundsException")
        return str(text)[begin:end]

    def parse_part(_: object, text: object, begin: int, end: int, radix: int) -> int:
        return parse(None, part(text, begin, end), radix)

    def parse_unsigned_part(_: object, text: object, begin: int, end: int, radix: int) -> int:
        return parse_unsigned(None, part(text, begin, end), radix)

    def rotate(number: int, distance: int) -> int:
        distance %= bits
        size = unsigned(number)
        return signed(size << distance | size >> (bits - distance))

    def low_bit(number: int) -> int:
        return signed(number & -number)

    def high_bit(number: int) -> int:
        size = unsigned(number)
        return signed(1 << size.bit_length() - 1 if size else 0)

    def trailing(number: int) -> int:
        size = unsigned(number)
        return (size & -size).bit_length() - 1 if size else bits

    def reverse(number: int) -> int:
        return signed(int(format(unsigned(number), f"0{bits}b")[::-1], 2))

    def reverse_bytes(number: int) -> int:
        return signed(int.from_bytes(unsigned(number).to_bytes(bits // 8, "big"), "little"))

    short = "Int" if bits == 32 else "Long"
    return {
        f"bitCount({plain})": lambda _, n: unsigned(n).bit_count(),
        "byteValue()": lambda n: Byte(wrap(n, 8)),
        f"compare({plain},{plain})": lambda _, a, b: (a > b) - (a < b),
        f"compareTo({name})": compare,
        "compareTo(Object)": compare,
        f"compareUnsigned({plain},{plain})": lambda _, a, b: (unsigned(a) > unsigned(b)) - (unsigned(a) < unsigned(b)),
        "decode(String)": lambda _, s: of(decode_integer(s, bits)),
        "describeConstable()": Optional,
        f"divideUnsigned({plain},{plain})": lambda _, a, b: signed(_divide(unsigned(a), unsigned(b))),
        "doubleValue()": to_float,
        "floatValue()": nearest_single,
        f"get{name}(String,{name if bits == 32 else plain})": None,
        f"get{name}(String)": None,
        f"hashCode({plain})": lambda _, n: java_hash(n if bits == 32 else Long.of(n)),
        f"highestOneBit({plain})": lambda _, n: high_bit(n),
        "intValue()": lambda n: wrap(n, 32),
        "longValue()": Long.of,
        f"lowestOneBit({plain})": lambda _, n: low_bit(n),
        f"max({plain},{plain})": lambda _, a, b: of(max(a, b)),
        f"min({plain},{plain})": lambda _, a, b: of(min(a, b)),
        f"numberOfLeadingZeros({plain})": lambda _, n: bits - unsigned(n).bit_length(),
        f"numberOfTrailingZeros({plain})": lambda _, n: trailing(n),
        f"parse{short}(CharSequence,int,int,int)": parse_part,
        f"parse{short}(String)": parse,
        f"parse{short}(String,int)": parse,
        f"parseUnsigned{short}(String,int)": parse_unsigned,
        f"parseUnsigned{short}(CharSequence,int,int,int)": parse_unsigned_part,
        f"parseUnsigned{short}(String)": parse_unsigned,
        f"remainderUnsigned({plain},{plain})": lambda _, a, b: signed(_remainder(unsigned(a), unsigned(b))),
        "resolveConstantDesc(MethodHandles.Lookup)": None,
        f"reverse({plain})": lambda _, n: reverse(n),
        f"reverseBytes({plain})": lambda _, n: reverse_bytes(n),
        f"rotateLeft({plain},int)": lambda _, n, by: rotate(n, by),
        f"rotateRight({plain},int)": lambda _, n, by: rotate(n, -by),
        "shortValue()": lambda n: Short(wrap(n, 16)),
        f"signum({plain})": lambda _, n: (n > 0) - (n < 0),
        f"sum({plain},{plain})": lambda _, a, b: signed(a + b),
        f"toBinaryString({plain})": lambda _, n: format(unsigned(n), "b"),
        f"toHexString({plain})": lambda _, n: format(unsigned(n), "x"),
        f"toOctalString({plain})": lambda _, n: format(unsigned(n), "o"),
        f"toString({plain})": lambda _, n: to_text(n),
        f"toString({plain},int)": lambda _, n, radix: text_in_radix(n, radix),
        f"toUnsignedString({plain},int)": lambda _, n, radix: text_in_radix(unsigned(n), radix),
        f"toUnsignedString({plain})": lambda _, n: to_text(unsigned(n)),
        "valueOf(String,int)": parse,
        f"valueOf({plain})": lambda _, n: of(n),
        "valueOf(String)": parse,
        **OBJECT,
    }


INTEGER = whole_methods("Integer", "int", 32)
INTEGER["toUnsignedLong(int)"] = lambda _, n: Long.of(n & 0xFFFFFFFF)
LONG = whole_methods("Long", "long", 64)
