"""Methods of Byte and Short, the static ones among them: they differ in their number of bits."""

from __future__ import annotations

from collections.abc import Callable

from velobind.language.faults import MethodFailed
from velobind.language.methods.compare import compare
from velobind.language.methods.integers import wrap
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.parsing import decode_integer, parse_integer
from velobind.language.methods.rounding import nearest_single, to_float
from velobind.language.methods.streams import Optional
from velobind.language.values import Byte, JavaObject, Long, Short, java_hash, to_text


class DynamicConstant(JavaObject):
    """What `describeConstable()` holds for a Byte, a Short or a Boolean, of which class files have no constants."""

    __slots__ = ("described",)

    def __init__(self, described: str) -> None:
        self.described = described

    def text(self) -> str:
        return f"DynamicConstantDesc[ConstantBootstraps::{self.described}]"

    def same(self, other: object) -> bool:
        return isinstance(other, DynamicConstant) and self.described == other.described


def _methods(name: str, plain: str, bits: int, of: Callable[[int], int]) -> dict[str, Method | None]:
    mask = (1 << bits) - 1

    def parse(_: object, text: object, radix: int = 10) -> int:
        if text is None:
            raise MethodFailed("java.lang.NumberFormatException", "Cannot parse null string: null")
        return of(parse_integer(str(text), radix, bits))

    return {
        "byteValue()": lambda n: Byte(wrap(n, 8)),
        f"compare({plain},{plain})": lambda _, a, b: int(a - b),
        f"compareTo({name})": compare,
        "compareTo(Object)": compare,
        f"compareUnsigned({plain},{plain})": lambda _, a, b: (a & mask) - (b & mask),
        "decode(String)": lambda _, s: of(decode_integer(s, bits)),
        "describeConstable()": lambda n: Optional(DynamicConstant(f"explicitCast({int(n)}){plain}")),
        "doubleValue()": to_float,
        "floatValue()": nearest_single,
        f"hashCode({plain})": lambda _, n: java_hash(n),
        "intValue()": int,
        "longValue()": Long,
        f"parse{name}(String,int)": parse,
        f"parse{name}(String)": parse,
        "shortValue()": lambda n: Short(wrap(n, 16)),
        f"toString({plain})": lambda _, n: to_text(n),
        f"toUnsignedInt({plain})": lambda _, n: n & mask,
        f"toUnsignedLong({plain})": lambda _, n: Long.of(n & mask),
        "valueOf(String,int)": parse,
        "valueOf(String)": parse,
        f"valueOf({plain})": lambda _, n: of(n),
        **OBJECT,
    }


def _reversed(_: object, number: int) -> int:
    return Short(int.from_bytes((number & 0xFFFF).to_bytes(2, "big"), "little", signed=True))


BYTE = _methods("Byte", "byte", 8, Byte)
SHORT = _methods("Short", "short", 16, Short)
SHORT["reverseBytes(short)"] = _reversed
