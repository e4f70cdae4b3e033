"""What every Java object has: `equals`, `hashCode`, `toString`, `getClass`."""

from __future__ import annotations

from collections.abc import Callable

from velobind.language.faults import MethodFailed
from velobind.language.methods.classes import java_class, kind_of
from velobind.language.values import JavaClass, JavaObject, base_type, java_equals, java_hash, to_text

_NAMES = {
    "String": "java.lang.String", "Integer": "java.lang.Integer", "Byte": "java.lang.Byte",
    "Short": "java.lang.Short", "Long": "java.lang.Long",
    "Double": "java.lang.Double", "Float": "java.lang.Float",
    "Boolean": "java.lang.Boolean", "Character": "java.lang.Character",
    "Class": "java.lang.Class", "Object": "java.lang.Object",
    "BigInteger": "java.math.BigInteger", "BigDecimal": "java.math.BigDecimal",
    "ArrayList": "java.util.ArrayList", "LinkedHashMap": "java.util.LinkedHashMap", "Date": "java.util.Date",
    "SubList": "java.util.ArrayList$SubList", "ListN": "java.util.ImmutableCollections$ListN",
    "IntegerRange": "org.apache.velocity.runtime.parser.node.ASTIntegerRange$IntegerRange",
    "KeySet": "java.util.LinkedHashMap$LinkedKeySet", "Values": "java.util.LinkedHashMap$LinkedValues",
    "EntrySet": "java.util.LinkedHashMap$LinkedEntrySet", "Entry": "java.util.LinkedHashMap$Entry",
    "sql.Date": "java.sql.Date", "Optional": "java.util.Optional",
    "String[]": "[Ljava.lang.String;", "Object[]": "[Ljava.lang.Object;", "char[]": "[C", "byte[]": "[B", "int[]": "[I",
    "BigInteger[]": "[Ljava.math.BigInteger;", "BigDecimal[]": "[Ljava.math.BigDecimal;", "long[]": "[J",
    "double[]": "[D",
}  # fmt: skip


_PRIMITIVES = {"C": "char", "B": "byte", "I": "int", "J": "long", "D": "double"}


def get_class(value: object) -> JavaClass:
    """The value's class: its names can be printed, its static methods called."""
    kind = kind_of(value)
    return JavaClass(_class_name(value), base_type(kind) if isinstance(kind, type) else None)


def _class_name(value: object) -> str:
    own = value.class_name() if isinstance(value, JavaObject) else None
    if own is not None:
        return own
    name = java_class(value)
    if name == "ListN" and isinstance(value, list) and 0 < len(value) < 3:
        return "java.util.ImmutableCollections$List12"
    if name == "Entry" and getattr(value, "mapping", None) is None:
        return "java.util.KeyValueHolder"
    return _NAMES.get(name, f"java.util.{name}")


def null_function(*_: object) -> object:
    """A method that takes a function, of which templates can only give null: Java throws."""
    raise MethodFailed("java.lang.NullPointerException")


null_function.needs_function = True  # type: ignore[attr-defined]


def monitor(_: object, *args: object) -> object:
    raise MethodFailed("java.lang.IllegalMonitorStateException", "current thread is not owner")


OBJECT: dict[str, Callable[..., object] | None] = {
    "equals(Object)": java_equals,
    "hashCode()": java_hash,
    "toString()": to_text,
    "getClass()": get_class,
    "notify()": monitor,
    "notifyAll()": monitor,
    "wait(long,int)": monitor,
    "wait()": monitor,
    "wait(long)": monitor,
}


def _simple_name(value: JavaClass) -> str:
    name = value.name
    brackets = ""
    while name.startswith("["):
        name, brackets = name[1:], brackets + "[]"
    if brackets:
        name = _PRIMITIVES.get(name) or name[1:-1]
    return name.rpartition(".")[2].rpartition("$")[2] + brackets


CLASS: dict[str, Callable[..., object] | None] = {
    "getName()": lambda c: c.name,
    "getSimpleName()": _simple_name,
    "getTypeName()": lambda c: c.name,
    "getCanonicalName()": lambda c: c.name.replace("$", "."),
    "getPackageName()": lambda c: c.name.rpartition(".")[0],
    "isArray()": lambda c: c.name.startswith("["),
    **{f"is{what}()": lambda _: False for what in ("Interface", "Enum", "Primitive", "Annotation", "Record")},
    **OBJECT,
}
