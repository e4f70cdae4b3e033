"""Methods of Boolean."""

from __future__ import annotations

from velobind.language.faults import MethodFailed
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.methods.small_integers import DynamicConstant
from velobind.language.methods.streams import Optional
from velobind.language.values import java_hash, to_text


def _parse(_: object, text: object) -> bool:
    return text is not None and str(text).lower() == "true"


def _compare(left: bool, right: object) -> int:
    if right is None:
        raise MethodFailed("java.lang.NullPointerException")
    if type(right) is not bool:
        raise MethodFailed("java.lang.ClassCastException")
    return left - right


def _described(value: bool) -> Optional:
    return Optional(DynamicConstant(f"getStaticFinal({str(value).upper()}/ClassDesc[Boolean])Boolean"))


BOOLEAN: dict[str, Method | None] = {
    "booleanValue()": lambda b: b,
    "compare(boolean,boolean)": lambda _, a, b: a - b,
    "compareTo(Boolean)": _compare,
    "compareTo(Object)": _compare,
    "describeConstable()": _described,
    "getBoolean(String)": None,
    "hashCode(boolean)": lambda _, b: java_hash(b),
    "logicalAnd(boolean,boolean)": lambda _, a, b: a and b,
    "logicalOr(boolean,boolean)": lambda _, a, b: a or b,
    "logicalXor(boolean,boolean)": lambda _, a, b: a != b,
    "parseBoolean(String)": _parse,
    "toString(boolean)": lambda _, b: to_text(b),
    "valueOf(String)": _parse,
    "valueOf(boolean)": lambda _, b: b,
    **OBJECT,
}
