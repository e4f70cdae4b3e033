"""The Java classes that values have, by short names, and which class is a kind of which."""

from __future__ import annotations

import datetime
from decimal import Decimal

from velobind.language.faults import MethodFailed
from velobind.language.values import (
    Array,
    BigInteger,
    Byte,
    Character,
    FixedList,
    JavaClass,
    JavaObject,
    Long,
    Short,
    Single,
    base_type,
)

BOXED = {
    "int": "Integer", "long": "Long", "double": "Double", "boolean": "Boolean", "char": "Character",
    "byte": "Byte", "short": "Short", "float": "Float",
}  # fmt: skip
UNBOXED = {boxed: plain for plain, boxed in BOXED.items()}

_LIST = ("List", "Collection", "Iterable", "Object")
_SET = ("Set", "Collection", "Iterable", "Object")
_NUMBER = ("Number", "Comparable", "Object")

PARENTS: dict[str, tuple[str, ...]] = {
    "String": ("CharSequence", "Comparable", "Object"),
    "Byte": _NUMBER,
    "Short": _NUMBER,
    "Integer": _NUMBER,
    "Long": _NUMBER,
    "BigInteger": _NUMBER,
    "Double": _NUMBER,
    "Float": _NUMBER,
    "BigDecimal": _NUMBER,
    "Boolean": ("Comparable", "Object"),
    "Character": ("Comparable", "Object"),
    "ArrayList": _LIST,
    "LinkedHashMap": ("Map", "Object"),
    "SubList": _LIST,
    "ListN": _LIST,
    "IntegerRange": _LIST,
    "KeySet": _SET,
    "EntrySet": _SET,
    "Values": ("Collection", "Iterable", "Object"),
    "Entry": ("Map.Entry", "Object"),
    "Walker": ("Iterator", "Object"),
    "ListIterator": ("Iterator", "Object"),
    "Date": ("Comparable", "Object"),
    "sql.Date": ("Date", "Comparable", "Object"),
    "Class": ("Object",),
    "Number": ("Object",),
    "Comparable": ("Object",),
    "CharSequence": ("Object",),
    "Collection": ("Iterable", "Object"),
    "List": ("Collection", "Iterable", "Object"),
}

_CLASSES: dict[type, str] = {
    str: "String",
    Byte: "Byte",
    Short: "Short",
    Long: "Long",
    BigInteger: "BigInteger",
    float: "Double",
    Single: "Float",
    tuple: "ListN",
    Decimal: "BigDecimal",
    bool: "Boolean",
    Character: "Character",
    list: "ArrayList",
    dict: "LinkedHashMap",
    range: "IntegerRange",
    FixedList: "ListN",
    JavaClass: "Class",
    datetime.datetime: "Date",
    datetime.date: "sql.Date",
}


def check_item(array: Array, item: object) -> None:
    """Raises MethodFailed where an array can't hold the item."""
    component = array.component
    if item is None:
        fits = component not in BOXED
    else:
        actual = java_class(item)
        fits = UNBOXED.get(actual) == component if component in BOXED else assignable(component, actual)
    if not fits:
        raise MethodFailed("java.lang.IllegalArgumentException", "array element type mismatch")


def kind_of(value: object) -> object:
    """What tells values of different Java classes apart: mostly the Python type."""
    kind = type(value)
    if kind is int:
        if -2147483648 <= value <= 2147483647:  # type: ignore[operator]
            return int
        return Long if -(2**63) <= value < 2**63 else BigInteger  # type: ignore[operator]
    if kind is Array:
        return value.component  # type: ignore[attr-defined]
    return kind


def java_class(value: object) -> str:
    """The value's class by its short name: `Integer`, `ArrayList`, `String[]`; `Object` for the caller's own."""
    if type(value) is int:
        return "Integer" if -(2**31) <= value < 2**31 else "Long" if -(2**63) <= value < 2**63 else "BigInteger"
    if isinstance(value, Array):
        return f"{value.component}[]"
    kind = type(value)
    name = _CLASSES.get(kind)
    if name is None:
        return kind.__name__ if isinstance(value, JavaObject) else _CLASSES.get(base_type(kind), "Object")
    return name


def assignable(formal: str, actual: str) -> bool:
    """Whether a value of the one class can stand where the other is wanted, without any conversion."""
    if formal == actual:
        return True
    if actual in BOXED:
        return False
    if actual.endswith("[]"):
        if formal == "Object":
            return True
        item = actual[:-2]
        return formal.endswith("[]") and item not in BOXED and assignable(formal[:-2], item)
    return formal in PARENTS.get(actual, ("Object",))
