"""The tables of all classes, bound to what a call runs."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable
from decimal import Decimal

from velobind.language.faults import NoSuchMethod
from velobind.language.methods.fast import shorten
from velobind.language.methods.iterators import FixedWalker, ListIterator, MapWalker, RangeWalker, StreamWalker, Walker
from velobind.language.methods.overloads import Method, dispatcher, parse
from velobind.language.methods.streams import IntStream, Optional, Stream
from velobind.language.methods.views import Entry, EntrySet, KeySet, SubList, Values
from velobind.language.values import (
    Array,
    BigInteger,
    Byte,
    Character,
    FixedList,
    JavaClass,
    Long,
    Short,
    Single,
)

CLASSES: dict[type, tuple[str, str]] = {
    str: ("text", "STRING"),
    bool: ("booleans", "BOOLEAN"),
    float: ("reals", "DOUBLE"),
    Single: ("singles", "FLOAT"),
    Decimal: ("decimals", "BIG_DECIMAL"),
    Byte: ("small_integers", "BYTE"),
    Short: ("small_integers", "SHORT"),
    Long: ("integers", "LONG"),
    BigInteger: ("big_integers", "BIG_INTEGER"),
    Character: ("characters", "CHARACTER"),
    list: ("lists", "ARRAY_LIST"),
    tuple: ("fixed_lists", "FIXED_LIST"),
    FixedList: ("fixed_lists", "FIXED_LIST"),
    range: ("fixed_lists", "RANGE"),
    SubList: ("lists", "SUB_LIST"),
    Array: ("fixed_lists", "ARRAY"),
    dict: ("maps", "MAP"),
    KeySet: ("maps", "VIEW"),
    EntrySet: ("maps", "VIEW"),
    Values: ("maps", "VALUES"),
    Entry: ("maps", "ENTRY"),
    Walker: ("iterators", "WALKER"),
    MapWalker: ("iterators", "WALKER"),
    StreamWalker: ("iterators", "WALKER"),
    ListIterator: ("iterators", "ITERATOR"),
    FixedWalker: ("iterators", "ITERATOR"),
    RangeWalker: ("iterators", "ITERATOR"),
    Stream: ("streams", "STREAM"),
    IntStream: ("streams", "INT_STREAM"),
    Optional: ("streams", "OPTIONAL"),
    datetime.datetime: ("dates", "DATE"),
    datetime.date: ("dates", "SQL_DATE"),
    JavaClass: ("objects", "CLASS"),
}
"""Which module of this package has the table of a type, and the table's name there; int is three classes."""


def signatures_of(kind: type) -> dict[str, Method | None]:
    """The table of one type: signature to function, None for what Java has and templates can't use."""
    module, table = CLASSES[kind]
    tables: dict[str, Method | None] = getattr(importlib.import_module(f"velobind.language.methods.{module}"), table)
    return tables


def methods_of(kind: type) -> dict[str, Method]:
    """Name to dispatcher for one type; raises KeyError for a type that is no Java class."""
    if kind is int:
        return _integer_methods()
    return shorten(kind, {name: dispatcher(overloads) for name, overloads in parse(signatures_of(kind)).items()})


def _integer_methods() -> dict[str, Method]:
    from velobind.language.methods.integers import INTEGER

    small = {name: dispatcher(overloads) for name, overloads in parse(INTEGER).items()}
    long, big = methods_of(Long), methods_of(BigInteger)
    return {name: _by_size(small.get(name), long.get(name), big.get(name)) for name in {**small, **long, **big}}


def _by_size(small: Method | None, long: Method | None, big: Method | None) -> Callable[..., object]:
    def call(receiver: int, *args: object) -> object:
        is_long = -(2**63) <= receiver < 2**63
        method = small if -(2**31) <= receiver < 2**31 else long if is_long else big
        if method is None:
            raise NoSuchMethod
        return method(receiver, *args)

    return call
