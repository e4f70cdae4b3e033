"""`equals` and `hashCode` of every value, as collections and `==` use them."""

from __future__ import annotations

import datetime
import math
import struct
from collections.abc import Iterable, Sequence
from decimal import Decimal

from velobind.errors import LimitExceeded
from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, MAX_ITEMS, check_bits, check_digits, overdue, watched
from velobind.language.methods.model import (
    Array,
    BigInteger,
    Character,
    Held,
    JavaClass,
    JavaCollection,
    JavaObject,
    Long,
    Single,
    elements,
    from_key,
    units,
)


class Key(Held):
    """A key that is a list, a map, a double, a boolean, a Long: equal and hashed as Java does it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is Key and java_equals(self.value, other.value)

    def __hash__(self) -> int:
        return java_hash(self.value)


def to_key(value: object) -> object:
    """What a dict holds for a Java key."""
    kind = type(value)
    if kind is str or kind is int or value is None or kind is Character:
        return value
    return Key(value)


def check_depth(value: object) -> None:
    """Raises where walking all that a collection holds would take too long, or for ever.

    A list that holds itself is Java's StackOverflowError; lists that hold each other twice over are LimitExceeded.
    """
    inner = _inner(value)
    if len(inner) > HEAVY:
        overdue()
    if any(isinstance(item, _HOLDERS) for item in inner) and _count(value, {}, ()) > MAX_ITEMS:
        raise LimitExceeded(f"a list or map holds more than {MAX_ITEMS:,} items in all")


_HOLDERS = (list, dict, JavaCollection)


def _inner(value: object) -> Sequence[object]:
    return list(value.values()) if isinstance(value, dict) else elements(value) or ()


def _count(value: object, known: dict[int, int], above: tuple[int, ...]) -> int:
    place = id(value)
    if place in above:
        raise MethodFailed("java.lang.StackOverflowError")
    if place not in known:
        if len(above) > 200:
            raise MethodFailed("java.lang.StackOverflowError")
        overdue()
        inner = _inner(value)
        count = len(inner) + 1
        for item in watched(inner):
            if isinstance(item, _HOLDERS):
                count += _count(item, known, (*above, place))
        known[place] = count
    return known[place]


def same_class(left: object, right: object) -> bool:
    """Whether one value's Java class is the other's or its parent."""
    kind, other = type(left), type(right)
    if isinstance(left, Array) and isinstance(right, Array):
        a, b = left.component, right.component
        return a == b or (a == "Object" and b[0].isupper()) or (b == "Object" and a[0].isupper())
    return issubclass(kind, other) or issubclass(other, kind)


def _is_list(value: object) -> bool:
    return isinstance(value, list | range | tuple) or (isinstance(value, JavaCollection) and value.order == "list")


def _list_order(value: object) -> Sequence[object] | None:
    if isinstance(value, list | range | tuple):
        return value
    return value.items() if isinstance(value, JavaCollection) and value.order == "list" else None


def java_equals(left: object, right: object) -> bool:
    """`left.equals(right)`: the classes count too, so an Integer never equals a Long, nor 1.0 the decimal 1.0."""
    if left is right:
        return True
    if isinstance(left, _HOLDERS) and isinstance(right, _HOLDERS):
        if type(left) is type(right) and isinstance(right, list | dict) and len(left) != len(right):
            return False
        check_depth(left)
    return _equal(left, right)


def _equal(left: object, right: object) -> bool:
    if left is right:
        return True
    kind = type(left)
    if kind is type(right):
        if isinstance(left, float) and isinstance(right, float):
            return (left != left and right != right) or struct.pack("d", left) == struct.pack("d", right)
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return left.as_tuple() == right.as_tuple()
        if isinstance(left, dict) and isinstance(right, dict):
            return _equal_maps(left, right)
        if isinstance(left, str) and len(left) > HEAVY:
            overdue()
        if isinstance(left, str | int | Character | datetime.date | JavaClass):
            return bool(left == right)
    if _is_list(left):
        # What is no list is told before the items are looked at, for that may fail.
        if not _is_list(right):
            return False
        items, others = _list_order(left) or (), _list_order(right) or ()
        if len(items) != len(others):
            return False
        overdue()
        return all(map(_equal, watched(items), others))
    return left.same(right) if isinstance(left, JavaObject) else False


def _equal_maps(left: dict[object, object], right: dict[object, object]) -> bool:
    missing = object()
    overdue()
    return len(left) == len(right) and all(_equal(left[k], right.get(k, missing)) for k in watched(list(left)))


def java_hash(value: object) -> int:
    """`hashCode()`, between -2**31 and 2**31 - 1; 0 for null."""
    if isinstance(value, _HOLDERS):
        check_depth(value)
    return _signed(_hash(value))


def _signed(code: int) -> int:
    code &= 0xFFFFFFFF
    return code - 2**32 if code >= 2**31 else code


def _hash(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int):
        return _hash_integer(value)
    if isinstance(value, str):
        return _hash_text(value)
    if isinstance(value, float):
        if type(value) is Single:
            return 0x7FC00000 if value != value else int(struct.unpack("<I", struct.pack("<f", value))[0])
        bits = 0x7FF8000000000000 if math.isnan(value) else struct.unpack("<Q", struct.pack("<d", value))[0]
        return int(bits ^ bits >> 32)
    if isinstance(value, Character):
        return ord(value.value)
    if isinstance(value, Decimal):
        return _hash_decimal(value)
    if isinstance(value, dict):
        overdue()
        return sum(_signed(_hash(from_key(k))) ^ _signed(_hash(value[k])) for k in watched(list(value)))
    if isinstance(value, datetime.datetime):
        zoned = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        millis = math.floor(zoned.replace(microsecond=0).timestamp()) * 1000 + value.microsecond // 1000
        return millis ^ millis >> 32
    items = _list_order(value)
    if items is not None:
        overdue()
        return _hash_sequence(map(_hash, watched(items)), 1)
    return value.code() if isinstance(value, JavaObject) else id(value) >> 4 & 0x7FFFFFFF


def _hash_sequence(codes: Iterable[int], start: int) -> int:
    for code in codes:
        start = 31 * start + code & 0xFFFFFFFF
    return start


def _hash_text(text: str) -> int:
    code = 0
    for at in range(0, len(text), HEAVY):
        if at:
            overdue()
        code = _hash_sequence(units(text[at : at + HEAVY]), code)
    return code


def _hash_integer(number: int) -> int:
    big = type(number) is BigInteger or not -(2**63) <= number < 2**63
    if big:
        size = abs(number)
        check_bits(size.bit_length())
        data = size.to_bytes((size.bit_length() + 31) // 32 * 4, "big")
        code = _hash_sequence(struct.unpack(f">{len(data) // 4}I", data), 0)
        return -code if number < 0 else code
    if type(number) is Long or not -(2**31) <= number < 2**31:
        bits = number & 0xFFFFFFFFFFFFFFFF
        return bits ^ bits >> 32
    return int(number)


def _hash_decimal(number: Decimal) -> int:
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    check_digits(len(digits))
    size = int(Decimal((0, digits, 0)))
    code = (size >> 32) * 31 + (size & 0xFFFFFFFF) if size < 2**63 else _hash_integer(BigInteger(size))
    return 31 * (-code if sign else code) - exponent
