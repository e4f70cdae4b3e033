"""Java values as Python holds them: what they print, when they are equal, and how to tell that they are empty.

Text, lists, maps, numbers, booleans and null are Python's own; `velobind.language.methods.model` has classes for the
rest.
"""

from __future__ import annotations

from velobind.language.methods.doubles import java_double
from velobind.language.methods.identity import Key, java_equals, java_hash, same_class, to_key
from velobind.language.methods.model import (
    NULL_TEXT,
    TEXT,
    Array,
    BigInteger,
    Byte,
    Character,
    FixedList,
    JavaClass,
    JavaCollection,
    JavaObject,
    Long,
    RegexTimeout,
    Short,
    Single,
    base_type,
    elements,
    from_key,
    is_empty,
    join_pairs,
    printable,
    string_of,
    to_text,
    units,
)

__all__ = [
    "NULL_TEXT", "TEXT", "Array", "BigInteger", "Byte", "Character", "FixedList", "JavaClass", "JavaCollection",
    "JavaObject", "Key", "Long", "RegexTimeout", "Short", "Single", "base_type", "elements", "from_key", "is_empty",
    "java_double", "java_equals", "java_hash", "join_pairs", "printable", "same_class", "string_of", "to_key",
    "to_text", "units",
]  # fmt: skip
